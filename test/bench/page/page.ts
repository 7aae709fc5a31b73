import { openHistory } from '../../../src/history/cache.ts';
import type { History } from '../../../src/history/history.ts';
import { makeVault } from '../../../src/history/vault.ts';
import type { Message } from '../../../src/message/message.ts';
import { conversationOf, me, messageAt } from './messages.ts';
import { openRaw, type RawStore } from './raw.ts';
import { openDexie, openForage, type Rival } from './rivals.ts';
import { needles, timeSearch, type SearchFigures } from './searching.ts';
import { timeSteps, type Steps } from './steps.ts';
import { expectFound, lessonSize, noticeOf, sliceSize, timeInTurns } from './turns.ts';

/** Milliseconds of history, of raw IndexedDB, and of raw IndexedDB with the same encryption. */
export interface Times {
  history: number;
  raw: number;
  sealed: number;
}

/** The same, and of Dexie with the same encryption. */
export interface IngestTimes extends Times {
  dexie: number;
}

/**
 * What is asked of stores that hold all messages. `woken` is `page` asked of a history that has
 * opened no text before.
 */
export type Query = 'page' | 'woken' | 'find' | 'mine' | 'recall' | 'one';

/** Milliseconds of taking out the oldest twentieth. */
export type SweepTimes = Pick<Times, 'history' | 'raw'>;

/** What the bench page offers to whoever drives it. */
export interface BenchPage {
  /** Ingests all messages into new stores, slice by slice in turns; keeps them open. */
  ingest(total: number): Promise<IngestTimes[]>;
  /** Ingests some messages with localforage; gives milliseconds. */
  ingestForage(total: number): Promise<number>;
  /** Samples of every query, in turns, on the stores of the last ingest. */
  query(samples: number): Promise<Record<Query, Times[]>>;
  /** Searches the stores of the last ingest. */
  search(): Promise<SearchFigures>;
  sweep(): Promise<SweepTimes>;
  steps(total: number): Promise<Steps>;
}

declare global {
  var bench: BenchPage | undefined;
}

/** Samples before those that count. */
const warmUp = 5;

interface Stores {
  readonly names: readonly string[];
  readonly history: History;
  readonly raw: RawStore;
  readonly sealed: RawStore;
  readonly dexie: Rival;
  readonly key: Uint8Array<ArrayBuffer>;
  readonly total: number;
  readonly now: number;
}

let stores: Stores | undefined;
let opened = 0;

function lessonsOf(from: number, to: number, total: number, now: number): Message[][] {
  const lessons: Message[][] = [];
  for (let start = from; start < to; start += lessonSize) {
    const size = Math.min(lessonSize, to - start);
    lessons.push(Array.from({ length: size }, (_, i) => messageAt(start + i, total, now)));
  }
  return lessons;
}

async function openStores(total: number): Promise<Stores> {
  const key = crypto.getRandomValues(new Uint8Array(32));
  opened += 1;
  const names = ['history', 'raw', 'sealed'].map((it) => `${it}-${opened}`);
  const [history = '', raw = '', sealed = ''] = names;
  return {
    names,
    history: await openHistory({ name: history, key: () => Promise.resolve(key) }),
    raw: await openRaw(raw),
    sealed: await openRaw(sealed, await makeVault(key)),
    dexie: openDexie(`dexie-${opened}`, await makeVault(key)),
    key,
    total,
    now: Math.floor(Date.now() / 1000),
  };
}

async function closeStores({ names, history, raw, sealed, dexie }: Stores): Promise<void> {
  await dexie.destroy();
  for (const store of [history, raw, sealed]) store.close();
  for (const name of names) {
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = () => {
        resolve();
      };
      request.onerror = () => {
        reject(request.error ?? new Error(`${name} could not be deleted.`));
      };
    });
  }
}

globalThis.bench = {
  async ingest(total) {
    if (stores) await closeStores(stores);
    stores = await openStores(total);
    const { history, raw, sealed, dexie, now } = stores;
    const slices: IngestTimes[] = [];
    for (let from = 0, turn = 0; from < total; from += sliceSize, turn++) {
      const lessons = lessonsOf(from, Math.min(from + sliceSize, total), total, now);
      const times: IngestTimes = await timeInTurns(turn, {
        async history() {
          for (const messages of lessons) await history.learn({ account: me, messages });
        },
        async raw() {
          for (const messages of lessons) await raw.ingest(messages);
        },
        async sealed() {
          for (const messages of lessons) await sealed.ingest(messages);
        },
        async dexie() {
          for (const messages of lessons) await dexie.ingest(messages);
        },
      });
      slices.push(times);
    }
    return slices;
  },

  async ingestForage(total) {
    const vault = await makeVault(crypto.getRandomValues(new Uint8Array(32)));
    const forage = openForage('forage', vault);
    const start = performance.now();
    for (const messages of lessonsOf(0, total, total, Math.floor(Date.now() / 1000))) {
      await forage.ingest(messages);
    }
    const time = performance.now() - start;
    await forage.destroy();
    return time;
  },

  async search() {
    if (!stores) throw new Error('Nothing has been ingested yet.');
    const { history, raw, names, key, total, now } = stores;
    const messages = needles(total, now);
    await history.learn({ account: me, messages });
    await raw.ingest(messages);
    return timeSearch(names[0] ?? '', key, raw);
  },

  async sweep() {
    if (!stores) throw new Error('Nothing has been ingested yet.');
    const { history, raw, total, now } = stores;
    const { time } = messageAt(Math.floor(total / 20), total, now);
    const places = new Set(Array.from({ length: 500 }, (_, i) => conversationOf(i)));
    return timeInTurns(0, {
      async history() {
        expectFound(await history.sweep(me, time, time), total / 25);
      },
      raw: () => raw.sweep([...places], time),
    });
  },

  async query(samples) {
    if (!stores) throw new Error('Nothing has been ingested yet.');
    const { history, raw, sealed, names, key, total, now } = stores;
    const recallable = now - 120;
    const count = await raw.mine(recallable);
    const found: Record<Query, Times[]> = {
      page: [],
      woken: [],
      find: [],
      mine: [],
      recall: [],
      one: [],
    };
    for (let round = 0; round < samples + warmUp; round++) {
      const conversation = conversationOf(round * 13);
      const { id } = messageAt((round * 7919) % total, total, now);
      // Quoted by another one; far from the end, which the other queries read.
      const victim = messageAt((round * 10) % total, total, now);
      const fresh = messageAt(total + round, total + round + 1, now + round);
      const size = Math.min(await raw.page(conversation, 50), 50);
      const woken = await openHistory({ name: names[0] ?? '', key: () => Promise.resolve(key) });
      await woken.find({ account: me, id: 'none' });
      const pages = {
        async raw() {
          expectFound(await raw.page(conversation, 50), size);
        },
        async sealed() {
          expectFound(await sealed.page(conversation, 50), size);
        },
      };
      const times: Record<Query, Times> = {
        woken: await timeInTurns(round, {
          async history() {
            expectFound((await woken.page(me, conversation, 50)).length, size);
          },
          ...pages,
        }),
        page: await timeInTurns(round, {
          async history() {
            expectFound((await history.page(me, conversation, 50)).length, size);
          },
          ...pages,
        }),
        find: await timeInTurns(round, {
          async history() {
            expectFound((await history.find({ account: me, id })) ? 1 : 0, 1);
          },
          raw: () => raw.find(id),
          sealed: () => sealed.find(id),
        }),
        mine: await timeInTurns(round, {
          async history() {
            expectFound((await history.mine(me, recallable, 1000)).length, Math.min(count, 1));
          },
          raw: () => raw.mine(recallable),
          sealed: () => sealed.mine(recallable),
        }),
        recall: await timeInTurns(round, {
          async history() {
            const recalls = [noticeOf(victim, now)];
            expectFound((await history.learn({ account: me, recalls })).recalled.length, 1);
          },
          raw: () => raw.purge(victim.id),
          sealed: () => sealed.purge(victim.id),
        }),
        one: await timeInTurns(round, {
          history: () => history.learn({ account: me, messages: [fresh] }),
          raw: () => raw.ingest([fresh]),
          sealed: () => sealed.ingest([fresh]),
        }),
      };
      woken.close();
      if (round < warmUp) continue;
      for (const query of Object.keys(found) as Query[]) found[query].push(times[query]);
    }
    return found;
  },

  async steps(total) {
    opened += 1;
    const now = Math.floor(Date.now() / 1000);
    return timeSteps(`steps-${opened}`, lessonsOf(0, total, total, now));
  },
};
