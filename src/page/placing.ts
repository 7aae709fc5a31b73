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
 * Finds the place of a control beside the visible message, on the side of the row that has more room,
 * level with the message's last line; where neither side has room, over its lower edge. `host` has no
 * size and stays where the row's own layout puts it, so nothing in the page moves.
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
  const room = roomOf(row, message);
  const size = control.getBoundingClientRect();
  const view = views.get(row.parentElement) ?? viewOf(row);
  views.set(row.parentElement, view);
  const before = message.left - room.left;
  const after = room.right - message.right;
  const isRight = before >= after;
  const gap = closest + roomBeside(row);
  let left: number;
  let top: number;
  if (Math.max(before, after) >= size.width + gap) {
    left = isRight ? message.left - gap - size.width : message.right + gap;
    // Tall ones (a question, a reason) grow upwards, unless there is no room.
    top = message.bottom - size.height;
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

/**
 * The box in which there may be room beside a message: the row's, or what lies around one that is no
 * wider than its message, as the placeholders of chat-uikit-react 6 are (seen with 6.1.7).
 */
function roomOf(row: Element, message: DOMRect): DOMRect {
  let room = row.getBoundingClientRect();
  for (let at = row.parentElement; at && room.width <= message.width; at = at.parentElement) {
    if (scrolls(getComputedStyle(at))) break;
    room = at.getBoundingClientRect();
  }
  return room;
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
