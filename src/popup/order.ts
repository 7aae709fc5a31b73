import type { AccountId } from '../message/message.ts';
import type { SentView } from '../contract/views.ts';

/** A row of the list; `isGone` rows only keep their place until nobody points at the list. */
export interface Row {
  readonly sent: SentView;
  readonly isGone: boolean;
}

/** A message of whose row only the place is kept. */
export function gone(sent: SentView): SentView {
  const { id, account, conversation, conversationName, kind, time } = sent;
  return { id, account, conversation, conversationName, kind, time, excerpt: '' };
}

/**
 * The rows to show. While somebody's pointer or keyboard is in the list nothing changes its
 * place: what is new comes last, what went away leaves its row behind. Messages of an account
 * that is not signed in any more go at once.
 */
export function arrange(
  shown: readonly Row[],
  sent: readonly SentView[],
  accounts: readonly AccountId[],
  isHeld: boolean,
): readonly Row[] {
  const fresh = sent.map((one): Row => ({ sent: one, isGone: false }));
  if (!isHeld) return fresh;
  const byId = new Map(fresh.map((row) => [row.sent.id, row]));
  const kept = shown
    .filter((row) => accounts.includes(row.sent.account))
    .map((row): Row => byId.get(row.sent.id) ?? { sent: gone(row.sent), isGone: true });
  const keptIds = new Set(kept.map((row) => row.sent.id));
  return [...kept, ...fresh.filter((row) => !keptIds.has(row.sent.id))];
}
