import { read, type Database } from './database.ts';
import { fold } from './fold.ts';
import type { Holding } from './history.ts';
import { reveal } from './recollect.ts';
import { placeOfRecord, type EntryRecord } from './schema.ts';
import type { Vault } from './vault.ts';

/** Entries opened at once. */
const portion = 500;

/** The texts of a message's record that somebody chose, besides its words. */
function namesOf({ authorName, recall }: EntryRecord): readonly (string | undefined)[] {
  return [authorName, recall?.byName, recall?.reason];
}

/** See `History.holds`. Reads the stores themselves, nothing that stands in memory. */
export async function holds(database: Database, vault: Vault, text: string): Promise<Holding> {
  const wanted = fold(text).trim();
  const found = { words: 0, names: 0, ids: 0 };
  if (wanted === '') return found;
  const isIn = (of: string | undefined): boolean => of !== undefined && fold(of).includes(wanted);
  const count = (kind: keyof Holding, texts: readonly (string | undefined)[]): void => {
    if (texts.some(isIn)) found[kind] += 1;
  };

  let records: readonly EntryRecord[] = [];
  do {
    const last = records.at(-1);
    const range = last && IDBKeyRange.lowerBound(placeOfRecord(last), true);
    records = await database.use((db) =>
      read(db, (tx) => tx.objectStore('entries').getAll(range, portion)),
    );
    for (const { body } of await reveal(vault, records, { isPassing: true })) {
      count('words', [body?.text]);
    }
    for (const record of records) {
      const { account, conversation, id, author, quoteId, mentions = [], recall } = record;
      count('names', namesOf(record));
      count('ids', [account, conversation, id, author, quoteId, ...mentions, recall?.by]);
    }
  } while (records.length === portion);

  const [conversations, orphans] = await database.use((db) =>
    read(db, async (tx) => {
      const store = tx.objectStore('orphans');
      const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()]);
      return [
        await tx.objectStore('conversations').getAll(),
        keys.map((key, i) => ({ key, recall: values[i]?.recall })),
      ] as const;
    }),
  );
  for (const { account, id, name } of conversations) {
    count('names', [name]);
    count('ids', [account, id]);
  }
  for (const { key, recall } of orphans) {
    count('names', [recall?.byName, recall?.reason]);
    count('ids', [...key.map(String), recall?.by]);
  }
  return found;
}
