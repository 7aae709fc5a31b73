import type { Words } from '../ui/words.ts';
import { standInTag } from './hiding.ts';
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
:host([data-inside]){display:inline!important;width:auto!important;padding:0!important}
span{opacity:.75;outline-offset:2px;border-radius:4px}
:host([data-inside]) span{opacity:1}
:host([data-inside=reedit]){margin-inline-end:.4em!important}
.reason{margin-inline-start:.75em}
.reason:empty{display:none}
@media (prefers-contrast:more),(forced-colors:active){span{opacity:1}}
`;

/** The sentence in place of a recalled message. */
export interface StandIn {
  readonly host: HTMLElement;
  /** `place`: whether it lies in the page's own placeholder, and with its Re-edit button. */
  show(sentence: Words, reason: string, place: 'alone' | 'inside' | 'reedit'): void;
  /** Takes the focus over from a control that is gone. */
  focus(): void;
  remove(): void;
}

export function makeStandIn(document: Document): StandIn {
  const { host, inside } = makeIsland(document, standInTag, css);
  const line = document.createElement('span');
  line.className = 'line';
  line.tabIndex = -1;
  const why = document.createElement('span');
  why.className = 'reason';
  inside.append(line, why);
  let shown = '';
  return {
    host,
    show(sentence, reason, place) {
      if (place === 'alone') host.removeAttribute('data-inside');
      else if (host.dataset.inside !== place) host.dataset.inside = place;
      const next = JSON.stringify([sentence, reason]);
      if (next === shown) return;
      shown = next;
      writeWords(line, sentence);
      why.textContent = reason;
    },
    focus() {
      line.focus({ preventScroll: true });
    },
    remove() {
      host.remove();
    },
  };
}
