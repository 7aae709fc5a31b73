import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { startBrowser, type BrowserName, type Tab, type TestBrowser } from '../browsers/browser.ts';
import { ChromiumTabPort } from '../browsers/chromium-tab.ts';
import { FirefoxTabPort } from '../browsers/firefox-tab.ts';
import { DrivenTab } from '../browsers/tab.ts';
import { startChatServer, type ChatServer } from '../chat-server/server.ts';
import { agree, signIn, turnOn } from '../e2e/user.ts';
import { balance, median, spread, type Spread } from './median.ts';

/** What Unsay costs a page with 10,000 rows: with it against without it, in turns, in one browser. */
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
/** The newest rows are messages Unsay knows; every other one of them is mine and can be recalled. */
const known = 80;
/** Even: what comes second in a browser may cost more, so each way of starting is there as often. */
const rounds = 6;
/** In the end the pointer goes to this row, counted from the last: one of mine. */
const pointedAt = 8;
/** How long (ms) it is quiet after the rows came, and how long nothing is then watched. */
const quiet = 1500;
const idling = 5000;

const html = `<!doctype html><title>Rows</title><style>
  html,body{height:100%;margin:0}
  body{display:flex;flex-direction:column}
  .rows{flex:1;overflow:auto;margin:0;padding:0;list-style:none}
  textarea{flex:none;height:60px;font:14px sans-serif}
  .row{padding:4px 16px}
  .about{font:12px sans-serif;color:#666}
  .bubble{display:inline-block;padding:6px 10px;border-radius:8px;background:#eef;font:14px sans-serif}
</style><ol class="rows"></ol><textarea></textarea>`;

/** A hand at the wheel goes so far (px) in a frame through the newest rows, and further above them. */
const wheel = { step: 80, frames: 60, framesAbove: 60 } as const;

/** What the page itself tells while rows come. */
interface Told {
  shift: number;
  longTasks: number;
  /** Milliseconds. */
  blocked: number;
}

declare global {
  var benchTold: Told | undefined;
}

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
  const server = await startChatServer({ maxWebInstances: 2 });
  server.addUser({ id: 'alice', nick: 'Alice' });
  server.addUser({ id: 'bob', nick: 'Bob' });
  const browser = await startBrowser(name, { extension });
  const measurePair = async (way: Way): Promise<{ on: Cost; off: Cost }> => {
    const measure = (isOn: boolean): Promise<Cost> =>
      measureOnce({ browser, server, url: isOn ? page.on : page.off, isOn, way });
    const first = isOffFirst ? await measure(false) : undefined;
    const on = await measure(true);
    return { on, off: first ?? (await measure(false)) };
  };
  try {
    await agree(browser);
    await signIn(browser, server, 'alice');
    const tab = await browser.open(page.on);
    await turnOn(browser, tab, new URL(page.on).origin);
    await tab.close();
    // The first warms up what both share.
    await measurePair('atOnce');
    for (const way of ['streamed', 'atOnce'] as const) tell(way, await measurePair(way));
  } finally {
    await browser.close();
    await server.stop();
    await page.stop();
  }
}

interface Run {
  readonly browser: TestBrowser;
  readonly server: ChatServer;
  readonly url: string;
  readonly isOn: boolean;
  readonly way: Way;
}

async function measureOnce({ browser, server, url, isOn, way }: Run): Promise<Cost> {
  const ids = Array.from({ length: known }, (_, i) => {
    const text = `Message ${i} of those that Unsay knows`;
    const [from, to] = i % 2 === 0 ? ['alice', 'C2Cbob' as const] : ['bob', 'C2Calice' as const];
    return server.post({ from, to, text }).id;
  });
  const tab = await browser.open(url);
  try {
    // The first of them is there before: everything of Unsay's runs when the others come.
    await tab.evaluate(addRows, ids.slice(0, 1), 1);
    await tab.hover('.row');
    if (isOn) await tab.waitFor(isServed, { what: 'a control on the first row, and the bar' });
    // Where people write; the control goes some seconds after nobody is at it.
    await tab.hover('textarea');
    await tab.waitFor(() => document.querySelector('unsay-control') === null, {
      what: 'the control to be gone',
    });
    await delay(quiet);
    await tab.evaluate(watchPage);
    const before = await measureNow(tab);
    const all = [...Array.from({ length: rows - known }, (_, i) => `144-1700000000-${i}`), ...ids];
    await tab.evaluate(addRows, all, way === 'streamed' ? streamedBatch : rows);
    await delay(quiet);
    const after = await measureNow(tab);
    const told = await tab.evaluate(readTold);
    // What the rows leave to be collected is paid for now, on both sides.
    await measureHeap(tab);
    const still = await measureNow(tab);
    const idleSince = performance.now();
    await delay(idling);
    const end = await measureNow(tab);
    const idleFor = (performance.now() - idleSince) / 1000;
    const heap = await measureHeap(tab);
    const pointed = await measurePointing(tab, isOn);
    return {
      pointed,
      busy: (after.taskSeconds - before.taskSeconds) * 1000,
      idle: ((end.taskSeconds - still.taskSeconds) * 1000) / idleFor,
      heap,
      ...told,
      scrolled: way === 'streamed' ? await measureScrolling(tab) : Number.NaN,
    };
  } finally {
    await tab.close();
  }
}

/** Milliseconds of main-thread time for the pointer to go to a message of mine, which has its control then. */
async function measurePointing(tab: Tab, isOn: boolean): Promise<number> {
  const { x, y } = await tab.evaluate(placeOf, pointedAt);
  const before = await measureNow(tab);
  await tab.moveTo(x, y);
  if (isOn) await tab.waitFor(isServed, { what: 'a control on the row under the pointer' });
  await delay(quiet);
  return ((await measureNow(tab)).taskSeconds - before.taskSeconds) * 1000;
}

/** Milliseconds of main-thread time for a way up through all rows and down again. */
async function measureScrolling(tab: Tab): Promise<number> {
  const before = await measureNow(tab);
  await tab.evaluate(scrollThrough, wheel);
  await delay(quiet);
  return ((await measureNow(tab)).taskSeconds - before.taskSeconds) * 1000;
}

/** Scrolls to the first row and back to the last; runs in the page. */
async function scrollThrough({ step, frames, framesAbove }: typeof wheel): Promise<void> {
  const list = document.querySelector('.rows');
  if (!list) throw new Error('The page has no list.');
  const end = list.scrollHeight - list.clientHeight;
  const near = Array.from({ length: frames }, (_, i) => end - (i + 1) * step);
  const last = end - frames * step;
  const far = Array.from({ length: framesAbove }, (_, i) => last * (1 - (i + 1) / framesAbove));
  const up = [...near, ...far];
  for (const top of [...up, ...up.toReversed(), end]) {
    await new Promise(requestAnimationFrame);
    list.scrollTop = top;
  }
}

/** Appends rows and stays at the end, as a chat page does; runs in the page. */
async function addRows(ids: readonly string[], batch: number): Promise<void> {
  const list = document.querySelector('.rows');
  if (!list) throw new Error('The page has no list.');
  const part = (className: string, text: string): HTMLElement => {
    const made = document.createElement('div');
    made.className = className;
    made.textContent = text;
    return made;
  };
  // In a frame of the page's own, as what the driver asks for is not counted.
  await new Promise(requestAnimationFrame);
  for (let at = 0; at < ids.length; at += batch) {
    const made = ids.slice(at, at + batch).map((id, i) => {
      const row = document.createElement('li');
      row.className = 'row';
      row.dataset.messageId = id;
      row.append(part('about', 'Bob · 12:00'), part('bubble', `Row ${at + i}, some words in it`));
      return row;
    });
    list.append(...made);
    list.scrollTop = list.scrollHeight;
    await new Promise(requestAnimationFrame);
  }
}

/** Whether the row under the pointer has its control, and the page the undo bar; runs in the page. */
function isServed(): boolean {
  const control = document.querySelector('.row:hover unsay-control:not([data-under])');
  return control !== null && document.querySelector('unsay-bar') !== null;
}

/** Where so manieth of the last rows stands; runs in the page. */
function placeOf(fromEnd: number): { x: number; y: number } {
  const row = [...document.querySelectorAll('.row')].at(-fromEnd);
  const { left = 0, top = 0, height = 0 } = row?.getBoundingClientRect() ?? {};
  return { x: left + 40, y: top + height / 2 };
}

/** Adds up how much the page jumps and how long it is blocked from now on; runs in the page. */
function watchPage(): void {
  const told = { shift: 0, longTasks: 0, blocked: 0 };
  globalThis.benchTold = told;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      told.shift += (entry as PerformanceEntry & { value: number }).value;
    }
  }).observe({ type: 'layout-shift' });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      told.longTasks += 1;
      told.blocked += duration - 50;
    }
  }).observe({ type: 'longtask' });
}

/** What was added up; runs in the page. */
function readTold(): Told {
  if (!globalThis.benchTold) throw new Error('Nothing was watched.');
  return globalThis.benchTold;
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

/** The same page at two hosts, as sites are turned on by host. */
async function serveRows(): Promise<{ on: string; off: string; stop(): Promise<void> }> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'cache-control': 'no-store' }).end(html);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    on: `http://127.0.0.1:${address.port}/`,
    off: `http://localhost:${address.port}/`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
