import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { startBrowser, type BrowserName, type Tab, type TestBrowser } from '../browsers/browser.ts';
import type { Locale } from '../browsers/localized-extension.ts';
import { addPeople } from '../chat-server/people.ts';
import { startChatServer, type ChatServer } from '../chat-server/server.ts';
import { buildPages, servePages, type PageName } from '../web-chats/pages.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Everything the tour plays on: a server with people and history, chat pages, a browser with Unsay. */
export interface Stage {
  readonly server: ChatServer;
  readonly browser: TestBrowser;
  /** The origin of Alice's chat pages. */
  readonly origin: string;
  /** Opens a user's chat page. */
  openChat(page: PageName, userId: string, conversation: string): Promise<Tab>;
  /** Writes a picture of a tab, if pictures are wanted. */
  picture(tab: Tab, name: string): Promise<void>;
  close(): Promise<void>;
}

/** Builds the stage. `pictures`: a folder for screenshots. */
export async function openStage(options: {
  readonly browser: BrowserName;
  readonly isHeadless: boolean;
  readonly pictures: string | undefined;
  readonly locale?: Locale;
}): Promise<Stage> {
  await buildPages(['react-6', 'vue-3']);
  // One sign-in per user, as apps have it by default: Unsay rides the page's own.
  const server = await startChatServer({ maxWebInstances: 1 });
  addPeople(server);
  const lang = options.locale === 'zh-CN' ? 'zh' : 'en';
  addHistory(server, history[lang]);
  const pages = await servePages();
  // Bob does not use Unsay: his chat is another site, on which nobody turns it on.
  const others = await servePages();
  const browser = await startBrowser(options.browser, {
    extension: path.join(
      root,
      '.output',
      options.browser === 'chromium' ? 'chrome-mv3' : 'firefox-mv3',
    ),
    isHeadless: options.isHeadless,
    ...(options.locale && { locale: options.locale }),
  });
  if (options.pictures !== undefined) mkdirSync(options.pictures, { recursive: true });
  return {
    server,
    browser,
    origin: pages.origin,
    openChat: (page, userId, conversation) =>
      browser.open(
        (userId === 'alice' ? pages : others).url(page, {
          server: server.url,
          sdkAppId: server.sdkAppId,
          userId,
          userSig: server.userSig(userId),
          conversation,
          lang,
        }),
      ),
    async picture(tab, name) {
      if (options.pictures !== undefined) {
        await tab.screenshot(path.join(options.pictures, `${name}.png`));
      }
    },
    async close() {
      await browser.close();
      await pages.stop();
      await others.stop();
      await server.stop();
    },
  };
}

/** What people said before, in the languages the stage is set in. */
const history = {
  en: {
    question: 'Did the contract arrive?',
    answer: 'Yes, I am reading it now.',
    hint: 'Good. Page four is the one that matters.',
    lunch: 'Lunch at noon?',
    bob: 'I am in, the usual place.',
  },
  zh: {
    question: '合同收到了吗？',
    answer: '收到了，我正在看。',
    hint: '好的，重点在第四页。',
    lunch: '中午一起吃饭吗？',
    bob: '我去，老地方。',
  },
} as const;

/** Some history, so that nobody meets an empty chat. */
function addHistory(server: ChatServer, say: (typeof history)[keyof typeof history]): void {
  server.seed([
    { from: 'bob', to: 'C2Calice', text: say.question, ageSeconds: 7200 },
    { from: 'alice', to: 'C2Cbob', text: say.answer, ageSeconds: 7080 },
    { from: 'bob', to: 'C2Calice', text: say.hint, ageSeconds: 7020 },
    { from: 'carol', to: 'GROUPteam', text: say.lunch, ageSeconds: 5400 },
    { from: 'bob', to: 'GROUPteam', text: say.bob, ageSeconds: 5340 },
  ]);
}
