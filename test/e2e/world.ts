import { existsSync } from 'node:fs';
import path from 'node:path';
import { inject } from 'vitest';
import { startBrowser, type Tab, type TestBrowser } from '../browsers/browser.ts';
import type { ManagedPolicy } from '../browsers/policy.ts';
import { addPeople } from '../chat-server/people.ts';
import { startPeer, type Peer } from '../chat-server/peer.ts';
import { startChatServer, type ChatServer, type ChatServerOptions } from '../chat-server/server.ts';
import { servePages, type PageName } from '../web-chats/pages.ts';
import { agree, signIn, turnOn } from './user.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** A chat server, chat pages and a browser with the built extension installed: what a user has. */
export interface World {
  readonly server: ChatServer;
  readonly browser: TestBrowser;
  readonly origin: string;
  /** A real SDK client of this user, elsewhere; signed out with the world. */
  peer(userId: string): Promise<Peer>;
  /** Signs Unsay in on the options page, by its visible labels; resolves when it says it is connected. */
  signIn(userId?: string, options?: { staysSignedIn?: boolean }): Promise<void>;
  /** Opens a chat page of this user in a tab. */
  openChat(page: PageName, conversation: string, userId?: string): Promise<Tab>;
  /** Turns Unsay on for the chat pages, from the popup over this tab. */
  turnOn(tab: Tab): Promise<void>;
  /** The popup's page in a tab of its own, kept open. */
  popup(): Promise<Tab>;
  close(): Promise<void>;
}

/** What a world may be besides its server. */
export interface WorldOptions extends ChatServerOptions {
  /** False leaves the welcome page open and the user undecided. Default true. */
  isAgreed?: boolean;
  /** What whoever manages the browser sets; with their consent nobody is asked for it. */
  policy?: (server: ChatServer) => ManagedPolicy;
}

const open = new Set<World>();

/** The worlds of this process that are not closed. */
export function openWorlds(): readonly World[] {
  return [...open];
}

/** Builds a world of its own for a test file. `maxWebInstances` 2: the page and Unsay side by side. */
export async function openWorld({
  isAgreed = true,
  policy: policyFor,
  ...options
}: WorldOptions = {}): Promise<World> {
  const name = inject('browser');
  const server = await startChatServer({ maxWebInstances: 2, ...options });
  const policy = policyFor?.(server);
  const [pages, browser] = await Promise.all([
    servePages(),
    startBrowser(name, {
      extension: path.join(root, '.output', name === 'chromium' ? 'chrome-mv3' : 'firefox-mv3'),
      ...(policy && { policy }),
    }),
  ]);
  addPeople(server);
  if (policy?.consentGiven !== true) {
    // Also when nobody agrees: the welcome page brings itself to the front.
    await browser.waitForTab(browser.extensionUrl('welcome.html'));
    if (isAgreed) await agree(browser);
  }
  const peers: Peer[] = [];

  const world: World = {
    server,
    browser,
    origin: pages.origin,
    async peer(userId) {
      const peer = await startPeer(server, userId);
      peers.push(peer);
      return peer;
    },
    signIn: (userId = 'alice', options = {}) => signIn(browser, server, userId, options),
    async openChat(page, conversation, userId = 'alice') {
      if (!existsSync(path.join(root, 'test/web-chats', page, 'dist/index.html'))) {
        throw new Error(`There is no chat page ${page}: node test/web-chats/build.ts ${page}`);
      }
      const tab = await browser.open(
        pages.url(page, {
          server: server.url,
          sdkAppId: server.sdkAppId,
          userId,
          userSig: server.userSig(userId),
          conversation,
        }),
      );
      return tab;
    },
    turnOn: (tab) => turnOn(browser, tab, pages.origin),
    popup: () => browser.openPopupAsTab(),
    async close() {
      open.delete(world);
      await Promise.allSettled(peers.map((peer) => peer.stop()));
      await Promise.all([browser.close(), pages.stop(), server.stop()]);
    },
  };
  open.add(world);
  return world;
}
