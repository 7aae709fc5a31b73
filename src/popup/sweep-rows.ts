import { mostSwept, mostListed } from '../contract/lines/sweep.ts';
import type { SweepItem } from '../contract/views.ts';
import type { MessageRef } from '../message/message.ts';
import { gone } from './order.ts';

/** A row of the list. */
export interface SweepRow extends SweepItem {
  /** Nothing is kept of its message any more: only its place is. */
  readonly isAway?: true;
}

/** What a row is told apart by: an id alone may be there twice, of two accounts. */
export function keyOf({ account, id }: Pick<MessageRef, 'account' | 'id'>): string {
  return `${account} ${id}`;
}

/**
 * The rows after another answer. What stands in the list keeps its place, as it is `now`, for as long
 * as somebody reads it; what is `fresh` comes last.
 */
export function joinRows(
  rows: readonly SweepRow[],
  now: readonly SweepItem[],
  fresh: readonly SweepItem[],
  isOffered: (item: SweepItem) => boolean,
): readonly SweepRow[] {
  const told = new Map([...now, ...fresh].map((item) => [keyOf(item), item]));
  const kept = rows.map((row): SweepRow => told.get(keyOf(row)) ?? { ...gone(row), isAway: true });
  const known = new Set(kept.map(keyOf));
  const room = mostSwept - kept.filter(isOffered).length;
  const more = mostOf(
    fresh.filter((item) => !known.has(keyOf(item))),
    room,
    isOffered,
  );
  return [...kept, ...more.slice(0, mostListed - kept.length)];
}

/**
 * As many as can be taken, those with the nearest deadlines; for the others there is another sweep.
 * What cannot be taken is shown besides.
 */
function mostOf(
  items: readonly SweepItem[],
  most: number,
  isOffered: (item: SweepItem) => boolean,
): readonly SweepItem[] {
  const taken = new Set(items.filter(isOffered).slice(0, Math.max(0, most)));
  return items.filter((item) => taken.has(item) || !isOffered(item));
}
