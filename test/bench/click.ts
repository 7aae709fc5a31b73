import { startBrowser, type BrowserName, type Tab } from '../browsers/browser.ts';
import { until } from '../browsers/until.ts';
import { addPeople } from '../chat-server/people.ts';
import { startChatServer, type ChatServer } from '../chat-server/server.ts';
import { agree, turnOn } from '../e2e/user.ts';
import { kindOn } from '../web-chats/kinds.ts';
import { buildPages, servePages } from '../web-chats/pages.ts';
import { median, spread, type Spread } from './median.ts';

/** From the click that recalls to the placeholder in the row: Unsay's beside the kit's own. */
export interface ClickFigures {
  /** Of our control on the row, to the entry in the kit's own menu; of each turn. */
  readonly control: Spread;
  readonly bar: Spread;
  /** Milliseconds. */
  readonly times: Readonly<Record<Way, number>>;
}

type Way = 'control' | 'bar' | 'kit';

/** Turns of each way; the first one warms up. */
const turns = 15;
/** What lies in our shadow roots, and is a press away where it can be pressed. */
const buttons = { control: '[data-unsay=control]', bar: '[data-unsay=bar]' } as const;
const kind = kindOn('vue-3');
const composer = '.message-input-editor-area .ProseMirror[contenteditable]';

declare global {
  /** Milliseconds from the click to the placeholder, once it is there. */
  var benchClick: number | undefined;
}

/** Measures a built extension on chat-uikit-vue 3, where both recall through the page's own session. */
export async function measureClick(name: BrowserName, extension: string): Promise<ClickFigures> {
  await buildPages(['vue-3']);
  const server = await startChatServer({ maxWebInstances: 1 });
  addPeople(server);
  server.seed([{ from: 'bob', to: 'C2Calice', text: 'Hello', ageSeconds: 900 }]);
  const pages = await servePages();
  const browser = await startBrowser(name, { extension });
  try {
    await agree(browser);
    const tab = await browser.open(
      pages.url('vue-3', {
        server: server.url,
        sdkAppId: server.sdkAppId,
        userId: 'alice',
        userSig: server.userSig('alice'),
        conversation: 'C2Cbob',
      }),
    );
    await tab.waitForText('Hello');
    await turnOn(browser, tab, pages.origin);
    await tab.activate();
    const taken: Record<Way, number>[] = [];
    for (let turn = -1; turn < turns; turn += 1) {
      const order: Way[] = ['control', 'kit', 'bar'];
      if (turn % 2 === 0) order.reverse();
      const times = { control: NaN, bar: NaN, kit: NaN };
      for (const way of order) times[way] = await recallOnce(tab, server, way, `${turn} ${way}`);
      if (turn >= 0) taken.push(times);
    }
    const ratio = (way: Way): Spread => spread(taken.map((times) => times[way] / times.kit));
    const time = (way: Way): number => median(taken.map((times) => times[way]));
    return {
      control: ratio('control'),
      bar: ratio('bar'),
      times: { control: time('control'), bar: time('bar'), kit: time('kit') },
    };
  } finally {
    await browser.close();
    await pages.stop();
    await server.stop();
  }
}

/** Sends a message and recalls it; milliseconds from the click to the placeholder in its row. */
async function recallOnce(tab: Tab, server: ChatServer, way: Way, text: string): Promise<number> {
  await tab.click(composer);
  await tab.type(`${text}\n`);
  const sent = await server.waitFor(() =>
    server.messages(['alice', 'bob']).find((message) => message.text === text),
  );
  if (!sent) throw new Error('The server lost a message it had.');
  const row = `[id="${kind.idPrefix}${sent.id}"]`;
  const control = { css: '.control .recall', text: 'Recall', nth: -1 };
  await tab.hover(`${row} ${kind.bubble}`);
  // All of ours stands, whatever is pressed: both sides have it in the page.
  await until('what recalls to be ready', () =>
    tab.closed.evaluate(isReady, row, Object.values(buttons)),
  );
  if (way === 'kit') await tab.click(`${row} ${kind.bubble}`, { button: 'right' });
  const entry = { text: 'Recall', within: `${row} ${kind.menu?.list ?? ''}` };
  if (way === 'kit') await tab.waitFor(isThere, { args: [entry.within], what: 'the kit’s menu' });
  await tab.evaluate(watch, row, kind.placeholder ?? '');
  if (way === 'kit') await tab.click(entry);
  else await tab.closed.click(way === 'bar' ? { css: '.bar [data-first] .undo' } : control);
  return tab.waitFor(() => globalThis.benchClick, { what: 'the placeholder in the row' });
}

/** Whether something in the page fits; runs in the page. */
function isThere(css: string): boolean {
  return document.querySelector(css) !== null;
}

/** Whether a click on this row's control, and on the bar, would count by now; runs in the page. */
function isReady(
  roots: ShadowRoot[],
  row: string,
  [control = '', bar = '']: readonly string[],
): boolean {
  const here = document.querySelector(row);
  const found = roots.flatMap((root) => {
    const { host } = root;
    if (host.matches(control) && host.parentElement === here)
      return root.querySelector('.recall') ?? [];
    return host.matches(bar)
      ? (root.querySelector('[data-first][data-state=offer] .undo') ?? [])
      : [];
  });
  return found.length === 2 && found.every((one) => one.ariaDisabled !== 'true');
}

/**
 * Counts from the next click a person makes to the first placeholder in the row, ours or the kit's;
 * runs in the page.
 */
function watch(row: string, placeholder: string): void {
  globalThis.benchClick = undefined;
  let clicked: number | undefined;
  window.addEventListener(
    'click',
    ({ timeStamp, isTrusted }) => {
      if (isTrusted) clicked ??= timeStamp;
    },
    { capture: true },
  );
  const observer = new MutationObserver(() => {
    const isThere = document.querySelector(`${row} :is(${placeholder}, [data-unsay=placeholder])`);
    if (!isThere || clicked === undefined) return;
    globalThis.benchClick ??= performance.now() - clicked;
    observer.disconnect();
  });
  observer.observe(document, { subtree: true, childList: true, attributes: true });
}
