import * as v from 'valibot';
import { AccountId, MessageId, userOf, type Entry, type Message } from '../message/message.ts';
import { storedList } from '../platform/stored.ts';

/** What a message of mine carries besides words; see `Message.identity`. */
const Content = v.object({ account: AccountId, id: MessageId, identity: v.string() });
type Content = v.InferOutput<typeof Content>;

/** In memory only, and for as long as the browser is open: nothing about contents is on the disk. */
const book = storedList('session', 'contents', Content);

/** Remembered at most; whoever looks for copies has sent them lately. */
const mostRemembered = 300;
/** Longest identity kept, characters. */
const longest = 8_000;

const keyOf = ({ account, id }: Pick<Entry, 'account' | 'id'>): string => `${account}\n${id}`;

/** Remembers what my messages among these carry. */
export async function noteContents(
  account: AccountId,
  messages: readonly Message[],
): Promise<void> {
  const found = messages.flatMap(({ id, author, identity }): Content[] =>
    identity === undefined || identity.length > longest || author !== userOf(account)
      ? []
      : [{ account, id, identity }],
  );
  if (found.length === 0) return;
  const keys = new Set(found.map(keyOf));
  // In its turn at once, as what drops them is: a recall may come right behind its message.
  await book.change((all) => {
    const known = new Map(all.map((one) => [keyOf(one), one.identity]));
    if (found.every((one) => known.get(keyOf(one)) === one.identity)) return all;
    return [...all.filter((one) => !keys.has(keyOf(one))), ...found].slice(-mostRemembered);
  });
}

/** What messages carry, by `${account}\n${id}`. */
export async function readContents(): Promise<ReadonlyMap<string, string>> {
  return new Map((await book.read()).map((one) => [keyOf(one), one.identity]));
}

/**
 * Drops what messages carried that grew too old to keep, or were recalled when a worker died before it
 * dropped that; `find` gives those that are kept.
 */
export async function dropOldContents(
  account: AccountId,
  find: (ids: readonly MessageId[]) => Promise<readonly Pick<Entry, 'id' | 'recall'>[]>,
): Promise<void> {
  const ids = (await book.read()).filter((one) => one.account === account).map(({ id }) => id);
  if (ids.length === 0) return;
  const kept = new Set((await find(ids)).flatMap(({ id, recall }) => (recall ? [] : id)));
  const gone = ids.filter((id) => !kept.has(id));
  if (gone.length > 0) await dropContents(account, gone);
}

/** These were recalled, or are not kept: nothing of what they carried is remembered. */
export async function dropContents(
  account: AccountId | undefined,
  ids?: readonly MessageId[],
): Promise<void> {
  const isGone = (one: Content): boolean =>
    (account === undefined || one.account === account) && (ids?.includes(one.id) ?? true);
  // Where it cannot be written without them it goes as a whole: that needs no room.
  await book
    .change((all) => (all.some(isGone) ? all.filter((one) => !isGone(one)) : all))
    .catch(() => book.clear());
}
