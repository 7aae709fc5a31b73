import MiniSearch from 'minisearch';
import { openHistory } from '../../../src/history/cache.ts';
import type { Message } from '../../../src/message/message.ts';
import { me, messageAt } from './messages.ts';
import type { RawStore } from './raw.ts';

/** What is searched for: one message has it; a hundred have it, in Chinese; very many have it. */
export const queries = { rare: 'zephyr', phrase: '下午再看', common: 'morning' } as const;
export type SearchQuery = keyof typeof queries;
type PerQuery<T> = Record<SearchQuery, T>;

/** Milliseconds, unless said otherwise; `found` counts hits, at most `most` of ours; times are of the first. */
export interface SearchFigures {
  /** The first search of a worker just woken. */
  readonly first: number;
  /** Whether it had everything by then. */
  readonly isFirstComplete: boolean;
  /** From the first search until everything was in memory. */
  readonly complete: number;
  readonly warm: PerQuery<number>;
  readonly found: PerQuery<number>;
  readonly scan: PerQuery<number>;
  readonly mini: { readonly build: number } & PerQuery<number>;
  readonly miniFound: PerQuery<number>;
  /** MB that filling took, where the browser tells (Chromium); else 0. */
  readonly heap: number;
  readonly miniHeap: number;
}

const phrases = 100;
const samples = 15;
/** As many as are shown at first, and as one question of our pages may ask for. */
const firstHits = 20;
const most = 100;

/** Messages that hold what is searched for, spread over all the others. */
export function needles(total: number, now: number): Message[] {
  return Array.from({ length: phrases + 1 }, (_, i) => {
    const at = Math.floor((i * total) / (phrases + 1));
    const of = messageAt(at, total, now);
    const text = i === phrases ? 'a zephyr in the hall' : `我们明天下午再看一下这个问题${i}`;
    return { ...of, id: `${of.id}-${i}`, sequence: total + i, body: { text } };
  });
}

const heapNow = (): number =>
  (performance as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? 0;
const megabytes = (bytes: number): number => Math.max(0, bytes) / 1_000_000;

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function medians(search: (query: string) => Promise<unknown>): Promise<PerQuery<number>> {
  const found: [string, number][] = [];
  for (const [name, query] of Object.entries(queries)) {
    const times: number[] = [];
    for (let i = 0; i < samples; i++) times.push(await time(() => search(query)));
    found.push([name, times.sort((one, other) => one - other)[samples >> 1] ?? 0]);
  }
  return Object.fromEntries(found) as PerQuery<number>;
}

/** Searches a history as a worker does that was just woken, and the same texts in other ways. */
export async function timeSearch(
  name: string,
  key: Uint8Array<ArrayBuffer>,
  raw: RawStore,
): Promise<SearchFigures> {
  const history = await openHistory({ name, key: () => Promise.resolve(key) });
  // The connection of a worker stands by the time somebody searches.
  await history.find({ account: me, id: 'none' });
  const search = async (query: string, count = firstHits): Promise<number> =>
    (await history.search(undefined, query, count)).hits.length;
  const before = heapNow();
  const start = performance.now();
  const { since } = await history.search(undefined, queries.rare, most);
  const first = performance.now() - start;
  while ((await history.search(undefined, queries.rare, most)).since !== 0);
  const complete = performance.now() - start;
  const heap = megabytes(heapNow() - before);
  const found: PerQuery<number> = {
    rare: await search(queries.rare, most),
    phrase: await search(queries.phrase, most),
    common: await search(queries.common, most),
  };
  const warm = await medians((query) => search(query));
  history.close();

  const scan = {} as PerQuery<number>;
  for (const [kind, query] of Object.entries(queries) as [SearchQuery, string][]) {
    scan[kind] = await time(async () =>
      (await raw.texts()).filter((text) => text.toLowerCase().includes(query)),
    );
  }

  const texts = await raw.texts();
  const beforeMini = heapNow();
  const mini = new MiniSearch<{ id: number; text: string }>({ fields: ['text'] });
  const build = await time(() => {
    mini.addAll(texts.map((text, id) => ({ id, text })));
    return Promise.resolve();
  });
  const miniHeap = megabytes(heapNow() - beforeMini);
  const searchMini = (query: string): number => mini.search(query, { prefix: true }).length;
  const miniTimes = await medians((query) => Promise.resolve(searchMini(query)));
  return {
    first,
    isFirstComplete: since === 0,
    complete,
    warm,
    found,
    scan,
    mini: { build, ...miniTimes },
    miniFound: {
      rare: searchMini(queries.rare),
      phrase: searchMini(queries.phrase),
      common: searchMini(queries.common),
    },
    heap,
    miniHeap,
  };
}
