import * as v from 'valibot';
import { LinkError, type RecallTarget } from '../link.ts';
import { isGroup, partnerOf, type Recall } from '../../message/message.ts';
import type { Caller } from './caller.ts';
import type { RevokeRequest } from './sdk-shape.ts';

/** How long the service may take to answer when it is asked whether it is there, ms. */
const longestProbe = 5_000;
/** Profiles per request the service answers. */
const mostProfiles = 100;

/**
 * Asks the service for the newest message of the conversation with oneself: a question every
 * version of it answers, that changes nothing and that the SDK never answers from memory. Resolves
 * with the answer's code, 0 for a good one.
 */
export async function probe(caller: Caller, userId: string): Promise<number> {
  const request = { conversationID: `C2C${userId}`, count: 1, direction: 0 } as const;
  return await codeOf(caller.call((chat) => chat.getMessageListHopping(request), longestProbe));
}

/**
 * Asks the service to recall. Resolves with the answer's code, 0 when it did. The SDK's own object
 * of the message is not needed, which is as well: it may be gone, or wrong about being recalled.
 * There is no way to give a reason: SDK 3.6.6 builds the request from a fixed list of fields, and
 * only the service's REST API can set one (read in its bundle).
 */
export async function revoke(caller: Caller, target: RecallTarget): Promise<number> {
  const { conversation, id, author, sequence, random, time } = target;
  const partner = partnerOf(conversation);
  const request: RevokeRequest = {
    conversationType: isGroup(conversation) ? 'GROUP' : 'C2C',
    conversationID: conversation,
    ID: id,
    from: author,
    to: partner,
    sequence,
    random,
    time,
  };
  return await codeOf(caller.call((chat) => chat.revokeMessage(request)));
}

const Profiles = v.object({
  data: v.array(v.object({ userID: v.string(), nick: v.fallback(v.string(), '') })),
});

/**
 * Adds the names of those who recalled others' messages; history tells their UserIDs only (seen
 * with 3.6.6). Where the names cannot be had, the recalls come back as they are.
 */
export async function withNames(
  caller: Caller,
  recalls: readonly Recall[],
): Promise<readonly Recall[]> {
  const nameless = recalls.filter((recall) => !recall.byName && recall.by !== recall.author);
  const userIDList = [...new Set(nameless.map((recall) => recall.by))]
    .filter((by) => by !== undefined)
    .slice(0, mostProfiles);
  if (userIDList.length === 0) return recalls;
  const nicks = new Map<string | undefined, string>();
  try {
    const answer = v.parse(
      Profiles,
      await caller.call((chat) => chat.getUserProfile({ userIDList }), longestProbe),
    );
    for (const { userID, nick } of answer.data) nicks.set(userID, nick);
  } catch {
    return recalls;
  }
  return recalls.map((recall) => {
    const byName = recall.byName ?? nicks.get(recall.by);
    return byName ? { ...recall, byName } : recall;
  });
}

async function codeOf(call: Promise<unknown>): Promise<number> {
  try {
    await call;
    return 0;
  } catch (error) {
    if (error instanceof LinkError) return error.code;
    throw error;
  }
}
