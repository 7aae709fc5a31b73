import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { identify, type Asker } from '../../../src/contract/asker.ts';
import { hear, openNews, type News } from '../../../src/contract/news.ts';
import { FakeFrame, FakeMessaging, FakePort, pageSender, popup } from './fake-messaging.ts';

const chat = 'https://chat.example';
const other = 'https://other.example';

let messaging: FakeMessaging;
let sitesOn: string[];
let page: EventTarget & { hidden: boolean };
let frame: FakeFrame;
const isOn = (origin: string): Promise<boolean> => Promise.resolve(sitesOn.includes(origin));

beforeEach(() => {
  vi.useFakeTimers();
  fakeBrowser.reset();
  messaging = new FakeMessaging();
  sitesOn = [chat, other];
  page = Object.assign(new EventTarget(), { hidden: false });
  vi.stubGlobal('document', page);
  frame = new FakeFrame();
  vi.stubGlobal('window', frame);
});
afterEach(() => {
  vi.useRealTimers();
  Reflect.deleteProperty(globalThis, 'document');
  Reflect.deleteProperty(globalThis, 'window');
});

/** Lets promises settle; no time passes. */
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

/** A page that listens, seen as `sender`, and what it hears. */
async function listen(sender: typeof popup) {
  const heard: string[] = [];
  const abort = new AbortController();
  messaging.sender = sender;
  hear(
    {
      onNews: ({ kind }) => heard.push(kind),
      onGone: () => heard.push('gone'),
      onDeaf: () => heard.push('deaf'),
    },
    abort.signal,
  );
  await settle();
  return { heard, abort };
}

const rows: News = { kind: 'rows', ids: ['m1'] };

describe('telling news', () => {
  it('tells own pages everything and pages what concerns them', async () => {
    const teller = openNews(isOn);
    const own = await listen(popup);
    const site = await listen(pageSender(chat));
    for (const news of [rows, { kind: 'glance' }, { kind: 'account' }] as const) teller.tell(news);
    expect(own.heard).toEqual(['account', 'rows', 'glance', 'account']);
    expect(site.heard).toEqual(['account', 'rows', 'account']);
  });

  it('tells a page whose site is off to leave, and nothing else', async () => {
    sitesOn = [];
    const teller = openNews(isOn);
    const site = await listen(pageSender(chat));
    teller.tell(rows);
    expect(site.heard).toEqual(['gone']);
    expect(messaging.ports[0]?.isOpen).toBe(false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(messaging.ports).toHaveLength(1);
  });

  it('tells a stranger nothing', async () => {
    const teller = openNews(isOn);
    await listen({ ...popup, id: 'somebody-else' });
    teller.tell(rows);
    expect(messaging.ports[0]?.posted).toEqual([{ kind: 'leave' }]);
  });

  it('has a page come again, and tells it nothing, where it cannot be found out whether its site is on', async () => {
    let isBroken = true;
    const teller = openNews((origin) =>
      isBroken ? Promise.reject(new Error('no answer')) : isOn(origin),
    );
    const { heard } = await listen(pageSender(chat));
    teller.tell(rows);
    expect(heard).toEqual([]);
    isBroken = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(heard).toEqual(['account']);
  });

  it('tells nothing before it is known who listens', async () => {
    let decide: (isOn: boolean) => void = () => undefined;
    const teller = openNews(
      () =>
        new Promise((resolve) => {
          decide = resolve;
        }),
    );
    const site = await listen(pageSender(chat));
    teller.tell(rows);
    expect(site.heard).toEqual([]);
    decide(true);
    await settle();
    expect(site.heard).toEqual(['account']);
  });

  it('knows whether whoever asked is still there', async () => {
    const teller = openNews(isOn);
    const own = { kind: 'own', path: new URL(popup.url ?? '').pathname } as const;
    const site = await identify(pageSender(chat), isOn);
    if (!site) throw new Error('The page is nobody.');
    expect([own, site].map((one) => teller.isThere(one))).toEqual([false, false]);
    const [first, second] = [await listen(popup), await listen(pageSender(chat))];
    expect([own, site].map((one) => teller.isThere(one))).toEqual([true, true]);
    expect(teller.isThere({ ...own, path: '/options.html' })).toBe(false);
    expect(teller.isThere({ ...site, tab: 99 } as Asker)).toBe(false);
    first.abort.abort();
    second.abort.abort();
    expect([own, site].map((one) => teller.isThere(one))).toEqual([false, false]);
  });

  it('dismisses the pages of one site only', async () => {
    const teller = openNews(isOn);
    const [left, stays] = [await listen(pageSender(chat)), await listen(pageSender(other))];
    teller.dismiss(chat);
    teller.tell(rows);
    expect(left.heard).toEqual(['account', 'gone']);
    expect(stays.heard).toEqual(['account', 'rows']);
  });

  it('leaves ports of other names alone', async () => {
    openNews(isOn);
    const port = new FakePort('somebody else’s', popup);
    messaging.onConnect.tell(port);
    await settle();
    expect(port.posted).toEqual([]);
    expect(port.isOpen).toBe(true);
  });

  it('goes on when a page went away without a word', async () => {
    const teller = openNews(isOn);
    await listen(popup);
    const [gone] = messaging.ports;
    if (gone) gone.isOpen = false;
    const stays = await listen(popup);
    teller.tell(rows);
    expect(stays.heard).toEqual(['account', 'rows']);
  });
});

describe('hearing news', () => {
  it('connects again when the worker died, and asks anew for everything', async () => {
    openNews(isOn);
    const { heard } = await listen(popup);
    messaging.ports[0]?.disconnect();
    await vi.advanceTimersByTimeAsync(199);
    expect(messaging.ports).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(messaging.ports).toHaveLength(2);
    expect(heard).toEqual(['account', 'account']);
  });

  it('does not wake the worker for a page nobody looks at', async () => {
    openNews(isOn);
    page.hidden = true;
    const { heard } = await listen(popup);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(messaging.ports).toEqual([]);
    page.hidden = false;
    page.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect(heard).toEqual(['deaf', 'account']);
  });

  it('says that nothing is heard any more where the worker is lost while nobody looks', async () => {
    openNews(isOn);
    const { heard } = await listen(popup);
    page.hidden = true;
    messaging.ports[0]?.disconnect();
    await vi.advanceTimersByTimeAsync(200);
    expect(heard).toEqual(['account', 'deaf']);
  });

  it('says once that the extension is gone', async () => {
    openNews(isOn);
    const { heard } = await listen(popup);
    messaging.isGone = true;
    messaging.ports[0]?.disconnect();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(heard).toEqual(['account', 'gone']);
  });

  it('ends when it is aborted', async () => {
    const teller = openNews(isOn);
    const { heard, abort } = await listen(popup);
    abort.abort();
    expect(messaging.ports[0]?.isOpen).toBe(false);
    teller.tell(rows);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(heard).toEqual(['account']);
    expect(messaging.ports).toHaveLength(1);
  });

  it('passes over what is no news', async () => {
    openNews(isOn);
    const { heard } = await listen(popup);
    for (const wrong of [{ kind: 'else' }, { kind: 'rows', ids: [{}] }, 'rows', null]) {
      messaging.ports[0]?.postMessage(wrong);
    }
    expect(heard).toEqual(['account']);
  });

  it('hears again when the browser brings the page back that it had kept', async () => {
    const teller = openNews(isOn);
    const { heard, abort } = await listen(pageSender(chat));
    // As Chromium does it: the port is closed, and only the extension's end hears of that.
    messaging.ports[0]?.other?.disconnect();
    await settle();
    frame.show(true);
    await settle();
    teller.tell(rows);
    expect(heard).toEqual(['account', 'account', 'rows']);
    abort.abort();
    expect(messaging.ports.map(({ isOpen }) => isOpen)).toEqual([false, false]);
  });

  it('leaves when the extension went while the browser kept the page', async () => {
    openNews(isOn);
    const { heard } = await listen(pageSender(chat));
    const here = messaging.ports[0]?.other;
    if (!here) throw new Error('There is no port.');
    const invalid = (): never => {
      throw new Error('Extension context invalidated.');
    };
    Object.assign(here, { disconnect: invalid });
    messaging.isGone = true;
    frame.show(true);
    frame.show(true);
    await settle();
    expect(heard).toEqual(['account', 'gone']);
  });

  it('goes on with the port it has when a page is shown for the first time, whatever the page says', async () => {
    openNews(isOn);
    const { heard } = await listen(pageSender(chat));
    frame.show(false);
    // The page says so itself.
    frame.show(true, false);
    await vi.advanceTimersByTimeAsync(1000);
    expect(heard).toEqual(['account']);
    expect(messaging.ports).toHaveLength(1);
  });
});
