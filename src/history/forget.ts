import type { AccountId, ConversationId } from '../message/message.ts';
import { write, type Writing } from './database.ts';
import { down, under, type Db, type Place } from './schema.ts';

/** Tells whoever works on an older look at the stores that it is out of date. */
async function countWriting(tx: Writing): Promise<void> {
  const meta = tx.objectStore('meta');
  await meta.put(((await meta.get('generation')) ?? 0) + 1, 'generation');
}

/** Forgets an account, or everything. */
export async function forget(db: Db, account?: AccountId): Promise<void> {
  await write(db, 'strict', async (tx, send) => {
    for (const store of ['entries', 'conversations', 'orphans'] as const) {
      const of = tx.objectStore(store);
      send(account === undefined ? of.clear() : of.delete(under([account])));
    }
    await countWriting(tx);
  });
}

/**
 * Takes out entries older than `time`, and tombstones and orphans (by when they were
 * learnt) older than `tombstonesBefore`, both server seconds; gives how many entries and orphans.
 */
export async function sweep(
  db: Db,
  account: AccountId,
  time: number,
  tombstonesBefore: number,
): Promise<number> {
  return write(db, 'relaxed', async (tx, send) => {
    const entries = tx.objectStore('entries');
    const orphans = tx.objectStore('orphans');
    const recalled = entries.index('recalled');
    const [conversations, kept, expired, orphanKeys, orphanRecords] = await Promise.all([
      tx.objectStore('conversations').getAllKeys(under([account])),
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
    for (const key of expired) send(entries.delete(key));
    removed += expired.length;
    for (const [i, key] of orphanKeys.entries()) {
      const at = orphanRecords[i]?.recall.at ?? 0;
      if (at >= tombstonesBefore * 1000) continue;
      send(orphans.delete(key));
      removed += 1;
    }
    const keptOf = Map.groupBy(kept, ([, conversation]) => conversation);
    const counts = conversations.flatMap(([, conversation]) =>
      gaps(account, conversation, time, keptOf.get(conversation) ?? []).map((range) => {
        const count = entries.count(range);
        send(entries.delete(range));
        return count;
      }),
    );
    for (const count of await Promise.all(counts)) removed += count;
    if (removed > 0) await countWriting(tx);
    return removed;
  });
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
