import type { AccountId, ConversationId } from '../message/message.ts';
import { read, write, type Pen, type Writing } from './database.ts';
import { reveal } from './recollect.ts';
import {
  down,
  placeOfRecord,
  under,
  withWords,
  type ConversationRecord,
  type Db,
  type EntryRecord,
  type Place,
} from './schema.ts';
import type { Sealed } from './sealed.ts';
import type { Vault } from './vault.ts';

/** Recalls without a message that are kept of an account. */
const mostOrphans = 5_000;

/** Tells whoever works on an older look at the stores that it is out of date; gives the count before. */
async function countWriting(tx: Writing, pen: Pen): Promise<number> {
  const generation = (await tx.objectStore('meta').get('generation')) ?? 0;
  pen.put('meta', generation + 1, 'generation');
  return generation;
}

/** Forgets an account, or everything. */
export async function forget(db: Db, account?: AccountId): Promise<void> {
  await write(db, 'strict', async (tx, pen) => {
    for (const store of ['entries', 'conversations', 'orphans'] as const) {
      if (account === undefined) pen.clear(store);
      else pen.delete(store, under([account]));
    }
    await countWriting(tx, pen);
  });
}

/** Entries looked through in one transaction. */
const portion = 500;

/**
 * Destroys the words that this vault cannot open; gives how many messages had such. One portion
 * after the other, each looked at before it is written: what was changed meanwhile is left.
 */
export async function forgetUnreadable(db: Db, vault: Vault): Promise<number> {
  let forgotten = 0;
  let records: readonly EntryRecord[] = [];
  do {
    const last = records.at(-1);
    const range = last && IDBKeyRange.lowerBound(placeOfRecord(last), true);
    records = await read(db, (tx) => tx.objectStore('entries').getAll(range, portion));
    const entries = await reveal(vault, records, { isPassing: true });
    const lost = records.filter(({ body }, i) => body && entries[i]?.body === undefined);
    if (lost.length === 0) continue;
    forgotten += await write(db, 'relaxed', async (tx, pen) => {
      const store = tx.objectStore('entries');
      const now = await Promise.all(lost.map((record) => store.get(placeOfRecord(record))));
      const unchanged = now.filter((record, i) => record && isSame(record.body, lost[i]?.body));
      for (const record of unchanged) if (record) pen.put('entries', withWords(record));
      await loseEdges(tx, pen, lost);
      await countWriting(tx, pen);
      return unchanged.length;
    });
  } while (records.length === portion);
  return forgotten;
}

/** What cannot be read any more is not known: their conversations are to be read anew from there up. */
async function loseEdges(tx: Writing, pen: Pen, lost: readonly EntryRecord[]): Promise<void> {
  const store = tx.objectStore('conversations');
  for (const [, of] of Map.groupBy(lost, ({ account, conversation }) =>
    JSON.stringify([account, conversation]),
  )) {
    const [{ account, conversation }] = of as [EntryRecord];
    const record = await store.get([account, conversation]);
    const newest = Math.max(...of.map(({ timeDown }) => down(timeDown)));
    if (record?.edge && newest >= record.edge.time) pen.put('conversations', withoutEdge(record));
  }
}

function withoutEdge(record: ConversationRecord): ConversationRecord {
  const copy: { -readonly [K in keyof ConversationRecord]: ConversationRecord[K] } = { ...record };
  delete copy.edge;
  return copy;
}

function isSame(one: Sealed | undefined, other: Sealed | undefined): boolean {
  return indexedDB.cmp(one ?? 0, other ?? 0) === 0;
}

/** What a sweep took out. */
export interface Swept {
  /** Entries and orphans. */
  readonly removed: number;
  /** How many transactions had written before it. */
  readonly generation: number;
}

/**
 * Takes out entries older than `time`, and tombstones and orphans (by when they were
 * learnt) older than `tombstonesBefore`, both server seconds; undefined where there was nothing.
 */
export async function sweep(
  db: Db,
  account: AccountId,
  time: number,
  tombstonesBefore: number,
): Promise<Swept | undefined> {
  return write(db, 'relaxed', async (tx, pen) => {
    const entries = tx.objectStore('entries');
    const orphans = tx.objectStore('orphans');
    const recalled = entries.index('recalled');
    const [conversations, kept, expired, orphanKeys, orphanRecords] = await Promise.all([
      tx.objectStore('conversations').getAll(under([account])),
      time > tombstonesBefore
        ? recalled.getAllKeys(
            under([account], {
              after: [account, down(time)],
              upTo: [account, down(tombstonesBefore)],
            }),
          )
        : [],
      recalled.getAllKeys(under([account], { after: [account, down(tombstonesBefore)] })),
      orphans.getAllKeys(under([account])),
      orphans.getAll(under([account])),
    ]);

    let removed = 0;
    for (const key of expired) pen.delete('entries', key);
    removed += expired.length;
    const orphanTimes = orphanRecords.map(({ recall }) => recall.at);
    const oldest = oldestKept(orphanTimes, tombstonesBefore * 1000, mostOrphans);
    for (const [i, key] of orphanKeys.entries()) {
      if ((orphanTimes[i] ?? 0) >= oldest) continue;
      pen.delete('orphans', key);
      removed += 1;
    }
    const keptOf = Map.groupBy(kept, ([, conversation]) => conversation);
    const counts = conversations.map(async (record) => {
      const { id } = record;
      const ranges = gaps(account, id, time, keptOf.get(id) ?? []);
      const found = ranges.map((range) => {
        const count = entries.count(range);
        pen.delete('entries', range);
        return count;
      });
      const count = (await Promise.all(found)).reduce((sum, one) => sum + one, 0);
      // What went can be read again, should it be wanted again.
      if (count > 0 && record.edge && record.edge.time < time) {
        pen.put('conversations', { ...record, edge: { time } });
      }
      return count;
    });
    for (const count of await Promise.all(counts)) removed += count;
    return removed > 0 ? { removed, generation: await countWriting(tx, pen) } : undefined;
  });
}

/**
 * From when on orphans are kept: not before `since`, and not more than `most`. Notices for messages
 * that never come must not fill the disk; the service's history tells of them anyway.
 */
function oldestKept(times: readonly number[], since: number, most: number): number {
  if (times.length <= most) return since;
  const newest = times.toSorted((one, other) => other - one);
  return Math.max(since, newest[most - 1] ?? 0);
}

/**
 * Makes room among an account's orphans where `more` are about to come and there are `count`: the
 * oldest go, and a tenth more than must, so that this is not done for each that comes.
 */
export async function makeRoomForOrphans(
  tx: Writing,
  pen: Pen,
  account: AccountId,
  { count, more }: { readonly count: number; readonly more: number },
): Promise<void> {
  if (count + more <= mostOrphans) return;
  const orphans = tx.objectStore('orphans');
  const [keys, records] = await Promise.all([
    orphans.getAllKeys(under([account])),
    orphans.getAll(under([account])),
  ]);
  const times = records.map(({ recall }) => recall.at);
  const most = Math.max(0, mostOrphans - mostOrphans / 10 - more);
  const oldest = most === 0 ? Infinity : oldestKept(times, 0, most);
  for (const [i, key] of keys.entries()) {
    if ((times[i] ?? 0) < oldest) pen.delete('orphans', key);
  }
}

/** The ranges of a conversation's entries before `time` that leave out the places in `kept`. */
function gaps(
  account: AccountId,
  conversation: ConversationId,
  time: number,
  kept: readonly Place[],
): readonly IDBKeyRange[] {
  const first = [account, conversation, down(time), []];
  const last = [account, conversation, []];
  const bounds = [first, ...kept, last];
  return bounds.slice(1).map((to, i) => IDBKeyRange.bound(bounds[i], to, true, true));
}
