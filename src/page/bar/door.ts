import { makeCall } from '../hands/call.ts';
import type { BarView } from '../../contract/views.ts';
import type { Bar } from './bar.ts';
import type { BarWorld } from './bar-world.ts';

/** Where the undo bar meets the hands, as the hands meet the page's first script. */
export interface BarDoor {
  readonly world: BarWorld;
  /** The bar is there. */
  readonly enter: (bar: Bar) => void;
}

const doors = globalThis as { unsayBarDoor?: BarDoor };

/** The door somebody left open. */
export function findBarDoor(): BarDoor | undefined {
  return doors.unsayBarDoor;
}

export interface SummonedBar extends Bar {
  /** There is going to be something to show: gets its script. */
  readonly expect: () => void;
}

/** The undo bar, whose script is put into the page with the first message it is to show at the latest. */
export function summonBar(world: BarWorld): SummonedBar {
  let bar: Bar | undefined;
  let latest: BarView | undefined;
  let menus: readonly Element[] = [];
  const call = makeCall({ ...world, script: 'bar' });
  doors.unsayBarDoor = {
    world,
    enter(entered) {
      if (world.signal.aborted) return;
      bar = entered;
      bar.avoid(menus);
      if (latest) bar.show(latest);
    },
  };
  return {
    expect: call,
    show(view) {
      latest = view;
      bar?.show(view);
      if (view.messages.length > 0) call();
    },
    avoid(open) {
      menus = open;
      bar?.avoid(open);
    },
    noteMoved() {
      bar?.noteMoved();
    },
  };
}
