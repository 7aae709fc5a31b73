import * as v from 'valibot';
import { AccountId, isGroup, type Entry, type Read } from '../message/message.ts';
import { storedList } from '../platform/stored.ts';

/** What others have read of mine, as the service told one account in this browser session. */
const Readers = v.object({
  account: AccountId,
  /** One to one, by conversation: server seconds up to which the other party has read. */
  upTo: v.record(v.string(), v.number()),
  /** By message: how many have read it. */
  by: v.record(v.string(), v.number()),
});
type Readers = v.InferOutput<typeof Readers>;

/** In memory only: it says who was there when. A worker that was asleep is told nothing again. */
const book = storedList('session', 'reads', Readers);

/** Remembered of each kind: of what is older nobody asks any more whether it was read. */
const mostRemembered = 300;

/** Remembers what the service told. */
export async function noteReads(account: AccountId, reads: readonly Read[]): Promise<void> {
  const isOf = (one: Readers): boolean => one.account === account;
  const before = (await book.read()).find(isOf);
  if (before && reads.every((read) => isKnown(before, read))) return;
  await book.change((all) => {
    const { upTo, by } = all.find(isOf) ?? { upTo: {}, by: {} };
    const read = new Map(Object.entries(upTo));
    const counts = new Map(Object.entries(by));
    for (const one of reads) {
      if ('upTo' in one) raise(read, one.conversation, one.upTo);
      else raise(counts, one.id, one.by);
    }
    const byTime = [...read].sort(([, one], [, other]) => one - other);
    const readers = { account, upTo: newest(byTime), by: newest([...counts]) };
    return [...all.filter((one) => !isOf(one)), readers];
  });
}

function isKnown({ upTo, by }: Readers, read: Read): boolean {
  const known = 'upTo' in read ? upTo[read.conversation] : by[read.id];
  return (known ?? -1) >= ('upTo' in read ? read.upTo : read.by);
}

/** Numbers only grow; what grew is the newest. */
function raise(numbers: Map<string, number>, key: string, to: number): void {
  const before = numbers.get(key) ?? -1;
  if (before >= to) return;
  numbers.delete(key);
  numbers.set(key, to);
}

function newest(numbers: readonly (readonly [string, number])[]): Record<string, number> {
  return Object.fromEntries(numbers.slice(-mostRemembered));
}

/** How many others are known to have read a message; 0 says nothing. */
export async function readersOf(
  account: AccountId,
  { conversation, id, time }: Pick<Entry, 'conversation' | 'id' | 'time'>,
): Promise<number> {
  const readers = (await book.read()).find((one) => one.account === account);
  if (!readers) return 0;
  const { upTo, by } = readers;
  const counted = Object.hasOwn(by, id) ? (by[id] ?? 0) : 0;
  const until = Object.hasOwn(upTo, conversation) ? (upTo[conversation] ?? -1) : -1;
  return isGroup(conversation) ? counted : Math.max(Math.min(counted, 1), until >= time ? 1 : 0);
}

/** Forgets what was told to an account. */
export async function dropReads(account: AccountId): Promise<void> {
  await book.change((all) => all.filter((one) => one.account !== account));
}
