import { apply, keep, lookUp, now, WeakTable } from './language.ts';

/**
 * How often (ms) an SDK is asked what it tells by events, too. Every call of an SDK's leaves three
 * functions in it for as long as the page is there, and copies all that are left of its kind: 0.01 ms at
 * first, and 0.8 ms after 30,000 of them, which is a working day of one a second (measured with 3.6.6).
 */
const seldom = 30_000;
/**
 * Since it is known, told something or answered otherwise it is asked each time for so long (ms). As
 * long as nobody is signed in it is asked as often.
 */
const lively = 5_000;

interface Answer {
  readonly said: unknown;
  readonly at: number;
}

interface Known {
  livelyUntil: number;
  user: Answer | undefined;
  isReady: Answer | undefined;
}
const table = new WeakTable<object, Known>();

function knownOf(chat: object): Known {
  const known = apply(lookUp, table, [chat]) as Known | undefined;
  if (known) return known;
  const made = { livelyUntil: now() + lively, user: undefined, isReady: undefined };
  apply(keep, table, [chat, made]);
  return made;
}

/** What the SDK says, or said a short time ago. What `ask` throws is thrown. */
export function askSeldom(chat: object, question: 'user' | 'isReady', ask: () => unknown): unknown {
  const known = knownOf(chat);
  const last = known[question];
  const time = now();
  const rest = last?.said ? seldom : lively;
  if (last && time > known.livelyUntil && time - last.at < rest) return last.said;
  const said = ask();
  if (last && said !== last.said) known.livelyUntil = time + lively;
  known[question] = { said, at: time };
  return said;
}

/** Has it asked the next time, whenever that is: it must be sure. */
export function askAnew(chat: object): void {
  const known = knownOf(chat);
  known.user = known.isReady = undefined;
}

/** It told something: what it says now may be another thing in a moment. */
export function stir(chat: object): void {
  knownOf(chat).livelyUntil = now() + lively;
}
