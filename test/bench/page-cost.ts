import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { startBrowser, type Tab, type TestBrowser } from '../browsers/browser.ts';
import { ChromiumTabPort } from '../browsers/chromium-tab.ts';
import { DrivenTab } from '../browsers/tab.ts';
import { startChatServer, type ChatServer } from '../chat-server/server.ts';
import { agree, signIn, turnOn } from '../e2e/user.ts';
import { median, spread, type Spread } from './median.ts';

/** What Unsay costs a page with 10,000 rows: with it against without it, in turns, in one browser. */
export interface PageCostFigures {
  /** Main-thread time while the rows come, to that without Unsay. */
  readonly streamed: Spread;
  readonly atOnce: Spread;
  /** Milliseconds of main-thread time for the same, with and without. */
  readonly times: Readonly<Record<Way, { readonly on: number; readonly off: number }>>;
  /** Layout shift (the browser's own score) beyond that of the page without Unsay. */
  readonly shift: number;
  /** Main-thread time (ms) per second of doing nothing, beyond that without. */
  readonly idle: number;
  /** Bytes of script memory after a collection, beyond those without. */
  readonly heap: number;
}

type Way = 'streamed' | 'atOnce';

interface Cost {
  /** Milliseconds. */
  readonly busy: number;
  readonly shift: number;
  /** Milliseconds per second. */
  readonly idle: number;
  readonly heap: number;
}

const rows = 10_000;
/** As a page of history that comes while somebody scrolls. */
const streamedBatch = 20;
/** The newest rows are messages Unsay knows; every other one of them is mine and can be recalled. */
const known = 80;
const rounds = 5;
/** How long (ms) it is quiet after the rows came, and how long nothing is then watched. */
const quiet = 1500;
const idling = 5000;

const html = `<!doctype html><title>Rows</title><style>
  html,body{height:100%;margin:0}
  .rows{height:100%;overflow:auto;margin:0;padding:0;list-style:none}
  .row{padding:4px 16px}
  .about{font:12px sans-serif;color:#666}
  .bubble{display:inline-block;padding:6px 10px;border-radius:8px;background:#eef;font:14px sans-serif}
</style><ol class="rows"></ol>`;

declare global {
  var benchShift: number | undefined;
}

/** Measures a built extension in Chromium, the only browser that tells a page's main-thread time. */
export async function measurePageCost(extension: string): Promise<PageCostFigures> {
  const page = await serveRows();
  const server = await startChatServer({ maxWebInstances: 2 });
  server.addUser({ id: 'alice', nick: 'Alice' });
  server.addUser({ id: 'bob', nick: 'Bob' });
  const browser = await startBrowser('chromium', { extension });
  try {
    await agree(browser);
    await signIn(browser, server, 'alice');
    const tab = await browser.open(page.on);
    await turnOn(browser, tab, new URL(page.on).origin);
    await tab.close();
    const costs: Record<Way, { on: Cost; off: Cost }[]> = { streamed: [], atOnce: [] };
    for (let round = -1; round < rounds; round++) {
      for (const way of ['streamed', 'atOnce'] as const) {
        const measure = (isOn: boolean): Promise<Cost> =>
          measureOnce({ browser, server, url: isOn ? page.on : page.off, isOn, way });
        const first = round % 2 === 0 ? await measure(false) : undefined;
        const on = await measure(true);
        const off = first ?? (await measure(false));
        // The first round warms up what both share.
        if (round >= 0) costs[way].push({ on, off });
      }
    }
    return summarise(costs);
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
    if (isOn) {
      await tab.waitFor(() => document.querySelector('unsay-control') !== null, {
        what: 'a control on the first row',
      });
    }
    await delay(quiet);
    await tab.evaluate(watchShift);
    const before = await measureNow(tab);
    const all = [...Array.from({ length: rows - known }, (_, i) => `144-1700000000-${i}`), ...ids];
    await tab.evaluate(addRows, all, way === 'streamed' ? streamedBatch : rows);
    if (isOn) {
      await tab.waitFor(haveControls, {
        args: [ids.filter((_, i) => i % 2 === 0)],
        what: 'a control on every row of mine that can be seen',
      });
    }
    await delay(quiet);
    const after = await measureNow(tab);
    const idleSince = performance.now();
    await delay(idling);
    const end = await measureNow(tab);
    const idleFor = (performance.now() - idleSince) / 1000;
    await portOf(tab).collectGarbage();
    const { heap } = await measureNow(tab);
    return {
      busy: (after.taskSeconds - before.taskSeconds) * 1000,
      idle: ((end.taskSeconds - after.taskSeconds) * 1000) / idleFor,
      heap,
      shift: await tab.evaluate(() => globalThis.benchShift ?? Number.NaN),
    };
  } finally {
    await tab.close();
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

/** Whether my rows in the window have their controls, of which there are some; runs in the page. */
function haveControls(mine: readonly string[]): boolean {
  const seen = mine.flatMap((id) => {
    const row = document.querySelector(`[data-message-id="${id}"]`);
    const { top = 0, bottom = 0 } = row?.getBoundingClientRect() ?? {};
    return row && bottom > 0 && top < innerHeight ? [row] : [];
  });
  return seen.length > 0 && seen.every((row) => row.querySelector('unsay-control') !== null);
}

/** Adds up how much the page jumps from now on; runs in the page. */
function watchShift(): void {
  globalThis.benchShift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      globalThis.benchShift =
        (globalThis.benchShift ?? 0) + (entry as PerformanceEntry & { value: number }).value;
    }
  }).observe({ type: 'layout-shift' });
}

function portOf(tab: Tab): ChromiumTabPort {
  if (tab instanceof DrivenTab && tab.port instanceof ChromiumTabPort) return tab.port;
  throw new Error('Only Chromium tells what a page costs.');
}

const measureNow = (tab: Tab): ReturnType<ChromiumTabPort['measure']> => portOf(tab).measure();

function summarise(costs: Record<Way, readonly { on: Cost; off: Cost }[]>): PageCostFigures {
  const { streamed, atOnce } = costs;
  const ratio = (pairs: typeof streamed): Spread =>
    spread(pairs.map(({ on, off }) => on.busy / off.busy));
  const times = (pairs: typeof streamed): { on: number; off: number } => ({
    on: median(pairs.map(({ on }) => on.busy)),
    off: median(pairs.map(({ off }) => off.busy)),
  });
  const beyond = (of: keyof Cost): number =>
    median([...streamed, ...atOnce].map(({ on, off }) => on[of] - off[of]));
  return {
    streamed: ratio(streamed),
    atOnce: ratio(atOnce),
    times: { streamed: times(streamed), atOnce: times(atOnce) },
    shift: beyond('shift'),
    idle: beyond('idle'),
    heap: beyond('heap'),
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
