import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { startBrowser, type BrowserName, type Tab, type TestBrowser } from '../browsers/browser.ts';
import { startPeer, type Peer } from '../chat-server/peer.ts';
import { startChatServer, type ChatServer } from '../chat-server/server.ts';
import { findChromium, findFirefox } from '../setup/installed-browsers.mjs';
import { buildPages, PAGE_NAMES, servePages, STRICT_CSP, type PageName } from './pages.ts';

/** What a person sees, found on each page. */
interface Look {
  /** A message, recalled or not. */
  readonly row: string;
  readonly composer: string;
  readonly chinese: string;
  /** What stands in place of what Bob recalled; undefined where that stays readable. */
  readonly recalled: string | undefined;
}

const LOOKS: Readonly<Record<PageName, Look>> = {
  plain: {
    row: '.rows li',
    composer: '.composer textarea',
    chinese: '发送',
    recalled: undefined,
  },
  'react-2': {
    row: '.message-list-item',
    composer: '.input-box textarea',
    chinese: '搜索',
    recalled: 'Bobrecalled a message',
  },
  'react-3': {
    row: '#message-list-container :is([data-message-id], [class*="recalled-message"])',
    composer: '.ProseMirror',
    chinese: '搜索',
    recalled: 'Bob recalled a message',
  },
  'react-6': {
    row: '#message-list-container :is([data-message-id], [class*="recalled-message"])',
    composer: '.ProseMirror',
    chinese: '搜索',
    recalled: 'Bob recalled a message',
  },
  'vue-2': {
    row: '#messageScrollList li',
    composer: '.ProseMirror',
    chinese: '请输入消息',
    recalled: 'Bob recalled a message',
  },
  'vue-3': {
    row: '#messageScrollList li',
    composer: '.ProseMirror',
    chinese: '请输入消息',
    recalled: 'Bob recalled a message',
  },
  'vue3-6': {
    row: '#messageScrollList :is([data-message-id], [class*="recalled-message"])',
    composer: '.ProseMirror',
    chinese: '搜索',
    recalled: 'Bob recalled a message',
  },
  demo: {
    row: '.message-wrapper',
    composer: '.text-input',
    chinese: '没有更多了',
    recalled: 'The other party recalled a message',
  },
};

/** Kits of which one is enough in both browsers; the others are seen to work in one. */
const THOROUGH: readonly PageName[] = ['plain', 'react-6', 'vue-3'];
const OTHERS = PAGE_NAMES.filter((name) => !THOROUGH.includes(name));

const browsers = [
  ...(findChromium() === undefined ? [] : ['chromium' as const]),
  ...(findFirefox() === undefined ? [] : ['firefox' as const]),
];

beforeAll(() => buildPages(), 300_000);

it('finds both browsers', () => {
  expect(browsers).toEqual(['chromium', 'firefox']);
});

describe.each(browsers)('in %s', (browserName: BrowserName) => {
  let browser: TestBrowser;
  let pages: Awaited<ReturnType<typeof servePages>>;
  let strictPages: typeof pages;
  let server: ChatServer;
  let bob: Peer;
  let tab: Tab | undefined;

  beforeAll(async () => {
    pages = await servePages();
    strictPages = await servePages({ csp: STRICT_CSP });
    browser = await startBrowser(browserName, {
      extension: path.join(import.meta.dirname, 'bystander'),
    });
  });

  afterAll(async () => {
    await browser.close();
    await pages.stop();
    await strictPages.stop();
  });

  beforeEach(async () => {
    server = await startChatServer();
    for (const nick of ['Alice', 'Bob', 'Carol']) server.addUser({ id: nick.toLowerCase(), nick });
    server.addGroup({ id: 'team', name: 'Team', owner: 'alice', members: ['bob', 'carol'] });
    server.seed([
      { from: 'bob', to: 'C2Calice', text: 'Shall we meet?', ageSeconds: 600 },
      { from: 'alice', to: 'C2Cbob', text: 'At noon', ageSeconds: 500 },
      { from: 'carol', to: 'GROUPteam', text: 'Hello team', ageSeconds: 400 },
    ]);
    bob = await startPeer(server, 'bob');
  });

  afterEach(async () => {
    await tab?.close();
    tab = undefined;
    await bob.stop();
    await server.stop();
  });

  async function open(
    name: PageName,
    {
      conversation = 'C2Cbob',
      lang,
      from = pages,
    }: { conversation?: string; lang?: 'zh'; from?: typeof pages } = {},
  ): Promise<Tab> {
    const { url, sdkAppId } = server;
    const visit = { server: url, sdkAppId, userId: 'alice', userSig: server.userSig('alice') };
    tab = await browser.open(
      from.url(name, { ...visit, conversation, ...(lang === undefined ? {} : { lang }) }),
    );
    return tab;
  }

  function waitForRow(
    page: Tab,
    name: PageName,
    text: string,
    timeoutMs?: number,
  ): Promise<unknown> {
    return page.waitFor(
      (row, wanted) =>
        [...document.querySelectorAll<HTMLElement>(row)].some((it) =>
          it.innerText.replace(/\s+/g, ' ').includes(wanted),
        ),
      {
        args: [LOOKS[name].row, text],
        what: `the row "${text}"`,
        ...(timeoutMs !== undefined && { timeoutMs }),
      },
    );
  }

  describe.each(THOROUGH)('%s', (name) => {
    it('shows history under a strict content policy and asks nothing of the outside world', async () => {
      const page = await open(name, { from: strictPages });
      await waitForRow(page, name, 'At noon');
      const rows = await page.evaluate(
        (row) =>
          [...document.querySelectorAll<HTMLElement>(row)].map((it) => it.innerText).join('\n'),
        LOOKS[name].row,
      );
      expect(rows).toMatch(/Shall we meet\?[^]*At noon/);
      const asked = await page.evaluate(() =>
        performance.getEntriesByType('resource').map((it) => it.name),
      );
      const outside = asked.filter(
        (url) => !url.startsWith(strictPages.origin) && !/^(blob|data):/.test(url),
      );
      expect(asked.length).toBeGreaterThan(0);
      expect(outside).toEqual([]);
    });

    it('sends what is typed to a real client, and shows what that client answers', async () => {
      const page = await open(name);
      await waitForRow(page, name, 'At noon');
      const received = bob.next<{ payload: { text?: string } }[]>('onMessageReceived');
      await page.click(LOOKS[name].composer);
      await page.type('On my way\n');
      expect((await received).data.map((it) => it.payload.text)).toEqual(['On my way']);
      await waitForRow(page, name, 'On my way');
      await bob.sendText('C2Calice', 'Already here');
      await waitForRow(page, name, 'Already here');
    });

    it('shows a group, and speaks Chinese when asked', async () => {
      const page = await open(name, { conversation: 'GROUPteam', lang: 'zh' });
      await waitForRow(page, name, 'Hello team');
      const said = await page.evaluate(() => document.documentElement.outerHTML);
      expect(said.includes(LOOKS[name].chinese)).toBe(true);
    });
  });

  it.each(['react-6', 'vue-3'] as const)(
    '%s puts its own placeholder in place of a recalled message',
    async (name) => {
      const page = await open(name);
      await waitForRow(page, name, 'At noon');
      const sent = await bob.sendText('C2Calice', 'Wrong window');
      await waitForRow(page, name, 'Wrong window');
      await bob.recall(sent);
      await waitForRow(page, name, 'Bob recalled a message');
      expect(await page.text()).not.toContain('Wrong window');
    },
  );

  it.runIf(browserName === 'chromium').each(OTHERS)(
    '%s shows history, sends, receives, shows recalls and a group in Chinese, all under a strict content policy',
    async (name) => {
      const page = await open(name, { from: strictPages });
      // On a busy machine chat-uikit-vue3 6.1.8 was once seen to stay empty; a person loads it again.
      // No script of ours is in this browser, and it never did in 25 loads beside nine busy loops on one
      // core: what the kit waited for is not known.
      await waitForRow(page, name, 'At noon', 12_000).catch(() => page.reload());
      await waitForRow(page, name, 'At noon');
      const received = bob.next<{ payload: { text?: string } }[]>('onMessageReceived');
      await page.click(LOOKS[name].composer);
      await page.type('On my way\n');
      expect((await received).data.map((it) => it.payload.text)).toEqual(['On my way']);
      await waitForRow(page, name, 'On my way');
      const sent = await bob.sendText('C2Calice', 'Wrong window');
      await waitForRow(page, name, 'Wrong window');
      await bob.recall(sent);
      await waitForRow(page, name, LOOKS[name].recalled ?? '');
      expect(await page.text(LOOKS[name].row)).not.toContain('Wrong window');
      const asked = await page.evaluate(() =>
        performance.getEntriesByType('resource').map((it) => it.name),
      );
      expect(asked.length).toBeGreaterThan(0);
      expect(
        asked.filter((url) => !url.startsWith(strictPages.origin) && !/^(blob|data):/.test(url)),
      ).toEqual([]);
      await page.close();
      const group = await open(name, { conversation: 'GROUPteam', lang: 'zh' });
      await waitForRow(group, name, 'Hello team');
      const said = await group.evaluate(() => document.documentElement.outerHTML);
      expect(said).toContain(LOOKS[name].chinese);
    },
  );

  it('plain keeps showing a recalled message, though its SDK knows of the recall', async () => {
    const page = await open('plain');
    await waitForRow(page, 'plain', 'At noon');
    const sent = await bob.sendText('C2Calice', 'Wrong window');
    await waitForRow(page, 'plain', 'Wrong window');
    await bob.recall(sent);
    await page.waitFor((id) => window.chat.findMessage(id)?.isRevoked === true, {
      args: [sent.ID],
    });
    expect(await page.text('.rows')).toContain('Wrong window');
  });

  it('plain loads earlier messages', async () => {
    server.seed(
      Array.from({ length: 15 }, (_, index) => ({
        from: 'bob',
        to: 'C2Calice' as const,
        text: `Number ${index}`,
        ageSeconds: 300 - index,
      })),
    );
    const page = await open('plain');
    await waitForRow(page, 'plain', 'Number 14');
    expect(await page.text('.rows')).not.toContain('Shall we meet?');
    await page.click('.earlier');
    await waitForRow(page, 'plain', 'Shall we meet?');
    const rows = await page.evaluate(() => document.querySelectorAll('.rows li').length);
    expect(rows).toBe(17);
  });

  it('plain says why a sign-in was refused', async () => {
    const { url, sdkAppId } = server;
    const visit = { server: url, sdkAppId, userId: 'alice', userSig: server.userSig('alice', -60) };
    tab = await browser.open(pages.url('plain', visit));
    await tab.waitForText('70001');
  });

  it('loads anew when another user is put into the address', async () => {
    const page = await open('plain');
    await waitForRow(page, 'plain', 'At noon');
    const { url, sdkAppId } = server;
    const visit = { server: url, sdkAppId, userId: 'carol', userSig: server.userSig('carol') };
    const address = pages.url('plain', { ...visit, conversation: 'GROUPteam' });
    await page.evaluate((next) => {
      location.href = next;
    }, address);
    await page.waitFor(() => document.querySelector<HTMLElement>('.me')?.innerText === 'Carol');
  });
});
