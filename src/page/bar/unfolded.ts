import type { BarMessageView } from '../../contract/views.ts';
import type { MessageId } from '../../message/message.ts';
import { mostUnfolded } from './bar-row.ts';
import type { RowState } from './bar-state.ts';

/** How the bar is looked at. */
export interface Looked {
  /** Somebody unfolded it. */
  readonly isExpanded: boolean;
  /** The message somebody's pointer is on, or the focus of who goes by keys. */
  readonly atHand: MessageId | undefined;
}

/** Which messages of the bar are not folded away. */
export interface Unfolded {
  /** `shown`: newest first. Gives those to be listed, in the order in which they stand. */
  choose(
    shown: readonly BarMessageView[],
    stateOf: (message: BarMessageView) => RowState,
    looked: Looked,
  ): readonly BarMessageView[];
  /** It was folded or unfolded: nothing has a place to keep. */
  startAfresh(): void;
}

/** Whether a message may have gone to the wrong place, as long as something can be done about it. */
export function isWarnedOf({ warnings }: BarMessageView, { name }: RowState): boolean {
  return warnings.length > 0 && name === 'offer';
}

export function makeUnfolded(): Unfolded {
  /** What was said of each message, and the one of which something came last. */
  const saidOf = new Map<MessageId, RowState['name']>();
  let latest: MessageId | undefined;
  let listed: readonly BarMessageView[] = [];

  return {
    choose(shown, stateOf, { isExpanded, atHand }) {
      for (const one of shown.toReversed()) {
        const { name } = stateOf(one);
        if (!['offer', 'over', saidOf.get(one.id)].includes(name)) latest = one.id;
        saidOf.set(one.id, name);
      }
      for (const id of saidOf.keys()) if (!shown.some((one) => one.id === id)) saidOf.delete(id);
      // What came of a recall just now, by a key as well, and what may have gone to the wrong place is
      // not folded away, as long as the bar stays a bar.
      const isTelling = (one: BarMessageView): boolean =>
        isWarnedOf(one, stateOf(one)) || stateOf(one).name === 'refused';
      const wanted = shown.filter(
        (one, at) =>
          isExpanded || at === 0 || one.id === latest || (at < mostUnfolded && isTelling(one)),
      );
      listed = keepPlaces(
        listed.slice(0, listed.findIndex(({ id }) => id === atHand) + 1),
        wanted,
        shown,
      );
      return listed;
    },
    startAfresh() {
      listed = [];
    },
  };
}

/**
 * What stands up to where a hand is, as far as it is still there, and behind it what is wanted besides:
 * nothing comes to lie under a hand that was meant for something else.
 */
function keepPlaces(
  standing: readonly BarMessageView[],
  wanted: readonly BarMessageView[],
  there: readonly BarMessageView[],
): readonly BarMessageView[] {
  const stays = standing.flatMap(({ id }) => there.find((one) => one.id === id) ?? []);
  return [...stays, ...wanted.filter((one) => !stays.includes(one))];
}
