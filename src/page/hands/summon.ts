import { makeCall } from './call.ts';
import { openDoor, type Hands, type HandsWorld } from './door.ts';

export interface SummonOptions {
  readonly world: HandsWorld;
  readonly onEnter: (hands: Hands) => void;
}

/** The hands, once they were wanted. */
export interface Summoned {
  readonly current: Hands | undefined;
  /** There is something to do: has them put into the page, if that was not done yet. */
  readonly want: () => void;
}

/** Has the hands put into the page the first time they are wanted. */
export function summonHands({ world, onEnter }: SummonOptions): Summoned {
  let current: Hands | undefined;
  openDoor({
    world,
    enter(hands) {
      if (world.signal.aborted) return;
      current = hands;
      onEnter(hands);
    },
  });
  return {
    get current() {
      return current;
    },
    want: makeCall({ ...world, script: 'hands' }),
  };
}
