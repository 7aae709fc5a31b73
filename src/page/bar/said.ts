import { makePart } from '../parts.ts';

/**
 * How long (ms) a region is in the page before words are put into it: screen readers pass over words that
 * come together with their region.
 */
const noticedAfter = 150;

/** What is read out to those who listen. */
export interface Said {
  readonly element: HTMLElement;
  /** The same words are read out again only where there were others, or none, in between. */
  readonly say: (words: string) => void;
  /** It came into the page just now. */
  come(): void;
  /** It is taken out of the page: what was said is not to come back with it. */
  leave(): void;
}

export function makeSaid(document: Document): Said {
  const element = makePart(document, 'span', 'said');
  element.setAttribute('role', 'status');
  let cameAt = -Infinity;
  /** Has words put into it that wait for that. */
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const hush = (): void => {
    clearTimeout(waiting);
    waiting = undefined;
  };
  return {
    element,
    say(words) {
      const left = cameAt + noticedAfter - performance.now();
      // What is still to be read out is not taken back by something that is not said.
      if (waiting !== undefined && words === '') return;
      hush();
      if (left <= 0) {
        element.textContent = words;
        return;
      }
      waiting = setTimeout(() => {
        hush();
        element.textContent = words;
      }, left);
    },
    come() {
      cameAt = performance.now();
    },
    leave() {
      hush();
      element.textContent = '';
    },
  };
}
