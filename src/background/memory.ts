import { HistoryError, type History, type Learnt, type Lesson } from '../history/history.ts';
import type { AccountId, ConversationId, Entry, MessageId } from '../message/message.ts';
import { dropContents, noteContents } from './contents.ts';
import { learnMakingRoom } from './room.ts';

/** What the memory is made of. */
export interface MemoryParts {
  readonly openHistory: () => Promise<History>;
  /**
   * Messages changed; none: only whether history can be used. Resolves when every stored view
   * shows it.
   */
  readonly changed: (ids: readonly MessageId[]) => Promise<void>;
  /** Messages are about to become tombstones: no stored view may show their words from now on. */
  readonly scrub: (dying: Dying) => Promise<void>;
}

/** Messages about to be recalled: by id, or by conversation where only a sequence is known. */
export interface Dying {
  readonly ids: readonly MessageId[];
  readonly conversations: readonly ConversationId[];
}

/** History as the worker uses it: opened when needed, its troubles noted until a use succeeds. */
export class Memory {
  readonly #parts: MemoryParts;
  #history: Promise<History> | undefined;
  #trouble: HistoryError['trouble'] | undefined;
  readonly #dying = new Set<Dying>();
  /** Accounts that were left: whatever still comes of them is not wanted any more. */
  readonly #left = new Set<AccountId>();
  /** Lessons that are being stored. */
  readonly #lessons = new Map<Promise<unknown>, AccountId>();

  constructor(parts: MemoryParts) {
    this.#parts = parts;
  }

  /** Why history could not be used the last time; undefined when it could. */
  get trouble(): HistoryError['trouble'] | undefined {
    return this.#trouble;
  }

  /** Uses history. Rejects with what went wrong, having noted it. */
  async use<T>(work: (history: History) => Promise<T>): Promise<T> {
    try {
      this.#history ??= this.#parts.openHistory();
      const result = await work(
        await this.#history.catch((error: unknown) => {
          // A failed opening is tried again by the next user.
          this.#history = undefined;
          throw error;
        }),
      );
      // Reading still works on a full disk.
      if (this.#trouble !== 'full') this.#note(undefined);
      return result;
    } catch (error) {
      this.#note(error instanceof HistoryError ? error.trouble : 'unavailable');
      throw error;
    }
  }

  /** Whether this message may be in the middle of its recall: its words are not to be shown. */
  isDying({ id, conversation }: Pick<Entry, 'id' | 'conversation'>): boolean {
    return [...this.#dying].some(
      ({ ids, conversations }) => ids.includes(id) || conversations.includes(conversation),
    );
  }

  /** An account is left: nothing is learnt of it from now on, whoever is still reading. */
  leave(account: AccountId): void {
    this.#left.add(account);
  }

  /** An account is there (again). */
  meet(account: AccountId): void {
    this.#left.delete(account);
  }

  /**
   * Deletes everything of an account, or of all, also what is being stored just now. Rejects as `use`
   * does.
   */
  async forget(account?: AccountId): Promise<void> {
    const stored = (): Promise<unknown> =>
      Promise.allSettled(
        [...this.#lessons].flatMap(([lesson, of]) =>
          account === undefined || of === account ? [lesson] : [],
        ),
      );
    await stored();
    try {
      await this.use((history) => history.forget(account));
    } finally {
      // What a lesson carried is noted after it is stored.
      await stored();
      await dropContents(account);
    }
  }

  /**
   * Learns a lesson and tells what changed; resolves when every stored view shows it. False when
   * it could not be stored, or its account was left; never rejects.
   */
  async learn(lesson: Lesson): Promise<boolean> {
    const recalls = lesson.recalls ?? [];
    const dying: Dying = {
      ids: recalls.flatMap(({ id }) => id ?? []),
      conversations: recalls.flatMap(({ id, conversation }) =>
        id === undefined ? conversation : [],
      ),
    };
    this.#dying.add(dying);
    try {
      // A view that can be neither written nor dropped keeps no recall from being stored.
      if (recalls.length > 0) await this.#parts.scrub(dying).catch(() => undefined);
      if (this.#left.has(lesson.account)) return false;
      const { learnt, isRoomMade } = await this.#store(lesson);
      // That older messages had to give way is said until there is room again.
      this.#note(isRoomMade ? 'full' : undefined);
      const { messages, recalled, conversations } = learnt;
      const ids = [...messages, ...recalled].map(({ id }) => id);
      if (ids.length > 0 || conversations.length > 0) await this.#parts.changed(ids);
      return true;
    } catch {
      return false;
    } finally {
      this.#dying.delete(dying);
      // A recall that named no id hid more than it meant.
      if (dying.conversations.length > 0) void this.#parts.changed([]);
    }
  }

  async #store(lesson: Lesson): ReturnType<typeof learnMakingRoom> {
    const storing = this.use((history) => learnMakingRoom(history, lesson)).then(async (made) => {
      await noteLearnt(lesson, made.learnt);
      return made;
    });
    this.#lessons.set(storing, lesson.account);
    try {
      return await storing;
    } finally {
      this.#lessons.delete(storing);
    }
  }

  /** Throws the database away, also one that cannot be opened. */
  async rebuild(destroy: () => Promise<void>): Promise<void> {
    const history = await this.#history?.catch(() => undefined);
    history?.close();
    this.#history = undefined;
    await destroy();
    this.#note(undefined);
  }

  #note(trouble: HistoryError['trouble'] | undefined): void {
    if (this.#trouble === trouble) return;
    this.#trouble = trouble;
    void this.#parts.changed([]);
  }
}

/** Remembers what new messages carry; a late copy of what was recalled is none. */
async function noteLearnt(lesson: Lesson, { messages, recalled }: Learnt): Promise<void> {
  const { account } = lesson;
  if (messages.length > 0) {
    const news = new Set(messages.map(({ id }) => id));
    const lines = lesson.messages?.filter(({ id }) => news.has(id)) ?? [];
    // What is not noted is not found to be a copy; the messages are there.
    await noteContents(account, lines).catch(() => undefined);
  }
  if (recalled.length > 0) {
    const gone = recalled.map(({ id }) => id);
    await dropContents(account, gone);
  }
}
