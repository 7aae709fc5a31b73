import { defaultName, openHistory } from '../../../src/history/cache.ts';
import type { History } from '../../../src/history/history.ts';
import { makeVault } from '../../../src/history/vault.ts';
import type { AccountId, Message } from '../../../src/message/message.ts';
import { readProfileKey } from '../../../src/platform/profile-key.ts';
import { conversationOf, messageAt } from './messages.ts';
import { openRaw, type RawStore } from './raw.ts';
import { expectFound, lessonSize, noticeOf, sliceSize, timeInTurns } from './turns.ts';

/** Milliseconds of history, and of raw IndexedDB with the same encryption. */
export interface Pair {
  history: number;
  sealed: number;
}

/** The same, and of a history that stayed at its first size. */
export interface Grown extends Pair {
  small: number;
}

/** `woken` is the newest 50 of a conversation, asked of a history that has opened no text before. */
export type LargeQuery = 'woken' | 'find' | 'mine' | 'recall' | 'one';

/** Times of every query. */
export interface LargeTimes extends Readonly<Record<Exclude<LargeQuery, 'woken'>, Pair[]>> {
  readonly woken: Grown[];
}

/** What a page of Unsay's own offers to the bench: the history that the worker uses, too. */
export interface LargePage {
  /** Opens both stores, for `total` messages in the end. */
  open(account: AccountId, total: number): Promise<void>;
  /** Takes in more until there are the newest `messages` of all, in turns; gives each turn's times. */
  fill(messages: number): Promise<Pair[]>;
  /** Samples of every query, in turns; times for one. */
  query(samples: number): Promise<LargeTimes>;
  /** Takes out the oldest twentieth. */
  sweep(): Promise<Pair>;
}

declare global {
  var benchLarge: LargePage | undefined;
}

const now = Math.floor(Date.now() / 1000);
/** Asked one after the other for one sample: a page of an extension has a coarse clock. */
const inOneGo = 10;

interface Stores {
  readonly account: AccountId;
  readonly total: number;
  readonly history: History;
  readonly sealed: RawStore;
  filled: number;
}

let stores: Stores | undefined;

function opened(): Stores {
  if (!stores) throw new Error('Nothing was opened yet.');
  return stores;
}

const open = (name: string): Promise<History> => openHistory({ name, key: readProfileKey });
const smallName = 'unsay-small';

globalThis.benchLarge = {
  async open(account, total) {
    const sealed = await openRaw('sealed', await makeVault(await readProfileKey()));
    stores = { account, total, history: await open(defaultName), sealed, filled: 0 };
  },

  async fill(messages) {
    const all = opened();
    const { account, total, history, sealed } = all;
    const slices: Pair[] = [];
    const end = total - all.filled;
    const small = all.filled === 0 ? await open(smallName) : undefined;
    for (let from = total - messages, turn = 0; from < end; from += sliceSize, turn++) {
      const lessons: Message[][] = [];
      for (let start = from; start < Math.min(from + sliceSize, end); start += lessonSize) {
        const size = Math.min(lessonSize, end - start);
        lessons.push(Array.from({ length: size }, (_, i) => messageAt(start + i, total, now)));
      }
      slices.push(
        await timeInTurns(turn, {
          async history() {
            for (const lesson of lessons) await history.learn({ account, messages: lesson });
          },
          async sealed() {
            for (const lesson of lessons) await sealed.ingest(lesson);
          },
        }),
      );
      for (const lesson of lessons) await small?.learn({ account, messages: lesson });
    }
    small?.close();
    all.filled = messages;
    return slices;
  },

  async query(samples) {
    const { account, total, history, sealed, filled } = opened();
    const oldest = Math.ceil((total - filled) / 10) * 10;
    const found: LargeTimes = { woken: [], find: [], mine: [], recall: [], one: [] };
    for (let round = 0; round < samples; round++) {
      const turn = Array.from({ length: inOneGo }, (_, i) => round * inOneGo + i);
      const busy = new Set(turn.map((i) => `C2Cuser${2 * (i % inOneGo)}`));
      const sizes = new Map<string, number>();
      for (const place of busy) sizes.set(place, Math.min(await sealed.page(place, 50), 50));
      const ids = turn.map((i) => messageAt(oldest + ((i * 7919) % (filled - 10)), total, now).id);
      // Each is quoted by another one.
      const victims = turn.map((i) => messageAt(oldest + 10 * i, total, now));
      // New at every size.
      const fresh = turn.map((i) => messageAt(total + filled + i, total + filled + i + 1, now + i));
      const woken = await open(defaultName);
      const small = await open(smallName);
      for (const one of [woken, small]) await one.find({ account, id: 'none' });
      const each = async <T>(
        of: Iterable<T>,
        work: (one: T) => Promise<unknown>,
      ): Promise<void> => {
        for (const one of of) await work(one);
      };
      const pages = (of: History): Promise<void> =>
        each(sizes, async ([place, size]) => {
          expectFound((await of.page(account, place, 50)).length, size);
        });
      const works = {
        woken: {
          history: () => pages(woken),
          small: () => pages(small),
          sealed: () =>
            each(sizes, async ([place, size]) => {
              expectFound(await sealed.page(place, 50), size);
            }),
        },
        find: {
          history: () =>
            each(ids, async (id) => {
              expectFound((await history.find({ account, id })) ? 1 : 0, 1);
            }),
          sealed: () => each(ids, (id) => sealed.find(id)),
        },
        mine: {
          history: () =>
            each(turn, async () => {
              expectFound((await history.mine(account, now - 120, 1000)).length, 1);
            }),
          sealed: () =>
            each(turn, async () => {
              expectFound(await sealed.mine(now - 120), 1);
            }),
        },
        recall: {
          history: () =>
            each(victims, async (victim) => {
              const recalls = [noticeOf(victim, now)];
              expectFound((await history.learn({ account, recalls })).recalled.length, 1);
            }),
          sealed: () => each(victims, ({ id }) => sealed.purge(id)),
        },
        one: {
          history: () => each(fresh, (message) => history.learn({ account, messages: [message] })),
          sealed: () => each(fresh, (message) => sealed.ingest([message])),
        },
      };
      const { history: own, sealed: raw, small: first } = await timeInTurns(round, works.woken);
      const grown = { history: own / inOneGo, sealed: raw / inOneGo, small: first / inOneGo };
      found.woken.push(grown);
      for (const query of ['find', 'mine', 'recall', 'one'] as const) {
        const pair = await timeInTurns(round, works[query]);
        found[query].push({ history: pair.history / inOneGo, sealed: pair.sealed / inOneGo });
      }
      woken.close();
      small.close();
    }
    return found;
  },

  async sweep() {
    const { account, total, history, sealed, filled } = opened();
    const { time } = messageAt(total - filled + Math.floor(filled / 20), total, now);
    const places = new Set(Array.from({ length: 500 }, (_, i) => conversationOf(i)));
    return timeInTurns(0, {
      async history() {
        expectFound(await history.sweep(account, time, time), filled / 25);
      },
      sealed: () => sealed.sweep([...places], time),
    });
  },
};
