import type { Handlers } from '../contract/channel.ts';
import type { ConversationView, LineView } from '../contract/own-views.ts';
import type { Conversation } from '../history/history.ts';
import { userOf, type ConversationId, type Entry } from '../message/message.ts';
import { placeholderOf } from '../message/placeholder.ts';
import { readManners } from '../platform/settings.ts';
import type { Keeper } from './keeper.ts';
import type { Keepers } from './keepers.ts';
import type { Memory } from './memory.ts';
import { keptSince } from './retention.ts';
import { viewerOf, type Viewer } from './shown.ts';
import { isWhole } from './stretches.ts';

/** Answers to what is asked by somebody who reads in the kept history. */
export function browsingAnswersOf(
  keepers: Keepers,
): Pick<Handlers, 'conversations' | 'historyPage' | 'readOlder'> {
  const { memory } = keepers;
  return {
    async conversations() {
      await keepers.wake();
      const { isDiscreet } = await readManners();
      const lists = await Promise.all(
        keepers.all.map((keeper) => conversationsOf(memory, keeper, isDiscreet)),
      );
      return lists.flat().sort((one, other) => other.time - one.time);
    },
    async historyPage({ account, conversation, most, before }) {
      await keepers.wake();
      const keeper = keepers.of(account);
      if (!keeper) return { lines: [], isEnd: true, since: 0, keptFor: 0 };
      const now = Math.floor(keeper.now() / 1000);
      const oldest = await keptSince(account, now);
      // Before the lines: what is read meanwhile may be among them, but is not called known.
      const known = await memory.use((history) => history.conversation(account, conversation));
      const since = sinceOf(keeper, conversation, known, oldest);
      const [entries, viewer] = await Promise.all([
        memory.use((history) => history.page(account, conversation, most, before)),
        viewerOf(memory, keeper),
      ]);
      // Also in discreet mode: whoever opens a conversation wants to read it.
      const lines = entries.map((entry) => lineOf(entry, viewer, memory.isDying(entry)));
      return {
        lines,
        isEnd: entries.length < most,
        keptFor: now - oldest,
        ...(since !== undefined && { since }),
      };
    },
    async readOlder({ account, conversation }) {
      await keepers.wake();
      const keeper = keepers.of(account);
      return keeper ? keeper.readOn(conversation) : { ok: false, why: 'offline' };
    },
  };
}

/** See `PageView.since`. */
function sinceOf(
  { waiting }: Keeper,
  id: ConversationId,
  known: Conversation | undefined,
  oldest: number,
): number | undefined {
  if (waiting.includes(id)) return undefined;
  return known && isWhole(known, oldest) ? 0 : known?.edge?.time;
}

async function conversationsOf(
  memory: Memory,
  keeper: Keeper,
  isDiscreet: boolean,
): Promise<ConversationView[]> {
  const { account } = keeper;
  const [conversations, viewer, oldest] = await Promise.all([
    memory.use((history) => history.conversations(account)),
    viewerOf(memory, keeper),
    keptSince(account, Math.floor(keeper.now() / 1000)),
  ]);
  return conversations
    .filter((known) => known.last !== undefined || sinceOf(keeper, known.id, known, oldest) !== 0)
    .map(({ id, lastTime, last }) => ({
      account,
      conversation: id,
      conversationName: viewer.nameOf(id),
      time: lastTime,
      ...(last && { last: lineOf(last, viewer, isDiscreet || memory.isDying(last)) }),
    }));
}

/** An entry as it is shown; `isMute`: without its words. */
function lineOf(entry: Entry, { sentOf }: Viewer, isMute: boolean): LineView {
  const { account, conversation, id, sequence, time, author, authorName, kind, recall } = entry;
  const isMine = author === userOf(account);
  const { until, isAtLeast, askUntil, progress, reeditUntil } = isMine ? sentOf(entry) : {};
  return {
    ...{ account, conversation, id, sequence, time, isMine, kind },
    author: authorName || author,
    text: isMute || recall ? '' : (entry.body?.text ?? ''),
    ...(until !== undefined && { until }),
    ...(isAtLeast && { isAtLeast }),
    ...(askUntil !== undefined && { askUntil }),
    ...(progress && { progress }),
    ...(recall && { placeholder: placeholderOf({ ...entry, recall }, account) }),
    ...(recall?.reason && { reason: recall.reason }),
    ...(reeditUntil !== undefined && { reeditUntil }),
  };
}
