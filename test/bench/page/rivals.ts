import Dexie, { type Table } from 'dexie';
import localforage from 'localforage';
import type { Vault } from '../../../src/history/vault.ts';
import type { Message } from '../../../src/message/message.ts';
import { recordsOf, type RawRecord } from './raw.ts';

/** A library's store of the same records, with the same encryption. */
export interface Rival {
  ingest(messages: readonly Message[]): Promise<void>;
  destroy(): Promise<void>;
}

/** Dexie with the keys and indexes that raw IndexedDB has. */
export function openDexie(name: string, vault: Vault): Rival {
  const db = new Dexie(name, { chromeTransactionDurability: 'relaxed' });
  db.version(1).stores({
    messages:
      '[conversation+timeDown+sequenceDown+id], &id, [mine+timeDown+sequenceDown], [conversation+sequenceDown]',
  });
  const messages: Table<RawRecord> = db.table('messages');
  return {
    async ingest(lesson) {
      await messages.bulkPut(await recordsOf(lesson, vault));
    },
    destroy: () => db.delete(),
  };
}

/** localforage, which knows keys and values only. */
export function openForage(name: string, vault: Vault): Rival {
  const store = localforage.createInstance({ name, driver: localforage.INDEXEDDB });
  return {
    async ingest(lesson) {
      const records = await recordsOf(lesson, vault);
      await Promise.all(records.map((record) => store.setItem(record.id, record)));
    },
    destroy: () => localforage.dropInstance({ name }),
  };
}
