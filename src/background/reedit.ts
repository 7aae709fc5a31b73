import * as v from 'valibot';
import { Mentioned } from '../message/mentions.ts';
import { AccountId, ConversationId, MessageId, userOf, type Entry } from '../message/message.ts';
import { readPolicy } from '../platform/policy.ts';
import { storedList } from '../platform/stored.ts';

/** How long the words of a recalled message are kept for their author, ms. */
export const reeditFor = 5 * 60_000;

/**
 * The words of a text of mine that I am recalling, and whom they mention, for putting them back into
 * the composer. In memory only, never longer than `reeditFor`; never words of anybody else, and never
 * of a message of mine that somebody else recalled.
 */
const Stored = v.object({
  account: AccountId,
  conversation: ConversationId,
  id: MessageId,
  text: v.string(),
  /** Whom they mention; see `Message.mentions`. */
  mentions: v.optional(v.array(Mentioned)),
  /** Ms of this computer's clock: a page says its service's time, and must not keep words longer. */
  at: v.number(),
});
type Stored = v.InferOutput<typeof Stored>;

/** Words as they are handed out. */
export interface Kept extends Omit<Stored, 'at'> {
  /** When they are forgotten, server ms by the clock of whoever asked. */
  readonly until: number;
}

const kept = storedList('session', 'reedit', Stored);

/** How far a computer's clock is set back, ms, where it is set right and not turned back. */
const slack = 5_000;

/** How long words are still kept, ms. A clock that was turned back cannot tell: they are over. */
function leftOf({ at }: Stored): number {
  const age = Date.now() - at;
  return age < -slack ? 0 : reeditFor - Math.max(0, age);
}

type Ref = Pick<Kept, 'account' | 'id'>;
function isSame(one: Ref, other: Ref): boolean {
  return one.account === other.account && one.id === other.id;
}

/**
 * Keeps the words of the texts of mine among these, at the moment their recall is ordered: history
 * destroys them with the recall. All in one writing, as the first of them waits for it. Keeps nothing
 * where a policy forbids it. Never rejects: a recall does not fail for want of this.
 */
export async function keepWords(entries: readonly Entry[]): Promise<void> {
  const at = Date.now();
  const fresh = entries.flatMap(({ author, kind, body, mentions, ...of }): Stored[] => {
    const { account, conversation, id } = of;
    const text = body?.text ?? '';
    const isMyText = author === userOf(account) && kind === 'text' && text !== '';
    const whom = mentions && { mentions: [...mentions] };
    return isMyText ? [{ account, conversation, id, text, ...whom, at }] : [];
  });
  if (fresh.length === 0 || !(await readPolicy()).mayReEdit) return;
  const stays = (one: Stored): boolean =>
    leftOf(one) > 0 && !fresh.some((other) => isSame(one, other));
  await kept.change((all) => [...all.filter(stays), ...fresh]).catch(() => undefined);
}

/**
 * All words kept. Those whose time is over, and all where a policy forbids them, are left out and
 * forgotten. `now`: server ms, by the clock of the account whose words are wanted.
 */
export async function readKept(now: number): Promise<readonly Kept[]> {
  const [all, { mayReEdit }] = await Promise.all([kept.read(), readPolicy()]);
  const mayStay = (one: Stored): boolean => mayReEdit && leftOf(one) > 0;
  const left = all.every(mayStay) ? all : await kept.change((words) => words.filter(mayStay));
  return left.map(({ at, ...one }) => ({ ...one, until: now + leftOf({ at, ...one }) }));
}

/** Forgets words whose time is over. */
export async function dropOldWords(): Promise<void> {
  await readKept(0);
}

/** Forgets the words of one message. */
export async function dropWords(ref: Ref): Promise<void> {
  if ((await kept.read()).some((other) => isSame(other, ref))) {
    await kept.change((all) => all.filter((other) => !isSame(other, ref)));
  }
}

/** Keeps the words of one account for another, which it turned out to be. */
export async function carryWords(from: AccountId, to: AccountId): Promise<void> {
  await kept.change((all) =>
    all.map((one) => (one.account === from ? { ...one, account: to } : one)),
  );
}

/** Forgets the words of every message of an account, or of all. */
export async function dropAllWords(account?: AccountId): Promise<void> {
  await kept.change((all) =>
    account === undefined ? [] : all.filter((other) => other.account !== account),
  );
}
