import * as v from 'valibot';
import { LinkError, type Stretch } from '../link.ts';
import {
  isGroup,
  type ConversationId,
  type Edge,
  type Message,
  type Recall,
} from '../../message/message.ts';
import { tooMany, uncaught } from './codes.ts';
import { Pace, sleep } from './pace.ts';
import { readMessages } from './readings.ts';
import type { Caller } from './caller.ts';
import type { HoppingRequest } from './sdk-shape.ts';

/** Messages per request; the SDK cuts larger numbers to this. */
const pageSize = 15;
/** How often a page is asked for again when the SDK's limit of 20 per second was met. */
const mostRetries = 5;

/** Pages in a row that may hold nothing of a conversation: of a group's notices, or of what was deleted. */
const mostEmpty = 20;

/** What a page of `getMessageListHopping` looks like; `nextMessage…` is '' on the last one. */
const Page = v.object({
  data: v.object({
    messageList: v.array(v.unknown()),
    isCompleted: v.fallback(v.boolean(), false),
    nextMessageTime: v.fallback(v.optional(v.number()), undefined),
    nextMessageSeq: v.fallback(v.optional(v.number()), undefined),
  }),
});

/** A history request's turn. Leaves room for what the SDK reads by itself after a reconnect. */
export interface ReadingPace {
  readonly pages: Pace;
  /** Reading a group without a sequence asks for its profile first: at most 8 per second. */
  readonly groups: Pace;
}

/**
 * The pace at which a session may read. A page's SDK counts our requests together with the page's
 * own: there most of what it allows (20 a second) is left to the page.
 */
export function makeReadingPace(whose: 'own' | 'page'): ReadingPace {
  return whose === 'own'
    ? { pages: new Pace(14, 1_100), groups: new Pace(6, 1_100) }
    : { pages: new Pace(6, 1_100), groups: new Pace(3, 1_100) };
}

export interface Wanted {
  readonly conversation: ConversationId;
  /** Server seconds. */
  readonly time: number;
  readonly most: number;
  /** Where to begin, if not at the newest message. */
  readonly from?: Edge | undefined;
  /** Server milliseconds now. */
  readonly now: () => number;
}

export interface ReadBack extends Stretch {
  readonly malformed: number;
}

/**
 * Reads a conversation from the server, newest first, back to `time` (server seconds) and at most
 * `most` messages and recalls. `getMessageList` would mix in what the SDK remembers, which misses
 * recalls; `getMessageListHopping` always asks the server (seen with 3.6.6).
 */
export async function readBack(
  caller: Caller,
  pace: ReadingPace,
  { conversation, time, most, from, now }: Wanted,
): Promise<ReadBack> {
  const messages: Message[] = [];
  const recalls: Recall[] = [];
  const seen = new Set<string>();
  let malformed = 0;
  let cursor = from && cursorAt(conversation, from);
  let edge: Edge | undefined;
  let empty = 0;

  for (;;) {
    const { data } = await readPage(caller, pace, conversation, cursor);
    const page = readMessages(data.messageList, 'history', now());
    malformed += page.malformed;

    let oldest = Infinity;
    let isNews = false;
    for (const item of newestFirst(page)) {
      oldest = Math.min(oldest, item.time);
      if (item.time < time || seen.has(item.id)) continue;
      isNews = true;
      if (seen.size === most) return stopped({ messages, recalls, malformed }, edge);
      seen.add(item.id);
      edge = edgeAt(conversation, item);
      if ('witness' in item) recalls.push(item);
      else messages.push(item);
    }

    const next = isGroup(conversation) ? data.nextMessageSeq : data.nextMessageTime;
    // Asked for 0, an SDK begins at the newest once more; some do not say that they are through
    // (seen on chat-uikit-vue3 6.1.8 with a group's first page).
    const isThrough = data.isCompleted || oldest < time || (next !== undefined && next <= 0);
    if (isThrough) return { messages, recalls, malformed, isComplete: true };
    empty = isNews ? 0 : empty + 1;
    // What does not lead on would be asked for ever: a page may answer anything. More than a page
    // full of one second is met twice at the same place.
    const isOlder =
      next !== undefined && (next < (cursor ?? Infinity) || (next === cursor && isNews));
    if (!isOlder) return stopped({ messages, recalls, malformed }, edge);
    if (empty > mostEmpty) {
      const lowest = edge?.time ?? from?.time ?? Math.floor(now() / 1000);
      const reached = isGroup(conversation) ? { time: lowest, sequence: next } : { time: next };
      return stopped({ messages, recalls, malformed }, reached);
    }
    cursor = next;
  }
}

/** What was read up to a place from which older messages can be read. */
function stopped(
  read: Pick<ReadBack, 'messages' | 'recalls' | 'malformed'>,
  edge: Edge | undefined,
): ReadBack {
  return { ...read, isComplete: false, ...(edge && { edge }) };
}

function edgeAt(
  conversation: ConversationId,
  { time, sequence }: Pick<Message, 'time' | 'sequence'>,
): Edge {
  return isGroup(conversation) ? { time, sequence } : { time };
}

/**
 * What a page that begins at an edge is asked for by. One to one, a second later: the service begins
 * with what is older than the time, or as old; and an SDK that stopped at this very time itself
 * would go on where it did (seen with 3.6.6).
 */
function cursorAt(conversation: ConversationId, { time, sequence }: Edge): number | undefined {
  return isGroup(conversation) ? sequence : time + 1;
}

type Located<T> = T & { readonly id: string; readonly time: number };

/** Pages come oldest first. */
function newestFirst(page: {
  readonly messages: readonly Message[];
  readonly recalls: readonly Recall[];
}): readonly Located<Message | Recall>[] {
  const items: readonly (Message | Recall)[] = [...page.messages, ...page.recalls];
  return items
    .filter(
      (item): item is Located<Message | Recall> => item.id !== undefined && item.time !== undefined,
    )
    .sort((a, b) => b.time - a.time || b.sequence - a.sequence);
}

async function readPage(
  caller: Caller,
  pace: ReadingPace,
  conversation: ConversationId,
  cursor: number | undefined,
): Promise<v.InferOutput<typeof Page>> {
  const request: HoppingRequest = {
    conversationID: conversation,
    count: pageSize,
    direction: 0,
    ...(cursor !== undefined && (isGroup(conversation) ? { sequence: cursor } : { time: cursor })),
  };
  for (let tries = 0; ; tries += 1) {
    await pace.pages.next();
    if (isGroup(conversation) && cursor === undefined) await pace.groups.next();
    try {
      const answer = await caller.call((chat) => chat.getMessageListHopping(request));
      const page = v.safeParse(Page, answer);
      if (!page.success) throw new LinkError(uncaught);
      return page.output;
    } catch (error) {
      const isTooMany = error instanceof LinkError && error.code === tooMany;
      if (!isTooMany || tries === mostRetries) throw error;
      await sleep(1_100);
    }
  }
}
