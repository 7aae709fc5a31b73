import { overlaps, shareUnder, type Box } from '../box.ts';

/** Pixels between the bar and the window's edge, or what it stands beside. */
const gap = 8;
/** Pixels that a Recall control may take up on either side of a message. */
const besideMessage = 96;
/** In a chat narrower than this (px) nothing of a bar could be read. */
const narrowest = 216;
/** What is told in one line of this height (px) is offered or said in the bar, too: it matters no more than a message. */
const oneLine = 36;
/** Above so many of the newest messages there may be a place. */
const mostAbove = 8;

/**
 * So many pixels farther from the composer a bar rather stands than that it is cut off or over the
 * composer, over an open menu, outside of the chat, over a message that matters (more of it is worse),
 * or where the control of such a one comes; and than that it moves, or lies over another message.
 */
const costs = {
  composer: 1e7,
  menu: 1e6,
  /** Any of it, and what is added for all of it. */
  outside: 50_000,
  allOutside: 50_000,
  mattering: 4000,
  allOfIt: 16_000,
  besideMattering: 1500,
  move: 3000,
  message: 100,
  beside: 30,
  /** On the side of the chat where my messages stand. */
  end: 40,
} as const;
/** How much each pixel costs by which it moves sideways: who looks at it, or is on the way there, loses it. */
const sideways = 12;
/** How much of what a move costs counts. */
const holds = { side: 0, place: 1, hand: 10 } as const;
/** How much more height costs beside a chat: what stands there, such as a list of chats, begins at the top. */
const besideChat = 20;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What the bar is placed in, all in window pixels. */
export interface Frame {
  readonly window: Size;
  /** Where the page shows messages, between the list of chats and whatever else is beside them. */
  readonly chat: Box | undefined;
  /** Nothing may cover this. */
  readonly composer: Box | undefined;
}

/** What the bar is placed among, all in window pixels. */
export interface Surroundings extends Frame {
  /** Not to be covered, either: the page's own menus that are open. */
  readonly menus: readonly Box[];
  /** Better not covered: the newest messages, in the order in which they came. */
  readonly messages: readonly Box[];
  /** The same of what is told beside messages, and a question or a reason as little as the newest of them. */
  readonly told: readonly Box[];
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

/** A bar that is placed anew. */
export interface Before {
  readonly bar: PlacedBar;
  /** How much it keeps: with something new to tell its side of the chat, else its place, or under a hand. */
  readonly hold: keyof typeof holds;
}

/** The part of the window in which a bar goes. */
interface Column extends Box {
  /** The chat itself is too narrow, so this is more than it. */
  readonly isWider: boolean;
}

/** How wide (px) that is in which a bar goes, with what it keeps free on both sides. */
export function widthFor(frame: Frame): number {
  return columnOf(frame).width;
}

/** The messages' own part of the window, above the composer. Who is written to stands above of it. */
function columnOf({ window, chat, composer }: Frame): Column {
  const whole = { left: 0, top: 0, ...window };
  const { left, top, width, height } = chat
    ? common(chat, whole)
    : composer
      ? common({ left: composer.left, top: 0, width: composer.width, height: window.height }, whole)
      : whole;
  const isUnder = composer && composer.top > top && composer.top < top + height;
  const free = isUnder ? composer.top - top : height;
  return width < narrowest
    ? { left: 0, top, width: window.width, height: free, isWider: true }
    : { left, top, width, height: free, isWider: false };
}

function common(one: Box, other: Box): Box {
  const left = Math.max(one.left, other.left);
  const top = Math.max(one.top, other.top);
  const width = Math.min(one.left + one.width, other.left + other.width) - left;
  const height = Math.min(one.top + one.height, other.top + other.height) - top;
  return { left, top, width: Math.max(0, width), height: Math.max(0, height) };
}

/**
 * Finds a place for a bar of this size in the chat: close above the composer, over neither the newest
 * message nor the newest of mine, nor what is told; never over the composer, nor over an open menu where
 * there is room beside it. One that is there already keeps its place, and grows from its edge, as long as
 * nothing that matters comes to lie under it; then it rather goes up or down than sideways.
 */
export function placeBar(size: Size, around: Surroundings, before?: Before): Spot {
  if (!around.isRtl) return place(size, around, before);
  const { window } = around;
  const mirror = <One extends { left: number }>(one: One, width: number): One => ({
    ...one,
    left: window.width - one.left - width,
  });
  const turn = ({ left, top, width, height }: Box): Box =>
    mirror({ left, top, width, height }, width);
  const turned = {
    window,
    isRtl: false,
    chat: around.chat && turn(around.chat),
    composer: around.composer && turn(around.composer),
    menus: around.menus.map(turn),
    messages: around.messages.map(turn),
    told: around.told.map(turn),
  };
  const was = before && { ...before, bar: mirror(before.bar, before.bar.width) };
  return mirror(place(size, turned, was), size.width);
}

function place(size: Size, around: Surroundings, before: Before | undefined): Spot {
  const { width, height } = size;
  const { window, composer, menus, messages, told } = around;
  const column = columnOf(around);
  const start = column.left + gap;
  const end = column.left + column.width - width - gap;
  const bottom = column.top + column.height - height - gap;
  const at = (left: number, top: number, edge: Spot['edge'] = 'bottom'): Spot => ({
    left: between(0, left, window.width - width),
    top: between(0, top, window.height - height),
    edge,
  });
  const was = before && grown(before.bar, size, column);
  const hold = before ? holds[before.hold] : 0;
  const lefts = was ? [was.left, start, end] : [start, end];
  // The composer is there for a page in which it is not under the chat.
  const long = told.filter((one) => one.height > oneLine);
  const above = [...messages.slice(-mostAbove), ...long, ...(composer ? [composer] : [])].map(
    ({ top }) => top - height - gap,
  );
  const spots = [
    ...(was ? [at(was.left, was.top, was.edge)] : []),
    ...lefts.flatMap((left) => [
      ...[bottom, ...above.filter((top) => top < bottom)].map((top) => at(left, top)),
      at(left, column.top + gap, 'top'),
    ]),
  ];

  // A person's own messages stand at the end of the line in every chat.
  const middle = column.left + column.width / 2;
  const mine = messages.findLast((one) => one.left + one.width / 2 > middle);
  const matters = new Set([...messages.slice(-1), ...(mine ? [mine] : []), ...long]);
  const mattering = [...matters];
  const others = [...messages, ...told].filter((one) => !matters.has(one));
  const costOf = (spot: Spot): number => {
    const box = { ...spot, ...size };
    const share = (one: Box): number => shareUnder(one, box);
    const isOver = (one: Box): boolean => overlaps(box, one);
    const count = (boxes: readonly Box[]): number => boxes.filter(isOver).length;
    const isMove = was && (spot.left !== was.left || spot.top !== was.top);
    const way = was ? Math.abs(spot.left - was.left) : 0;
    const isInside =
      spot.left >= column.left &&
      spot.top >= column.top &&
      spot.left + width <= column.left + column.width &&
      spot.top + height <= column.top + column.height;
    const toComposer = Math.max(0, bottom - spot.top);
    return (
      (composer && isOver(composer) ? costs.composer : 0) +
      costs.menu * count(menus) +
      (isInside ? 0 : costs.outside) +
      costs.allOutside * (1 - shareUnder(box, column)) +
      costs.mattering * count(mattering) +
      costs.allOfIt * mattering.reduce((sum, one) => sum + share(one), 0) +
      costs.besideMattering * count(mattering.map(withControl)) +
      costs.message * count(others) +
      costs.beside * count(others.map(withControl)) +
      (isMove ? hold * costs.move : 0) +
      sideways * way * Math.max(hold, 1) +
      toComposer * (column.isWider ? besideChat : 1) +
      (spot.left > start ? costs.end : 0)
    );
  };
  let [best] = spots as [Spot];
  let least = costOf(best);
  for (const spot of spots) {
    const cost = costOf(spot);
    if (cost < least) [best, least] = [spot, cost];
  }
  return best;
}

/** Where a bar of this size is that was there before: it grows from its edge, on its side of the chat. */
function grown({ left, top, width, height, edge }: PlacedBar, size: Size, column: Box): Spot {
  const isEnd = 2 * left + width > 2 * column.left + column.width;
  return {
    left: isEnd ? left + width - size.width : left,
    top: edge === 'bottom' ? top + height - size.height : top,
    edge,
  };
}

function between(least: number, wanted: number, most: number): number {
  return Math.max(least, Math.min(wanted, most));
}

/** Whether a bar there would lie over any of these. */
export function coversAny(bar: Box, boxes: readonly Box[]): boolean {
  return boxes.some((box) => overlaps(bar, box));
}

/** A message with what stands beside it. */
function withControl({ left, top, width, height }: Box): Box {
  return { left: left - besideMessage, top, width: width + 2 * besideMessage, height };
}
