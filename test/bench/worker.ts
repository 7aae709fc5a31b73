import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { build } from 'vite';
import { startBrowser, type BrowserName, type Tab, type TestBrowser } from '../browsers/browser.ts';
import { ChromiumBrowser } from '../browsers/chromium.ts';
import { startChatServer, type ChatServer } from '../chat-server/server.ts';
import { accountId } from '../../src/message/message.ts';
import { agree, signIn } from '../e2e/user.ts';
import { median } from './median.ts';

/** What the worker of the built extension takes, with a history of some size. */
export interface WorkerFigures {
  /** Milliseconds from the key for the last message, chat closed and worker asleep, to the server's doing it. */
  readonly shortcut: number;
  readonly sizes: readonly SizeFigures[];
}

/** With so many messages kept. */
export interface SizeFigures {
  readonly messages: number;
  /** Milliseconds for the newest 50 of a conversation, asked of a history just opened. */
  readonly newest: number;
  /** Milliseconds until a search for what nobody wrote has looked through everything. */
  readonly search: number;
  /** Bytes of script memory after a collection; undefined in Firefox, which tells nobody. */
  readonly heap?: { readonly woken: number; readonly searched: number } | undefined;
}

declare const chrome: { runtime: { sendMessage(message: unknown): Promise<unknown> } };

const page = 'bench-large.html';
const samples = 15;
const pages = 41;
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
  await server.waitFor(() => server.onlineCount('alice') === 0);
  await delay(rest);
}

/** From the key to the server's doing it; what is recalled was sent while the worker slept. */
async function timeShortcut(browser: TestBrowser, server: ChatServer): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < samples; round++) {
    await sleep(browser, server);
    const sent = server.post({ from: 'alice', to: 'C2Cbob', text: `To be recalled, ${round}` });
    const start = performance.now();
    await browser.pressCommand('recall-last');
    await server.waitFor(() => server.message(sent).isRecalled);
    times.push(performance.now() - start);
    await server.waitFor(() => server.onlineCount('alice') > 0);
  }
  return median(times);
}

const heapOf = (browser: TestBrowser): Promise<number> | undefined =>
  browser instanceof ChromiumBrowser ? browser.measureWorkerHeap() : undefined;

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
      if (found?.since === 0) return performance.now() - start;
    }
  });
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
    const account = accountId(server.sdkAppId, 'alice');
    const total = sizes.at(-1) ?? 0;
    const found: SizeFigures[] = [];
    for (const [i, messages] of sizes.entries()) {
      const tab = await browser.open(browser.extensionUrl(page));
      await tab.waitFor(() => globalThis.benchLarge !== undefined, { what: 'the bench page' });
      await tab.evaluate(
        (...args) => globalThis.benchLarge?.fill(...args),
        ...([account, sizes[i - 1] ?? 0, messages, total] as const),
      );
      const newest = await tab.evaluate(
        (of, count) => globalThis.benchLarge?.newest(of, count),
        ...([account, pages] as const),
      );
      await sleep(browser, server);
      await tab.evaluate(() => chrome.runtime.sendMessage({ 'unsay-ask': 'glance' }));
      await server.waitFor(() => server.onlineCount('alice') > 0);
      const woken = await heapOf(browser);
      const search = await timeSearch(tab);
      const searched = await heapOf(browser);
      const heap = woken !== undefined && searched !== undefined && { woken, searched };
      found.push({ messages, newest: median(newest ?? []), search, ...(heap && { heap }) });
      await tab.close();
      console.log(`${name}: worker with ${messages} messages done`);
    }
    return { shortcut, sizes: found };
  } finally {
    await browser.close();
    await server.stop();
  }
}
