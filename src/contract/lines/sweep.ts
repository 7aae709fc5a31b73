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
const SweepAccounts = v.pipe(v.array(AccountId), v.maxLength(50));
const SweepWish = v.variant('of', [
  /** All I sent in the last so many seconds, over all conversations of these accounts. */
  v.object({
    of: v.literal('time'),
    accounts: SweepAccounts,
    seconds: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(86_400)),
  }),
  /** These messages, as far as they may be recalled. */
  v.object({ of: v.literal('refs'), refs: SweepRefs }),
  /** What says the same as this message in other conversations; to be asked before its recall. */
  v.object({ of: v.literal('twins'), ref: MessageRef, accounts: SweepAccounts }),
]);
/** Whoever asks for a sweep names it: a lost answer then leaves it within reach. */
const SweepName = v.object({ sweep: v.pipe(v.string(), v.uuid()) });

/** What is asked once somebody opened a sweep or a receipt; the popup begins without. */
export const sweepLines = {
  /** What a sweep would take: only what may be recalled, the nearest deadline first. */
  sweepList: { from: own, ask: SweepWish, answer: v.array(SweepItem) },
  /**
   * Recalls these messages; answered as soon as all are ordered. Asked again with the same name it
   * orders nothing twice.
   */
  sweepStart: {
    from: own,
    ask: v.object({ ...SweepName.entries, refs: SweepRefs }),
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
