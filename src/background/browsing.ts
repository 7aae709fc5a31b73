import type { Handlers } from '../contract/channel.ts';
import type { ConversationView, LineView } from '../contract/own-views.ts';
import { userOf, type Entry } from '../message/message.ts';
import { placeholderOf } from '../message/placeholder.ts';
import { readManners } from '../platform/settings.ts';
import type { Keeper } from './keeper.ts';
import type { Keepers } from './keepers.ts';
import type { Memory } from './memory.ts';
import { viewerOf, type Viewer } from './shown.ts';

/** Answers to what is asked by somebody who reads in the kept history. */
export function browsingAnswersOf(
  keepers: Keepers,
): Pick<Handlers, 'conversations' | 'historyPage'> {
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
      if (!keeper) return { lines: [], isEnd: true };
      const [entries, viewer] = await Promise.all([
        memory.use((history) => history.page(account, conversation, most, before)),
        viewerOf(memory, keeper),
      ]);
      // Also in discreet mode: whoever opens a conversation wants to read it.
      const lines = entries.map((entry) => lineOf(entry, viewer, memory.isDying(entry)));
      return { lines, isEnd: entries.length < most };
    },
  };
}

async function conversationsOf(
  memory: Memory,
  keeper: Keeper,
  isDiscreet: boolean,
): Promise<ConversationView[]> {
  const { account } = keeper;
  const [conversations, viewer] = await Promise.all([
    memory.use((history) => history.conversations(account)),
    viewerOf(memory, keeper),
  ]);
  return conversations
    .filter(({ last }) => last !== undefined)
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
