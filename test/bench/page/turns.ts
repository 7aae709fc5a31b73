import type { Message, Recall } from '../../../src/message/message.ts';

/** Messages learnt in one transaction. */
export const lessonSize = 500;
/** Messages that one store takes before it is the next one's turn. */
export const sliceSize = 5 * lessonSize;

/** Times works in turns; who is first changes with `round`. */
export async function timeInTurns<N extends string>(
  round: number,
  works: Readonly<Record<N, () => Promise<unknown>>>,
): Promise<Record<N, number>> {
  const times = {} as Record<N, number>;
  const order = Object.keys(works) as N[];
  for (let i = 0; i < order.length; i++) {
    const name = order[(i + round) % order.length];
    if (name === undefined) continue;
    const start = performance.now();
    await works[name]();
    times[name] = performance.now() - start;
  }
  return times;
}

/** Fails when a query did not find what it should: a wrong answer has no speed. */
export function expectFound(found: number, atLeast: number): void {
  if (found < atLeast) throw new Error(`Only ${found} of ${atLeast} were found.`);
}

/** What the service tells when the author recalls. */
export function noticeOf(
  { id, conversation, sequence, time, author }: Message,
  now: number,
): Recall {
  return { id, conversation, sequence, time, by: author, at: now * 1000, witness: 'event' };
}
