import { rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { startBrowser, type Tab, type TestBrowser } from './browser.ts';
import { SAMPLE_COMMAND, writeSampleExtension } from './sample-extension.ts';

declare const chrome: {
  i18n: { getUILanguage(): string };
  permissions: {
    contains(of: { origins?: string[]; permissions?: string[] }): Promise<boolean>;
  };
  runtime: { id: string; sendMessage(message: string): Promise<string> };
  storage: {
    local: { get(): Promise<Record<string, string>>; set(values: object): Promise<void> };
  };
};

const PAGE = `<!doctype html><meta charset="utf-8"><title>Page</title>
  <h1>A page</h1><a id="opener" href="/opened" target="_blank">In a new tab</a>
  <form onsubmit="event.preventDefault(); result.textContent = 'sent ' + text.value">
    <label>Message <textarea id="text" onkeydown="result.textContent = 'key ' + event.key + (event.isTrusted ? '' : ' untrusted')"></textarea></label>
    <button>Send</button><button disabled>Later</button>
  </form>
  <ul><li>Alice <button onclick="result.textContent = 'first'">Open</button></li>
      <li>Bob <button onclick="result.textContent = 'second'">Open</button></li></ul>
  <div style="position: relative"><button id="covered">Covered</button>
    <div id="cover" style="position: absolute; inset: 0"></div></div>
  <p oncontextmenu="event.preventDefault(); result.textContent = 'menu'">Right here</p>
  <p id="hover" onmouseenter="result.textContent = 'hovered'">Over me</p>
  <p id="result"></p>
  <div style="height: 3000px"></div>
  <button onclick="result.textContent = 'far'">Far down</button>`;

const ownAddress = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

let server: Server;
let site: string;
let sockets: WebSocketServer;

beforeAll(async () => {
  server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(PAGE);
  });
  sockets = new WebSocketServer({ server });
  await new Promise<void>((settle) => {
    server.listen(0, settle);
  });
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  sockets.close();
  server.closeAllConnections();
  server.close();
});

describe.each(['chromium', 'firefox'] as const)('%s', (name) => {
  let extension: string;
  let browser: TestBrowser;
  let page: Tab;
  const result = (): Promise<string> => page.text('#result');

  beforeAll(async () => {
    extension = writeSampleExtension(name);
    browser = await startBrowser(name, { extension });
    page = await browser.open(`${site}/first`);
  });

  afterAll(async () => {
    await browser.close();
    rmSync(extension, { recursive: true });
  });

  test('a page is opened, named, evaluated in and reloaded', async () => {
    expect(await page.url()).toBe(`${site}/first`);
    expect(await page.text('h1')).toBe('A page');
    expect(await page.evaluate((a, b) => Promise.resolve({ sum: [a + b] }), 1, 2)).toEqual({
      sum: [3],
    });
    await page.evaluate(() => {
      document.title = 'Changed';
    });
    await page.reload();
    expect(await page.evaluate(() => document.title)).toBe('Page');
  });

  test('what a page throws is told', async () => {
    const failing = page.evaluate(() => {
      throw new TypeError('no such thing');
    });
    await expect(failing).rejects.toThrow('no such thing');
  });

  test('waiting ends when the page comes to it, and fails with what was waited for', async () => {
    await page.evaluate(() => {
      setTimeout(() => (document.title = 'Soon'), 100);
    });
    expect(await page.waitFor(() => document.title === 'Soon' && 'it is')).toBe('it is');
    const hopeless = page.waitFor(() => false, { timeoutMs: 50, what: 'the impossible' });
    await expect(hopeless).rejects.toThrow('Waited 50 ms for the impossible');
  });

  test('fields are filled by their label and buttons clicked by their name', async () => {
    await page.fill({ label: 'message' }, 'draft');
    await page.fill({ label: 'Message' }, 'Hi, 世界 1!');
    await page.click({ role: 'button', name: 'Send' });
    expect(await result()).toBe('sent Hi, 世界 1!');
    // A click that does not reach it, as when it moves in that moment.
    await page.evaluate(() => {
      const stop = (event: Event): void => {
        event.preventDefault();
      };
      addEventListener('mousedown', stop, { capture: true, once: true });
      (document.activeElement as HTMLElement | null)?.blur();
    });
    await page.fill({ label: 'Message' }, 'once more');
    expect(await page.evaluate(() => document.querySelector('textarea')?.value)).toBe('once more');
    await page.fill({ label: 'Message' }, '');
    await page.click({ role: 'button', name: /^send$/i });
    expect(await result()).toBe('sent');
  });

  test('keys are real and reach the focused element', async () => {
    await page.click('#text');
    await page.type('ab\nc');
    expect(await page.evaluate(() => document.querySelector('textarea')?.value)).toBe('ab\nc');
    await page.press('Shift+Tab');
    await page.press('Tab');
    await page.press('Escape');
    expect(await result()).toBe('key Escape');
  });

  test('a key on a button is a click, also after the focus went through the browser around the page', async () => {
    const pressOn = async (css: string): Promise<void> => {
      await page.evaluate((at) => document.querySelector<HTMLElement>(at)?.focus(), css);
      await page.press('Space');
    };
    await pressOn('li:first-child button');
    expect(await result()).toBe('first');
    await page.evaluate(() => document.querySelector<HTMLElement>('#opener')?.focus());
    await page.press('Shift+Tab');
    await pressOn('li:last-child button');
    expect(await result()).toBe('second');
    expect(await page.evaluate(() => document.hasFocus())).toBe(true);
  });

  test('one of several like elements is told apart by where it is and by number', async () => {
    await page.click({ role: 'button', name: 'Open', within: { text: 'Bob' } });
    expect(await result()).toBe('second');
    await page.click({ role: 'button', name: 'Open', nth: 0 });
    expect(await result()).toBe('first');
  });

  test('the pointer hovers, opens menus, and reaches what is out of sight', async () => {
    await page.hover({ text: 'Over me' });
    expect(await result()).toBe('hovered');
    await page.click({ text: 'Right here' }, { button: 'right' });
    expect(await result()).toBe('menu');
    await page.click({ role: 'button', name: 'Far down' });
    expect(await result()).toBe('far');
  });

  test('what a person could not click is not clicked', async () => {
    const click = (target: string): Promise<void> =>
      page.click({ role: 'button', name: target }, { timeoutMs: 200 });
    await expect(click('Covered')).rejects.toThrow('covered by <div id="cover"');
    await expect(click('Later')).rejects.toThrow('it is disabled');
    await expect(click('Nowhere')).rejects.toThrow('no such element');
    expect(await page.isVisible({ role: 'button', name: 'Covered' })).toBe(true);
    expect(await page.isVisible({ role: 'button', name: 'Nowhere' })).toBe(false);
  });

  test('closed shadow roots of the extension are found, clicked and hovered', async () => {
    const recall = await page.closed.waitFor('button');
    expect(recall).toMatchObject({ text: 'Recall', hostId: 'sample-host', isVisible: true });
    const all = await page.closed.findAll('button');
    expect(all.map(({ isVisible }) => isVisible)).toEqual([true, true, false]);
    await page.closed.click({ css: 'button', text: 'Recall last' });
    expect(await page.evaluate(() => document.title)).toBe('Recall last');
    await page.closed.click('button');
    expect(await page.evaluate(() => document.title)).toBe('Recall');
    await page.closed.hover({ css: 'button', nth: 1 });
    expect(await page.evaluate(() => document.getElementById('sample-host')?.dataset.hovered)).toBe(
      '!',
    );
  });

  test('a page in another tab is driven without leaving the first', async () => {
    const other = await browser.open(`${site}/second`);
    await page.waitFor(() => document.title);
    await other.click({ role: 'button', name: 'Open' });
    expect(await other.text('#result')).toBe('first');
    await page.click({ text: 'Right here' }, { button: 'right' });
    expect(await result()).toBe('menu');
    await other.close();
  });

  test('a tab that a page opens is found and driven, and the page comes to the front again', async () => {
    await page.click('#opener');
    const opened = await browser.waitForTab(`${site}/opened`);
    await opened.click({ role: 'button', name: 'Open' });
    expect(await opened.text('#result')).toBe('first');
    await page.click({ role: 'button', name: 'Open', nth: 1 });
    expect(await result()).toBe('second');
    await opened.close();
  });

  test('color scheme, forced colours, viewport and screenshot', async () => {
    const sees = (): Promise<[boolean, boolean, number, number]> =>
      page.evaluate(() => [
        matchMedia('(prefers-color-scheme: dark)').matches,
        matchMedia('(forced-colors: active)').matches,
        innerWidth,
        innerHeight,
      ]);
    await page.setColorScheme('dark');
    await page.setForcedColors(true);
    await page.setViewport(500, 400);
    expect(await sees()).toEqual([true, true, 500, 400]);
    await page.setForcedColors(false);
    expect(await sees()).toEqual([true, false, 500, 400]);
    await page.setColorScheme('light');
    await page.setViewport(1200, 800);
    expect(await sees()).toEqual([false, false, 1200, 800]);
    const path = join(browser.profile, 'screenshot.png');
    await page.screenshot(path);
    expect(statSync(path).size).toBeGreaterThan(1000);
  });

  test('the real popup opens over a page, takes input and closes', async () => {
    const popup = await browser.openPopup(page);
    expect(await popup.url()).toBe(browser.extensionUrl('popup.html'));
    await popup.fill({ label: 'Name' }, 'Anna 安娜');
    await popup.click({ role: 'button', name: 'Say' });
    await popup.waitForText('said Anna 安娜');
    expect(await popup.text('#said')).toBe('said Anna 安娜');
    expect(await popup.evaluate(() => innerWidth)).toBeLessThan(800);
    await popup.screenshot(join(browser.profile, 'popup.png'));
    await popup.close();
    const again = await browser.openPopup(page);
    expect(await again.text('#said')).toBe('');
    await again.close();
  });

  test('an optional permission is given to a click that asks for it, and not before', async () => {
    const mayNotify = (): Promise<boolean> =>
      browser.evaluateInWorker(() =>
        chrome.permissions.contains({ permissions: ['notifications'] }),
      );
    expect(await mayNotify()).toBe(false);
    const popup = await browser.openPopupAsTab();
    await browser.grantPermission('notifications', () =>
      popup.click({ role: 'button', name: 'Notify' }),
    );
    expect(await mayNotify()).toBe(true);
    await popup.close();
  });

  test('a permission asked for in the popup is granted', async () => {
    const contains = (): Promise<boolean> =>
      browser.evaluateInWorker(() =>
        chrome.permissions.contains({ origins: ['http://localhost/*'] }),
      );
    expect(await contains()).toBe(false);
    const popup = await browser.openPopup(page);
    await browser.grantSite(site.replace('127.0.0.1', 'localhost'), () =>
      popup.click({ role: 'button', name: 'Turn on' }),
    );
    expect(await contains()).toBe(true);
    await popup.waitForText('granted true');
    await popup.close();
  });

  test('the worker is killed, stays dead until asked, and is another one then', async () => {
    const popup = await browser.openPopupAsTab('?in=tab');
    expect(await popup.url()).toBe(browser.extensionUrl('popup.html?in=tab'));
    const born = (): Promise<string> =>
      popup.evaluate(() => chrome.runtime.sendMessage('when were you born?'));
    const first = await born();
    expect(await born()).toBe(first);
    await browser.killWorker();
    expect(await browser.isWorkerAlive()).toBe(false);
    expect(await born()).not.toBe(first);
    expect(await browser.isWorkerAlive()).toBe(true);
    await popup.close();
  });

  test('a command reaches a dead worker', async () => {
    await browser.killWorker();
    await browser.pressCommand(SAMPLE_COMMAND);
    const popup = await browser.openPopupAsTab();
    const stored = await popup.waitFor(async () => (await chrome.storage.local.get()).command);
    expect(stored).toBe(SAMPLE_COMMAND);
    await popup.close();
  });

  test('offline cuts open connections and refuses new ones; online brings them back', async () => {
    const reach = (): Promise<string> =>
      page.evaluate(() =>
        fetch(location.href, { cache: 'no-store' }).then(
          () => 'reached',
          () => 'unreachable',
        ),
      );
    await page.evaluate(async () => {
      const socket = new WebSocket(location.href.replace('http', 'ws'));
      socket.onclose = () => (document.title = 'cut');
      await new Promise((settle) => (socket.onopen = settle));
    });
    await browser.setOffline(true);
    await page.waitFor(() => document.title === 'cut', { what: 'the socket to be cut' });
    expect(await reach()).toBe('unreachable');
    await browser.setOffline(false);
    expect(await reach()).toBe('reached');
  });

  test.skipIf(!ownAddress)('nothing but loopback can be reached', async () => {
    // The server listens on every address of this machine; this one is not loopback.
    const url = site.replace('127.0.0.1', ownAddress ?? '');
    expect((await fetch(url)).ok).toBe(true);
    const isReached = await page.evaluate(
      (address) =>
        fetch(address, { mode: 'no-cors' }).then(
          () => true,
          () => false,
        ),
      url,
    );
    expect(isReached).toBe(false);
  });

  test('a reload of the extension leaves pages with an orphan and starts a new worker', async () => {
    const before = await browser.evaluateInWorker(() => chrome.runtime.id);
    await browser.reloadExtension();
    expect(await browser.isWorkerAlive()).toBe(true);
    expect(await browser.evaluateInWorker(() => chrome.runtime.id)).toBe(before);
    await page.reload();
    await page.closed.click('button');
    expect(await page.evaluate(() => document.title)).toBe('Recall');
  });

  test('storage and address survive a restart and a crash, and are found in the profile', async () => {
    const url = browser.extensionUrl('popup.html');
    await browser.evaluateInWorker(() => chrome.storage.local.set({ word: 'Quicksilver' }));
    expect(await browser.searchProfile('Zanzibarbarian')).toEqual([]);
    await browser.restart();
    expect((await browser.searchProfile('Quicksilver')).length).toBeGreaterThan(0);
    expect(browser.extensionUrl('popup.html')).toBe(url);
    const kept = (): Promise<string | undefined> =>
      browser.evaluateInWorker(async () => (await chrome.storage.local.get()).word);
    expect(await kept()).toBe('Quicksilver');
    await browser.restart({ isCrash: true });
    expect(await kept()).toBe('Quicksilver');
    page = await browser.open(`${site}/third`);
    await page.closed.waitFor('button');
  });

  test('in Chinese the extension and the pages speak Chinese', async () => {
    const chinese = await startBrowser(name, { extension, locale: 'zh-CN' });
    try {
      const popup = await chinese.openPopup(await chinese.open(site));
      expect(await popup.text('#greeting')).toBe('你好');
      expect(await popup.evaluate(() => navigator.languages[0])).toBe('zh-CN');
    } finally {
      await chinese.close();
    }
  });
});
