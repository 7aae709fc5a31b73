import type { Words } from '../ui/words.ts';
import { makePart, write } from './parts.ts';
import { writeWords } from './shadow.ts';
import { makeTicking, type Kin, type Ticking } from './ticking.ts';

/** What a control tells: seen by all, and read out once whenever it is something else. */
export interface Note {
  readonly element: HTMLElement;
  readonly say: (sentence: Words) => void;
  /**
   * Shows words with a time `left` in them that counts down; '' for none. Read out is `said`, without
   * it: what changes every second would be read out every second.
   */
  readonly count: (said: string, seen: string, left: string) => void;
  /** Reads how its time left is to be drawn there; draws it when what it returns is called. */
  readonly prepare: Ticking['prepare'];
  /** From now on it is read out. */
  readonly speak: () => void;
}

/** `kin`: of the times that look alike. */
export function makeNote(document: Document, kin: Kin): Note {
  const element = makePart(document, 'span', 'note');
  element.setAttribute('role', 'status');
  element.tabIndex = -1;
  // What is asked for elsewhere is told there.
  element.ariaLive = 'off';
  /** What it says; undefined while it counts. Written again it would be read out again. */
  let now: string | undefined;
  /** There with the first time, as few notes ever have one. */
  let counting: { readonly said: HTMLElement; readonly seen: Ticking } | undefined;

  const startCounting = (): NonNullable<typeof counting> => {
    const said = makePart(document, 'span', 'said');
    const seen = makeTicking(document, kin);
    seen.element.ariaHidden = 'true';
    return { said, seen };
  };

  return {
    element,
    say(sentence) {
      const next = JSON.stringify(sentence);
      if (next === now) return;
      now = next;
      writeWords(element, sentence);
    },
    count(said, seen, left) {
      counting ??= startCounting();
      now = undefined;
      write(counting.said, said);
      const isThere = element.firstChild === counting.said;
      if (!isThere) element.replaceChildren(counting.said, counting.seen.element);
      counting.seen.show(seen, left);
    },
    prepare: () => counting?.seen.prepare() ?? (() => undefined),
    speak() {
      element.ariaLive = 'polite';
    },
  };
}
