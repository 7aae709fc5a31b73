import * as v from 'valibot';
import { MessageRef } from '../../message/message.ts';
import { RecallOutcome } from '../../message/recall.ts';
import { nothing, type Lines } from './line.ts';

/** What our own pages and chat pages ask alike. */
export const sharedLines = {
  /** Recalls one message; the answer is final unless `why` is `waiting`. */
  recall: { from: ['own', 'page'], ask: MessageRef, answer: RecallOutcome },
  /** The words of a message I recalled, while they are kept; see `background/reedit.ts`. */
  reedit: { from: ['own', 'page'], ask: MessageRef, answer: v.optional(v.string()) },
  /** They are where they are wanted: forgets them. */
  reeditDone: { from: ['own', 'page'], ask: MessageRef, answer: nothing },
} as const satisfies Lines;
