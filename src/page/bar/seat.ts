import { mark } from '../mark.ts';
import { coversAny, placeBar, widthFor, type Before, type PlacedBar } from './bar-place.ts';
import { narrow } from './bar-style.ts';
import type { BarWorld } from './bar-world.ts';
import { makeChatBox } from './chat-box.ts';

/** For so long (ms) after it has something new to tell, the page may still be putting that into its list. */
const arriving = 2500;

/** Where the bar stands in its page. */
export interface Seat {
  /**
   * Puts the bar where it belongs now that these menus of the page are open. `about`: what it tells of;
   * `chat`: which conversation the page shows; `isHeld`: somebody is at it.
   */
  take(
    menus: readonly Element[],
    now: {
      readonly about: string | undefined;
      readonly chat: string | undefined;
      readonly isHeld: boolean;
    },
  ): void;
  /** The bar is gone: its next place does not depend on this one. */
  leave(): void;
}

type SeatWorld = Pick<BarWorld, 'document' | 'pages' | 'composer' | 'messages' | 'told'>;

export function makeSeat(world: SeatWorld, bar: HTMLElement): Seat {
  const { document, composer } = world;
  const chatBox = makeChatBox(document, world.pages);
  let taken:
    | {
        readonly spot: PlacedBar;
        readonly reason: string;
        readonly since: number;
        /** Which conversation's messages it was placed among; undefined where there were none. */
        readonly among: string | undefined;
      }
    | undefined;
  return {
    take(menus, { about, chat, isHeld }) {
      const frame = { window: roomIn(document), chat: chatBox(), composer: composer.region() };
      const around = {
        ...frame,
        menus: menus.map((menu) => menu.getBoundingClientRect()),
        messages: world.messages(),
        told: world.told(),
        isRtl: getComputedStyle(composer.find() ?? document.body).direction === 'rtl',
      };
      const room = widthFor(frame);
      bar.toggleAttribute('data-narrow', room < narrow);
      const value = `${room}px`;
      if (bar.style.getPropertyValue('--room') !== value) bar.style.setProperty('--room', value);
      const { width, height } = bar.getBoundingClientRect();
      const reason = JSON.stringify([about, chat, frame.window, frame.chat]);
      const now = performance.now();
      const since = taken?.reason === reason ? taken.since : now;
      const hold: Before['hold'] = isHeld ? 'hand' : now - since > arriving ? 'place' : 'side';
      const among = around.messages.length > 0 ? (chat ?? '') : undefined;
      // Where all that it stands among is new nobody is on the way to it.
      const isAnew = taken?.among !== among && !isHeld;
      const before = isAnew || !taken ? undefined : { bar: taken.spot, hold };
      const next = placeBar({ width, height }, around, before);
      taken = { spot: { ...next, width, height }, reason, since, among };
      mark(bar, 'data-edge', next.edge);
      // Moved without layout: for the browser nothing in the page shifts.
      const where = `${Math.round(next.left)}px ${Math.round(next.top)}px`;
      if (bar.style.translate !== where) bar.style.translate = where;
      // Where there is no room beside a menu nothing is seen of it until that is closed.
      bar.toggleAttribute('data-under', coversAny(taken.spot, around.menus));
    },
    leave() {
      taken = undefined;
    },
  };
}

/** How much of the window a page has, px: a classic scroll bar takes from it. */
function roomIn({ scrollingElement, defaultView }: Document): { width: number; height: number } {
  const { innerWidth: width = 0, innerHeight: height = 0 } = defaultView ?? {};
  const { clientWidth, clientHeight } = scrollingElement ?? { clientWidth: 0, clientHeight: 0 };
  return { width: clientWidth || width, height: clientHeight || height };
}
