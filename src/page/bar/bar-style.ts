import { spokenCss } from '../parts.ts';
import { tickingCss } from '../ticking.ts';
import { ringCss } from './ring.ts';

/** In less room than this (px) words have a line of their own. */
export const narrow = 420;

/*
 * The host lies in the browser's top layer and has no size; the bar itself is placed by
 * `placeBar`. Its backdrop would lie over the whole page: nothing in it would count as seen
 * (IntersectionObserver v2 in Chromium 156). Opaque and without effects on itself: what a browser calls
 * "visible" is then exactly what a person can see. Nor has it a shadow: 28 px around it a control of
 * ours would count as covered by that, and take no click.
 */
export const barCss = `
:host{all:initial!important;position:fixed!important;inset:0 auto auto 0!important;display:block!important;
  width:0!important;height:0!important;overflow:visible!important;visibility:visible!important;
  contain:layout size style!important}
:host::backdrop{display:none!important}
[hidden]{display:none!important}
:lang(ko){word-break:keep-all}
.bar{
  --ground:#fff;--ink:#1f2937;--faint:#5b6472;--line:#8a94a3;--hover:#eef2f7;--focus:#1d4ed8;
  --accent:#1d4ed8;--on-accent:#fff;--warn:#9f1239;
  position:fixed;left:0;top:0;box-sizing:border-box;width:max-content;
  --most:calc(var(--room) - 16px);
  min-width:min(430px,var(--most));max-width:min(max(430px,50vw),720px,var(--most));
  max-height:min(60vh,420px);display:flex;flex-direction:column;color-scheme:light;
  border:1px solid var(--line);border-radius:12px;background:var(--ground);color:var(--ink);
  padding:5px 6px;
  font:13px/18px system-ui,sans-serif;font-variant-numeric:tabular-nums;text-align:start}
.bar[data-scheme=dark]{
  color-scheme:dark;
  --ground:#262b33;--ink:#eceff4;--faint:#a9b2c0;--line:#8a94a3;--hover:#3a414d;--focus:#93c5fd;
  --accent:#93c5fd;--on-accent:#101418;--warn:#fda4af}
.bar[data-under]{visibility:hidden}
.bar[data-warns]{border:2px solid var(--warn);padding:4px 5px}
.rows{display:flex;flex-direction:column;min-height:0;overflow:hidden auto;overscroll-behavior:contain;
  margin:0;padding:0;list-style:none}
.bar[data-edge=bottom] .rows{flex-direction:column-reverse}
.row{display:grid;flex:none;grid-template-columns:auto minmax(0,1fr) auto auto;align-items:center;gap:2px 8px;
  min-height:28px;padding-block:4px;padding-inline:4px 0}
.row:not([data-first]){border-block-start:1px solid var(--hover)}
.bar[data-edge=bottom] .row:not([data-first]){border-block:0 1px solid var(--hover)}
.left{display:inline-flex;align-items:center;gap:5px;color:var(--faint);font-size:12px;min-width:50px}
${ringCss}
.ring{color:var(--accent);border-color:var(--hover)}
.text{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;border-radius:6px;padding:2px;unicode-bidi:plaintext}
.row:not([data-state=offer]) .text{white-space:normal;overflow-wrap:anywhere}
.row:not([data-left]) .text{grid-column:1/3;grid-row:1}
.bar[data-narrow] :is([data-left],[data-state=refused]) .text{grid-column:1/-1;grid-row:2}
[data-left] .text bdi:first-of-type:not(:last-of-type){display:inline-block;vertical-align:bottom;
  max-width:max(35%,100% - var(--rest)*1ch);overflow:hidden;text-overflow:ellipsis}
[data-state=refused] .text{color:var(--warn)}
.warnings{grid-column:1/-1;margin:0;padding:0 2px 4px;list-style:none;color:var(--warn);font-weight:600}
.after{grid-column:1/-1;display:flex;flex-wrap:wrap;align-items:center;gap:4px 8px;padding:0 2px 4px}
.after:not(:has(:not([hidden]))){display:none}
button{all:unset;box-sizing:border-box;min-height:28px;min-width:28px;padding:4px 10px;border-radius:8px;
  text-align:center;cursor:pointer;color:inherit;background:transparent;white-space:nowrap}
button:hover{background:var(--hover)}
button:focus-visible,.text:focus-visible{outline:2px solid var(--focus);outline-offset:-1px}
.undo:focus-visible{outline-offset:1px}
.undo{grid-column:3;grid-row:1}
.hide{grid-column:4;grid-row:1}
.undo{background:var(--accent);color:var(--on-accent);font-weight:600}
.undo:hover{background:var(--accent);text-decoration:underline}
.undo[aria-disabled]{cursor:default}
.reedit{border:1px solid var(--line);white-space:normal;text-align:start}
.undo[data-key]::after{content:attr(data-key);font:11px/14px system-ui,sans-serif;margin-inline-start:7px}
.hide{padding:4px;color:var(--faint);font-size:16px;line-height:18px}
.more{flex:none;width:100%;min-height:26px;padding:2px 6px;color:var(--faint);font-size:12px;text-align:start}
${spokenCss}
${tickingCss}
@media (max-width:440px){.undo::after{display:none}}
@media (prefers-contrast:more){.bar{--line:currentColor;--faint:currentColor}}
@media (forced-colors:active){
  .bar{border-color:CanvasText;background:Canvas;color:CanvasText}
  .undo{forced-color-adjust:none;background:Highlight;color:HighlightText}
  button{color:ButtonText}
  .ring{color:Highlight;border-color:Canvas}
  button:hover,button:focus-visible,.text:focus-visible{outline:2px solid Highlight}
}
`;
