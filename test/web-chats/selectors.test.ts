import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ChatPage } from '../../src/page/chat-page.ts';
import { allPages } from '../../src/page/pages/all.ts';
import { startBrowser, type Tab, type TestBrowser } from '../browsers/browser.ts';
import { startPeer, type Peer } from '../chat-server/peer.ts';
import { startChatServer, type ChatServer } from '../chat-server/server.ts';
import { kindOn, menuOpeners } from './kinds.ts';
import { buildPages, PAGE_NAMES, servePages } from './pages.ts';

let browser: TestBrowser;
let pages: Awaited<ReturnType<typeof servePages>>;

beforeAll(async () => {
  await buildPages();
  pages = await servePages();
  browser = await startBrowser('chromium', {
    extension: path.join(import.meta.dirname, 'bystander'),
  });
}, 300_000);

afterAll(async () => {
  await browser.close();
  await pages.stop();
});

describe.each(PAGE_NAMES)('on the page %s', (name) => {
  const kind = kindOn(name);
  let server: ChatServer;
  let bob: Peer;
  let tab: Tab;

  beforeAll(async () => {
    server = await startChatServer();
    for (const nick of ['Alice', 'Bob']) server.addUser({ id: nick.toLowerCase(), nick });
    server.seed([
      { from: 'bob', to: 'C2Calice', text: 'Shall we meet?', ageSeconds: 60 },
      { from: 'alice', to: 'C2Cbob', text: 'At noon', ageSeconds: 50 },
    ]);
    bob = await startPeer(server, 'bob');
    tab = await browser.open(
      pages.url(name, {
        server: server.url,
        sdkAppId: server.sdkAppId,
        userId: 'alice',
        userSig: server.userSig('alice'),
        conversation: 'C2Cbob',
      }),
    );
  });

  afterAll(async () => {
    await tab.close();
    await bob.stop();
    await server.stop();
  });

  it('a row is of one kind and holds one message, its bubble the words and little else', async () => {
    const rows = await tab.waitFor(
      ({ rows: ours, bubble }: ChatPage, kinds: readonly ChatPage[]) => {
        const found = [...document.querySelectorAll<HTMLElement>(ours)];
        return (
          found.length === 2 &&
          // A kit that still loads draws its rows anew.
          found.every((row) => /Shall we meet|At noon/u.test(row.innerText)) &&
          found.map((row) => ({
            kind: kinds.find((one) => row.matches(one.rows))?.name,
            isOutermost: row.parentElement?.closest(ours) === null,
            bubble: row.querySelector<HTMLElement>(bubble)?.innerText.split('\n')[0],
          }))
        );
      },
      { args: [kind, allPages], what: 'two rows' },
    );
    const row = { kind: kind.name, isOutermost: true };
    expect(rows).toEqual([
      { ...row, bubble: 'Shall we meet?' },
      { ...row, bubble: 'At noon' },
    ]);
  });

  it.skipIf(kind.scroller === undefined)('its scroller scrolls the rows', async () => {
    const look = (): Promise<object[]> =>
      tab.evaluate(
        ({ rows, scroller }: ChatPage) =>
          [...document.querySelectorAll(scroller ?? '')].map((one) => ({
            overflow: getComputedStyle(one).overflowY,
            rows: one.querySelectorAll(rows).length,
          })),
        kind,
      );
    // A page may draw its rows before its style is there (seen with the demo).
    await expect
      .poll(look)
      .toEqual([{ overflow: expect.stringMatching(/auto|scroll/) as string, rows: 2 }]);
  });

  it.skipIf(kind.composer === undefined)('its composer is written in', async () => {
    await tab.waitFor((selector: string) => document.querySelectorAll(selector).length === 1, {
      args: [kind.composer ?? ''],
      what: 'one composer',
    });
    const received = bob.next<{ payload: { text?: string } }[]>('onMessageReceived');
    await tab.click(kind.composer ?? '');
    await tab.type('<b>On my way</b>\n');
    expect((await received).data.map((it) => it.payload.text)).toEqual(['<b>On my way</b>']);
  });

  it.skipIf(kind.menu === undefined)(
    'its menu opens on a row and has an item to copy',
    async () => {
      const last = await tab.waitFor(
        ({ rows, bubble }: ChatPage) => {
          const row = [...document.querySelectorAll(rows)].at(-1);
          const box = row?.querySelector(bubble)?.getBoundingClientRect();
          return (
            row?.textContent.includes('On my way') &&
            box && { x: box.x + box.width / 2, y: box.y + box.height / 2 }
          );
        },
        { args: [kind], what: 'the row just sent' },
      );
      const opener = menuOpeners[name];
      await tab.moveTo(last.x, last.y);
      if (opener === 'right') await tab.clickAt(last.x, last.y, { button: 'right' });
      else if (opener) {
        const icon = await tab.waitFor(
          (rows: string, css: string) => {
            const row = [...document.querySelectorAll(rows)].at(-1);
            const box = row?.querySelector(css)?.getBoundingClientRect();
            return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
          },
          { args: [kind.rows, opener.icon], what: 'the icon that opens the menu' },
        );
        await tab.clickAt(icon.x, icon.y);
      }
      const labels = await tab.waitFor(
        ({ menu }: ChatPage) => {
          const list = [...document.querySelectorAll<HTMLElement>(menu?.list ?? '')].find(
            (one) => one.offsetHeight > 0,
          );
          const items = [...(list?.children ?? [])].filter((one) => one.matches(menu?.item ?? ''));
          const words = items.map(
            (one) => (menu?.label === undefined ? one : one.querySelector(menu.label))?.textContent,
          );
          return words.length > 0 && words;
        },
        { args: [kind], what: 'the open menu' },
      );
      expect(labels.map((label) => label?.trim())).toContain('Recall');
      await tab.press('Escape');
    },
  );

  it.skipIf(kind.placeholder === undefined)(
    'its placeholders are seen: another’s, and mine with Re-edit',
    async () => {
      const sent = await bob.sendText('C2Calice', 'Wrong window');
      await tab.waitForText('Wrong window');
      await bob.recall(sent);
      const [, , mine] = server.messages(['alice', 'bob']);
      if (mine) server.recall(mine);
      const seen = await tab.waitFor(
        ({ rows, placeholder, reedit }: ChatPage) => {
          const found = [...document.querySelectorAll(rows)].flatMap((row) => {
            const its = row.matches(placeholder ?? '') ? row : row.querySelector(placeholder ?? '');
            const button = its?.querySelector<HTMLElement>(reedit ?? '');
            return its ? [(button?.offsetHeight ?? 0) > 0] : [];
          });
          return found.length === 2 && found;
        },
        { args: [kind], what: 'two placeholders' },
      );
      expect(seen).toEqual([true, false]);
    },
  );

  // Its quotes are a newer SDK's, which no app can send here.
  it.skipIf(kind.quote === undefined || name === 'react-6')(
    'a quote is seen by its words',
    async () => {
      const [quoted] = server.messages(['alice', 'bob']);
      const messageReply = {
        messageID: quoted?.id,
        messageAbstract: quoted?.text,
        messageSender: 'Bob',
        messageType: 1,
        version: '1',
      };
      server.post({
        from: 'bob',
        to: 'C2Calice',
        text: 'As I said',
        cloudCustomData: JSON.stringify({ messageReply }),
      });
      const quote = await tab.waitFor(
        ({ rows, quote: css }: ChatPage, words: string) => {
          const row = [...document.querySelectorAll(rows)].at(-1);
          const its = [...(row?.querySelectorAll<HTMLElement>(css ?? '') ?? [])];
          return row?.textContent.includes(words) && its.map((one) => one.innerText.split('\n')[0]);
        },
        { args: [kind, 'As I said'], what: 'the row with a quote' },
      );
      expect(quote).toEqual([expect.stringMatching(/^(?:Bob: )?Shall we meet\?$/u)]);
    },
  );
});
