import * as v from 'valibot';
import { AccountId, MessageRef } from '../../message/message.ts';
import { ReceiptView, SweepItem, SweepView } from '../views.ts';
import { nothing, own, type Lines } from './line.ts';

/**
 * Messages in one sweep at most: a greeting may have gone to hundreds. Each is one request to the
 * service, and an order of its own, of which the worker keeps no more than 500.
 */
export const mostSwept = 400;
const SweepRefs = v.pipe(v.array(MessageRef), v.minLength(1), v.maxLength(mostSwept));
/** Messages in one list at most, with what cannot be taken. */
export const mostListed = 1000;
const SweepAccounts = v.pipe(v.array(AccountId), v.maxLength(50));
/** The longest that a list reaches back and stays open, seconds. */
export const longestReach = 86_400;
const Opened = {
  /** For how long the list has been open, seconds: how far back it goes counts from when it was opened. */
  openFor: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(longestReach))),
};
const SweepWish = v.variant('of', [
  /** All I sent in so many seconds, and since then, over all conversations of these accounts. */
  v.object({
    of: v.literal('time'),
    accounts: SweepAccounts,
    seconds: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(longestReach)),
    ...Opened,
  }),
  /** These messages, as far as they may be recalled. */
  v.object({ of: v.literal('refs'), refs: SweepRefs, ...Opened }),
  /** What says the same as this message in other conversations; to be asked before its recall. */
  v.object({ of: v.literal('twins'), ref: MessageRef, accounts: SweepAccounts, ...Opened }),
  /** These messages of a list that is open, also where they cannot be recalled any more. */
  v.object({
    of: v.literal('listed'),
    refs: v.pipe(v.array(MessageRef), v.maxLength(mostListed)),
    ...Opened,
  }),
]);
/** Whoever asks for a sweep names it: a lost answer then leaves it within reach. */
const SweepName = v.object({ sweep: v.pipe(v.string(), v.uuid()) });

/** What is asked once somebody opened a sweep or a receipt; the popup begins without. */
export const sweepLines = {
  /**
   * What a sweep would take: only what may be recalled, but for what is listed already; the nearest
   * deadline first.
   */
  sweepList: { from: own, ask: SweepWish, answer: v.array(SweepItem) },
  /**
   * Recalls these messages; answered as soon as all are ordered. Asked again with the same name it
   * orders nothing twice.
   */
  sweepStart: {
    from: own,
    ask: v.object({ ...SweepName.entries, refs: SweepRefs, ...Opened }),
    answer: nothing,
  },
  /**
   * How far it has come; nothing for one that is not known (any more). One that was stopped before its
   * start came is over and has no messages.
   */
  sweepState: { from: own, ask: SweepName, answer: v.optional(SweepView) },
  /** Sends nothing more of it, also where its start is still to come; what was sent comes to its end. */
  sweepStop: { from: own, ask: SweepName, answer: nothing },
  /**
   * What was seen of the newest recall of a message of mine in the last 30 days; `off` where a policy
   * forbids the log.
   */
  receiptOf: {
    from: own,
    ask: MessageRef,
    answer: v.optional(v.union([ReceiptView, v.literal('off')])),
  },
} as const satisfies Lines;
