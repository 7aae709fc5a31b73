import type { ask } from '../../contract/page-ask.ts';
import { openDoor, type Hands, type HandsWorld } from './door.ts';

export interface SummonOptions {
  readonly ask: typeof ask;
  readonly world: HandsWorld;
  readonly onEnter: (hands: Hands) => void;
}

/** The hands, once they were wanted. */
export interface Summoned {
  readonly current: Hands | undefined;
  /** There is something to do: has them put into the page, if that was not done yet. */
  readonly want: () => void;
}

/** How long (ms) until they are called again when nobody heard it. */
const pause = 1000;

/** Has the hands put into the page the first time they are wanted. */
export function summonHands({ ask, world, onEnter }: SummonOptions): Summoned {
  let current: Hands | undefined;
  let isCalled = false;
  let again: ReturnType<typeof setTimeout> | undefined;
  world.signal.addEventListener('abort', () => {
    clearTimeout(again);
  });
  const summoned: Summoned = {
    get current() {
      return current;
    },
    want() {
      if (isCalled || world.signal.aborted) return;
      isCalled = true;
      openDoor({
        world,
        enter(hands) {
          if (world.signal.aborted) return;
          current = hands;
          onEnter(hands);
        },
      });
      ask('summon', 'hands').catch(() => {
        // No worker, for now.
        isCalled = false;
        again = setTimeout(summoned.want, pause);
      });
    },
  };
  return summoned;
}
