import { join } from 'node:path';
import { startBrowser, type BrowserName } from '../browsers/browser.ts';
import { root } from '../setup/step.ts';
import { median, spread, type Spread } from './median.ts';
import type { Query, Times } from './page/page.ts';
import type { Steps } from './page/steps.ts';

/** Medians of one browser. */
export interface HistoryFigures {
  readonly version: string;
  /** Milliseconds for all messages. */
  readonly ingest: Times;
  /** How many messages history takes in while raw IndexedDB takes one. */
  readonly ingestSpeed: Pick<Compared, 'againstRaw' | 'againstSealed'>;
  /** Milliseconds for one. */
  readonly queries: Readonly<Record<Query, Compared>>;
  /** Milliseconds for `stepMessages` messages. */
  readonly steps: Steps;
  readonly stepMessages: number;
}

/** Medians, and the medians of what history takes as a multiple of the two others. */
export interface Compared extends Readonly<Times> {
  readonly againstRaw: Spread;
  readonly againstSealed: Spread;
}

const samples = 41;

/** Each round's own ratio counts: what slows the machine in a round slows all three. */
function compare(rounds: readonly Times[]): Compared {
  return {
    history: median(rounds.map(({ history }) => history)),
    raw: median(rounds.map(({ raw }) => raw)),
    sealed: median(rounds.map(({ sealed }) => sealed)),
    againstRaw: spread(rounds.map(({ history, raw }) => history / raw)),
    againstSealed: spread(rounds.map(({ history, sealed }) => history / sealed)),
  };
}

function compareSpeeds(rounds: readonly Times[]): HistoryFigures['ingestSpeed'] {
  return {
    againstRaw: spread(rounds.map(({ history, raw }) => raw / history)),
    againstSealed: spread(rounds.map(({ history, sealed }) => sealed / history)),
  };
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
    const version = await tab.evaluate(
      () => /(?:Chrome|Firefox)\/\d+/u.exec(navigator.userAgent)?.[0] ?? navigator.userAgent,
    );
    const stepMessages = Math.min(messages, 5_000);
    const steps: Steps[] = [];
    const ingests: Times[] = [];
    // The first of each is for the compiler's warming up.
    const warmUp = Math.min(messages, 1_000);
    await tab.evaluate((total) => globalThis.bench?.steps(total), warmUp);
    for (let round = 0; round < rounds; round++) {
      const step = await tab.evaluate((total) => globalThis.bench?.steps(total), stepMessages);
      const ingest = await tab.evaluate((total) => globalThis.bench?.ingest(total), messages);
      if (!step || !ingest) throw new Error('The bench page is gone.');
      steps.push(step);
      ingests.push(ingest);
      console.log(`${name}: round ${round + 1} of ${rounds} done`);
    }
    const queried = await tab.evaluate((count) => globalThis.bench?.query(count), samples);
    if (!queried) throw new Error('The bench page is gone.');
    const { page, find, mine, recall, one } = queried;
    return {
      version: version.replace('/', ' '),
      ingest: compare(ingests),
      ingestSpeed: compareSpeeds(ingests),
      queries: {
        page: compare(page),
        find: compare(find),
        mine: compare(mine),
        recall: compare(recall),
        one: compare(one),
      },
      steps: medianSteps(steps),
      stepMessages,
    };
  } finally {
    await browser.close();
  }
}
