import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startBrowser, type BrowserName, type Tab, type TestBrowser } from '../browsers/browser.ts';
import { startChatServer, type ChatServer } from '../chat-server/server.ts';
import { agree, signIn } from '../e2e/user.ts';
import { median, spread, type Spread } from './median.ts';

/** Milliseconds, medians. */
export interface PopupFigures {
  /** Rows in the list. */
  readonly rows: number;
  readonly popup: Opening;
  /** The same list as static HTML with the same style sheets. */
  readonly still: Opening;
  /** Popup to static HTML, each round's ratio. */
  readonly ratios: Readonly<Record<keyof Opening | 'answered', Spread>>;
  /** From the command to open until the worker's answer was painted. */
  readonly answered: number;
  /** From a question of an open page to the answer of a worker that was dead. */
  readonly wake: number;
}

interface Opening {
  /** From the command to open, as the toolbar button gives it, until the list was painted. */
  readonly fromClick: number;
  /** From the start of the popup's own page until the list was painted. */
  readonly fromPage: number;
}

interface Marks {
  started: number;
  listed?: number;
  painted?: number;
  answered?: number;
}

declare global {
  var benchMarks: Marks | undefined;
}

declare const chrome: {
  action: { setPopup(details: { popup: string }): Promise<void> };
  runtime: { sendMessage(message: unknown): Promise<unknown> };
};

/** As many as the popup shows. */
const rows = 20;
const samples = 15;
const page = 'popup.html';
/** Begins like the popup's own page, by which the driver knows it. */
const stillPage = 'popup.html-still.html';

const scripts = /<script[^>]*>\s*<\/script>|<link[^>]*rel="modulepreload"[^>]*>/gu;

/** A copy of the extension whose popup notes its times. */
function copyWithMarks(extension: string, folder: string): void {
  cpSync(extension, folder, { recursive: true });
  cpSync(join(import.meta.dirname, 'popup-mark.js'), join(folder, 'popup-mark.js'));
  const html = readFileSync(join(folder, page), 'utf8');
  writeFileSync(join(folder, page), withMarks(html));
}

function withMarks(html: string): string {
  return html.replace(
    /<head>/u,
    `<head><script src="/popup-mark.js" data-rows="${rows}"></script>`,
  );
}

/** A browser in which Unsay is signed in and has cached as many own messages as the popup shows. */
async function openSignedIn(
  name: BrowserName,
  server: ChatServer,
  extension: string,
): Promise<{ browser: TestBrowser; html: string }> {
  const browser = await startBrowser(name, { extension });
  try {
    await agree(browser);
    await signIn(browser, server, 'alice');
    const popup = await browser.openPopupAsTab();
    await popup.waitFor((count) => document.querySelectorAll('li.row').length === count, {
      args: [rows],
      what: 'the list in the popup',
    });
    await popup.waitForText('Connected as alice');
    const html = await popup.evaluate(() => document.documentElement.outerHTML);
    await popup.close();
    return { browser, html };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** For what the dead worker and the closed popup leave to do in the browser, ms: it tells no end. */
const rest = 400;

/**
 * Opens the popup over a sleeping worker and closes it again. What comes before is the same for
 * both: a worker that started, connected and was killed.
 */
async function openOnce(
  { browser, server, over }: { browser: TestBrowser; server: ChatServer; over: Tab },
  which: string,
  last: 'painted' | 'answered',
): Promise<Opening & { answered: number }> {
  const sleep = async (): Promise<void> => {
    await browser.killWorker();
    await server.waitFor(() => server.onlineCount('alice') === 0);
  };
  await sleep();
  await browser.evaluateInWorker((popup) => chrome.action.setPopup({ popup }), which);
  await server.waitFor(() => server.onlineCount('alice') > 0);
  await sleep();
  await delay(rest);
  const clicked = performance.timeOrigin + performance.now();
  const popup = await browser.openPopup(over);
  const marks = await popup.waitFor(
    (name) => (globalThis.benchMarks?.[name] === undefined ? undefined : globalThis.benchMarks),
    { args: [last], what: `the popup to be ${last}` },
  );
  await popup.close();
  const painted = marks.painted ?? Number.NaN;
  return {
    fromClick: painted - clicked,
    fromPage: painted - marks.started,
    answered: (marks.answered ?? Number.NaN) - clicked,
  };
}

/** Asks a dead worker for the glance, from a page of Unsay that does nothing else. */
async function timeWake(browser: TestBrowser, server: ChatServer): Promise<number> {
  const tab = await browser.open(browser.extensionUrl(stillPage));
  const times: number[] = [];
  for (let round = 0; round < samples; round++) {
    await browser.killWorker();
    await server.waitFor(() => server.onlineCount('alice') === 0);
    await delay(rest);
    times.push(
      await tab.evaluate(async () => {
        const start = performance.now();
        await chrome.runtime.sendMessage({ 'unsay-ask': 'glance' });
        return performance.now() - start;
      }),
    );
    await server.waitFor(() => server.onlineCount('alice') > 0);
  }
  await tab.close();
  return median(times);
}

/** Measures the popup of a built extension over the page at `url`; `folder` is for copies of it. */
export async function measurePopup(
  name: BrowserName,
  { extension, folder, url }: { extension: string; folder: string; url: string },
): Promise<PopupFigures> {
  const server = await startChatServer({ maxWebInstances: 2 });
  server.addUser({ id: 'alice', nick: 'Alice' });
  server.addUser({ id: 'bob', nick: 'Bob' });
  server.seed(
    Array.from({ length: rows }, (_, i) => ({
      from: 'alice',
      to: 'C2Cbob' as const,
      text: `Message number ${i} of those that the popup shows`,
      ageSeconds: rows - i,
    })),
  );
  try {
    const marked = join(folder, `${name}-marked`);
    copyWithMarks(extension, marked);
    // Taken from the real popup, then installed with it: an extension's files are fixed in Firefox.
    const model = await openSignedIn(name, server, marked);
    await model.browser.close();
    const copy = `<!doctype html>${model.html.replaceAll(scripts, '')}`;
    writeFileSync(join(marked, stillPage), withMarks(copy));

    const { browser } = await openSignedIn(name, server, marked);
    try {
      const over = await browser.open(url);
      const popups: (Opening & { answered: number })[] = [];
      const stills: Opening[] = [];
      for (let round = -1; round < samples; round++) {
        const at = { browser, server, over };
        const openStill = (): Promise<Opening> => openOnce(at, stillPage, 'painted');
        const first = round % 2 === 0 ? await openStill() : undefined;
        const popup = await openOnce(at, page, 'answered');
        const still = first ?? (await openStill());
        if (round < 0) continue;
        popups.push(popup);
        stills.push(still);
      }
      return { ...summarise(popups, stills), wake: await timeWake(browser, server) };
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}

function summarise(
  popups: readonly (Opening & { answered: number })[],
  stills: readonly Opening[],
): Omit<PopupFigures, 'wake'> {
  const middle = (openings: readonly Opening[], of: keyof Opening): number =>
    median(openings.map((opening) => opening[of]));
  const ratio = (of: keyof Opening | 'answered', to: keyof Opening): Spread =>
    spread(popups.map((popup, i) => popup[of] / (stills[i]?.[to] ?? Number.NaN)));
  return {
    rows,
    popup: { fromClick: middle(popups, 'fromClick'), fromPage: middle(popups, 'fromPage') },
    still: { fromClick: middle(stills, 'fromClick'), fromPage: middle(stills, 'fromPage') },
    ratios: {
      fromClick: ratio('fromClick', 'fromClick'),
      fromPage: ratio('fromPage', 'fromPage'),
      answered: ratio('answered', 'fromClick'),
    },
    answered: median(popups.map(({ answered }) => answered)),
  };
}
