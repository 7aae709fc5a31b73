import { isGroup, partsOf, type Entry } from './message.ts';

/** What tells when a message was sent. */
type Sent = Pick<Entry, 'id' | 'conversation' | 'sequence' | 'clientSequence' | 'time'>;

/** An SDK numbers from its start on: the time of day as hhmmss, then four digits that count. */
const perRun = 10_000;

/**
 * Which of two messages of one author was sent later: above 0 the first, below 0 the second;
 * undefined where nothing tells. The service's time is whole seconds. Within one, groups count what
 * is sent to them, and an SDK counts what it sends to whomever (`clientSequence` and a C2C
 * `sequence` are one counter; seen with 3.6.6, and in one second). What came from two devices, or
 * from an app that counts otherwise, has but the second its id was made in.
 */
export function compareSent(one: Sent, other: Sent): number | undefined {
  if (one.time !== other.time) return one.time - other.time;
  if (one.conversation === other.conversation) return one.sequence - other.sequence;
  const [first, second] = [countedBy(one), countedBy(other)];
  if (first !== undefined && second !== undefined) {
    const isOneRun = Math.floor(first / perRun) === Math.floor(second / perRun);
    if (isOneRun && first !== second) return first - second;
  }
  return madeAt(one) - madeAt(other) || undefined;
}

/** What its author's client counted a message as. */
function countedBy({ conversation, sequence, clientSequence }: Sent): number | undefined {
  return isGroup(conversation) ? clientSequence : sequence;
}

/** When its id was made, ms; 0 where the id does not tell. */
function madeAt({ id }: Sent): number {
  return partsOf(id)?.madeAt ?? 0;
}
