/** A part of the window, in its pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How much of a box lies under another, from 0 to 1. */
export function shareUnder(box: Box, cover: Box): number {
  const width =
    Math.min(box.left + box.width, cover.left + cover.width) - Math.max(box.left, cover.left);
  const height =
    Math.min(box.top + box.height, cover.top + cover.height) - Math.max(box.top, cover.top);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (box.width * box.height);
}

export function overlaps(one: Box, other: Box): boolean {
  return (
    one.left < other.left + other.width &&
    other.left < one.left + one.width &&
    one.top < other.top + other.height &&
    other.top < one.top + one.height
  );
}
