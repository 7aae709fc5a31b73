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
  const names = new Map<string, string>();
  for (const { account } of keepers.all) {
    // Without history they are told by their ids.
    const conversations = await keepers.memory
      .use((history) => history.conversations(account))
      .catch(() => []);
    for (const { id, name } of conversations) names.set(`${account}\n${id}`, name);
  }
  const log = (await readLog()).filter(({ account }) => known.has(account));
  return log.toReversed().map((logged) => {
    const { account, conversation, id, kind, of, time } = logged;
    const name = names.get(`${account}\n${conversation}`) ?? '';
    return {
      ...seenOf(logged),
      ...{ account, conversation, id },
      conversationName: name === '' ? partnerOf(conversation) : name,
      ...(kind && { kind }),
      ...(of !== undefined && { of }),
      ...(time !== undefined && { time }),
    };
  });
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
