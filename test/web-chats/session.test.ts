import path from 'node:path';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ChatPage } from '../../src/page/chat-page.ts';
import type * as finder from '../../src/page/session/find-session.ts';
import { startBrowser, type Tab, type TestBrowser } from '../browsers/browser.ts';
import { startPeer, type Peer } from '../chat-server/peer.ts';
import { startChatServer, type ChatServer } from '../chat-server/server.ts';
import { kindOn } from './kinds.ts';
import { buildPages, PAGE_NAMES, servePages, STRICT_CSP, type PageName } from './pages.ts';

declare global {
  interface Window {
    finder: typeof finder;
  }
}

/** Pages whose kit hands out its login. */
const TELLING: readonly PageName[] = ['react-3', 'react-6', 'vue-3', 'vue3-6'];

let browser: TestBrowser;
let pages: Awaited<ReturnType<typeof servePages>>;
let server: ChatServer;
let bob: Peer;
/** Puts the finders into a page, as the extension's script does. */
let install: () => void;

beforeAll(async () => {
  await buildPages();
  const entry = path.join(import.meta.dirname, '../../src/page/session/find-session.ts');
  const [bundle] = (await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, lib: { entry, formats: ['iife'], name: 'finder' } },
  })) as Rolldown.RolldownOutput[];
  const { code = '' } = (bundle?.output[0] ?? {}) as { code?: string };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- it is to run in the page, not here
  install = new Function(`${code}; window.finder = finder;`) as () => void;
  pages = await servePages({ csp: STRICT_CSP });
  browser = await startBrowser('chromium', {
    extension: path.join(import.meta.dirname, 'bystander'),
  });
}, 300_000);

afterAll(async () => {
  await browser.close();
  await pages.stop();
});

describe.each(PAGE_NAMES)('on the page %s', (name) => {
  let tab: Tab;

  beforeAll(async () => {
    server = await startChatServer();
    for (const nick of ['Alice', 'Bob', 'Carol']) server.addUser({ id: nick.toLowerCase(), nick });
    server.seed([
      { from: 'bob', to: 'C2Calice', text: 'Shall we meet?', ageSeconds: 600 },
      { from: 'alice', to: 'C2Cbob', text: 'At noon', ageSeconds: 500 },
      { from: 'bob', to: 'C2Ccarol', text: 'Hello Carol', ageSeconds: 400 },
    ]);
    bob = await startPeer(server, 'bob');
    tab = await browser.open(
      pages.url(name, {
        server: server.url,
        sdkAppId: server.sdkAppId,
        userId: 'alice',
        userSig: server.userSig('alice'),
        conversation: 'C2Cbob',
        isLate: true,
      }),
    );
    await tab.evaluate(install);
  });

  afterAll(async () => {
    await tab.close();
    await bob.stop();
    await server.stop();
  });

  const enter = (userId: string): Promise<void> =>
    tab.evaluate(
      (detail) => {
        document.dispatchEvent(new CustomEvent('chat:enter', { detail }));
      },
      { userId, userSig: server.userSig(userId) },
    );

  const isUser = (userId: string | undefined): Promise<unknown> =>
    tab.waitFor(
      (wanted) => (window.finder.findSession(window, document)?.userId ?? '') === wanted,
      { args: [userId ?? ''], what: `the user ${userId ?? '(nobody)'}` },
    );

  /** The id written on the row with these words, and the one that is found behind it. */
  const idsOf = (text: string): Promise<{ written: string; found: string | undefined }> =>
    tab.waitFor(
      (selectors: ChatPage, words: string) => {
        const row = [...document.querySelectorAll<HTMLElement>(selectors.rows)].find((it) =>
          it.innerText.replace(/\s+/gu, ' ').includes(words),
        );
        if (!row) return undefined;
        const attribute = selectors.idAttribute ?? 'data-none';
        const named = row.hasAttribute(attribute) ? row : row.querySelector(`[${attribute}]`);
        const written = (named?.getAttribute(attribute) ?? '').slice(selectors.idPrefix.length);
        const placeholder = row.querySelector(selectors.placeholder ?? 'none');
        return { written, found: window.finder.findMessageId(named ?? placeholder ?? row) };
      },
      { args: [kindOn(name), text], what: `the row “${text}”` },
    );
  const idOf = async (text: string): Promise<string | undefined> => {
    const { written, found } = await idsOf(text);
    if (written !== '' && found !== undefined) expect(found).toBe(written);
    return written || found;
  };

  it('nobody is signed in before somebody is', async () => {
    await isUser(undefined);
  });

  it('finds who signs in later, and an SDK that answers', async () => {
    await enter('alice');
    await isUser('alice');
    const found = await tab.waitFor(
      async () => {
        const session = window.finder.findSession(window, document);
        const answer = (await session?.chat.getConversationList()) as {
          data: { conversationList: { conversationID: string }[] };
        };
        const conversations = answer.data.conversationList.map((it) => it.conversationID);
        // An SDK answers before it has read its list.
        return (
          conversations.length > 0 && {
            sdkAppId: session?.sdkAppId,
            signature: session?.signature(),
            conversations,
          }
        );
      },
      { what: 'the SDK to have its conversations' },
    );
    const isTelling = TELLING.includes(name);
    expect(found).toEqual({
      conversations: ['C2Cbob'],
      ...(isTelling ? { sdkAppId: server.sdkAppId, signature: expect.any(String) as string } : {}),
    });
  });

  it('costs next to nothing when it is asked again and again', async () => {
    const milliseconds = await tab.evaluate(() => {
      const begun = performance.now();
      for (let turn = 0; turn < 200; turn += 1) window.finder.findSession(window, document);
      return (performance.now() - begun) / 200;
    });
    expect(milliseconds).toBeLessThan(1);
  });

  it.skipIf(name === 'plain')(
    'knows the message behind a row, and behind a placeholder',
    async () => {
      const [, noon] = server.messages(['alice', 'bob']);
      expect(await idOf('At noon')).toBe(noon?.id);
      const sent = await bob.sendText('C2Calice', 'Wrong window');
      expect(await idOf('Wrong window')).toBe(sent.ID);
      await bob.recall(sent);
      expect(await idOf('recalled a message')).toBe(sent.ID);
      expect(await idOf('Shall we meet?')).not.toBe(sent.ID);
    },
  );

  it('follows a sign-out and another user', async () => {
    await tab.evaluate(() => {
      document.dispatchEvent(new CustomEvent('chat:leave'));
    });
    await isUser(undefined);
    await enter('carol');
    await isUser('carol');
  });
});
