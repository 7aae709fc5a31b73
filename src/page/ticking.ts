import { makePart } from './parts.ts';

/** Of the height of a line, so that it stands in it like a word. */
export const tickingCss = '.ticking{display:inline-block;height:1lh;vertical-align:top}';

/** Words with a time in them that counts down, such as `Recall 1:42`. */
export interface Ticking {
  readonly element: HTMLElement;
  /** `left`: the part of the words that counts down; '' for none. */
  readonly show: (words: string, left: string) => void;
  /**
   * Reads the type and colour that it has now: they, or the zoom, may have changed. What it returns
   * draws the time in them. With many of them all are read before any is drawn, so that the page's
   * style is calculated once.
   */
  readonly prepare: () => () => void;
}

/**
 * Makes words of which a part changes every second. That part is drawn, not written: Chromium goes
 * through all that is painted of a list when anything inside of it is laid out, however well that is
 * contained: 15 ms for ten thousand rows, and 1 ms for what is only drawn (measured with 156). Whoever
 * does not see it gets the time from the name of its button. `kin`: shared by those that look alike, so
 * that a new one has its size before it is laid out, and the page is laid out once for it.
 */
export function makeTicking(document: Document, kin: Kin = {}): Ticking {
  const element = makePart(document, 'span', 'seen');
  const drawing = makePart(document, 'canvas', 'ticking');
  drawing.role = 'img';
  let around = '';
  let time = '';
  let { type } = kin;

  const paint = (): void => {
    const brush = drawing.getContext('2d');
    if (!type || !brush) return;
    const { font, color, scale, height, base, digit } = type;
    const signs = time.split('').map((sign) => ({ sign, room: digit * roomOf(sign) }));
    const width = Math.ceil(signs.reduce((sum, { room }) => sum + room, 0));
    const size = [Math.ceil(width * scale), Math.ceil(height * scale)] as const;
    if (drawing.width !== size[0] || drawing.height !== size[1]) {
      [drawing.width, drawing.height] = size;
      drawing.style.width = `${width}px`;
    }
    // What was set is forgotten with the size, and costs when it is set.
    if (brush.font !== font) brush.font = font;
    brush.setTransform(scale, 0, 0, scale, 0, 0);
    brush.clearRect(0, 0, width, height);
    brush.fillStyle = color;
    brush.textAlign = 'center';
    let left = 0;
    for (const { sign, room } of signs) {
      brush.fillText(sign, left + room / 2, base);
      left += room;
    }
  };

  return {
    element,
    show(words, left) {
      const [before = '', ...after] = left === '' ? [words] : words.split(left);
      const next = JSON.stringify([before, after]);
      if (next !== around) {
        around = next;
        element.replaceChildren(before, ...after.flatMap((text) => [drawing, text]));
      }
      if (left === time) return;
      time = left;
      // No text in it: that would have the style of the page calculated anew.
      drawing.ariaLabel = left;
      paint();
    },
    prepare() {
      const brush = drawing.getContext('2d');
      if (!brush || !drawing.isConnected) return () => undefined;
      const { fontWeight, fontSize, fontFamily, lineHeight, color } = getComputedStyle(drawing);
      const wanted = [fontWeight, fontSize, fontFamily, lineHeight, color, devicePixelRatio].join();
      if (wanted === type?.wanted) return () => undefined;
      brush.font = `${fontWeight} ${fontSize} ${fontFamily}`;
      const height = Number.parseFloat(lineHeight);
      const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = brush.measureText('0');
      const digits = '0123456789'.split('').map((sign) => brush.measureText(sign).width);
      type = kin.type = {
        wanted,
        font: brush.font,
        color,
        scale: devicePixelRatio,
        height,
        base: (height + up - down) / 2,
        digit: Math.max(...digits),
      };
      return paint;
    },
  };
}

/** What those have in common that look alike. */
export interface Kin {
  type?: Type;
}

/** How it is written. Lengths are px. */
interface Type {
  /** All that the rest of it comes from. */
  readonly wanted: string;
  readonly font: string;
  readonly color: string;
  /** Pixels of the screen for one of the page. */
  readonly scale: number;
  /** Of its line. */
  readonly height: number;
  /** From the top to the line on which it is written. */
  readonly base: number;
  /** The width of the widest digit. */
  readonly digit: number;
}

/** How wide a sign is, in digits. */
function roomOf(sign: string): number {
  return /\d/u.test(sign) ? 1 : 0.5;
}
