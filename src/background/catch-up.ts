import type { ChatLink, Stretch } from '../chat/link.ts';
import type { AccountId, ConversationFacts, ConversationId, Recall } from '../message/message.ts';
import { readWindows } from '../platform/settings.ts';
import type { Memory } from './memory.ts';
import { keptSince } from './retention.ts';

const day = 86_400;
/** On connecting, every conversation is read back this far at least, seconds. */
const readBack = day;
/** Messages read of one conversation on connecting where nothing of the past can have changed. */
const mostRead = 100;
/** The same back to where the conversation was last read to its end: nothing there may be missed. */
const mostUnread = 3_000;
/** Conversations read on connecting: the ones with the newest messages. */
const mostConversations = 40;
/** Between two searches for recalls the service never told of, ms, and how many conversations. */
const reconcileEvery = 120_000;
const mostReconciled = 10;

/** What catching up works with. */
export interface CatchUpParts {
  readonly account: AccountId;
  readonly link: ChatLink;
  readonly memory: Memory;
  /** Server ms. */
  readonly now: () => number;
}

/** Finds what happened while nobody listened, and what the service never told of. */
export class CatchUp {
  readonly #parts: CatchUpParts;
  #running: Promise<void> | undefined;
  #isWantedAgain = false;
  #reconciledAt = 0;

  constructor(parts: CatchUpParts) {
    this.#parts = parts;
  }

  /**
   * Reads every conversation back to where it was last read, less the recall window. Called while
   * one is under way, it runs once more after that: something may have been missed in between.
   */
  run(): Promise<void> {
    if (this.#running) {
      this.#isWantedAgain = true;
      return this.#running;
    }
    this.#running = this.#runAll().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #runAll(): Promise<void> {
    do {
      this.#isWantedAgain = false;
      await this.#readAll().catch(() => undefined);
    } while (this.#isStillWanted());
  }

  #isStillWanted(): boolean {
    return this.#isWantedAgain && this.#isConnected();
  }

  /** Asked anew each time: it changes while others are awaited. */
  #isConnected(): boolean {
    return this.#parts.link.state.name === 'connected';
  }

  async #readAll(): Promise<void> {
    const { account, link, memory } = this.#parts;
    const now = this.#seconds();
    const conversations = await link.conversations();
    await memory.learn({ account, conversations });
    const known = await memory.use((history) => history.conversations(account));
    const marks = new Map(known.map(({ id, mark }) => [id, mark]));
    const windows = await readWindows(account, now * 1000);
    const window = Math.max(...Object.values(windows).map(({ expected }) => expected / 1000));
    const oldest = await keptSince(account, now);
    const lively = Math.min(oldest, now - readBack);
    for (const { id } of newest(conversations, mostConversations, lively)) {
      if (!this.#isConnected()) return;
      // One that cannot be read (I was removed from the group) must not hide the others.
      await this.#readOne(id, { mark: marks.get(id) ?? 0, window, now, oldest }).catch(
        () => undefined,
      );
    }
    this.#reconciledAt = Date.now();
  }

  async #readOne(
    conversation: ConversationId,
    { mark, window, now, oldest }: Record<'mark' | 'window' | 'now' | 'oldest', number>,
  ): Promise<void> {
    const { account, link, memory } = this.#parts;
    const open = mark === 0 ? oldest : Math.max(oldest, mark - window);
    let stretch = await link.since(conversation, Math.min(open, now - readBack), mostRead);
    if (mark !== 0 && !reaches(stretch, open)) {
      stretch = await link.since(conversation, open, mostUnread);
    }
    const { messages, recalls } = young(stretch, oldest);
    // What is older than the first reading is simply not cached; after it nothing may be missed.
    const isRead = mark === 0 || reaches(stretch, open);
    const marks = isRead ? [{ conversation, time: now }] : [];
    await memory.learn({ account, messages, recalls, marks });
  }

  /**
   * Now and then: re-reads the newest page of the liveliest conversations, for recalls made on the
   * server without a notice and for lost notices.
   */
  async reconcile(): Promise<void> {
    const { account, link, memory } = this.#parts;
    if (!this.#isConnected() || Date.now() - this.#reconciledAt < reconcileEvery) return;
    this.#reconciledAt = Date.now();
    const since = this.#seconds() - day;
    const oldest = await keptSince(account, this.#seconds());
    const known = await memory.use((history) => history.conversations(account));
    for (const { id } of newest(known, mostReconciled, since)) {
      if (!this.#isConnected()) return;
      const stretch = await link.since(id, since, 15).catch(() => undefined);
      if (stretch) await memory.learn({ account, ...young(stretch, oldest) });
    }
  }

  /** Reads a conversation back to `time` (server seconds) and learns it. Rejects when it cannot. */
  async reread(conversation: ConversationId, time: number): Promise<readonly Recall[]> {
    const { account, link, memory } = this.#parts;
    const stretch = await link.since(conversation, time, mostUnread);
    const oldest = await keptSince(account, this.#seconds());
    await memory.learn({ account, ...young(stretch, oldest) });
    if (!reaches(stretch, time)) throw new Error('Not all of it could be read.');
    return stretch.recalls;
  }

  #seconds(): number {
    return Math.floor(this.#parts.now() / 1000);
  }
}

/** What of a stretch is kept: all recalls, and messages not older than `oldest`. */
function young(
  { messages, recalls }: Stretch,
  oldest: number,
): Pick<Stretch, 'messages' | 'recalls'> {
  return { messages: messages.filter(({ time }) => time >= oldest), recalls };
}

/** Whether a stretch goes back to `time` without a hole. */
function reaches({ messages, recalls, isComplete }: Stretch, time: number): boolean {
  if (isComplete) return true;
  return [...messages, ...recalls].some((one) => one.time !== undefined && one.time < time);
}

function newest(
  conversations: readonly Pick<ConversationFacts, 'id' | 'lastTime'>[],
  most: number,
  since: number,
): readonly Pick<ConversationFacts, 'id' | 'lastTime'>[] {
  return conversations
    .filter(({ lastTime }) => lastTime >= since)
    .sort((one, other) => other.lastTime - one.lastTime)
    .slice(0, most);
}
