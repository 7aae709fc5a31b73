import { overlaps, type Box } from './box.ts';

/** What lies around a control that has a choice, all in window pixels. */
export interface Surroundings {
  /** Where the list can be seen. */
  readonly view: { readonly top: number; readonly bottom: number };
  /** Other controls of one line, which nobody is to lose. */
  readonly quiet: readonly Box[];
  /** Other controls with something to read. */
  readonly tall: readonly Box[];
  /** Other messages, better not covered. */
  readonly messages: readonly Box[];
  /** Farther (px) from where it belongs than that, it may be taken for another message's. */
  readonly reach: number;
}

/** So many pixels farther away a control rather stands than that it is out of sight, or over these. */
const costs = { unseen: 100_000, tall: 20_000, quiet: 1500, message: 250 } as const;
/** How much more each pixel costs beyond the reach. */
const farther = 20;

/**
 * The best of these spots: in sight, over no other control, over few messages, and not far from the
 * first one. Of two that are as good the earlier one.
 */
export function bestSpot(spots: readonly [Box, ...Box[]], around: Surroundings): Box {
  const { view, quiet, tall, messages, reach } = around;
  const [wanted] = spots;
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
      way +
      farther * Math.max(0, way - reach)
    );
  };
  let [best] = spots;
  let least = costOf(best);
  for (const spot of spots) {
    const cost = costOf(spot);
    if (cost < least) [best, least] = [spot, cost];
  }
  return best;
}
