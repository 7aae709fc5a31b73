import type { ConversationId, MessageId } from '../message/message.ts';
import type { Reading } from './database.ts';
import type { Lesson } from './history.ts';
import {
  down,
  orphanKeyOf,
  orphanKeysOf,
  placeOf,
  placeOfRecord,
  recordOf,
  recordOfRecall,
  under,
  type BodyRecord,
  type ConversationRecord,
  type EntryRecord,
  type OrphanKey,
  type OrphanRecord,
  type Place,
} from './schema.ts';

/** Everything on disk that a lesson touches, as it was at one moment. */
export interface Desk {
  readonly generation: number;
  /** The lesson's messages, what they quote, and what its recalls mean. */
  readonly entries: ReadonlyMap<MessageId, EntryRecord>;
  /** By `nameOf` their keys. */
  readonly orphans: ReadonlyMap<string, Orphan>;
  readonly conversations: ReadonlyMap<ConversationId, ConversationRecord>;
  /** Who quotes a message that this lesson may recall. */
  readonly quoting: ReadonlyMap<MessageId, readonly Place[]>;
  /** The sealed texts of the lesson's known messages. */
  readonly bodies: ReadonlyMap<MessageId, readonly BodyRecord[]>;
  /** The newest entries of conversations in which this lesson may recall something unread. */
  readonly newest: ReadonlyMap<ConversationId, readonly EntryRecord[]>;
}

export interface Orphan {
  readonly key: OrphanKey;
  readonly record: OrphanRecord;
}

/** A key as a string, for maps. */
export function nameOf(key: OrphanKey): string {
  return JSON.stringify(key);
}

/** Entries looked through for what is unread; beyond them the service's number has to correct. */
const longestLook = 1000;

/** Reads the desk for a lesson. Awaits nothing but the transaction. */
export async function gather(tx: Reading, lesson: Lesson): Promise<Desk> {
  const { account, messages = [], recalls = [], conversations = [], marks = [] } = lesson;
  const entryStore = tx.objectStore('entries');

  const ids = new Set<MessageId>();
  for (const { id, quote } of messages) {
    ids.add(id);
    if (quote) ids.add(quote.id);
  }
  for (const { id } of recalls) if (id !== undefined) ids.add(id);
  const places = new Set<ConversationId>();
  for (const { conversation } of [...messages, ...recalls, ...marks]) places.add(conversation);
  for (const { id } of conversations) places.add(id);

  const byId = entryStore.index('id');
  const [generation, orphanCount, known, meant, conversationRecords] = await Promise.all([
    tx.objectStore('meta').get('generation'),
    tx.objectStore('orphans').count(under([account])),
    Promise.all([...ids].map((id) => byId.get([account, id]))),
    Promise.all(recalls.map((recall) => meantBySequence(tx, lesson, recall))),
    Promise.all([...places].map((id) => tx.objectStore('conversations').get([account, id]))),
  ]);
  const entries = new Map<MessageId, EntryRecord>();
  for (const record of [...known, ...meant.flat()]) if (record) entries.set(record.id, record);
  const conversationsById = new Map<ConversationId, ConversationRecord>();
  for (const record of conversationRecords) if (record) conversationsById.set(record.id, record);

  const orphans = orphanCount === 0 ? new Map<string, Orphan>() : await gatherOrphans(tx, lesson);

  // Whatever this lesson may turn into a tombstone.
  const dying = new Map<MessageId, EntryRecord | undefined>();
  for (const recall of recalls) {
    const { id } = recall;
    if (id !== undefined) dying.set(id, entries.get(id) ?? recordOfRecall(account, recall));
  }
  for (const record of meant.flat()) dying.set(record.id, record);
  const incoming = new Map(messages.map((message) => [message.id, recordOf(account, message)]));
  for (const [id, record] of incoming) {
    const isRecalled = orphanKeysOf(record).some((key) => orphans.has(nameOf(key)));
    if (isRecalled || dying.has(id)) dying.set(id, entries.get(id) ?? record);
  }

  const quote = entryStore.index('quote');
  const kept = messages.flatMap(({ id }) => {
    const record = entries.get(id);
    return record && !record.recall ? [record] : [];
  });
  const [quoting, bodies, newest] = await Promise.all([
    Promise.all(
      [...dying.keys()].map(
        async (id) => [id, await quote.getAllKeys(IDBKeyRange.only([account, id]))] as const,
      ),
    ),
    Promise.all(
      kept.map(
        async (record) =>
          [record.id, await tx.objectStore('bodies').getAll(under(placeOfRecord(record)))] as const,
      ),
    ),
    Promise.all(
      [...conversationsById.values()].map(
        async (record) => [record.id, await newestOf(tx, record, [...dying.values()])] as const,
      ),
    ),
  ]);

  return {
    generation: typeof generation === 'number' ? generation : 0,
    entries,
    orphans,
    conversations: conversationsById,
    quoting: new Map(quoting),
    bodies: new Map(bodies),
    newest: new Map(newest),
  };
}

/** The stored entries that a recall without an id means. */
async function meantBySequence(
  tx: Reading,
  { account }: Lesson,
  recall: Parameters<typeof orphanKeyOf>[1],
): Promise<readonly EntryRecord[]> {
  const key = orphanKeyOf(account, recall);
  if (key?.[2] !== 'sequence') return [];
  const [, conversation, , sequence, time] = key;
  const entries = tx.objectStore('entries');
  return time === undefined
    ? entries.index('sequence').getAll(IDBKeyRange.only([account, conversation, down(sequence)]))
    : entries.getAll(under([account, conversation, down(time), down(sequence)]));
}

/** The orphans that could be of this lesson's messages, quotes, recalls and conversations. */
async function gatherOrphans(tx: Reading, lesson: Lesson): Promise<Map<string, Orphan>> {
  const { account, messages = [], recalls = [], conversations = [] } = lesson;
  const keys: OrphanKey[] = [];
  for (const message of messages) {
    keys.push(...orphanKeysOf(recordOf(account, message)));
    if (message.quote) keys.push([account, message.conversation, 'id', message.quote.id]);
  }
  for (const recall of recalls) {
    const record = recordOfRecall(account, recall);
    const key = orphanKeyOf(account, recall);
    if (record) keys.push(...orphanKeysOf(record));
    else if (key) keys.push(key);
  }
  const store = tx.objectStore('orphans');
  const [single, waiting] = await Promise.all([
    Promise.all(keys.map(async (key) => ({ key, record: await store.get(key) }))),
    Promise.all(
      conversations.map(async ({ id }) => {
        const range = under([account, id]);
        const [found, records] = await Promise.all([store.getAllKeys(range), store.getAll(range)]);
        return found.map((key, i) => ({ key, record: records[i] }));
      }),
    ),
  ]);
  const orphans = new Map<string, Orphan>();
  for (const { key, record } of [...single, ...waiting.flat()]) {
    if (record) orphans.set(nameOf(key), { key, record });
  }
  return orphans;
}

/** A conversation's entries that the service has counted, down to the oldest one dying. */
async function newestOf(
  tx: Reading,
  conversation: ConversationRecord,
  dying: readonly (EntryRecord | undefined)[],
): Promise<readonly EntryRecord[]> {
  if (conversation.unread === 0) return [];
  const { account, id, counted } = conversation;
  let oldest: Place | undefined;
  for (const record of dying) {
    if (record?.conversation !== id || record.recall || record.mine) continue;
    const place = placeOfRecord(record);
    if (!oldest || indexedDB.cmp(place, oldest) > 0) oldest = place;
  }
  const newestCounted = placeOf(account, id, { time: counted, sequence: 0, id: '' }).slice(0, 3);
  if (!oldest || indexedDB.cmp(oldest, newestCounted) < 0) return [];
  const range = IDBKeyRange.bound(newestCounted, oldest);
  return tx.objectStore('entries').getAll(range, longestLook);
}
