import { overlaps, shareUnder, type Box } from './box.ts';
import { closest, overlap, type Choice } from './place.ts';

/** Pixels from its place to where it can still be told whose control it is. */
const reach = 150;
/** So many pixels farther away a control rather stands than that it is out of sight, or over these. */
const costs = { unseen: 100_000, tall: 20_000, quiet: 1500, message: 250 } as const;
/** The same for a message of which nothing is left to see, as if there were none, beside those. */
const wholeMessage = 1500;
/** How much more each pixel costs beyond the reach. */
const farther = 20;

/**
 * The best spot for a control that may stand elsewhere than it belongs: in sight, over no other control,
 * over few messages, and not far from where it belongs. Of two that are as good the one more like that.
 */
export function chooseSpot(choice: Choice): Box {
  const { wanted, isBeside, view, quiet, tall, messages } = choice;
  // On its own message it can be told everywhere whose it is.
  const limit = isBeside ? reach : Infinity;
  const count = (spot: Box, others: readonly Box[]): number =>
    others.filter((other) => overlaps(spot, other)).length;
  const costOf = (spot: Box): number => {
    const isSeen = spot.top >= view.top && spot.top + spot.height <= view.bottom;
    const way = Math.abs(spot.left - wanted.left) + Math.abs(spot.top - wanted.top);
    return (
      (isSeen ? 0 : costs.unseen) +
      costs.tall * count(spot, tall) +
      costs.quiet * count(spot, quiet) +
      costs.message * count(spot, messages) +
      wholeMessage * messages.reduce((sum, one) => sum + shareUnder(one, spot), 0) +
      way +
      farther * Math.max(0, way - limit)
    );
  };
  let best = wanted;
  let least = costOf(best);
  for (const spot of isBeside ? spotsBeside(choice) : spotsOverEdge(choice)) {
    const cost = costOf(spot);
    if (cost < least) [best, least] = [spot, cost];
  }
  return best;
}

/** Where a control may stand beside its message instead: higher or lower, or beyond what is there. */
function spotsBeside({ wanted, message, room, tall, quiet, messages }: Choice): Box[] {
  const { left, width, height } = wanted;
  const obstacles = [...tall, ...quiet, ...messages];
  const isBefore = left < message.left;
  const isLevel = (top: number): boolean => top < message.bottom && top + height > message.top;
  const tops = [
    wanted.top,
    message.bottom - height,
    message.top + (message.height - height) / 2,
    message.top,
    ...obstacles.flatMap((one) => [one.top - height - 2, one.top + one.height + 2]).filter(isLevel),
  ];
  return tops.flatMap((top) => {
    const spot = { ...wanted, top };
    const aside = obstacles
      .filter((one) => one.top < top + height && top < one.top + one.height)
      .map((one) => (isBefore ? one.left - closest - width : one.left + one.width + closest))
      .filter((to) => (isBefore ? to < left && to >= room.left : to > left))
      .filter((to) => to + width <= room.right);
    return [spot, ...aside.map((to) => ({ ...spot, left: to }))];
  });
}

/** Where it may lie over its message's edge instead: over the upper one, and at the other end. */
function spotsOverEdge({ wanted, message, room, size: { width, height } }: Choice): Box[] {
  const lefts = [message.left, message.right - width].filter(
    (left) => left >= room.left && left + width <= room.right,
  );
  return [wanted.left, ...lefts].flatMap((left) =>
    [wanted.top, message.bottom - overlap, message.top - height + overlap].map((top) => ({
      ...wanted,
      left,
      top,
    })),
  );
}
