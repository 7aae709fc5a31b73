import type { AccountId, Entry, Role } from '../message/message.ts';
import { judge, type RecallOutcome } from '../message/recall.ts';
import { windowKindOf, type RecallWindow, type Windows } from '../message/window.ts';
import type { Order } from './orders.ts';

/** How long a recall nobody can tell the deadline of waits for the connection, ms. */
const unsureFor = 120_000;
/** How long after it was asked for a recall is still sent when only its expected end is over, ms. */
const wantedFor = 600_000;

/** What ordering a recall takes. Times are server ms. */
export interface Wish {
  readonly account: AccountId;
  readonly entry: Entry;
  readonly role: Role | undefined;
  readonly windows: Windows;
  readonly now: number;
  /** Whether the service told the time; otherwise only this computer's clock says it. */
  readonly knowsTime: boolean;
  /** The sweep it is part of. */
  readonly sweep?: string | undefined;
}

/** An order for a recall the law allows, with its deadlines; not stored yet. Or why there is none. */
export function newOrder(wish: Wish): Order | (RecallOutcome & { ok: false }) {
  const { account, entry, role, windows, now, knowsTime, sweep } = wish;
  const verdict = judge(entry, { me: account, role, now, windows });
  if (!verdict.may && (knowsTime || verdict.why !== 'too-late')) {
    const { why, lateBy } = verdict;
    return { ok: false, why, ...(lateBy !== undefined && { lateBy }) };
  }
  const { conversation, id, author, kind, sequence, random, time } = entry;
  const window = windows[windowKindOf(entry, account)];
  const deadlines = deadlinesOf(time * 1000, window, verdict.may ? now : undefined);
  // Sent before it is recalled, it has no more than its window left, however wrong a clock is.
  const longest = Math.max(window.expected, unsureFor);
  const left = verdict.may ? Math.min(deadlines.until - now, longest) : longest;
  return {
    ...{ account, conversation, id, author, kind, sequence, random, time },
    askedAt: now,
    ...deadlines,
    givenUpAt: Date.now() + left,
    ...(sweep !== undefined && { sweep }),
    isSent: false,
  };
}

/**
 * The deadlines of an order for a message sent at `sent`. When the expected end is over, or only
 * this computer's clock tells the time (`now` undefined), the service is still to be asked.
 */
function deadlinesOf(
  sent: number,
  window: RecallWindow,
  now: number | undefined,
): Pick<Order, 'until' | 'askUntil' | 'isEstimate'> {
  const closes = sent + window.closes;
  const expected = sent + window.expected;
  const isUnsure = now !== undefined && now > expected;
  const until = isUnsure ? Math.min(closes, now + unsureFor) : expected;
  const askUntil = Math.min(closes, Math.max(until, (now ?? until) + wantedFor));
  return {
    until,
    ...(askUntil > until && { askUntil }),
    ...((isUnsure || window.isAtLeast) && { isEstimate: true }),
  };
}
