import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateChromeMessages, parseMessagesText } from '@wxt-dev/i18n/build';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { answer, type Handlers } from '../../../src/contract/channel.ts';
import type { Asked, Question } from '../../../src/contract/contract.ts';
import type { News } from '../../../src/contract/news.ts';
import type { AccountGlance, Glance, SentView } from '../../../src/contract/views.ts';

export const locales = ['en', 'zh_CN', 'zh_TW', 'ja', 'ko'] as const;
export type Locale = (typeof locales)[number];

/** The messages of a locale as the build makes them for the browser. */
export function messagesOf(locale: Locale): ReturnType<typeof generateChromeMessages> {
  const file = join(import.meta.dirname, `../../../src/locales/${locale}.yml`);
  return generateChromeMessages(parseMessagesText(readFileSync(file, 'utf8'), 'YAML'));
}

/** Gives the fake browser the `getMessage` it lacks: placeholders are filled in one pass. */
export function speak(locale: Locale): void {
  const messages = messagesOf(locale);
  const getMessage = (key: string, substitutions: string | string[] = []): string => {
    const values = [substitutions].flat();
    const { message = '' } = messages[key] ?? {};
    return message.replace(/\$([1-9])/gu, (_, n: string) => values[Number(n) - 1] ?? '');
  };
  Object.assign(fakeBrowser, { i18n: { getMessage } });
}

/** What was asked, in order. */
export interface Asking<Q extends Question = Question> {
  readonly question: Q;
  readonly content: Asked<Q>;
}

/** A worker that is nothing but its end of the real channel. */
export interface FakeWorker {
  readonly asked: readonly Asking[];
  /** Answers a question from now on; without an answer it fails. */
  on<Q extends Question>(question: Q, handler: Handlers[Q]): void;
  tell(news: News): void;
}

type Listener = (message: unknown, sender: unknown, respond: (reply: unknown) => void) => unknown;

/** Puts the worker's end of the channel and of the news under the fake browser. */
export function startWorker(): FakeWorker {
  const asked: Asking[] = [];
  const handlers: Record<string, (content: never, asker: never) => Promise<unknown>> = {};
  const hearers = new Set<(news: unknown) => void>();
  let listener: Listener | undefined;
  const sender = { id: fakeBrowser.runtime.id, url: 'chrome-extension://own/popup.html' };
  Object.assign(fakeBrowser.runtime, {
    getURL: (path: string) => `chrome-extension://own/${path}`,
    onMessage: {
      addListener: (added: Listener) => {
        listener = added;
      },
    },
    sendMessage: (message: unknown) =>
      new Promise((resolve) => {
        // What crosses between contexts is a copy.
        listener?.(JSON.parse(JSON.stringify(message)), sender, resolve);
      }),
    connect: () => ({
      onMessage: { addListener: (hearer: (news: unknown) => void) => hearers.add(hearer) },
      onDisconnect: { addListener: () => undefined },
      disconnect: () => undefined,
    }),
  });
  setOnline(true);
  // Where a page finds the browser's own messaging.
  Object.assign(globalThis, { chrome: fakeBrowser });
  const any = new Proxy(
    {},
    {
      get: (_, question: Question) => (content: never, asker: never) => {
        asked.push({ question, content });
        const handler = handlers[question];
        return handler ? handler(content, asker) : Promise.reject(new Error(question));
      },
    },
  );
  answer(any as Handlers, () => Promise.resolve(false));
  return {
    asked,
    on(question, handler) {
      handlers[question] = handler;
    },
    tell(news) {
      for (const hearer of hearers) hearer(news);
    },
  };
}

/** What the browser says of the network. */
export function setOnline(isOnline: boolean): void {
  Object.defineProperty(navigator, 'onLine', { configurable: true, value: isOnline });
}

export const account = '1400000001:alice';
/** Server milliseconds at which every test begins; the computer's clock is wrong by an hour. */
export const start = 1_790_000_000_000;
export const clockAtStart = start + 3_600_000;

/** One of my messages, sent `age` seconds before `start`. */
export function sentView(n: number, age: number, more: Partial<SentView> = {}): SentView {
  const time = start / 1000 - age;
  return {
    id: `144115-${time}-${n}`,
    account,
    conversation: `C2Cpeer${n}`,
    conversationName: `Peer ${n}`,
    kind: 'text',
    excerpt: `Words ${n}`,
    time,
    ...(age < 120 && { until: (time + 120) * 1000 }),
    ...more,
  };
}

/** A glance over these messages of a connected account; `of` says otherwise about it. */
export function glanceOf(
  sent: readonly SentView[],
  more: Partial<Glance> = {},
  of: Partial<AccountGlance> = {},
): Glance {
  return {
    accounts: [
      {
        id: account,
        state: { name: 'connected' },
        time: { serverNow: start, clock: clockAtStart },
        ...of,
      },
    ],
    sent: [...sent],
    recalled: [],
    ...more,
  };
}
