import { codeOf, codes, failure } from './failures.ts';
import type { PageChat } from './find-session.ts';
import { apply, slice, startsWith } from './language.ts';

/** What a group's conversation id begins with. */
const group = 'GROUP';

/** Where a page's SDK cannot hop it is read as it is, newest page only. */
export async function readPage(chat: PageChat, request: unknown): Promise<unknown> {
  const asked = request as Readonly<Record<string, unknown>>;
  const { conversationID, count, time, sequence } = asked;
  if (typeof chat.getMessageListHopping === 'function') {
    try {
      return await chat.getMessageListHopping(asked);
    } catch (error) {
      const code = codeOf(error);
      if (code !== codes.badParameter || sequence !== undefined) throw failure(code);
      const newest = await newestIn(chat, conversationID);
      if (newest === undefined) throw failure(code);
      return await chat.getMessageListHopping({ ...asked, sequence: newest });
    }
  }
  // Older pages need the id of a message the caller does not know: nothing is claimed about them.
  if (time !== undefined || sequence !== undefined) throw failure(codes.failed);
  return await chat.getMessageList({ conversationID, count });
}

/**
 * The sequence of a group's newest message. Not told where to begin, tim-js-sdk asks the service for
 * none at all, which that refuses (seen in 2.27.6); newer SDKs look it up like this themselves.
 */
async function newestIn(chat: PageChat, conversation: unknown): Promise<number | undefined> {
  if (typeof conversation !== 'string' || !apply(startsWith, conversation, [group]))
    return undefined;
  const groupID = apply(slice, conversation, [group.length]);
  const answer = await chat.getGroupProfile?.({ groupID });
  const profile = answer as { data?: { group?: { nextMessageSeq?: unknown } } } | undefined;
  const next = profile?.data?.group?.nextMessageSeq;
  return typeof next === 'number' && next > 1 ? next - 1 : undefined;
}
