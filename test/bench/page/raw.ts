import type { Message } from '../../../src/message/message.ts';
import { userOf } from '../../../src/message/message.ts';
import type { Vault } from '../../../src/history/vault.ts';
import { me } from './messages.ts';

type Words = string | Uint8Array<ArrayBuffer>;

/** A message as a simple cache would keep it: everything in one record. */
export interface RawRecord extends Omit<Message, 'body' | 'quote' | 'time' | 'sequence'> {
  readonly timeDown: number;
  readonly sequenceDown: number;
  readonly mine?: 1;
  readonly text?: Words;
  readonly quoteId?: string;
}

/** The least that can be done with IndexedDB: what history is measured against. */
export interface RawStore {
  ingest(messages: readonly Message[]): Promise<void>;
  /** The newest `most` of a conversation, readable. */
  page(conversation: string, most: number): Promise<number>;
  find(id: string): Promise<boolean>;
  /** My own messages since `since` (server seconds), readable. */
  mine(since: number): Promise<number>;
  /** One get and one put that leaves the words out. */
  purge(id: string): Promise<void>;
  /** Every text, by a scan of all records. */
  texts(): Promise<readonly string[]>;
  /** Takes out what is older than `time` (server seconds) in these conversations. */
  sweep(conversations: readonly string[], time: number): Promise<void>;
  close(): void;
}

/** Records read at once by a scan of all. */
const scanSize = 100_000;

/** The result of a request. */
function ask<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error('A request failed.'));
    };
  });
}

/** The end of a transaction. */
export function settled(tx: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => {
      resolve();
    };
    tx.onabort = () => {
      reject(tx.error ?? new Error('A transaction was aborted.'));
    };
  });
}

function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    const store = request.result.createObjectStore('messages', {
      keyPath: ['conversation', 'timeDown', 'sequenceDown', 'id'],
    });
    store.createIndex('id', 'id', { unique: true });
    store.createIndex('mine', ['mine', 'timeDown', 'sequenceDown']);
    store.createIndex('sequence', ['conversation', 'sequenceDown']);
  };
  return ask(request);
}

function recordOf(message: Message, text: Words): RawRecord {
  const { id, conversation, author, authorName, random, kind, quote, time, sequence } = message;
  return {
    id,
    conversation,
    author,
    authorName,
    random,
    kind,
    timeDown: -time,
    sequenceDown: -sequence,
    ...(message.author === userOf(me) && { mine: 1 as const }),
    text,
    ...(quote && { quoteId: quote.id }),
  };
}

/** Records of messages; with a vault, their texts are sealed. */
export async function recordsOf(messages: readonly Message[], vault?: Vault): Promise<RawRecord[]> {
  const texts = messages.map(({ id, body }) => ({ account: me, id, it: body.text }));
  const words: readonly Words[] = vault ? await vault.seal(texts) : texts.map(({ it }) => it);
  return messages.map((message, i) => recordOf(message, words[i] ?? ''));
}

/** How many of the records can be read; opens every text, and remembers none. */
export async function reveal(records: readonly RawRecord[], vault?: Vault): Promise<number> {
  if (!vault) return records.length;
  const sealed = records.flatMap(({ id, text }) =>
    text instanceof Uint8Array ? [{ account: me, id, it: text }] : [],
  );
  const texts = await vault.open(sealed, { isPassing: true });
  return texts.includes(undefined) ? 0 : records.length;
}

/** Opens a store with one record per message and three indexes; with a vault, texts are sealed. */
export async function openRaw(name: string, vault?: Vault): Promise<RawStore> {
  const db = await open(name);
  const reading = (): IDBObjectStore => db.transaction('messages').objectStore('messages');

  return {
    async ingest(messages) {
      // Sealed before the transaction: it would not outlive an await of anything else.
      const records = await recordsOf(messages, vault);
      const tx = db.transaction('messages', 'readwrite', { durability: 'relaxed' });
      const store = tx.objectStore('messages');
      for (const record of records) store.put(record);
      await settled(tx);
    },
    async page(conversation, most) {
      const range = IDBKeyRange.bound([conversation], [conversation, []]);
      return reveal((await ask(reading().getAll(range, most))) as RawRecord[], vault);
    },
    async find(id) {
      const record = (await ask(reading().index('id').get(id))) as RawRecord | undefined;
      return record !== undefined && (await reveal([record], vault)) === 1;
    },
    async mine(since) {
      const range = IDBKeyRange.bound([1], [1, -since, []]);
      return reveal((await ask(reading().index('mine').getAll(range))) as RawRecord[], vault);
    },
    async purge(id) {
      // As durable as history's recall: both wait for the disk.
      const tx = db.transaction('messages', 'readwrite', { durability: 'strict' });
      const store = tx.objectStore('messages');
      const record = (await ask(store.index('id').get(id))) as RawRecord;
      const purged: Partial<Record<keyof RawRecord, unknown>> = { ...record };
      delete purged.text;
      store.put(purged);
      await settled(tx);
    },
    async texts() {
      const texts: string[] = [];
      let last: IDBKeyRange | undefined;
      for (;;) {
        // A million records at once are more than a browser hands over.
        const store = reading();
        const [records, keys] = await Promise.all([
          ask(store.getAll(last, scanSize)) as Promise<RawRecord[]>,
          ask(store.getAllKeys(last, scanSize)),
        ]);
        for (const { text } of records) texts.push(typeof text === 'string' ? text : '');
        if (records.length < scanSize) return texts;
        last = IDBKeyRange.lowerBound(keys.at(-1), true);
      }
    },
    async sweep(conversations, time) {
      const tx = db.transaction('messages', 'readwrite', { durability: 'relaxed' });
      for (const of of conversations) {
        tx.objectStore('messages').delete(IDBKeyRange.bound([of, -time, []], [of, []]));
      }
      await settled(tx);
    },
    close: () => {
      db.close();
    },
  };
}
