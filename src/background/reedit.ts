import * as v from 'valibot';
import { AccountId, ConversationId, MessageId, userOf, type Entry } from '../message/message.ts';
import { readPolicy } from '../platform/policy.ts';
import { storedList } from '../platform/stored.ts';

/** How long the words of a recalled message are kept for their author, ms. */
export const reeditFor = 5 * 60_000;

/**
 * The words of a text of mine that I am recalling, for putting them back into the composer. In
 * memory only, never longer than `reeditFor`; never words of anybody else, and never of a message
 * of mine that somebody else recalled.
 */
const Kept = v.object({
  account: AccountId,
  conversation: ConversationId,
  id: MessageId,
  text: v.string(),
  /** Server ms. */
  until: v.number(),
});
export type Kept = v.InferOutput<typeof Kept>;

const kept = storedList('session', 'reedit', Kept);

type Ref = Pick<Kept, 'account' | 'id'>;
function isSame(one: Ref, other: Ref): boolean {
  return one.account === other.account && one.id === other.id;
}

/**
 * Keeps the words of a text of mine, at the moment its recall is ordered: history destroys them
 * with the recall. Keeps nothing where a policy forbids it. `now`: server ms. Never rejects: a recall
 * does not fail for want of this.
 */
export async function keepWords(entry: Entry, now: number): Promise<void> {
  const { account, conversation, id, body } = entry;
  const text = body?.text ?? '';
  if (entry.author !== userOf(account) || entry.kind !== 'text' || text === '') return;
  if (!(await readPolicy()).mayReEdit) return;
  const fresh = { account, conversation, id, text, until: now + reeditFor };
  await kept
    .change((all) => [...all.filter((other) => !isSame(other, fresh) && other.until > now), fresh])
    .catch(() => undefined);
}

/**
 * All words kept. Those whose time is over, and all where a policy forbids them, are left out and
 * forgotten. `now`: server ms.
 */
export async function readKept(now: number): Promise<readonly Kept[]> {
  const [all, { mayReEdit }] = await Promise.all([kept.read(), readPolicy()]);
  const mayStay = ({ until }: Kept): boolean => mayReEdit && until > now;
  return all.every(mayStay) ? all : kept.change((words) => words.filter(mayStay));
}

/** Forgets the words of one message. */
export async function dropWords(ref: Ref): Promise<void> {
  if ((await kept.read()).some((other) => isSame(other, ref))) {
    await kept.change((all) => all.filter((other) => !isSame(other, ref)));
  }
}

/** Forgets the words of every message of an account, or of all. */
export async function dropAllWords(account?: AccountId): Promise<void> {
  await kept.change((all) =>
    account === undefined ? [] : all.filter((other) => other.account !== account),
  );
}
