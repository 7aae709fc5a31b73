import * as v from 'valibot';
import { AccountId, ConversationId, kinds, MessageId, userOf } from '../message/message.ts';
import { RecallOutcome } from '../message/recall.ts';
import { readPolicy } from '../platform/policy.ts';
import { storedList } from '../platform/stored.ts';
import type { Order, OrderName } from './orders.ts';

/**
 * A recall I asked for and what was seen of it, each fact with its own evidence. No words, and
 * nothing they could be guessed from. All times are server ms.
 */
export const Logged = v.object({
  account: AccountId,
  conversation: ConversationId,
  id: MessageId,
  /** Missing for a message that never came. */
  kind: v.optional(v.picklist(kinds)),
  /** UserID of whose message it was; missing when it was mine. */
  of: v.optional(v.string()),
  /** When it was sent, server seconds; missing for a message that never came. */
  time: v.optional(v.number()),
  askedAt: v.number(),
  endedAt: v.number(),
  outcome: RecallOutcome,
  /** How many others had read it before, as the service told; missing says nothing. */
  readBy: v.optional(v.number()),
  /** Seen as recalled in the service's own history afterwards. */
  verifiedAt: v.optional(v.number()),
  /** The service's notice of the recall came to another session of mine, or back to this one. */
  noticedAt: v.optional(v.number()),
});
export type Logged = v.InferOutput<typeof Logged>;

const log = storedList('local', 'recall-log', Logged);

/** Days an entry is kept, and entries at most. */
const keptFor = 30 * 86_400_000;
const mostLogged = 1_000;

function isThis(one: OrderName, other: OrderName): boolean {
  return one.account === other.account && one.id === other.id && one.askedAt === other.askedAt;
}

/** What is written down of an order that has ended, with what was seen of it. */
export function loggedOf(
  order: Order,
  seen: Pick<Logged, 'readBy' | 'verifiedAt' | 'noticedAt'> = {},
): readonly Logged[] {
  const { account, conversation, id, author, kind, time, askedAt, endedAt, outcome } = order;
  if (!outcome || endedAt === undefined) return [];
  return [
    {
      ...{ account, conversation, id, time, askedAt, endedAt, outcome },
      ...(kind && { kind }),
      ...(author !== userOf(account) && { of: author }),
      ...seen,
    },
  ];
}

/** The recalls of the last 30 days, oldest first; at most a thousand, and none by policy. */
export async function readLog(): Promise<readonly Logged[]> {
  return (await readPolicy()).mayLog ? log.read() : [];
}

/**
 * Writes down how recalls of an account ended; once more it replaces what was written. Takes out
 * what is too old of it, and everything where a policy forbids the log. `now`: server ms by that
 * account's clock, which says nothing of others.
 */
export async function writeLog(entries: readonly Logged[], now: number): Promise<void> {
  if (!(await readPolicy()).mayLog) return log.clear();
  const accounts = new Set(entries.map(({ account }) => account));
  await log.change((all) =>
    [...all.filter((one) => !entries.some((entry) => isThis(one, entry))), ...entries]
      .filter((one) => !accounts.has(one.account) || !isOld(one, now))
      .slice(-mostLogged),
  );
}

function isOld({ endedAt }: Logged, now: number): boolean {
  return now - endedAt >= keptFor;
}

/**
 * Takes out what may not be kept any more of an account, also when nothing is recalled. `now`: server
 * ms by that account's clock.
 */
export async function sweepLog(account: AccountId, now: number): Promise<void> {
  const [all, { mayLog }] = await Promise.all([log.read(), readPolicy()]);
  const isOver = (one: Logged): boolean => one.account === account && isOld(one, now);
  if (!mayLog && all.length > 0) await log.clear();
  else if (all.some(isOver)) await log.change((kept) => kept.filter((one) => !isOver(one)));
}

/** What was seen of a recall after its end. */
export async function noteSeen(
  name: OrderName,
  seen: Pick<Logged, 'verifiedAt' | 'noticedAt'>,
): Promise<void> {
  await log.change((all) => all.map((one) => (isThis(one, name) ? { ...seen, ...one } : one)));
}

/** Writes what one account recalled down as another's, which it turned out to be. */
export async function carryLog(from: AccountId, to: AccountId): Promise<void> {
  await log.change((all) =>
    all.map((one) => (one.account === from ? { ...one, account: to } : one)),
  );
}

/** Forgets the recalls of an account, or all. */
export async function dropLog(account?: AccountId): Promise<void> {
  await log.change((all) =>
    account === undefined ? [] : all.filter((one) => one.account !== account),
  );
}
