/** In the spaces that have a lightness of their own: that of a grey in the middle between black and white. */
const middles: Readonly<Record<string, number>> = { lab: 54, lch: 54, oklab: 0.6, oklch: 0.6 };

/**
 * Whether a colour, as a browser writes computed ones, is a dark ground; undefined where it is mostly
 * transparent, or none. Browsers write a colour in the space in which the page gave it.
 */
export function isDark(color: string): boolean | undefined {
  const [, space = '', parts = ''] = /^([a-z]+)\((.+)\)$/u.exec(color) ?? [];
  // `color()` begins with the name of a space, which may hold a digit.
  const numbers = parts.replace(/^[a-z][a-z\d-]*\s/u, '').match(/-?[\d.]+(?:e-?\d+)?/gu);
  const [one, two, three, alpha = 1] = numbers?.map(Number) ?? [];
  if (one === undefined || two === undefined || three === undefined || alpha < 0.5)
    return undefined;
  const middle = middles[space];
  if (middle !== undefined) return one < middle;
  const white = space === 'color' ? 1 : 255;
  return 0.299 * one + 0.587 * two + 0.114 * three < white / 2;
}
