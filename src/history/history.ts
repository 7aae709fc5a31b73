import type {
  AccountId,
  ConversationFacts,
  ConversationId,
  Edge,
  Entry,
  Message,
  MessageId,
  MessageRef,
  Recall,
} from '../message/message.ts';

/**
 * Something to learn, all in one transaction. Learning it twice changes nothing. Lessons take
 * effect in the order of the calls, whether or not they are awaited. Within one, the service's own
 * `unread` counts after the recalls.
 */
export interface Lesson {
  readonly account: AccountId;
  readonly messages?: readonly Message[];
  readonly recalls?: readonly Recall[];
  readonly conversations?: readonly ConversationFacts[];
  /** How far each conversation has been read completely, server seconds; never moves back. */
  readonly marks?: readonly { readonly conversation: ConversationId; readonly time: number }[];
  /** From where on each conversation is known without a hole now; each replaces what was noted. */
  readonly edges?: readonly { readonly conversation: ConversationId; readonly edge: Edge }[];
}

/** What a lesson changed; empty lists when it was known already. */
export interface Learnt {
  /** Messages that are new, were edited or became readable again, or quote what is recalled now. */
  readonly messages: readonly MessageRef[];
  /**
   * Messages that became tombstones, and tombstones of which more is known now (who, why).
   * Orphans (no message yet) are not in it.
   */
  readonly recalled: readonly MessageRef[];
  /** Conversations whose facts, number of unread or entries changed, or that were read first. */
  readonly conversations: readonly ConversationId[];
}

/** A conversation as history knows it. */
export interface Conversation extends ConversationFacts {
  readonly account: AccountId;
  /** Newest entry that is not a tombstone's orphan; may be a tombstone. */
  readonly last?: Entry;
  /** Server seconds up to which it was read completely; 0 at first. */
  readonly mark: number;
  /** From where on it is known without a hole, and can be read; missing until that was noted. */
  readonly edge?: Edge;
}

/** A message found by its words. */
export interface Hit {
  readonly entry: Entry;
  /** From where to where in its text each thing asked for stands, UTF-16 units, in order. */
  readonly spots: readonly (readonly [from: number, to: number])[];
}

/** What a search found. */
export interface Found {
  /** Newest first. */
  readonly hits: readonly Hit[];
  /**
   * Server seconds since which everything was searched; 0 when all that is kept was. Older hits
   * can be among others that are not found yet.
   */
  readonly since: number;
}

/** How much of an account is kept, and how far its conversations are known. */
export interface Extent {
  /** Messages that are kept, tombstones left out. */
  readonly messages: number;
  readonly conversations: readonly (Pick<Conversation, 'id' | 'lastTime' | 'edge'> & {
    /** Server seconds of the oldest entry that is kept; undefined when none is. */
    readonly oldest?: number;
  })[];
}

/** Where a search goes on: the oldest entry it found before. */
export type SearchBefore = Pick<Entry, 'account' | 'conversation' | 'time' | 'sequence' | 'id'>;

/** How often a text stands in what is kept, by kind of place. */
export interface Holding {
  /** Messages. */
  readonly words: number;
  /** Names of people and conversations, and reasons given for recalls. */
  readonly names: number;
  /** User, group and message ids. */
  readonly ids: number;
}

/**
 * What this computer remembers, true to the service. Every method rejects with `HistoryError`
 * when the database cannot be used.
 */
export interface History {
  learn(lesson: Lesson): Promise<Learnt>;
  /** One entry by its id, or undefined. */
  find(ref: Pick<MessageRef, 'account' | 'id'>): Promise<Entry | undefined>;
  /** Several by id, in one read; unknown ones are left out. */
  findAll(account: AccountId, ids: readonly string[]): Promise<readonly Entry[]>;
  /** Which of these entries quote a message that was recalled, be it known itself or not. */
  quotingRecalled(account: AccountId, entries: readonly Entry[]): Promise<ReadonlySet<MessageId>>;
  /** My own messages of all conversations since `time` (server seconds), newest first, tombstones left out. */
  mine(account: AccountId, since: number, most: number): Promise<readonly Entry[]>;
  /** The same without any words: opening those of many takes time. */
  mineUnopened(account: AccountId, since: number, most: number): Promise<readonly Entry[]>;
  /** Tombstones of all conversations with messages since `time`, newest first. */
  recalled(account: AccountId, since: number, most: number): Promise<readonly Entry[]>;
  /** A conversation's entries, newest first, older than `before` when given. */
  page(
    account: AccountId,
    conversation: ConversationId,
    most: number,
    before?: Pick<Entry, 'time' | 'sequence' | 'id'>,
  ): Promise<readonly Entry[]>;
  conversations(account: AccountId): Promise<readonly Conversation[]>;
  conversation(account: AccountId, id: ConversationId): Promise<Conversation | undefined>;
  /** How much of an account is kept; opens no words. */
  extent(account: AccountId): Promise<Extent>;
  /**
   * Messages in which every word of `query` stands, of an account or of all, newest first; words
   * "in quotation marks" stand together. Upper and lower case are the same. The first search reads
   * what is kept into memory, newest first, and answers after 0.2 s at the latest with what it has.
   */
  search(
    account: AccountId | undefined,
    query: string,
    most: number,
    before?: SearchBefore,
  ): Promise<Found>;
  /** Begins to read what is kept into memory, for a search that is about to come. */
  warm(): Promise<void>;
  /** Looks for a text (case does not matter) in everything that is kept, each record of it. */
  holds(text: string): Promise<Holding>;
  /** How many messages are kept of each account, tombstones counted. */
  sizes(): Promise<ReadonlyMap<AccountId, number>>;
  /** Destroys what is sealed under a key that is no longer had; gives how many messages had such. */
  forgetUnreadable(): Promise<number>;
  /** Forgets everything of an account, or everything. */
  forget(account?: AccountId): Promise<void>;
  /**
   * Takes out entries older than `time`, and tombstones and orphans older than
   * `tombstonesBefore` (server seconds); gives how many entries and orphans went.
   */
  sweep(account: AccountId, time: number, tombstonesBefore: number): Promise<number>;
  close(): void;
}

/** Why the database cannot be used. */
export type HistoryTrouble =
  /** An old version of Unsay still holds the database open. */
  | 'blocked'
  /** A newer Unsay wrote it; it is left untouched. */
  | 'newer'
  | 'corrupt'
  | 'full'
  | 'unavailable';

export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  readonly trouble: HistoryTrouble;
  constructor(trouble: HistoryTrouble, options?: ErrorOptions) {
    super(`History: ${trouble}`, options);
    this.trouble = trouble;
  }
}
