import type { LogView } from '../contract/own-views.ts';
import type { ReceiptView } from '../contract/views.ts';
import { isGroup, partnerOf, type MessageRef } from '../message/message.ts';
import { readPolicy } from '../platform/policy.ts';
import type { Keepers } from './keepers.ts';
import { readLog, type Logged } from './recall-log.ts';

/**
 * What was seen of the newest recall of a message; undefined when none is written down, `off` where none
 * may be.
 */
export async function receiptOf(
  keepers: Keepers,
  { account, id }: Pick<MessageRef, 'account' | 'id'>,
): Promise<ReceiptView | 'off' | undefined> {
  if (!(await readPolicy()).mayLog) return 'off';
  if (!(await keepers.known()).has(account)) return;
  const logged = (await readLog()).findLast((one) => one.account === account && one.id === id);
  return logged && seenOf(logged);
}

/**
 * My own recalls of the last 30 days, newest first, of the accounts there are; `off` where none may be
 * written down.
 */
export async function logOf(keepers: Keepers): Promise<LogView[] | 'off'> {
  if (!(await readPolicy()).mayLog) return 'off';
  await keepers.wake();
  const known = await keepers.known();
  const log = (await readLog()).filter(({ account }) => known.has(account));
  const names = await namesOf(keepers, log);
  return log.toReversed().map((logged) => {
    const { account, conversation, id, kind, of, time } = logged;
    const name = names.conversations.get(`${account}\n${conversation}`);
    return {
      ...seenOf(logged),
      ...{ account, conversation, id },
      conversationName: name ?? partnerOf(conversation),
      ...(kind && { kind }),
      ...(of !== undefined && { of: names.authors.get(`${account}\n${id}`) ?? of }),
      ...(time !== undefined && { time }),
    };
  });
}

/** By account and id. */
type Names = Map<string, string>;

/**
 * The names of conversations, and of the authors of others' messages that are in the log, by the ids of
 * both. The log keeps none; without history there are none.
 */
async function namesOf(
  { all, memory }: Keepers,
  log: readonly Logged[],
): Promise<{ conversations: Names; authors: Names }> {
  const names = { conversations: new Map<string, string>(), authors: new Map<string, string>() };
  for (const { account } of all) {
    const note = (of: Names, id: string, name: string): void => {
      if (name !== '') of.set(`${account}\n${id}`, name);
    };
    const theirs = log.flatMap((one) => (one.account === account && one.of ? [one.id] : []));
    const [conversations, entries] = await memory
      .use((history) =>
        Promise.all([history.conversations(account), history.findAll(account, theirs)]),
      )
      .catch(() => [[], []]);
    for (const { id, name } of conversations) note(names.conversations, id, name);
    for (const { id, authorName } of entries) note(names.authors, id, authorName);
  }
  return names;
}

function seenOf({ conversation, askedAt, endedAt, outcome, ...seen }: Logged): ReceiptView {
  const { readBy, verifiedAt, noticedAt } = seen;
  const read = isGroup(conversation) ? { readBy } : { wasRead: true as const };
  return {
    ...{ askedAt, endedAt, outcome },
    ...(readBy !== undefined && read),
    ...(verifiedAt !== undefined && { verifiedAt }),
    ...(noticedAt !== undefined && { noticedAt }),
  };
}
