import { makePart } from '../parts.ts';

/** How wide it is, and how thick its line (px). */
const size = 18;
const thickness = 2.7;

/** Its colours are those of its text, and of its border for the part that is over. */
export const ringCss = `.ring{width:${size}px;height:${size}px;flex:none;border:0 solid}`;

/** A ring that empties with the time left. */
export interface Ring {
  readonly element: HTMLElement;
  /** `share`: 1 is all of the time, 0 is none. */
  show(share: number): void;
  /** Reads the colours that it has now; draws it in them when what it returns is called. */
  prepare(): () => void;
}

/** Drawn, as times are, because it changes every second; see `makeTicking`. */
export function makeRing(document: Document): Ring {
  const element = makePart(document, 'canvas', 'ring');
  let look: Look | undefined;
  let shown = 0;

  const paint = (): void => {
    const brush = element.getContext('2d');
    if (!brush || !look) return;
    const { scale, colors } = look;
    const pixels = Math.ceil(size * scale);
    if (element.width !== pixels) element.width = element.height = pixels;
    brush.setTransform(scale, 0, 0, scale, 0, 0);
    brush.clearRect(0, 0, size, size);
    brush.lineWidth = thickness;
    colors.forEach((color, at) => {
      brush.strokeStyle = color;
      brush.beginPath();
      const start = -Math.PI / 2;
      brush.arc(size / 2, size / 2, (size * 2) / 5, start, start + 2 * Math.PI * (at ? shown : 1));
      brush.stroke();
    });
  };

  return {
    element,
    show(share) {
      shown = Math.min(Math.max(share, 0), 1);
      paint();
    },
    prepare() {
      if (!element.isConnected) return () => undefined;
      const { color, borderTopColor } = getComputedStyle(element);
      const wanted = [color, borderTopColor, devicePixelRatio].join();
      if (wanted === look?.wanted) return () => undefined;
      look = { wanted, scale: devicePixelRatio, colors: [borderTopColor, color] };
      return paint;
    },
  };
}

interface Look {
  /** All that the rest of it comes from. */
  readonly wanted: string;
  /** Pixels of the screen for one of the page. */
  readonly scale: number;
  /** Of all of it, and of the part that is left. */
  readonly colors: readonly [string, string];
}
