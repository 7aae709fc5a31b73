import * as v from 'valibot';
import { AccountId, ConversationId, MessageId } from '../message/message.ts';
import { enduringList } from '../platform/stored.ts';

/**
 * A recall asked for a message that history does not know: it may still be on its way out. Kept
 * like an order, for as long as a message can be on its way.
 */
const Awaited = v.object({
  account: AccountId,
  conversation: ConversationId,
  id: MessageId,
  /** Server ms, as the next one. */
  askedAt: v.number(),
  until: v.number(),
});
export type Awaited = v.InferOutput<typeof Awaited>;

/** How long a message may be on its way out before nobody waits for it any more, ms. */
export const onItsWayFor = 60_000;

const awaited = enduringList('awaited', Awaited);

/** More than anybody has on its way at once; only hands can ask for them. */
const mostAwaited = 50;

/** What an account waits for. */
export async function readAwaited(account: AccountId): Promise<readonly Awaited[]> {
  return (await awaited.read()).filter((one) => one.account === account);
}

/** Waits for a message; once only. Resolves with what stands, undefined where there is no room. */
export async function awaitMessage(wanted: Awaited): Promise<Awaited | undefined> {
  const isSame = (one: Awaited): boolean => one.account === wanted.account && one.id === wanted.id;
  const all = await awaited.change((before) =>
    before.some(isSame) || before.length >= mostAwaited ? before : [...before, wanted],
  );
  return all.find(isSame);
}

/** Waits no longer: it came and is ordered, or it did not come. */
export async function stopAwaiting(account: AccountId, id: MessageId): Promise<void> {
  await awaited.change((all) => all.filter((one) => one.account !== account || one.id !== id));
}

/** Forgets what an account waits for. Rejects as long as the disk holds any of it. */
export async function dropAwaited(account: AccountId): Promise<void> {
  await awaited.remove((one) => one.account === account);
}

/** Brings to the disk what did not fit there before, as far as it does now. */
export function settleAwaited(): Promise<void> {
  return awaited.settle();
}
