import { join } from 'node:path';
import { startBrowser, type BrowserName } from '../browsers/browser.ts';
import { root } from '../setup/step.ts';
import { median, spread, type Spread } from './median.ts';
import type { IngestTimes, Query, SweepTimes, Times } from './page/page.ts';
import type { SearchFigures } from './page/searching.ts';
import type { Steps } from './page/steps.ts';

/** Medians of one browser. */
export interface HistoryFigures {
  readonly messages: number;
  readonly rounds: number;
  /** Milliseconds for all messages. */
  readonly ingest: IngestTimes;
  /** How many messages history takes in while the other takes one, slice by slice. */
  readonly ingestSpeed: Readonly<Record<'againstRaw' | 'againstSealed' | 'againstDexie', Spread>>;
  /** Messages in a second. */
  readonly forageRate: number;
  readonly search: SearchFigures;
  readonly sweep: SweepTimes;
  /** Milliseconds for one. */
  readonly queries: Readonly<Record<Reading, Compared> & Record<Writing, ComparedToRaw>>;
  /** Milliseconds for `stepMessages` messages. */
  readonly steps: Steps;
  readonly stepMessages: number;
}

type Writing = 'recall' | 'one';
type Reading = Exclude<Query, Writing>;

/** Medians, and what history takes as a multiple of raw. */
export interface ComparedToRaw extends Readonly<Times> {
  readonly againstRaw: Spread;
}

/** The same, and as a multiple of raw with the same encryption. */
export interface Compared extends ComparedToRaw {
  readonly againstSealed: Spread;
}

const samples = 41;

/** Each round's own ratio counts: what slows the machine in a round slows all three. */
function compareToRaw(rounds: readonly Times[]): ComparedToRaw {
  return {
    history: median(rounds.map(({ history }) => history)),
    raw: median(rounds.map(({ raw }) => raw)),
    sealed: median(rounds.map(({ sealed }) => sealed)),
    againstRaw: spread(rounds.map(({ history, raw }) => history / raw)),
  };
}

function compare(rounds: readonly Times[]): Compared {
  return {
    ...compareToRaw(rounds),
    againstSealed: spread(rounds.map(({ history, sealed }) => history / sealed)),
  };
}

function compareSpeeds(slices: readonly IngestTimes[]): HistoryFigures['ingestSpeed'] {
  return {
    againstRaw: spread(slices.map(({ history, raw }) => raw / history)),
    againstSealed: spread(slices.map(({ history, sealed }) => sealed / history)),
    againstDexie: spread(slices.map(({ history, dexie }) => dexie / history)),
  };
}

function sum(slices: readonly IngestTimes[], rounds: number): IngestTimes {
  const of = (name: keyof IngestTimes): number =>
    slices.reduce((total, slice) => total + slice[name], 0) / rounds;
  return { history: of('history'), raw: of('raw'), sealed: of('sealed'), dexie: of('dexie') };
}

function medianSteps(rounds: readonly Steps[]): Steps {
  const [first] = rounds;
  if (!first) throw new Error('There was no round.');
  const names = Object.keys(first) as (keyof Steps)[];
  return Object.fromEntries(
    names.map((name) => [name, median(rounds.map((steps) => steps[name]))]),
  ) as Steps;
}

/** Measures history on the page at `url` in a real browser. */
export async function measureHistory(
  name: BrowserName,
  url: string,
  { messages, rounds }: { messages: number; rounds: number },
): Promise<HistoryFigures> {
  const extension = join(root, 'test/web-chats/bystander');
  const browser = await startBrowser(name, { extension });
  try {
    const tab = await browser.open(url);
    await tab.waitFor(() => globalThis.bench !== undefined, { what: 'the bench page' });
    const stepMessages = Math.min(messages, 5_000);
    const steps: Steps[] = [];
    const slices: IngestTimes[] = [];
    // The first of each is for the compiler's warming up.
    const warmUp = Math.min(messages, 1_000);
    await tab.evaluate((total) => globalThis.bench?.steps(total), warmUp);
    for (let round = 0; round < rounds; round++) {
      const step = await tab.evaluate((total) => globalThis.bench?.steps(total), stepMessages);
      const ingest = await tab.evaluate((total) => globalThis.bench?.ingest(total), messages);
      if (!step || !ingest) throw new Error('The bench page is gone.');
      steps.push(step);
      slices.push(...ingest);
      console.log(`${name}: round ${round + 1} of ${rounds} done`);
    }
    const queried = await tab.evaluate((count) => globalThis.bench?.query(count), samples);
    if (!queried) throw new Error('The bench page is gone.');
    const { page, woken, find, mine, recall, one } = queried;
    console.log(`${name}: queries done`);
    const forage = await tab.evaluate((total) => globalThis.bench?.ingestForage(total), warmUp);
    const search = await tab.evaluate(() => globalThis.bench?.search());
    const sweep = await tab.evaluate(() => globalThis.bench?.sweep());
    if (forage === undefined || !search || !sweep) throw new Error('The bench page is gone.');
    return {
      messages,
      rounds,
      ingest: sum(slices, rounds),
      ingestSpeed: compareSpeeds(slices),
      forageRate: (warmUp / forage) * 1000,
      search,
      sweep,
      queries: {
        page: compare(page),
        woken: compare(woken),
        find: compare(find),
        mine: compare(mine),
        recall: compareToRaw(recall),
        one: compareToRaw(one),
      },
      steps: medianSteps(steps),
      stepMessages,
    };
  } finally {
    await browser.close();
  }
}
