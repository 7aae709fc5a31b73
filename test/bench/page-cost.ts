import { setTimeout as delay } from 'node:timers/promises';
import { startBrowser, type BrowserName, type Tab, type TestBrowser } from '../browsers/browser.ts';
import { ChromiumTabPort } from '../browsers/chromium-tab.ts';
import { FirefoxTabPort } from '../browsers/firefox-tab.ts';
import { DrivenTab } from '../browsers/tab.ts';
import { startChatServer, type ChatServer } from '../chat-server/server.ts';
import { agree, signIn, turnOn } from '../e2e/user.ts';
import { balance, median, spread, type Spread } from './median.ts';
import {
  addRows,
  isServed,
  placeOf,
  readTold,
  scrollThrough,
  serveRows,
  watchPage,
  wheel,
} from './rows-page.ts';

/**
 * What Unsay costs a page with 10,000 rows: with it against without it, side by side in two windows of
 * one browser, in turns of some seconds. The same work takes up to twice the processor time from one
 * half minute to the next where a machine's memory is shared with others.
 */
export interface PageCostFigures {
  /** Main-thread time while the rows come, to that without Unsay. */
  readonly streamed: Spread;
  readonly atOnce: Spread;
  /** The same for scrolling through all of them, up and down again. */
  readonly scrolled: Spread;
  /** Milliseconds of main-thread time, with and without. */
  readonly times: Readonly<Record<Way | 'scrolled', Both>>;
  /** Main-thread time (ms) per second of doing nothing, beyond that without. */
  readonly idle: number;
  /** Main-thread time (ms) of the control that comes under the pointer, and of its first 1.5 s. */
  readonly pointed: number;
  /** Missing in Firefox, which does not tell. */
  readonly told?: {
    /** What tasks of more than 50 ms have beyond that while rows come at once, to that without Unsay. */
    readonly blocked: Spread;
    /** Tasks of more than 50 ms, and what they have beyond that together (ms), with and without. */
    readonly longTasks: Readonly<Record<Way, { readonly count: Both; readonly beyond: Both }>>;
    /** Layout shift (the browser's own score) beyond that of the page without Unsay. */
    readonly shift: number;
    /** Bytes of script memory after a collection, beyond those without. */
    readonly heap: number;
  };
}

type Way = 'streamed' | 'atOnce';

/** With Unsay and without it. */
interface Both {
  readonly on: number;
  readonly off: number;
}

interface Cost {
  /** Milliseconds. */
  readonly busy: number;
  /** Milliseconds; NaN where nobody scrolled. */
  readonly scrolled: number;
  readonly longTasks: number;
  /** Milliseconds. */
  readonly blocked: number;
  readonly shift: number;
  /** Milliseconds per second. */
  readonly idle: number;
  readonly heap: number;
  /** Milliseconds. */
  readonly pointed: number;
}

const rows = 10_000;
/** As a page of history that comes while somebody scrolls. */
const streamedBatch = 20;
/** Each page is given its streamed rows in so many turns, and is scrolled through in so many. */
const turns = { streamed: 10, atOnce: 1, scrolled: 3 } as const;
/** The newest rows are messages Unsay knows; every other one of them is mine and can be recalled. */
const known = 80;
/** Even: what comes second in a browser may cost more, so each way of starting is there as often. */
const rounds = 4;
/**
 * How long (s) a message can be recalled: until the last turn, or the bar would be gone by then; and with
 * as many digits all the time, which else move what stands beside them in it.
 */
const recallable = 540;
/** In the end the pointer goes to this row, counted from the last: one of mine. */
const pointedAt = 8;
/** How long (ms) it is quiet after the rows came, and how long nothing is then watched. */
const quiet = 1500;
const idling = 5000;

/** Measures a built extension. Firefox tells main-thread time alone, and that in steps of 10 ms. */
export async function measurePageCost(
  name: BrowserName,
  extension: string,
): Promise<PageCostFigures> {
  const costs: Record<Way, { on: Cost; off: Cost }[]> = { streamed: [], atOnce: [] };
  for (let round = 0; round < rounds; round++) {
    await measureRound(name, extension, round % 2 === 0, (way, pair) => costs[way].push(pair));
  }
  return summarise(costs, name === 'chromium');
}

/** One round in a browser of its own: what a page costs differs more from start to start than within one. */
async function measureRound(
  name: BrowserName,
  extension: string,
  isOffFirst: boolean,
  tell: (way: Way, pair: { on: Cost; off: Cost }) => void,
): Promise<void> {
  const page = await serveRows();
  const server = await startChatServer({ maxWebInstances: 2, recallWindowSeconds: recallable });
  server.addUser({ id: 'alice', nick: 'Alice' });
  server.addUser({ id: 'bob', nick: 'Bob' });
  const browser = await startBrowser(name, { extension });
  const measure = (way: Way, isTurned = false): Promise<{ on: Cost; off: Cost }> =>
    measurePair({ browser, server, page, isOffFirst: isOffFirst !== isTurned, way });
  try {
    await agree(browser);
    await signIn(browser, server, 'alice');
    const options = await browser.open(browser.extensionUrl('options.html'));
    await options.fill({ label: 'Recall window (seconds)' }, String(recallable));
    await options.press('Enter');
    await options.close();
    const tab = await browser.open(page.on);
    await turnOn(browser, tab, new URL(page.on).origin);
    await tab.close();
    // The first warms up what both share.
    await measure('atOnce');
    tell('streamed', await measure('streamed'));
    // There is but one turn in it.
    for (const isTurned of [false, true]) tell('atOnce', await measure('atOnce', isTurned));
  } finally {
    await browser.close();
    await server.stop();
    await page.stop();
  }
}

interface Run {
  readonly browser: TestBrowser;
  readonly server: ChatServer;
  readonly page: Readonly<Record<'on' | 'off', string>>;
  readonly isOffFirst: boolean;
  readonly way: Way;
}

/** One of the two pages that are measured beside each other. */
interface Side {
  readonly tab: Tab;
  readonly isOn: boolean;
}

async function measurePair(run: Run): Promise<{ on: Cost; off: Cost }> {
  const { server, isOffFirst, way } = run;
  const ids = Array.from({ length: known }, (_, i) => {
    const text = `Message ${i} of those that Unsay knows`;
    const [from, to] = i % 2 === 0 ? ['alice', 'C2Cbob' as const] : ['bob', 'C2Calice' as const];
    return server.post({ from, to, text }).id;
  });
  const off = await openSide(run, false, ids.slice(0, 1));
  const on = await openSide(run, true, ids.slice(0, 1));
  const sides = isOffFirst ? [off, on] : [on, off];
  /** Has something done on both in turns; the milliseconds of main-thread time that each of them took. */
  const inTurns = async (
    count: number,
    work: (tab: Tab, turn: number) => Promise<void>,
  ): Promise<Readonly<Record<'on' | 'off', number>>> => {
    const spent = { on: 0, off: 0 };
    for (let turn = 0; turn < count; turn++) {
      for (const { tab, isOn } of turn % 2 === 0 ? sides : sides.toReversed()) {
        const before = await measureNow(tab);
        await work(tab, turn);
        await delay(quiet);
        const { taskSeconds } = await measureNow(tab);
        spent[isOn ? 'on' : 'off'] += (taskSeconds - before.taskSeconds) * 1000;
      }
    }
    return spent;
  };
  const eachSide = async <T>(look: (side: Side) => Promise<T>): Promise<{ on: T; off: T }> => {
    const [there, here] = [await look(off), await look(on)];
    return { on: here, off: there };
  };
  try {
    const all = [...Array.from({ length: rows - known }, (_, i) => `144-1700000000-${i}`), ...ids];
    const part = rows / turns[way];
    const busy = await inTurns(turns[way], (tab, turn) =>
      tab.evaluate(
        addRows,
        all.slice(turn * part, (turn + 1) * part),
        way === 'streamed' ? streamedBatch : rows,
      ),
    );
    const told = await eachSide(({ tab }) => tab.evaluate(readTold));
    // What the rows leave to be collected is paid for now, on both sides.
    await eachSide(({ tab }) => measureHeap(tab));
    const idle = await eachSide(({ tab }) => measureIdle(tab));
    const heap = await eachSide(({ tab }) => measureHeap(tab));
    const pointed = await eachSide(measurePointing);
    const passes = way === 'streamed' ? turns.scrolled : 0;
    const scrolled = await inTurns(passes, (tab) => tab.evaluate(scrollThrough, wheel));
    const costOf = (side: 'on' | 'off'): Cost => ({
      busy: busy[side],
      idle: idle[side],
      heap: heap[side],
      pointed: pointed[side],
      ...told[side],
      scrolled: scrolled[side] / passes,
    });
    return { on: costOf('on'), off: costOf('off') };
  } finally {
    for (const { tab } of sides) await tab.close();
  }
}

/** Opens one of the two pages in a window of its own, with a first row, and Unsay at work in it or not. */
async function openSide(
  { browser, page }: Run,
  isOn: boolean,
  first: readonly string[],
): Promise<Side> {
  const tab = await browser.openInWindow(isOn ? page.on : page.off);
  // The first row is there before: everything of Unsay's runs when the others come.
  await tab.evaluate(addRows, first, 1);
  await tab.hover('.row');
  if (isOn) await tab.waitFor(isServed, { what: 'a control on the first row, and the bar' });
  // Where people write; the control goes some seconds after nobody is at it.
  await tab.hover('textarea');
  await tab.waitFor(() => document.querySelector('[data-unsay=control]') === null, {
    what: 'the control to be gone',
  });
  await delay(quiet);
  await tab.evaluate(watchPage);
  return { tab, isOn };
}

/** Milliseconds of main-thread time in a second of nothing. */
async function measureIdle(tab: Tab): Promise<number> {
  const before = await measureNow(tab);
  const since = performance.now();
  await delay(idling);
  const { taskSeconds } = await measureNow(tab);
  return ((taskSeconds - before.taskSeconds) * 1000) / ((performance.now() - since) / 1000);
}

/** Milliseconds of main-thread time for the pointer to go to a message of mine, which has its control then. */
async function measurePointing({ tab, isOn }: Side): Promise<number> {
  const { x, y } = await tab.evaluate(placeOf, pointedAt);
  const before = await measureNow(tab);
  await tab.moveTo(x, y);
  if (isOn) await tab.waitFor(isServed, { what: 'a control on the row under the pointer' });
  await delay(quiet);
  return ((await measureNow(tab)).taskSeconds - before.taskSeconds) * 1000;
}

function portOf(tab: Tab): ChromiumTabPort | FirefoxTabPort {
  const port = tab instanceof DrivenTab ? tab.port : undefined;
  if (port instanceof ChromiumTabPort || port instanceof FirefoxTabPort) return port;
  throw new Error('Nobody tells what this page costs.');
}

const measureNow = (tab: Tab): Promise<{ readonly taskSeconds: number }> => portOf(tab).measure();

/** Bytes of script memory after a collection; NaN where the browser does not tell. */
async function measureHeap(tab: Tab): Promise<number> {
  const port = portOf(tab);
  if (!(port instanceof ChromiumTabPort)) return Number.NaN;
  await port.collectGarbage();
  return (await port.measure()).heap;
}

type Pairs = readonly { readonly on: Cost; readonly off: Cost }[];

function summarise({ streamed, atOnce }: Record<Way, Pairs>, isAllTold: boolean): PageCostFigures {
  const ratio = (pairs: Pairs, of: keyof Cost): Spread =>
    spread(balance(pairs.map(({ on, off }) => on[of] / off[of])));
  const both = (pairs: Pairs, of: keyof Cost): Both => ({
    on: median(pairs.map(({ on }) => on[of])),
    off: median(pairs.map(({ off }) => off[of])),
  });
  const longTasks = (pairs: Pairs): { count: Both; beyond: Both } => ({
    count: both(pairs, 'longTasks'),
    beyond: both(pairs, 'blocked'),
  });
  const beyond = (of: keyof Cost): number =>
    median([...streamed, ...atOnce].map(({ on, off }) => on[of] - off[of]));
  return {
    streamed: ratio(streamed, 'busy'),
    atOnce: ratio(atOnce, 'busy'),
    scrolled: ratio(streamed, 'scrolled'),
    times: {
      streamed: both(streamed, 'busy'),
      atOnce: both(atOnce, 'busy'),
      scrolled: both(streamed, 'scrolled'),
    },
    idle: beyond('idle'),
    pointed: beyond('pointed'),
    ...(isAllTold && {
      told: {
        blocked: ratio(atOnce, 'blocked'),
        longTasks: { streamed: longTasks(streamed), atOnce: longTasks(atOnce) },
        shift: beyond('shift'),
        heap: beyond('heap'),
      },
    }),
  };
}
