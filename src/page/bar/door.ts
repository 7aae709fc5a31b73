import { makeCall } from '../hands/call.ts';
import type { BarView } from '../../contract/views.ts';
import type { Bar, BarWorld } from './bar.ts';

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

/** The undo bar, whose script is put into the page with the first message it is to show. */
export function summonBar(world: BarWorld): Bar {
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
