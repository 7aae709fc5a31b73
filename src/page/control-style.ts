import { overAttribute, underAttribute } from './hiding.ts';
import { spokenCss } from './parts.ts';
import { tickingCss } from './ticking.ts';

/*
 * A host without size, so that nothing in the page moves; the control itself is placed beside the
 * message by `placeBeside`. Opaque and without effects: what a browser calls "visible" is exactly
 * what a person can see (IntersectionObserver v2 counts transparency and filters as hidden). Translated
 * from the beginning: the page is laid out anew for a first translation, and for none after it.
 * Offers to put words back stand one under the other in placeholders that are a line high (24 px in
 * chat-uikit-vue2): they are lower than that, so that there is air between them.
 * A note that may be read out is there before it says anything: one that comes with its words need not be.
 */
export const controlCss = `
:host{all:initial!important;position:absolute!important;display:block!important;
  width:0!important;height:0!important;z-index:3!important;visibility:visible!important}
:host([${overAttribute}]){z-index:4!important}
:host(:is(:hover,:focus-within)){z-index:5!important}
:host([${underAttribute}]){visibility:hidden!important}
[hidden]{display:none!important}
:lang(ko){word-break:keep-all}
.control{
  --ground:#fff;--ink:#1f2937;--line:#8a94a3;--hover:#eef2f7;--focus:#1d4ed8;--warn:#9f1239;
  position:absolute;left:0;top:0;translate:0 0;box-sizing:border-box;display:flex;flex-wrap:wrap;align-items:center;gap:2px 4px;
  width:max-content;max-width:min(280px,80vw);min-height:24px;
  border:1px solid var(--line);border-radius:12px;background:var(--ground);color:var(--ink);
  font:12px/16px system-ui,sans-serif;font-variant-numeric:tabular-nums;text-align:start}
.control[data-scheme=dark]{
  --ground:#262b33;--ink:#eceff4;--line:#8a94a3;--hover:#3a414d;--focus:#93c5fd;--warn:#fda4af}
.note{padding:3px 10px;border-radius:11px;overflow-wrap:anywhere}
.note:empty{display:none}
[data-state=reedit]{min-height:20px}
.reedit{min-height:18px;padding-block:1px}
[data-state=reedit] .note:empty{display:block;position:absolute;padding:0}
${tickingCss}
${spokenCss}
[data-state=refused]{display:grid;grid-template-columns:minmax(0,1fr) auto;align-items:start;padding:2px}
[data-state=refused] .note{color:var(--warn)}
[data-state=refused] .dismiss{grid-area:1/2}
[data-state=refused] .recall{justify-self:start}
[data-brief][data-state=refused]:not(:hover,:focus-within){grid-template-columns:minmax(0,1fr) auto auto;padding:0}
[data-brief][data-state=refused]:not(:hover,:focus-within) .note{
  overflow:hidden;white-space:nowrap;text-overflow:ellipsis}
[data-brief][data-state=refused]:not(:hover,:focus-within) .recall{grid-area:1/2}
[data-brief][data-state=refused]:not(:hover,:focus-within) .dismiss{grid-area:1/3}
[data-state=asking]{display:block;padding:2px}
[data-state=asking] .note{display:block;padding-bottom:0}
button{all:unset;display:inline-block;box-sizing:border-box;min-height:22px;min-width:24px;padding:3px 10px;border-radius:11px;
  text-align:center;cursor:pointer;color:inherit;background:transparent;white-space:nowrap}
button:hover{background:var(--hover)}
button:focus-visible,.note:focus-visible{outline:2px solid var(--focus);outline-offset:1px}
.yes{font-weight:600;color:var(--warn)}
.dismiss{padding:3px 7px}
@media (prefers-contrast:more){.control{--line:currentColor}}
@media (forced-colors:active){
  .control{border-color:CanvasText;background:Canvas;color:CanvasText}
  button{color:ButtonText}
  button:hover,button:focus-visible,.note:focus-visible{outline:2px solid Highlight}
}
`;
