import type { Words } from '../ui/words.ts';
import { makeIsland, writeWords } from './shadow.ts';

/*
 * The placeholder lies on the page's own ground, so it takes its colour and typeface from there:
 * from the page's own placeholder, where there is one (`data-inside`), else a little fainter.
 */
const css = `
:host{all:initial!important;display:block!important;box-sizing:border-box!important;
  width:100%!important;justify-self:stretch!important;
  padding:4px 12px!important;visibility:visible!important;text-align:center!important;
  color:inherit!important;font-family:inherit!important;font-size:var(--unsay-size,13px)!important;
  line-height:1.5!important;overflow-wrap:anywhere!important}
:host([data-inside]){display:inline!important;width:auto!important;padding:0!important;
  line-height:inherit!important}
span{outline-offset:2px;border-radius:4px}
:lang(ko){word-break:keep-all}
.line>span:first-child,.reason{opacity:.75}
:host([data-inside]) :is(.line>span:first-child,.reason){opacity:1}
:host([data-inside=reedit]){margin-inline-end:.4em!important}
.line{position:relative}
.when{position:absolute;inset-block-end:calc(100% + 4px);inset-inline-start:0;width:max-content;max-width:80vw;
  padding:3px 8px;border-radius:6px;background:#1f2937;color:#fff;font:12px/16px system-ui,sans-serif;
  white-space:pre-line;visibility:hidden;z-index:3}
.when:empty{display:none}
:is(.line:hover,.line:focus-visible)>.when{visibility:visible}
.reason{margin-inline-start:.75em}
.reason:empty{display:none}
@media (prefers-contrast:more),(forced-colors:active){.line>span:first-child,.reason{opacity:1}}
@media (forced-colors:active){.when{border:1px solid CanvasText}}
`;

/** What a placeholder says. */
export interface Said {
  readonly sentence: Words;
  /** When it was recalled, for whoever points at it, in lines; '' when that is not known. */
  readonly when: string;
  /** Why; '' when nobody said. */
  readonly reason: string;
}

/** The sentence in place of a recalled message. */
export interface StandIn {
  readonly host: HTMLElement;
  /** The sentence itself, beside which something may stand. */
  readonly line: Element;
  /** `place`: whether it lies in the page's own placeholder, and with its Re-edit button. */
  show(said: Said, place: 'alone' | 'inside' | 'reedit'): void;
  /** Takes the focus over from a control that is gone. */
  focus(): void;
  remove(): void;
}

/** @param setLanguage says on an element which language the sentences are in. */
export function makeStandIn(
  document: Document,
  setLanguage: (element: HTMLElement) => void,
): StandIn {
  const { host, inside } = makeIsland(document, 'placeholder', css);
  const line = document.createElement('span');
  line.className = 'line';
  line.tabIndex = 0;
  const text = document.createElement('span');
  const when = document.createElement('span');
  when.className = 'when';
  when.setAttribute('role', 'tooltip');
  line.append(text, when);
  const why = document.createElement('span');
  why.className = 'reason';
  for (const part of [line, why]) setLanguage(part);
  inside.append(line, why);
  let shown = '';
  return {
    host,
    line,
    show(said, place) {
      if (place === 'alone') host.removeAttribute('data-inside');
      else if (host.dataset.inside !== place) host.dataset.inside = place;
      const next = JSON.stringify(said);
      if (next === shown) return;
      shown = next;
      writeWords(text, said.sentence);
      when.textContent = said.when;
      why.textContent = said.reason;
    },
    focus() {
      line.focus({ preventScroll: true });
    },
    remove() {
      host.remove();
    },
  };
}
