import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { ask } from '../../../src/contract/channel.ts';
import { readGlance } from '../../../src/contract/glance.ts';
import { hear, type News } from '../../../src/contract/news.ts';
import { dropConsent, isAgreed } from '../../../src/platform/consent.ts';
import { readSiteSettings, changeSiteSettings } from '../../../src/platform/page-accounts.ts';
import { FakeEvent, FakeMessaging, pageSender, popup } from '../contract/fake-messaging.ts';
import { alice, freshName, message, recallOf, withBob } from '../history/fixtures.ts';
import { speak } from '../ui/fake-extension.ts';
import { beginWorld, counted, countedHistory, endWorld, keepSignedIn, settle } from './life.ts';
import { ScriptedLink } from './scripted-link.ts';
import { Service } from './service.ts';

const chat = 'https://chat.example';
const words = 'words of m1';

let service: Service;
let messaging: FakeMessaging;
let link: ScriptedLink | undefined;
let close: () => void;
let granted: boolean;
/** Where a worker hears of the network. */
let network: EventTarget;
let onRemoved: FakeEvent<[]>;
/** Errors the worker reported. */
let reported: unknown[][];

beforeEach(async () => {
  beginWorld();
  vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false }));
  vi.stubGlobal('window', new EventTarget());
  network = new EventTarget();
  vi.stubGlobal('addEventListener', network.addEventListener.bind(network));
  messaging = new FakeMessaging();
  granted = true;
  link = undefined;
  onRemoved = new FakeEvent();
  reported = [];
  vi.spyOn(console, 'error').mockImplementation((...said: unknown[]) => reported.push(said));
  speak('en');
  Object.assign(fakeBrowser.action, { setTitle: () => Promise.resolve() });
  Object.assign(fakeBrowser, {
    commands: { onCommand: new FakeEvent() },
    contextMenus: {
      onClicked: new FakeEvent(),
      removeAll: () => Promise.resolve(),
      create: () => undefined,
    },
    permissions: {
      onAdded: new FakeEvent(),
      onRemoved,
      contains: () => Promise.resolve(granted),
      remove: () => Promise.resolve(true),
    },
    scripting: {
      getRegisteredContentScripts: () => Promise.resolve([]),
      registerContentScripts: () => Promise.resolve(),
      unregisterContentScripts: () => Promise.resolve(),
    },
  });
  Object.assign(fakeBrowser.storage.local, { setAccessLevel: undefined });
  service = new Service();
  await keepSignedIn();
  await fakeBrowser.storage.local.set({ sites: [chat] });
});
afterEach(async () => {
  await settle();
  close();
  await endWorld();
  vi.restoreAllMocks();
  for (const name of ['document', 'window', 'addEventListener'])
    Reflect.deleteProperty(globalThis, name);
});

/** Starts the worker as its entrypoint does, and lets it do nothing yet. */
async function begin(): Promise<void> {
  vi.resetModules();
  const { startWorker } = await import('../../../src/background/worker.ts');
  const { openHistory } = await import('../../../src/history/cache.ts');
  const { makePageLink } = await import('../../../src/chat/tencent/page-link.ts');
  const name = freshName();
  startWorker({
    makePageLink,
    openLink: (credentials) => (link = new ScriptedLink(credentials, service)),
    openHistory: async ({ key }) => {
      const history = await counted(openHistory({ key, name }));
      close = () => {
        history.close();
      };
      return countedHistory(history);
    },
    destroyHistory: () => Promise.resolve(),
  });
}

async function start(): Promise<void> {
  await begin();
  await settle();
}

/** What a listener hears, and the popup's view at each of these moments. */
async function listen(sender = popup) {
  const heard: (News | { kind: 'gone' })[] = [];
  const views: Promise<string>[] = [];
  messaging.sender = sender;
  hear(
    {
      onNews: (news) => {
        heard.push(news);
        views.push(readGlance().then((glance) => JSON.stringify(glance)));
      },
      onGone: () => heard.push({ kind: 'gone' }),
    },
    new AbortController().signal,
  );
  await settle();
  messaging.sender = popup;
  return { heard, views };
}

describe('a worker', () => {
  it('answers what is asked in its very first turn', async () => {
    service.send('m1');
    await begin();
    expect(await ask('glance')).toMatchObject({ accounts: [{ id: alice }] });
  });

  it('hears in its very first turn that the user turns to something else', async () => {
    const turns = [new FakeEvent(), new FakeEvent()] as const;
    Object.assign(fakeBrowser.tabs, { onActivated: turns[0] });
    Object.assign(fakeBrowser.windows, { onFocusChanged: turns[1] });
    await begin();
    expect(turns.map((turn) => turn.tell().length)).toEqual([1, 1]);
    await settle();
  });

  it('looks after its connection when the network is back, and doubts it when that is gone', async () => {
    const connection = new EventTarget();
    const browser = { connection, onLine: true };
    vi.stubGlobal('navigator', browser);
    await start();
    if (!link) throw new Error('No link was opened.');
    const poke = vi.spyOn(link, 'poke');
    const doubt = vi.spyOn(link, 'doubt');
    // As Firefox tells it, and as Chromium does.
    network.dispatchEvent(new Event('online'));
    await settle();
    expect(poke).toHaveBeenCalledTimes(1);
    connection.dispatchEvent(new Event('change'));
    await settle();
    expect(poke).toHaveBeenCalledTimes(2);
    network.dispatchEvent(new Event('offline'));
    expect(doubt).toHaveBeenCalledTimes(1);
    browser.onLine = false;
    connection.dispatchEvent(new Event('change'));
    expect(doubt).toHaveBeenCalledTimes(2);
    await settle();
    expect(await readGlance()).toMatchObject({ accounts: [{ state: { name: 'reconnecting' } }] });
    expect(poke).toHaveBeenCalledTimes(2);
  });

  it('publishes what the popup shows as soon as it is awake', async () => {
    service.send('m1');
    await start();
    expect(await readGlance()).toMatchObject({ sent: [{ id: 'm1', excerpt: words }] });
  });

  it('tells nobody of a recall before its words are out of the popup’s view', async () => {
    const sent = service.send('m1');
    await start();
    const own = await listen();
    const page = await listen(pageSender(`${chat}/room`));
    own.heard.length = own.views.length = page.heard.length = page.views.length = 0;
    link?.tell({ kind: 'recalls', recalls: [recallOf(sent)] });
    await settle();
    expect(own.heard).toContainEqual({ kind: 'rows', ids: ['m1'] });
    expect(own.heard).toContainEqual({ kind: 'glance' });
    expect(page.heard).toEqual([{ kind: 'rows', ids: ['m1'] }]);
    for (const view of await Promise.all([...own.views, ...page.views])) {
      expect(view).not.toContain(words);
    }
    const [shown = ''] = await Promise.all(page.views);
    expect(JSON.parse(shown)).toMatchObject({ sent: [{ id: 'm1', excerpt: '', placeholder: {} }] });
  });

  it('tells pages of a recall also where the popup’s view cannot be kept', async () => {
    const sent = service.send('m1');
    await start();
    const page = await listen(pageSender(`${chat}/room`));
    page.heard.length = 0;
    vi.spyOn(fakeBrowser.storage.session, 'set').mockRejectedValue(new Error('no room'));
    link?.tell({ kind: 'recalls', recalls: [recallOf(sent)] });
    await settle();
    expect(page.heard).toContainEqual({ kind: 'rows', ids: ['m1'] });
  });

  it('answers a page’s recall only when its words are out of the popup’s view', async () => {
    service.send('m1');
    await start();
    expect(JSON.stringify(await readGlance())).toContain(words);
    messaging.sender = pageSender(`${chat}/room`);
    const ref = { account: alice, conversation: withBob, id: 'm1' };
    expect(await ask('recall', ref)).toMatchObject({ ok: true });
    expect(JSON.stringify(await readGlance())).not.toContain(words);
  });

  it('tells pages of new messages without any word of them', async () => {
    await start();
    const page = await listen(pageSender(`${chat}/room`));
    link?.tell({ kind: 'messages', messages: [message('m1')] });
    await settle();
    expect(page.heard).toContainEqual({ kind: 'rows', ids: ['m1'] });
    expect(JSON.stringify(messaging.ports.map(({ posted }) => posted))).not.toContain('words');
  });

  it('dismisses the pages of a site whose access the user withdrew', async () => {
    await start();
    const page = await listen(pageSender(`${chat}/room`));
    await changeSiteSettings(chat, { connectsAlone: true, staysSignedIn: true });
    granted = false;
    onRemoved.tell();
    await settle();
    expect(page.heard.at(-1)).toEqual({ kind: 'gone' });
    // Nor does the choice stand when access is given again.
    expect(await readSiteSettings(chat)).toMatchObject({ connectsAlone: false });
    await expect(ask('sites')).resolves.toEqual([]);
  });

  it('dismisses the pages of a site that is turned off', async () => {
    await start();
    const page = await listen(pageSender(`${chat}/room`));
    await ask('turnSiteOff', chat);
    expect(page.heard.at(-1)).toEqual({ kind: 'gone' });
  });

  it('tells everybody that the window changed', async () => {
    await start();
    const page = await listen(pageSender(`${chat}/room`));
    page.heard.length = 0;
    await ask('setWindow', { account: alice, seconds: 300 });
    expect(page.heard).toEqual([{ kind: 'account' }]);
    expect(await ask('account')).toMatchObject({ id: alice, windowSeconds: 300 });
  });

  it('never hands out the signature', async () => {
    await start();
    expect(JSON.stringify(await ask('account'))).not.toContain('signature');
  });

  it('looks after its account at every alarm', async () => {
    await start();
    expect(await fakeBrowser.alarms.get('tend')).toMatchObject({ periodInMinutes: 0.5 });
    const sent = service.send('m1', { author: 'bob' });
    link?.tell({ kind: 'messages', messages: [sent] });
    link?.tell({ kind: 'conversations', conversations: await service.conversations() });
    await settle();
    service.take(sent);
    vi.setSystemTime(Date.now() + 120_000);
    await fakeBrowser.alarms.onAlarm.trigger({
      name: 'tend',
      scheduledTime: 0,
      persistAcrossSessions: false,
    });
    await settle();
    expect(await ask('glance')).toMatchObject({ recalled: [{ id: 'm1' }] });
  });

  it('without the user’s consent connects nobody and lets no page in', async () => {
    await dropConsent();
    await start();
    const account = { sdkAppId: 1, userId: 'alice', userSig: 'signature', staySignedIn: true };
    expect(await ask('signIn', account)).toEqual({ ok: false, why: 'no-consent' });
    expect(await ask('turnSiteOn', chat)).toBe(false);
    expect((await listen(pageSender(`${chat}/room`))).heard).toEqual([{ kind: 'gone' }]);
    expect(link).toBeUndefined();
    expect(await ask('glance')).toMatchObject({ accounts: [] });
  });

  it('does as asked once the user agreed', async () => {
    await dropConsent();
    await start();
    await ask('agree');
    expect(await isAgreed()).toBe(true);
    const page = await listen(pageSender(`${chat}/room`));
    expect(page.heard).toEqual([{ kind: 'account' }]);
  });

  it('keeps nothing of anybody when the consent is taken back', async () => {
    service.send('m1');
    await start();
    const page = await listen(pageSender(`${chat}/room`));
    await ask('withdrawConsent');
    await settle();
    expect(page.heard.at(-1)).toEqual({ kind: 'gone' });
    expect(await isAgreed()).toBe(false);
    expect(await ask('sites')).toEqual([]);
    expect(await ask('account')).toBeUndefined();
    expect(await ask('glance')).toMatchObject({ accounts: [], sent: [] });
  });

  it('takes back notices of what is not kept any more, whoever showed them', async () => {
    const { notifications } = fakeBrowser;
    const tagOf = (id: string): string => JSON.stringify(['new', alice, id]);
    const show = (id: string): Promise<string> =>
      notifications.create(tagOf(id), { type: 'basic', iconUrl: '', title: 'bob', message: id });
    service.send('m1', { author: 'bob' });
    await show('m0');
    await start();
    expect(await notifications.getAll()).toEqual({});
    await show('m1');
    link?.become({ name: 'connected' });
    await settle();
    expect(Object.keys(await notifications.getAll())).toEqual([tagOf('m1')]);
    await ask('signOut');
    await settle();
    expect(await notifications.getAll()).toEqual({});
  });

  it('explains itself in a tab to whoever installed it, until they agreed', async () => {
    await dropConsent();
    await start();
    const opened = async (): Promise<unknown[]> =>
      (await fakeBrowser.tabs.query({})).map(({ url }) => url).filter((url) => url !== undefined);
    const installed = { reason: 'install', temporary: false } as const;
    await fakeBrowser.runtime.onInstalled.trigger(installed);
    await settle();
    expect(await opened()).toEqual([expect.stringContaining('/welcome.html')]);
    const updated = { reason: 'update', previousVersion: '0.0.9' } as const;
    // Who said no is not asked at every update of Unsay or the browser.
    await fakeBrowser.runtime.onInstalled.trigger(updated);
    await settle();
    expect(await opened()).toHaveLength(1);
    await ask('agree');
    await fakeBrowser.runtime.onInstalled.trigger(updated);
    await settle();
    expect(await opened()).toHaveLength(1);
    await fakeBrowser.storage.local.set({ consent: { version: 0, at: 1 } });
    await fakeBrowser.runtime.onInstalled.trigger(updated);
    await settle();
    expect(await opened()).toHaveLength(2);
  });

  it('signs in where the policy says, whatever was typed', async () => {
    await fakeBrowser.storage.managed.set({ serverAddress: 'wss://im.example' });
    await start();
    const account = { sdkAppId: 1, userId: 'bob', userSig: 'signature', staySignedIn: false };
    await ask('signIn', { ...account, server: 'wss://typed.example' });
    expect(await ask('account')).toMatchObject({ userId: 'bob', server: 'wss://im.example' });
  });

  it('leaves the pages of a site at once that a policy forbids, and is back when it does not', async () => {
    service.send('m1');
    await start();
    const page = await listen(pageSender(`${chat}/room`));
    const put = vi.fn(() => Promise.resolve([]));
    Object.assign(fakeBrowser.scripting, { executeScript: put });
    Object.assign(fakeBrowser.tabs, { query: () => Promise.resolve([{ id: 1, url: chat }]) });
    await fakeBrowser.storage.managed.set({ allowedSites: ['https://only.example'] });
    await settle();
    expect(page.heard.at(-1)).toEqual({ kind: 'gone' });
    expect(put).not.toHaveBeenCalled();
    await fakeBrowser.storage.managed.set({ allowedSites: [chat] });
    await settle();
    expect(put).toHaveBeenCalled();
  });

  it('shows no words from then on that a policy says so', async () => {
    service.send('m1');
    await start();
    const page = await listen(pageSender(`${chat}/room`));
    page.heard.length = 0;
    await fakeBrowser.storage.managed.set({ discreetMode: true });
    await settle();
    expect(JSON.stringify(await readGlance())).not.toContain(words);
    expect(page.heard).toContainEqual({ kind: 'account' });
  });

  it('says what failed without what was in it', async () => {
    Object.assign(fakeBrowser.alarms, {
      create: () => Promise.reject(new TypeError('words somebody wrote')),
    });
    await start();
    expect(reported).toEqual([['Unsay:', 'TypeError']]);
  });
});

it('tells an open popup of a recall also where its view cannot be kept', async () => {
  const sent = service.send('m1');
  await start();
  const { heard } = await listen();
  await settle();
  heard.length = 0;
  vi.spyOn(fakeBrowser.storage.session, 'set').mockRejectedValue(new Error('no room'));
  link?.tell({ kind: 'recalls', recalls: [recallOf(sent)] });
  await settle();
  expect(heard).toContainEqual({ kind: 'glance' });
});
