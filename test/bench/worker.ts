import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { build } from 'vite';
import { startBrowser, type BrowserName, type Tab, type TestBrowser } from '../browsers/browser.ts';
import { ChromiumBrowser } from '../browsers/chromium.ts';
import { until } from '../browsers/until.ts';
import { startChatServer, type ChatServer } from '../chat-server/server.ts';
import { accountId } from '../../src/message/message.ts';
import { agree, signIn } from '../e2e/user.ts';
import { median, spread, type Spread } from './median.ts';
import type { LargeQuery, Pair } from './page/large.ts';

/** What the worker of the built extension takes, with a history of some size. */
export interface WorkerFigures {
  /** Milliseconds from the key for the last message, chat closed and worker asleep, to the server's doing it. */
  readonly shortcut: number;
  /** Rising. */
  readonly sizes: readonly SizeFigures[];
  /** What raw with the same encryption takes with as many messages as the last of them. */
  readonly sealed: Readonly<Record<LargeQuery, number>>;
  /** Taking out the oldest twentieth of the last of them, the other raw with the same encryption. */
  readonly sweep: Pair;
}

/** With so many messages kept. Milliseconds. */
export interface SizeFigures {
  readonly messages: number;
  /**
   * How many messages history takes in while raw with the same encryption takes one, on the way from
   * the size before.
   */
  readonly ingestSpeed: number;
  readonly queries: Readonly<Record<LargeQuery, number>>;
  /**
   * The newest 50 of a conversation to those of a history that stayed at the first size, in turns; of
   * every size but that.
   */
  readonly growth?: Spread;
  /** Until a search for what nobody wrote has looked through everything; the worker was just woken. */
  readonly search: number;
  /** Bytes of script memory after a collection; missing in Firefox, which tells nobody. */
  readonly heap?: { readonly woken: number; readonly searched: number };
}

declare const chrome: {
  action: { getBadgeText(of: object): Promise<string> };
  runtime: { sendMessage(message: unknown): Promise<unknown> };
};

const page = 'bench-large.html';
/** Each of ten. */
const samples = 15;
/** Presses of the shortcut, each after a wake. */
const presses = 15;
/** For what a dead worker leaves to do in the browser, ms: it tells no end. */
const rest = 400;

/** A copy of the extension with a page more, which can fill the history that its worker uses. */
async function copyWithPage(extension: string, folder: string): Promise<void> {
  cpSync(extension, folder, { recursive: true });
  await build({
    configFile: false,
    logLevel: 'warn',
    root: import.meta.dirname,
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2024',
      lib: { entry: 'page/large.ts', formats: ['es'], fileName: () => 'bench-large.js' },
    },
  });
  const script = '<script type="module" src="/bench-large.js"></script>';
  writeFileSync(join(folder, page), `<!doctype html><title>Bench</title>${script}`);
}

async function sleep(browser: TestBrowser, server: ChatServer): Promise<void> {
  await browser.killWorker();
  await server.waitFor(() => server.onlineCount('alice') === 0, { what: 'the worker to be gone' });
  await delay(rest);
}

/** From the key to the server's doing it; what is recalled was sent while the worker slept. */
async function timeShortcut(browser: TestBrowser, server: ChatServer): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < presses; round++) {
    await sleep(browser, server);
    const sent = server.post({ from: 'alice', to: 'C2Cbob', text: `To be recalled, ${round}` });
    const start = performance.now();
    await browser.pressCommand('recall-last');
    await server.waitFor(() => server.message(sent).isRecalled, { what: 'the recall' });
    times.push(performance.now() - start);
    // Until Unsay knows, too, another press would mean the same message.
    await until('Unsay to say so', () =>
      browser.evaluateInWorker(async () => (await chrome.action.getBadgeText({})) === '✓'),
    );
  }
  return median(times);
}

const heapOf = (browser: TestBrowser): Promise<number> | undefined =>
  browser instanceof ChromiumBrowser ? browser.measureWorkerHeap() : undefined;

/** Asks the worker, as pages of Unsay do. */
async function ask(tab: Tab, question: string, content?: unknown): Promise<void> {
  const reply = await tab.evaluate(
    (...message) =>
      chrome.runtime.sendMessage({ 'unsay-ask': message[0], content: message[1] ?? undefined }),
    ...([question, content ?? null] as const),
  );
  if (Object.hasOwn(reply as object, 'refused')) throw new Error(`${question} was refused.`);
}

/** Asks a worker that was just woken for what nobody wrote, until it has looked through everything. */
async function timeSearch(tab: Tab): Promise<number> {
  return tab.evaluate(async () => {
    const start = performance.now();
    for (;;) {
      const reply = await chrome.runtime.sendMessage({
        'unsay-ask': 'search',
        content: { words: 'qqqzzz', most: 20 },
      });
      const found = (reply as { answer?: { since: number } }).answer;
      if (!found) throw new Error('The search was refused.');
      if (found.since === 0) return performance.now() - start;
    }
  });
}

/** One size: fills, asks, wakes the worker and lets it search. */
async function measureSize(
  { browser, server, tab }: { browser: TestBrowser; server: ChatServer; tab: Tab },
  messages: number,
  isFirst: boolean,
): Promise<{ size: SizeFigures; beside: WorkerFigures['sealed'] }> {
  const slices = await tab.evaluate((most) => globalThis.benchLarge?.fill(most), messages);
  const rounds = await tab.evaluate((count) => globalThis.benchLarge?.query(count), samples);
  if (!slices || !rounds) throw new Error('The bench page is gone.');
  await sleep(browser, server);
  await ask(tab, 'glance');
  await server.waitFor(() => server.onlineCount('alice') > 0);
  const woken = await heapOf(browser);
  const search = await timeSearch(tab);
  const searched = await heapOf(browser);
  const side = (which: keyof Pair): Record<LargeQuery, number> => ({
    woken: median(rounds.woken.map((times) => times[which])),
    find: median(rounds.find.map((times) => times[which])),
    mine: median(rounds.mine.map((times) => times[which])),
    recall: median(rounds.recall.map((times) => times[which])),
    one: median(rounds.one.map((times) => times[which])),
  });
  const growth = spread(rounds.woken.map(({ history, small }) => history / small));
  const size = {
    messages,
    ingestSpeed: median(slices.map(({ history, sealed }) => sealed / history)),
    queries: side('history'),
    ...(!isFirst && { growth }),
    search,
    ...(woken !== undefined && searched !== undefined && { heap: { woken, searched } }),
  };
  return { size, beside: side('sealed') };
}

/** Measures the worker of a built extension; `sizes` are numbers of messages, rising. */
export async function measureWorker(
  name: BrowserName,
  { extension, folder, sizes }: { extension: string; folder: string; sizes: readonly number[] },
): Promise<WorkerFigures> {
  const server = await startChatServer({ maxWebInstances: 2 });
  server.addUser({ id: 'alice', nick: 'Alice' });
  server.addUser({ id: 'bob', nick: 'Bob' });
  const copy = join(folder, `${name}-large`);
  await copyWithPage(extension, copy);
  const browser = await startBrowser(name, { extension: copy });
  try {
    await agree(browser);
    await signIn(browser, server, 'alice');
    const shortcut = await timeShortcut(browser, server);
    const tab = await browser.open(browser.extensionUrl(page));
    await tab.waitFor(() => globalThis.benchLarge !== undefined, { what: 'the bench page' });
    // The oldest messages are a week old: a worker that is woken must not begin to take them out.
    await ask(tab, 'setKeptDays', 30);
    await tab.evaluate(
      (...args) => globalThis.benchLarge?.open(...args),
      ...([accountId(server.sdkAppId, 'alice'), sizes.at(-1) ?? 0] as const),
    );
    const found: SizeFigures[] = [];
    let sealed: WorkerFigures['sealed'] | undefined;
    for (const messages of sizes) {
      const isFirst = found.length === 0;
      const { size, beside } = await measureSize({ browser, server, tab }, messages, isFirst);
      found.push(size);
      sealed = beside;
      console.log(`${name}: worker with ${messages} messages done`);
    }
    const sweep = await tab.evaluate(() => globalThis.benchLarge?.sweep());
    if (!sealed || !sweep) throw new Error('The bench page is gone.');
    return { shortcut, sizes: found, sealed, sweep };
  } finally {
    await browser.close();
    await server.stop();
  }
}
