import {
  unwrap,
  type DBSchema,
  type IDBPDatabase,
  type IDBPTransaction,
  type StoreNames,
} from 'idb';
import {
  isGroup,
  userOf,
  type AccountId,
  type ConversationId,
  type Edge,
  type Entry,
  type Kind,
  type Message,
  type MessageId,
  type Quoted,
  type Recall,
  type RecallFact,
  type Role,
} from '../message/message.ts';
import type { Sealed } from './sealed.ts';

/**
 * Where an entry stands: account, conversation, negated time, negated sequence, id. Negated,
 * because `getAll` with a count reads upwards in every browser, and the newest are wanted first.
 * The first copy of a message fixes its place for good.
 */
export type Place = [AccountId, ConversationId, number, number, MessageId];

/**
 * One message: facts, in which stands no word anybody wrote, and its words, each sealed under a key
 * of its own. They lie in one record because a store for the words alone took as long to write again
 * (measured in Chromium 156 and Firefox 153).
 */
export interface EntryRecord {
  readonly account: AccountId;
  readonly conversation: ConversationId;
  readonly timeDown: number;
  readonly sequenceDown: number;
  /** Of my own messages in groups only: nobody else's are put in order over conversations. */
  readonly clientSequence?: number;
  readonly id: MessageId;
  readonly author: string;
  readonly authorName: string;
  readonly random: number;
  readonly kind: Kind;
  /** The words as `Vault.seal` made them: key and text, destroyed together. Living entries only. */
  readonly body?: Sealed;
  /** The message this one quotes; living entries only. */
  readonly quoteId?: MessageId;
  /** By which a recall without an id names that message, where both are known: see `quoteKeyOf`. */
  readonly quoteSequence?: number;
  /** One to one only. */
  readonly quoteTime?: number;
  /** Whom it mentions; my own living messages in groups only: nothing else is ever put back. */
  readonly mentions?: readonly string[];
  readonly recall?: RecallFact;
  /** The account again, on my own living messages only: the index `mine` stays small. */
  readonly mine?: AccountId;
  /** The account again, on tombstones only: the index `recalled` stays small. */
  readonly dead?: AccountId;
  /** The conversation again, in groups only: there alone a sequence names a message. */
  readonly group?: ConversationId;
}

/**
 * Facts about a conversation. Its newest entry is not noted here: one range read finds it, and
 * what is not written twice cannot disagree.
 */
export interface ConversationRecord {
  readonly account: AccountId;
  readonly id: ConversationId;
  readonly name: string;
  readonly unread: number;
  /** Server seconds; messages learnt later can be newer. */
  readonly lastTime: number;
  readonly role?: Role;
  readonly mark: number;
  readonly edge?: Edge;
  /** Server seconds of the newest message that the service counted in `unread`. */
  readonly counted: number;
}

/** By id where the recall names one, else by sequence (groups) or sequence and time (C2C). */
export type OrphanKey = [AccountId, ConversationId, 'id', MessageId] | SequenceKey;
export type SequenceKey =
  | [AccountId, ConversationId, 'sequence', number]
  | [AccountId, ConversationId, 'sequence', number, number];

/** A recall whose message is not known yet. */
export interface OrphanRecord {
  readonly recall: RecallFact;
  /** Whether `unread` still counts the message: no number of the service came after the recall. */
  readonly isCounted: boolean;
}

/** `generation`: how many transactions have written. */
export type MetaRecord = number;

export interface Schema extends DBSchema {
  entries: {
    key: Place;
    value: EntryRecord;
    indexes: {
      id: [AccountId, MessageId];
      mine: [AccountId, number, number];
      recalled: [AccountId, number, number];
      quote: [AccountId, MessageId];
      quoteSequence: [AccountId, ConversationId, number];
      sequence: [AccountId, ConversationId, number];
    };
  };
  conversations: { key: [AccountId, ConversationId]; value: ConversationRecord };
  orphans: { key: OrphanKey; value: OrphanRecord };
  meta: { key: 'generation'; value: MetaRecord };
}

export type Store = StoreNames<Schema>;
export type Db = IDBPDatabase<Schema>;
export type Upgrading = IDBPTransaction<Schema, Store[], 'versionchange'>;

/** Every store: most transactions of history need all of them. */
export const stores: Store[] = ['entries', 'conversations', 'orphans', 'meta'];

/** Brings a database from one version to the next, inside the upgrade's transaction. */
export type Upgrade = (db: Db, upgrading: Upgrading) => void | Promise<void>;

function createVersion1(db: Db): void {
  const entries = db.createObjectStore('entries', {
    keyPath: ['account', 'conversation', 'timeDown', 'sequenceDown', 'id'],
  });
  entries.createIndex('id', ['account', 'id'], { unique: true });
  entries.createIndex('mine', ['mine', 'timeDown', 'sequenceDown']);
  entries.createIndex('recalled', ['dead', 'timeDown', 'sequenceDown']);
  entries.createIndex('quote', ['account', 'quoteId']);
  entries.createIndex('sequence', ['account', 'group', 'sequenceDown']);
  unwrap(db).createObjectStore('bodies');
  db.createObjectStore('conversations', { keyPath: ['account', 'id'] });
  db.createObjectStore('orphans');
  db.createObjectStore('meta');
}

/**
 * Version 1 kept the words in a store of their own, sealed in another way. They go; the facts and
 * the tombstones stay, and the words come back as the service's history is read.
 */
function moveWordsIntoEntries(db: Db, upgrading: Upgrading): void {
  unwrap(db).deleteObjectStore('bodies');
  const entries = unwrap(upgrading).objectStore('entries');
  // One id, one entry: learning sees to that, in the transaction that writes. The index looked once
  // more at each put, which took a fifth of it (measured in Chromium 156).
  entries.deleteIndex('id');
  entries.createIndex('id', ['account', 'id']);
  // What recognised the profile key: a text sealed under another one reads as absent anyway.
  unwrap(upgrading).objectStore('meta').delete('key');
}

/** Version 2 did not know which sequence a quoted message had; who quoted before is not found by it. */
function findQuotesBySequence(_db: Db, upgrading: Upgrading): void {
  const entries = upgrading.objectStore('entries');
  entries.createIndex('quoteSequence', ['account', 'conversation', 'quoteSequence']);
}

/**
 * Up to version 3 a quote's words were kept, sealed, beside its message's own. Nothing needed them,
 * and a recall did not find all of them: a quote may name its message by an id that the recall leaves
 * out.
 */
async function dropWordsOfQuotes(_db: Db, upgrading: Upgrading): Promise<void> {
  for await (const cursor of upgrading.objectStore('entries').index('quote')) {
    const record: EntryRecord & { quote?: unknown } = { ...cursor.value };
    if (record.quote === undefined) continue;
    delete record.quote;
    await cursor.update(record);
  }
}

/** The n-th brings version n to version n + 1; their number is the schema's version. */
export const upgrades: readonly Upgrade[] = [
  createVersion1,
  moveWordsIntoEntries,
  findQuotesBySequence,
  dropWordsOfQuotes,
];

/** Turns a time or a sequence so that the newest comes first, and back. */
export function down(value: number): number {
  return -value;
}

/** Where a message stands. */
export function placeOf(
  account: AccountId,
  conversation: ConversationId,
  of: Pick<Entry, 'time' | 'sequence' | 'id'>,
): Place {
  return [account, conversation, down(of.time), down(of.sequence), of.id];
}

/** Where a record stands. */
export function placeOfRecord(record: EntryRecord): Place {
  const { account, conversation, timeDown, sequenceDown, id } = record;
  return [account, conversation, timeDown, sequenceDown, id];
}

/**
 * All keys that begin with `prefix`, or only those after or up to longer keys. An empty array is
 * greater than every number and string, so it closes a range from above.
 */
export function under(
  prefix: readonly IDBValidKey[],
  { after, upTo }: { after?: readonly IDBValidKey[]; upTo?: readonly IDBValidKey[] } = {},
): IDBKeyRange {
  return IDBKeyRange.bound(after ? [...after, []] : [...prefix], [...(upTo ?? prefix), []]);
}

/** The record of a message nobody recalled yet. */
export function recordOf(account: AccountId, message: Message): EntryRecord {
  const { id, conversation, author, authorName, clientSequence, random, kind, quote } = message;
  const { mentions } = message;
  const isMine = author === userOf(account);
  const [, , , quoteSequence, quoteTime] =
    (quote && quoteKeyOf(account, conversation, quote)) ?? [];
  return {
    account,
    conversation,
    timeDown: down(message.time),
    sequenceDown: down(message.sequence),
    id,
    author,
    authorName,
    random,
    kind,
    ...(quote && { quoteId: quote.id }),
    ...(quoteSequence !== undefined && { quoteSequence }),
    ...(quoteTime !== undefined && { quoteTime }),
    ...(isMine && { mine: account }),
    ...(isMine && clientSequence !== undefined && { clientSequence }),
    ...(isMine && isGroup(conversation) && mentions && { mentions }),
    ...(isGroup(conversation) && { group: conversation }),
  };
}

/**
 * The record of a message that is known by its recall only, as the service's history hands it out;
 * undefined where it told too little to give it a place. A live notice waits for its message
 * instead: only together with that can be said whether it was unread.
 */
export function recordOfRecall(account: AccountId, recall: Recall): EntryRecord | undefined {
  const { id, author, authorName = '', conversation, sequence, random = 0, time } = recall;
  if (recall.witness !== 'history') return;
  if (id === undefined || author === undefined || time === undefined) return;
  const kind = recall.kind ?? 'other';
  const body = { text: '' };
  return recordOf(account, {
    id,
    conversation,
    author,
    authorName,
    sequence,
    random,
    time,
    kind,
    body,
  });
}

/** The record with exactly these words; what it had before is gone. */
export function withWords(record: EntryRecord, body?: Sealed): EntryRecord {
  if (body) return { ...record, body };
  const copy: { -readonly [K in keyof EntryRecord]: EntryRecord[K] } = { ...record };
  delete copy.body;
  return copy;
}

/** The record of a recalled message: what may be kept, and nothing else. */
export function tombstoneOf(record: EntryRecord, recall: RecallFact): EntryRecord {
  const { account, conversation, timeDown, sequenceDown, id } = record;
  const { author, authorName, random, kind, group } = record;
  return {
    account,
    conversation,
    timeDown,
    sequenceDown,
    id,
    author,
    authorName,
    random,
    kind,
    ...(group && { group }),
    recall,
    dead: account,
  };
}

/**
 * Under which key a recall waits for its message; undefined when nothing can ever be matched: a
 * C2C sequence is chosen by the sender's client and names a message only together with its time.
 */
export function orphanKeyOf(
  account: AccountId,
  recall: Pick<Recall, 'conversation' | 'id' | 'sequence' | 'time'>,
): OrphanKey | undefined {
  const { conversation, id } = recall;
  if (id !== undefined) return [account, conversation, 'id', id];
  return sequenceKeyOf(account, conversation, recall);
}

function sequenceKeyOf(
  account: AccountId,
  conversation: ConversationId,
  { sequence, time }: Pick<Recall, 'sequence' | 'time'>,
): SequenceKey | undefined {
  if (isGroup(conversation)) return [account, conversation, 'sequence', sequence];
  if (time === undefined) return undefined;
  return [account, conversation, 'sequence', sequence, time];
}

/**
 * Under which key a recall without an id waits that means what is quoted in a conversation. Only asked
 * where the quoted message is not known by its id: else that tells what became of it, and not what
 * whoever quoted it wrote down.
 */
export function quoteKeyOf(
  account: AccountId,
  conversation: ConversationId,
  { sequence, time }: Omit<Quoted, 'id'>,
): SequenceKey | undefined {
  if (sequence === undefined) return undefined;
  return sequenceKeyOf(account, conversation, { sequence, ...(time !== undefined && { time }) });
}

/** The two keys under which a recall of this entry may have come: by its id, without its id. */
export function orphanKeysOf(record: EntryRecord): [OrphanKey, OrphanKey] {
  const { account, conversation, id, timeDown, sequenceDown } = record;
  const sequence = down(sequenceDown);
  return [
    [account, conversation, 'id', id],
    isGroup(conversation)
      ? [account, conversation, 'sequence', sequence]
      : [account, conversation, 'sequence', sequence, down(timeDown)],
  ];
}
