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
  type ConversationRecord,
  type EntryRecord,
  type OrphanKey,
  type OrphanRecord,
  type Place,
} from './schema.ts';

/** Everything on disk that a lesson touches, as it was at one moment. */
export interface Desk {
  readonly generation: number;
  /** The lesson's messages, what its recalls mean, who quotes that, and what those quote. */
  readonly entries: ReadonlyMap<MessageId, EntryRecord>;
  /** By `nameOf` their keys. */
  readonly orphans: ReadonlyMap<string, Orphan>;
  /** How many the account has, also those that this lesson does not touch. */
  readonly orphanCount: number;
  readonly conversations: ReadonlyMap<ConversationId, ConversationRecord>;
  /** Who quotes a message that this lesson may recall. */
  readonly quoting: ReadonlyMap<MessageId, readonly EntryRecord[]>;
  /** Who quotes what a recall without an id names, by `nameOf` its key. */
  readonly quotingSequence: ReadonlyMap<string, readonly EntryRecord[]>;
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
  const { account, messages = [], recalls = [], conversations = [] } = lesson;
  const { marks = [], edges = [] } = lesson;
  const ids = new Set<MessageId>();
  for (const { id } of messages) ids.add(id);
  for (const { id } of recalls) if (id !== undefined) ids.add(id);
  const places = new Set<ConversationId>();
  for (const { conversation } of [...messages, ...recalls, ...marks, ...edges]) {
    places.add(conversation);
  }
  for (const { id } of conversations) places.add(id);

  const [generation, orphanCount, known, meant, conversationRecords] = await Promise.all([
    tx.objectStore('meta').get('generation'),
    tx.objectStore('orphans').count(under([account])),
    Promise.all(runsOf(ids).map((run) => knownOf(tx, account, run))),
    Promise.all(recalls.map((recall) => meantBySequence(tx, lesson, recall))),
    conversationsAt(tx, account, places),
  ]);
  const entries = new Map<MessageId, EntryRecord>();
  for (const record of [...known.flat(), ...meant.flat()]) entries.set(record.id, record);
  const conversationsById = new Map<ConversationId, ConversationRecord>();
  for (const record of conversationRecords) conversationsById.set(record.id, record);

  const orphans = orphanCount === 0 ? new Map<string, Orphan>() : await gatherOrphans(tx, lesson);

  // Whatever this lesson may turn into a tombstone.
  const dying = new Map<MessageId, EntryRecord | undefined>();
  for (const recall of recalls) {
    const { id } = recall;
    if (id !== undefined) dying.set(id, entries.get(id) ?? recordOfRecall(account, recall));
  }
  for (const record of meant.flat()) dying.set(record.id, record);
  // A recall that names no id can mean a message that comes with it.
  const sequences = new Set<string>();
  for (const recall of recalls) {
    const key = orphanKeyOf(account, recall);
    if (recall.id === undefined && key) sequences.add(nameOf(key));
  }
  // Most lessons recall nothing, and nothing waits for their messages.
  const mayRecall = recalls.length > 0 || orphans.size > 0;
  for (const message of mayRecall ? messages : []) {
    const record = recordOf(account, message);
    const { id } = record;
    const names = orphanKeysOf(record).map(nameOf);
    const isRecalled = names.some((name) => orphans.has(name) || sequences.has(name));
    if (isRecalled || dying.has(id)) dying.set(id, entries.get(id) ?? record);
  }

  const quote = tx.objectStore('entries').index('quote');
  const [quoting, quotingSequence, newest] = await Promise.all([
    Promise.all(
      [...dying.keys()].map(
        async (id) => [id, await quote.getAll(IDBKeyRange.only([account, id]))] as const,
      ),
    ),
    quotingBySequence(tx, lesson),
    Promise.all(
      [...conversationsById.values()].map(
        async (record) => [record.id, await newestOf(tx, record, [...dying.values()])] as const,
      ),
    ),
  ]);
  const quotingOrphans = [...quotingSequence.values()].flat();
  // Whether what they quote is known by its id.
  const quotedIds = new Set(quotingOrphans.flatMap(({ quoteId }) => quoteId ?? []));
  const quoted = await Promise.all(runsOf(quotedIds).map((run) => knownOf(tx, account, run)));
  const quotingRecords = [...quoting.flatMap(([, records]) => records), ...quotingOrphans];
  for (const record of [...quoted.flat(), ...quotingRecords]) entries.set(record.id, record);
  // A message can be quoted in another conversation than its own.
  const elsewhere = new Set(quotingRecords.map(({ conversation }) => conversation));
  for (const id of elsewhere) {
    if (places.has(id)) continue;
    const record = await tx.objectStore('conversations').get([account, id]);
    if (record) conversationsById.set(id, record);
  }

  return {
    generation: generation ?? 0,
    entries,
    orphans,
    orphanCount,
    conversations: conversationsById,
    quoting: new Map(quoting),
    quotingSequence,
    newest: new Map(newest),
  };
}

/** The known ones among the conversations; many are read in one go. */
async function conversationsAt(
  tx: Reading,
  account: Lesson['account'],
  ids: ReadonlySet<ConversationId>,
): Promise<readonly ConversationRecord[]> {
  const store = tx.objectStore('conversations');
  if (ids.size < shortestRun) {
    const records = await Promise.all([...ids].map((id) => store.get([account, id])));
    return records.filter((record) => record !== undefined);
  }
  return (await store.getAll(under([account]))).filter(({ id }) => ids.has(id));
}

/** Fewer ids of one sender than this are asked for one by one. */
const shortestRun = 4;

/** Ids beginning alike, sorted. A message's id begins with its sender's number and its time. */
function runsOf(ids: ReadonlySet<MessageId>): MessageId[][] {
  const runs = Map.groupBy([...ids].sort(), (id) => id.slice(0, id.indexOf('-') + 1));
  return [...runs.values()].flatMap((run) =>
    run.length < shortestRun ? run.map((id) => [id]) : [run],
  );
}

/**
 * The stored entries among `ids`, which are sorted. Most often all are new or all are known, and
 * then one range between the first and the last tells it; a range that holds much else is left.
 */
async function knownOf(
  tx: Reading,
  account: Lesson['account'],
  ids: readonly MessageId[],
): Promise<readonly EntryRecord[]> {
  const byId = tx.objectStore('entries').index('id');
  const [first, last] = [ids[0], ids.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (first !== last) {
    const most = 2 * ids.length;
    const found = await byId.getAll(IDBKeyRange.bound([account, first], [account, last]), most);
    const wanted = new Set(ids);
    if (found.length < most) return found.filter(({ id }) => wanted.has(id));
  }
  const records = await Promise.all(ids.map((id) => byId.get([account, id])));
  return records.filter((record) => record !== undefined);
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

/** The stored entries that quote what recalls without an id name. */
async function quotingBySequence(
  tx: Reading,
  { account, recalls = [] }: Lesson,
): Promise<Map<string, readonly EntryRecord[]>> {
  const quotes = tx.objectStore('entries').index('quoteSequence');
  const found = new Map<string, readonly EntryRecord[]>();
  for (const recall of recalls) {
    const key = orphanKeyOf(account, recall);
    if (key?.[2] !== 'sequence' || found.has(nameOf(key))) continue;
    const [, conversation, , sequence, time] = key;
    const range = IDBKeyRange.only([account, conversation, sequence]);
    const records = await quotes.getAll(range);
    found.set(
      nameOf(key),
      records.filter(({ quoteTime }) => quoteTime === time),
    );
  }
  return found;
}

/** The orphans that could be of this lesson's messages, recalls and conversations. */
async function gatherOrphans(tx: Reading, lesson: Lesson): Promise<Map<string, Orphan>> {
  const { account, messages = [], recalls = [], conversations = [] } = lesson;
  const keys: OrphanKey[] = [];
  for (const message of messages) {
    keys.push(...orphanKeysOf(recordOf(account, message)));
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
