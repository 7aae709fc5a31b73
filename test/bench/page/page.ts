import { openHistory } from '../../../src/history/cache.ts';
import type { History } from '../../../src/history/history.ts';
import { makeVault } from '../../../src/history/vault.ts';
import type { Message, Recall } from '../../../src/message/message.ts';
import { conversationOf, me, messageAt } from './messages.ts';
import { openRaw, type RawStore } from './raw.ts';
import { timeSteps, type Steps } from './steps.ts';

/** Milliseconds of history, of raw IndexedDB, and of raw IndexedDB with the same encryption. */
export interface Times {
  history: number;
  raw: number;
  sealed: number;
}

/** What is asked of stores that hold all messages. */
export type Query = 'page' | 'find' | 'mine' | 'recall' | 'one';

/** What the bench page offers to whoever drives it. */
export interface BenchPage {
  /** Ingests all messages into three new stores, slice by slice in turns; keeps them open. */
  ingest(total: number): Promise<Times>;
  /** Samples of every query, in turns, on the stores of the last ingest. */
  query(samples: number): Promise<Record<Query, Times[]>>;
  steps(total: number): Promise<Steps>;
}

declare global {
  var bench: BenchPage | undefined;
}

const lessonSize = 500;
/** Messages that one store takes before it is the next one's turn. */
const sliceSize = 5 * lessonSize;
/** Samples before those that count. */
const warmUp = 5;

interface Stores {
  readonly names: readonly string[];
  readonly history: History;
  readonly raw: RawStore;
  readonly sealed: RawStore;
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
    total,
    now: Math.floor(Date.now() / 1000),
  };
}

async function closeStores({ names, history, raw, sealed }: Stores): Promise<void> {
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

/** Times the three in turns; who is first changes with `round`. */
async function timeInTurns(
  round: number,
  works: Readonly<Record<keyof Times, () => Promise<unknown>>>,
): Promise<Times> {
  const times: Times = { history: 0, raw: 0, sealed: 0 };
  const order = Object.keys(works) as (keyof Times)[];
  for (let i = 0; i < order.length; i++) {
    const name = order[(i + round) % order.length] ?? 'history';
    const start = performance.now();
    await works[name]();
    times[name] = performance.now() - start;
  }
  return times;
}

/** Fails when a query did not find what it should: a wrong answer has no speed. */
async function expectFound(count: Promise<number>, atLeast: number): Promise<void> {
  const found = await count;
  if (found < atLeast) throw new Error(`Only ${found} of ${atLeast} were found.`);
}

/** What the service tells when the author recalls. */
function noticeOf({ id, conversation, sequence, time, author }: Message, now: number): Recall {
  return { id, conversation, sequence, time, by: author, at: now * 1000, witness: 'event' };
}

globalThis.bench = {
  async ingest(total) {
    if (stores) await closeStores(stores);
    stores = await openStores(total);
    const { history, raw, sealed, now } = stores;
    const sum: Times = { history: 0, raw: 0, sealed: 0 };
    for (let from = 0, turn = 0; from < total; from += sliceSize, turn++) {
      const lessons = lessonsOf(from, Math.min(from + sliceSize, total), total, now);
      const times = await timeInTurns(turn, {
        async history() {
          for (const messages of lessons) await history.learn({ account: me, messages });
        },
        async raw() {
          for (const messages of lessons) await raw.ingest(messages);
        },
        async sealed() {
          for (const messages of lessons) await sealed.ingest(messages);
        },
      });
      for (const name of Object.keys(sum) as (keyof Times)[]) sum[name] += times[name];
    }
    return sum;
  },

  async query(samples) {
    if (!stores) throw new Error('Nothing has been ingested yet.');
    const { history, raw, sealed, total, now } = stores;
    const recallable = now - 120;
    const count = await raw.mine(recallable);
    const found: Record<Query, Times[]> = { page: [], find: [], mine: [], recall: [], one: [] };
    for (let round = 0; round < samples + warmUp; round++) {
      const conversation = conversationOf(round * 13);
      const { id } = messageAt((round * 7919) % total, total, now);
      // Quoted by another one; far from the end, which the other queries read.
      const victim = messageAt((round * 10) % total, total, now);
      const fresh = messageAt(total + round, total + round + 1, now + round);
      const size = Math.min(await raw.page(conversation, 50), 50);
      const times: Record<Query, Times> = {
        page: await timeInTurns(round, {
          history: () =>
            expectFound(
              history.page(me, conversation, 50).then(({ length }) => length),
              size,
            ),
          raw: () => expectFound(raw.page(conversation, 50), size),
          sealed: () => expectFound(sealed.page(conversation, 50), size),
        }),
        find: await timeInTurns(round, {
          history: () =>
            expectFound(
              history.find({ account: me, id }).then((entry) => (entry ? 1 : 0)),
              1,
            ),
          raw: () => raw.find(id),
          sealed: () => sealed.find(id),
        }),
        mine: await timeInTurns(round, {
          history: () =>
            expectFound(
              history.mine(me, recallable, 1000).then(({ length }) => length),
              Math.min(count, 1),
            ),
          raw: () => raw.mine(recallable),
          sealed: () => sealed.mine(recallable),
        }),
        recall: await timeInTurns(round, {
          history: () =>
            expectFound(
              history
                .learn({
                  account: me,
                  recalls: [noticeOf(victim, now)],
                })
                .then(({ recalled }) => recalled.length),
              1,
            ),
          raw: () => raw.purge(victim.id),
          sealed: () => sealed.purge(victim.id),
        }),
        one: await timeInTurns(round, {
          history: () => history.learn({ account: me, messages: [fresh] }),
          raw: () => raw.ingest([fresh]),
          sealed: () => sealed.ingest([fresh]),
        }),
      };
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
