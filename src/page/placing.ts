import type { Box } from './box.ts';
import { isDark } from './brightness.ts';
import { overAttribute } from './hiding.ts';
import { mark } from './mark.ts';
import { roomBeside } from './pages/beside.ts';
import { closest, overlap, type Place, type View } from './place.ts';
import { chooseSpot } from './spots.ts';

/** No control is wider (px); the style says so, too. */
const widest = 280;
/** A control with one line of words is no taller than this (px), also in large type. */
const tallestLine = 36;

/** What is read once for all controls that are placed in one go. */
export interface Pass {
  /** By the element around rows: the part of the window in which they can be seen. */
  readonly views: Map<Element | null, View>;
  /** By element: whether what lies behind it is dark. */
  readonly grounds: Map<Element, boolean>;
  /** Where controls of one line are put in it, and those with more to read: they have a choice. */
  readonly quiet: Box[];
  readonly tall: Box[];
  /** Where of these those belong that stand beside their message: they have the least choice. */
  readonly expected: Box[];
  /** Where the newest messages are in the window. */
  readonly messages: () => readonly Box[];
}

export function startPass(findMessages: () => readonly Box[]): Pass {
  let found: readonly Box[] | undefined;
  const messages = (): readonly Box[] => (found ??= findMessages());
  return { views: new Map(), grounds: new Map(), quiet: [], tall: [], expected: [], messages };
}

/**
 * Finds the place of a control beside the visible message, on the side of the row that has more room
 * (after words that stand in the middle), level with the message's last line, or with the middle of one
 * line of words; where neither side has room, over its lower edge. One that is taller than a line (a
 * question, a reason) grows upwards; where it would cover other controls or messages, it rather grows
 * down or stands aside, as long as it can be told whose it is. What it has to cover is there again when
 * it is gone. `host` has no size and stays where the row's own layout puts it, so nothing in the page
 * moves.
 *
 * @returns puts it there. Until then everything is only read: a page with many controls is laid out
 * once for all of them, not once for each. Those that have a choice make it then.
 */
export function placeBeside(
  control: HTMLElement,
  host: Element,
  bubble: Pick<Element, 'getBoundingClientRect'>,
  row: Element,
  { views, quiet, tall, expected, messages: findMessages }: Pass,
): () => void {
  const at = host.getBoundingClientRect();
  const message = bubble.getBoundingClientRect();
  let { width, height } = control.getBoundingClientRect();
  const view = views.get(row.parentElement) ?? viewOf(row);
  views.set(row.parentElement, view);
  const gap = closest + roomBeside(row, message);
  let room = row.getBoundingClientRect();
  if (mostBeside(message, room) < width + gap) room = lineOf(row, room);
  // In a narrow list it is narrower itself, which has the page laid out once more.
  const most = view.right - view.left < widest ? `${Math.floor(view.right - view.left)}px` : '';
  if (control.style.maxWidth !== most) {
    control.style.maxWidth = most;
    ({ width, height } = control.getBoundingClientRect());
  }
  const isTall = height > tallestLine;
  const isBeside = mostBeside(message, room) >= width + gap;
  const place = { message, size: { width, height }, view, room, gap };
  const wanted = isBeside ? beside(place) : overEdge(place);
  const messages = isTall ? findMessages().filter((one) => !isSame(one, message)) : [];
  const hasChoice = isTall || !isBeside;
  if (!hasChoice) quiet.push(wanted);
  if (isTall && isBeside) expected.push(wanted);
  return () => {
    let spot = wanted;
    if (hasChoice) {
      const others = isBeside ? tall : [...tall, ...expected];
      spot = chooseSpot({ ...place, wanted, isBeside, quiet, tall: others, messages });
      (isTall ? tall : quiet).push(spot);
    }
    mark(host, overAttribute, isTall ? '' : undefined);
    move(control, spot.left - at.left, spot.top - at.top);
  };
}

function beside({ message, size: { width, height }, view, room, gap }: Place): Box {
  // Half a pixel is how the page rounds.
  const isBefore = message.left - room.left > room.right - message.right + 1;
  const left = isBefore ? message.left - gap - width : message.right + gap;
  let top = message.bottom - height;
  // One that is little higher than a line of words has its middle where that has its own.
  if (height < 2 * message.height) top += Math.max(0, (height - message.height) / 2);
  if (top < view.top) top = message.top;
  return { left, top, width, height };
}

function overEdge({ message, size: { width, height }, view, room }: Place): Box {
  const isEnd = message.left + message.right > room.left + room.right;
  const last = Math.max(view.left, view.right - width);
  const left = Math.min(Math.max(isEnd ? message.right - width : message.left, view.left), last);
  let top = message.bottom - overlap;
  // Of a message that is out of sight it is, too: it would be taken for another's.
  if (message.bottom > view.top && message.top < view.bottom) {
    if (top + height > view.bottom) top = message.top - height + overlap;
    if (top < view.top) top = view.bottom - height;
  }
  return { left, top, width, height };
}

function isSame(one: Box, other: Box): boolean {
  return one.left === other.left && one.top === other.top && one.width === other.width;
}

function mostBeside(message: DOMRect, room: DOMRect): number {
  return Math.max(message.left - room.left, room.right - message.right);
}

/**
 * The whole line a row stands on, where it is alone there: react-6 makes the row of a recalled
 * message as narrow as its words, in the middle of the list.
 */
function lineOf(row: Element, room: DOMRect): DOMRect {
  const isBeside = [row.previousElementSibling, row.nextElementSibling].some((other) => {
    const box = other?.getBoundingClientRect();
    return box && box.width > 0 && box.top < room.bottom - 1 && box.bottom > room.top + 1;
  });
  const line = isBeside ? undefined : row.parentElement;
  return line?.getBoundingClientRect() ?? room;
}

function viewOf(row: Element): View {
  for (let at = row.parentElement; at; at = at.parentElement) {
    if (scrolls(getComputedStyle(at))) {
      const { top, bottom, left } = at.getBoundingClientRect();
      const begin = left + at.clientLeft;
      return {
        top: Math.max(top, 0),
        bottom: Math.min(bottom, innerHeight),
        left: begin,
        right: begin + at.clientWidth,
      };
    }
  }
  return { top: 0, bottom: innerHeight, left: 0, right: innerWidth };
}

function scrolls({ overflowX, overflowY }: CSSStyleDeclaration): boolean {
  return /auto|scroll/u.test(`${overflowX} ${overflowY}`);
}

/** Without layout, which what surrounds it would be part of. */
function move(control: HTMLElement, left: number, top: number): void {
  const place = `${Math.round(left)}px ${Math.round(top)}px`;
  if (control.style.translate !== place) control.style.translate = place;
}

/**
 * Whether an element without a place of its own in this row would stay behind when the list is
 * scrolled: when the nearest positioned element lies outside of what scrolls.
 */
export function wouldStayBehind(row: Element): boolean {
  for (let at: Element | null = row; at; at = at.parentElement) {
    const style = getComputedStyle(at);
    if (style.position !== 'static' && style.position !== '') return false;
    if (scrolls(style)) return true;
  }
  return false;
}

/**
 * Whether what lies behind an element is dark, so that we know which of our colours can be read on it.
 * `known`: what was found before in the same pass.
 */
export function isDarkBehind(element: Element, known = new Map<Element, boolean>()): boolean {
  const passed: Element[] = [];
  const remember = (isDark: boolean): boolean => {
    for (const one of passed) known.set(one, isDark);
    return isDark;
  };
  for (let at: Element | null = element; at; at = at.parentElement) {
    const before = known.get(at);
    if (before !== undefined) return remember(before);
    passed.push(at);
    const ground = isDark(getComputedStyle(at).backgroundColor);
    if (ground !== undefined) return remember(ground);
  }
  const scheme = getComputedStyle(element).colorScheme;
  return remember(scheme.includes('dark') && matchMedia('(prefers-color-scheme: dark)').matches);
}
