import type { ChatLink } from '../chat/link.ts';
import type { Conversation, Lesson } from '../history/history.ts';
import type { AccountId, ConversationFacts, ConversationId, Recall } from '../message/message.ts';
import { isToBeReadAnew, noteReadAnew } from '../platform/profile-key.ts';
import { readWindows } from '../platform/settings.ts';
import type { Memory } from './memory.ts';
import { keptSince } from './retention.ts';
import { edgeOf, reaches, young } from './stretches.ts';

const day = 86_400;
/** On connecting, every conversation is read back this far at least, seconds. */
const readBack = day;
/** Messages read of one conversation on connecting where nothing of the past can have changed. */
const mostRead = 100;
/** The same back to where the conversation was last read to its end: nothing there may be missed. */
const mostUnread = 3_000;
/** Conversations read on connecting: the ones with the newest messages. */
const mostConversations = 40;
/** Between two searches for recalls the service never told of, ms. */
const reconcileEvery = 120_000;
/** Conversations searched each time: those with the newest messages, and those not read longest. */
const liveliest = 5;
const stalest = 5;
/** Messages of a conversation read in a search: its newest page, and all that may be recalled. */
const onePage = 15;
const mostRecallable = 200;

/** So long after something was missed a burst is mostly over, and so long it rests after that, ms. */
const [calm, rest] = [10_000, 60_000];

/** What could not be read on connecting is tried again after so long each time, ms. */
const pauses = [1_000, 4_000, 15_000] as const;

/** The conversations that could not be read; all, when they could not even be listed. */
type Missed = ReadonlySet<ConversationId> | 'all';

/** Between what a conversation is read: how far it is known, and the rest in server seconds. */
interface Bounds {
  readonly known: Conversation | undefined;
  readonly window: number;
  readonly now: number;
  readonly oldest: number;
}

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
  #isStopped = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  /** Until it runs for what was missed, and then until it may once more. */
  #soon: ReturnType<typeof setTimeout> | undefined;
  /** Something was missed since it ran. */
  #isBehind = false;
  /** By the service's clock, which nobody sets back. Server ms, as the next ones. */
  #reconciledAt = -Infinity;
  /** When all conversations were last begun to be read. */
  #ranAt: number | undefined;
  /** When each conversation was last begun to be read, and could be. */
  readonly #readAt = new Map<ConversationId, number>();
  /** The same, whether or not it could be: whose turn it is goes by that. */
  readonly #triedAt = new Map<ConversationId, number>();
  /** Conversations there was no time for on connecting: they are read bit by bit. */
  #unread: readonly ConversationId[] = [];
  /** The profile key is new: also what was read before is read once more. */
  #isAnew = false;

  constructor(parts: CatchUpParts) {
    this.#parts = parts;
  }

  /**
   * Reads every conversation back to where it was last read, less the recall window. Called while
   * one is under way, it runs once more after that: something may have been missed in between.
   */
  run(): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    if (this.#running) {
      this.#isWantedAgain = true;
      return this.#running;
    }
    this.#running = this.#runAll().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** The same in a moment, once for all that is missed by then, and seldom: a page may flood for long. */
  runSoon(): void {
    this.#isBehind = true;
    if (this.#isStopped) return;
    this.#soon ??= setTimeout(() => {
      this.#isBehind = false;
      void this.run();
      this.#soon = setTimeout(() => {
        this.#soon = undefined;
        if (this.#isBehind) this.runSoon();
      }, rest);
    }, calm);
  }

  /** Reads nothing more; what is still being read is not learnt. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#soon);
  }

  async #runAll(): Promise<void> {
    let missed: Missed;
    do {
      this.#isWantedAgain = false;
      missed = await this.#readAll('all').catch(() => 'all' as const);
    } while (this.#isStillWanted());
    this.#tryAgain(missed);
  }

  /** Goes on with what could not be read. A connection that was lost reads everything anew. */
  #tryAgain(missed: Missed, attempt = 0): void {
    clearTimeout(this.#retry);
    if (this.#isStopped) return;
    const wait = pauses[attempt];
    const isOver = missed !== 'all' && (missed.size === 0 || wait === undefined);
    // It may never be readable: from now on it waits for its turn.
    if (isOver && missed.size > 0) this.#unread = [...missed, ...this.#unread];
    if (isOver && this.#isAnew) this.#endAnew().catch(() => undefined);
    if (isOver || wait === undefined) return;
    this.#retry = setTimeout(() => {
      if (!this.#isConnected() || this.#running) return;
      void this.#readAll(missed)
        .catch(() => missed)
        .then((left) => {
          this.#tryAgain(left, attempt + 1);
        });
    }, wait);
  }

  /** What was sealed under a key that is gone was read anew, as far as the service has it. */
  async #endAnew(): Promise<void> {
    const { account, memory } = this.#parts;
    if (!this.#isConnected()) return;
    await noteReadAnew(account);
    await memory.use((history) => history.forgetUnreadable());
  }

  #isStillWanted(): boolean {
    return this.#isWantedAgain && this.#isConnected();
  }

  /** Asked anew each time: it changes while others are awaited. */
  #isConnected(): boolean {
    return !this.#isStopped && this.#parts.link.state.name === 'connected';
  }

  /** Reads these conversations, and tells which of them could not be read. */
  async #readAll(wanted: Missed): Promise<Missed> {
    const { account, link, memory } = this.#parts;
    const begunAt = this.#parts.now();
    const now = Math.floor(begunAt / 1000);
    const conversations = await link.conversations();
    if (wanted === 'all') this.#ranAt = begunAt;
    await this.#learn({ account, conversations });
    const known = await memory.use((history) => history.conversations(account));
    const knownById = new Map(known.map((one) => [one.id, one]));
    const window = await this.#window();
    const oldest = await keptSince(account, now);
    this.#isAnew = await isToBeReadAnew(account);
    const lively = Math.min(oldest, now - readBack);
    const all = newest(conversations, lively).map(({ id }) => id);
    if (wanted === 'all') this.#unread = all.slice(mostConversations);
    const missed = new Set<ConversationId>();
    for (const id of all.slice(0, mostConversations)) {
      if (wanted !== 'all' && !wanted.has(id)) continue;
      if (!this.#isConnected()) return missed;
      // One that cannot be read (I was removed from the group) must not hide the others.
      await this.#readOne(id, { known: knownById.get(id), window, now, oldest }).catch(() =>
        missed.add(id),
      );
    }
    if (wanted === 'all') this.#reconciledAt = this.#parts.now();
    return missed;
  }

  /** Conversations that wait for their turn: what came since this connection began is not known. */
  get waiting(): readonly ConversationId[] {
    return this.#unread;
  }

  /**
   * Reads a conversation that waits for its turn now, as somebody looks at it. False where it does
   * not wait; rejects when it cannot be read, and it goes on waiting.
   */
  async readNow(conversation: ConversationId): Promise<boolean> {
    if (!this.#unread.includes(conversation)) return false;
    const { account, memory } = this.#parts;
    const now = this.#seconds();
    const [known, window, oldest] = await Promise.all([
      memory.use((history) => history.conversation(account, conversation)),
      this.#window(),
      keptSince(account, now),
    ]);
    await this.#readOne(conversation, { known, window, now, oldest });
    this.#unread = this.#unread.filter((id) => id !== conversation);
    return true;
  }

  /** How old a message may be and still be recalled, seconds, as far as is known. */
  async #window(): Promise<number> {
    const windows = await readWindows(this.#parts.account, this.#parts.now());
    return Math.max(...Object.values(windows).map(({ expected }) => expected / 1000));
  }

  async #readOne(
    conversation: ConversationId,
    { known, window, now, oldest }: Bounds,
  ): Promise<void> {
    const { account, link } = this.#parts;
    const begunAt = this.#parts.now();
    const mark = known?.mark ?? 0;
    const open = mark === 0 ? oldest : Math.max(oldest, mark - window);
    const from = Math.min(open, now - readBack, this.#isAnew ? oldest : now);
    let stretch = await link.since(conversation, from, mostRead);
    let edge = edgeOf(stretch, from, oldest);
    if (mark !== 0 && !reaches(stretch, open)) {
      stretch = await link.since(conversation, open, mostUnread);
      edge = edgeOf(stretch, open, oldest);
    }
    const { messages, recalls } = young(stretch, oldest);
    // What is older than the first reading is simply not cached; after it nothing may be missed.
    const isRead = mark === 0 || reaches(stretch, open);
    const marks = isRead ? [{ conversation, time: now }] : [];
    // It goes on where it was read before, and all is known from where it was; unless that is lost.
    const isJoined = isRead && known?.edge !== undefined && !this.#isAnew;
    const edges = isJoined || !edge ? [] : [{ conversation, edge }];
    await this.#learn({ account, messages, recalls, marks, edges });
    this.#readAt.set(conversation, begunAt);
    this.#triedAt.set(conversation, begunAt);
  }

  /**
   * Now and then: searches some conversations for recalls made on the server without a notice and
   * for lost notices. The liveliest each time, the others in turn, so that none is left out.
   */
  async reconcile(): Promise<void> {
    const { account, memory, now } = this.#parts;
    // A page tells its service's time by a clock that can be set back.
    const isEarly = Math.abs(now() - this.#reconciledAt) < reconcileEvery;
    if (!this.#isConnected() || isEarly) return;
    this.#reconciledAt = now();
    const known = await memory.use((history) => history.conversations(account));
    const knownById = new Map(known.map((one) => [one.id, one]));
    const window = await this.#window();
    const seconds = this.#seconds();
    const oldest = await keptSince(account, seconds);
    const lively = newest(known, seconds - Math.max(day, window)).map(({ id }) => id);
    const others = lively
      .slice(liveliest)
      .sort((one, other) => (this.#triedAt.get(one) ?? 0) - (this.#triedAt.get(other) ?? 0));
    const late = this.#unread.slice(0, stalest);
    this.#unread = this.#unread.slice(stalest);
    for (const [at, id] of late.entries()) {
      if (!this.#isConnected()) {
        this.#unread = [...late.slice(at), ...this.#unread];
        return;
      }
      const bounds = { known: knownById.get(id), window, now: seconds, oldest };
      // What could not be read waits on, after the others.
      await this.#readOne(id, bounds).catch(() => {
        this.#unread = [...this.#unread, id];
      });
    }
    const turns = others.filter((id) => !late.includes(id)).slice(0, stalest - late.length);
    for (const id of [...lively.slice(0, liveliest), ...turns]) {
      if (!this.#isConnected()) return;
      await this.#search(id, window).catch(() => undefined);
    }
  }

  /**
   * Re-reads the newest page of a conversation, and further back to all that may have been recalled
   * since it was last read: what could be then, by a `window` of so many seconds.
   */
  async #search(conversation: ConversationId, window: number): Promise<void> {
    const { account, link, now } = this.#parts;
    const begunAt = now();
    const last = this.#readAt.get(conversation) ?? this.#ranAt ?? begunAt;
    // A page's clock may have been set back since.
    const open = Math.floor(Math.min(last, begunAt) / 1000) - window;
    // One that cannot be read waits for its turn like the others.
    this.#triedAt.set(conversation, begunAt);
    let stretch = await link.since(conversation, open - day, onePage);
    if (!reaches(stretch, open)) stretch = await link.since(conversation, open, mostRecallable);
    const oldest = await keptSince(account, this.#seconds());
    await this.#learn({ account, ...young(stretch, oldest) });
    // Also where there was more than is read: it will not be less the next time.
    this.#readAt.set(conversation, begunAt);
  }

  /** Reads a conversation back to `time` (server seconds) and learns it. Rejects when it cannot. */
  async reread(conversation: ConversationId, time: number): Promise<readonly Recall[]> {
    const { account, link } = this.#parts;
    const stretch = await link.since(conversation, time, mostUnread);
    const oldest = await keptSince(account, this.#seconds());
    await this.#learn({ account, ...young(stretch, oldest) });
    if (!reaches(stretch, time)) throw new Error('Not all of it could be read.');
    return stretch.recalls;
  }

  /** What comes after the end is nobody's lesson any more. */
  async #learn(lesson: Lesson): Promise<void> {
    if (!this.#isStopped) await this.#parts.memory.learn(lesson);
  }

  #seconds(): number {
    return Math.floor(this.#parts.now() / 1000);
  }
}

/** Those with a message since then (server seconds), the newest first. */
function newest(
  conversations: readonly Pick<ConversationFacts, 'id' | 'lastTime'>[],
  since: number,
): readonly Pick<ConversationFacts, 'id' | 'lastTime'>[] {
  return conversations
    .filter(({ lastTime }) => lastTime >= since)
    .sort((one, other) => other.lastTime - one.lastTime);
}
