import { overlaps, type Box } from '../box.ts';

/** Pixels between the bar and the window's edge, or what it stands beside. */
const gap = 8;
/** Pixels that a Recall control may take up on either side of a message. */
const besideMessage = 96;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** How much of the window a page has, px: a classic scroll bar takes from it. */
export function roomIn({ scrollingElement, defaultView }: Document): Size {
  const { innerWidth: width = 0, innerHeight: height = 0 } = defaultView ?? {};
  const { clientWidth, clientHeight } = scrollingElement ?? { clientWidth: 0, clientHeight: 0 };
  return { width: clientWidth || width, height: clientHeight || height };
}

/** What the bar is placed among, all in window pixels. */
export interface Surroundings {
  readonly window: Size;
  /** Nothing may cover this. */
  readonly composer: Box | undefined;
  /** Nor these: the page's own menus that are open. */
  readonly menus: readonly Box[];
  /** Better not covered: the newest messages, in the order in which they came. */
  readonly messages: readonly Box[];
  /** The page is written from right to left: in it all of this is the other way round. */
  readonly isRtl: boolean;
}

/** Where the bar goes: its upper left corner, and the edge from which it grows. */
export interface Spot {
  readonly left: number;
  readonly top: number;
  readonly edge: 'top' | 'bottom';
}

/** A bar where it was put. */
export type PlacedBar = Spot & Box;

/**
 * Finds a place for a bar of this size: above the composer where no message is covered, else at an
 * edge of the window, at the upper one over the chat first; never over the composer, nor over an open
 * menu where there is room beside it.
 */
export function placeBar(size: Size, around: Surroundings): Spot {
  if (!around.isRtl) return place(size, around);
  const { window, composer, menus, messages } = around;
  const mirror = <One extends { left: number }>(one: One, width: number): One => ({
    ...one,
    left: window.width - one.left - width,
  });
  const turn = ({ left, top, width, height }: Box): Box =>
    mirror({ left, top, width, height }, width);
  const spot = place(size, {
    ...around,
    composer: composer && turn(composer),
    menus: menus.map(turn),
    messages: messages.map(turn),
  });
  return mirror(spot, size.width);
}

function place(size: Size, around: Surroundings): Spot {
  const { window, composer, menus, messages } = around;
  const last = Math.max(gap, window.width - size.width - gap);
  const bottom = window.height - size.height - gap;
  const keep = (left: number): number => Math.min(Math.max(left, gap), last);
  const at = (left: number, top: number, edge: Spot['edge']): Spot => ({
    left: keep(left),
    top,
    edge,
  });
  const above = composer ? composer.top - size.height - gap : -1;
  const spots: Spot[] = [
    ...(composer && above >= gap
      ? [
          at(composer.left + gap, above, 'bottom'),
          at(composer.left + composer.width - size.width - gap, above, 'bottom'),
        ]
      : []),
    at(gap, bottom, 'bottom'),
    at(last, bottom, 'bottom'),
    // Over the chat rather than over what stands beside it: a list of conversations, a search.
    ...(composer ? [at(composer.left + (composer.width - size.width) / 2, gap, 'top')] : []),
    at((window.width - size.width) / 2, gap, 'top'),
    at(last, gap, 'top'),
    at(gap, gap, 'top'),
  ];
  const boxOf = ({ left, top }: Spot): Box => ({ left, top, ...size });
  const free = spots.filter((spot) => !composer || !overlaps(boxOf(spot), composer));
  const fit = free.filter((spot) => !coversAny(boxOf(spot), menus));
  // What is covered had better be long ago.
  const newestUnder = (spot: Spot): number =>
    messages.findLastIndex((one) => overlaps(boxOf(spot), withControl(one)));
  const pool = fit.length > 0 ? fit : free.length > 0 ? free : spots;
  return pool.reduce((best, other) => (newestUnder(other) < newestUnder(best) ? other : best));
}

/**
 * Where a bar that somebody is at goes when it is of this size now: it grows from its edge, on the side
 * of the window where it stands. Undefined where it cannot.
 */
export function growBar(bar: PlacedBar, size: Size, around: Surroundings): Spot | undefined {
  const { window, composer, menus } = around;
  const { left, top, edge } = bar;
  const isRight = 2 * left + bar.width > window.width;
  const spot: Spot = {
    left: isRight ? left + bar.width - size.width : left,
    top: edge === 'bottom' ? top + bar.height - size.height : top,
    edge,
  };
  const there = { ...spot, ...size };
  const isIn =
    there.left >= 0 &&
    there.top >= 0 &&
    there.left + size.width <= window.width &&
    there.top + size.height <= window.height;
  return isIn && !coversAny(there, composer ? [...menus, composer] : menus) ? spot : undefined;
}

/**
 * Whether a bar stays where it was put before: the composer is free, and no message lies under it
 * that would be free elsewhere. A message may come after the bar.
 */
export function mayStay(bar: Box, next: Spot, around: Surroundings): boolean {
  const { composer, menus, messages } = around;
  if (composer && overlaps(bar, composer)) return false;
  const there = { ...bar, left: next.left, top: next.top };
  const gains = (boxes: readonly Box[]): boolean =>
    coversAny(bar, boxes) && !coversAny(there, boxes);
  const spoken = messages.map(withControl);
  return !gains(menus) && !gains(spoken) && !gains(spoken.slice(-1));
}

/** Whether a bar there would lie over any of these. */
export function coversAny(bar: Box, boxes: readonly Box[]): boolean {
  return boxes.some((box) => overlaps(bar, box));
}

/** A message with what stands beside it. */
function withControl({ left, top, width, height }: Box): Box {
  return { left: left - besideMessage, top, width: width + 2 * besideMessage, height };
}
