import { roomBeside } from './pages/beside.ts';

/** Pixels between a message and its control. */
const closest = 6;
/** Pixels by which it lies over a message that leaves no room beside it. */
const overlap = 10;

/** The part of the window in which something can be seen. */
interface View {
  readonly top: number;
  readonly bottom: number;
}

/** What is read once for all controls that are placed in one go. */
export interface Pass {
  /** By the element around rows: the part of the window in which they can be seen. */
  readonly views: Map<Element | null, View>;
  /** By element: whether what lies behind it is dark. */
  readonly grounds: Map<Element, boolean>;
}

export function startPass(): Pass {
  return { views: new Map(), grounds: new Map() };
}

/**
 * Finds the place of a control beside the visible message, on the side of the row that has more room
 * (after words that stand in the middle), level with the message's last line, or with the middle of one
 * line of words; where neither side has room, over its lower edge. `host` has no size and stays where
 * the row's own layout puts it, so nothing in the page moves.
 *
 * @returns puts it there. Until then everything is only read: a page with many controls is laid out
 * once for all of them, not once for each.
 */
export function placeBeside(
  control: HTMLElement,
  host: Element,
  bubble: Pick<Element, 'getBoundingClientRect'>,
  row: Element,
  { views }: Pass,
): () => void {
  const at = host.getBoundingClientRect();
  const message = bubble.getBoundingClientRect();
  const size = control.getBoundingClientRect();
  const view = views.get(row.parentElement) ?? viewOf(row);
  views.set(row.parentElement, view);
  const gap = closest + roomBeside(row);
  let room = row.getBoundingClientRect();
  if (mostBeside(message, room) < size.width + gap) room = lineOf(row, room);
  // Half a pixel is how the page rounds.
  const isRight = message.left - room.left > room.right - message.right + 1;
  let left: number;
  let top: number;
  if (mostBeside(message, room) >= size.width + gap) {
    left = isRight ? message.left - gap - size.width : message.right + gap;
    // Tall ones (a question, a reason) grow upwards, unless there is no room.
    top = message.bottom - size.height;
    // One that is little higher than a line of words has its middle where that has its own.
    if (size.height < 2 * message.height) top += Math.max(0, (size.height - message.height) / 2);
    if (top < view.top) top = message.top;
  } else {
    const isEnd = message.left + message.right > room.left + room.right;
    left = isEnd ? message.right - size.width : message.left;
    top = message.bottom - overlap;
    if (top + size.height > view.bottom) top = message.top - size.height + overlap;
    if (top < view.top) top = view.bottom - size.height;
  }
  return () => {
    move(control, left - at.left, top - at.top);
  };
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
      const { top, bottom } = at.getBoundingClientRect();
      return { top: Math.max(top, 0), bottom: Math.min(bottom, innerHeight) };
    }
  }
  return { top: 0, bottom: innerHeight };
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
    const [red, green, blue, alpha = 1] =
      getComputedStyle(at)
        .backgroundColor.match(/[\d.]+/gu)
        ?.map(Number) ?? [];
    if (red === undefined || green === undefined || blue === undefined || alpha < 0.5) continue;
    return remember(0.299 * red + 0.587 * green + 0.114 * blue < 128);
  }
  const scheme = getComputedStyle(element).colorScheme;
  return remember(scheme.includes('dark') && matchMedia('(prefers-color-scheme: dark)').matches);
}
