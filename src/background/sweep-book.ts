import * as v from 'valibot';
import { MessageRef, type AccountId } from '../message/message.ts';
import { RecallOutcome } from '../message/recall.ts';
import { storedList } from '../platform/stored.ts';

/**
 * Many recalls wanted at once. It only remembers which: each is an order of its own, stored like
 * any other, and outlives the worker with it.
 */
const Sweep = v.object({
  /** As whoever asked for it named it. */
  id: v.string(),
  /** Empty where it was stopped before its start came. */
  refs: v.array(MessageRef),
  /** When it began by the clock of each account's service, ms. */
  since: v.record(v.string(), v.number()),
  isStopped: v.boolean(),
  /** Every message of it was ordered or refused: what is not known any more has ended. */
  isOrdered: v.optional(v.literal(true)),
  /** Of those that were never ordered. */
  refused: v.array(v.object({ ref: MessageRef, outcome: RecallOutcome })),
});
export type Sweep = v.InferOutput<typeof Sweep>;

const book = storedList('session', 'sweeps', Sweep);

/** Sweeps that are remembered; who asks after an older one has long closed. */
const mostSweeps = 10;

/** All sweeps that are remembered. */
export function readSweeps(): Promise<readonly Sweep[]> {
  return book.read();
}

export async function findSweep(id: string): Promise<Sweep | undefined> {
  return (await book.read()).find((sweep) => sweep.id === id);
}

/**
 * Remembers a sweep. One of this name that is known stays as it is, and stopped where it was stopped
 * before it came. Resolves with whether it is new.
 */
export async function addSweep(sweep: Sweep): Promise<boolean> {
  let isNew = false;
  await book.change((all) => {
    const standing = all.find(({ id }) => id === sweep.id);
    isNew = !standing;
    if (!standing) return [...all, sweep].slice(-mostSweeps);
    if (standing.refs.length > 0) return all;
    return all.map((other) => (other === standing ? { ...sweep, isStopped: true } : other));
  });
  return isNew;
}

/** Notes that a sweep is stopped, also one whose start is still to come. */
export async function noteSweepStopped(id: string): Promise<void> {
  await book.change((all) => {
    if (all.some((sweep) => sweep.id === id)) {
      return all.map((sweep) => (sweep.id === id ? { ...sweep, isStopped: true } : sweep));
    }
    return [...all, { id, refs: [], since: {}, isStopped: true, refused: [] }].slice(-mostSweeps);
  });
}

/** Changes a sweep, if it is still remembered. */
export async function changeSweep(id: string, how: (sweep: Sweep) => Sweep): Promise<void> {
  await book.change((all) => all.map((sweep) => (sweep.id === id ? how(sweep) : sweep)));
}

/** Forgets an account's messages in every sweep: nobody orders what is left of them. */
export async function dropSweepsOf(account: AccountId): Promise<void> {
  await book.change((all) =>
    all.flatMap((sweep) => {
      const refs = sweep.refs.filter((ref) => ref.account !== account);
      if (refs.length === 0 && sweep.refs.length > 0) return [];
      const since = Object.entries(sweep.since).filter(([of]) => of !== account);
      const refused = sweep.refused.filter(({ ref }) => ref.account !== account);
      return [{ ...sweep, refs, since: Object.fromEntries(since), refused }];
    }),
  );
}
