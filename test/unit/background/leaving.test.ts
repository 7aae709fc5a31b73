import { describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { pageAccountId, type Entry } from '../../../src/message/message.ts';
import {
  readPageAccounts,
  readSiteSettings,
  changeSiteSettings,
} from '../../../src/platform/page-accounts.ts';
import { keepConsent } from '../../../src/platform/consent.ts';
import { alice as ownAlice, message } from '../history/fixtures.ts';
import { allowSites, ChatPages } from './chat-pages.ts';
import { eachInWorld } from './in-world.ts';
import {
  begin,
  deferred,
  keepSignedIn,
  ordersStored,
  pass,
  settle,
  wake,
  worldOf,
  type Life,
  type World,
} from './life.ts';
import type { Service } from './service.ts';

const chat = 'https://chat.example';
const other = 'https://other.example';
const app = 1_400_000_001;
const first = 'seat-1-0123456789';
const second = 'seat-2-0123456789';
const own = { kind: 'own', path: '/popup.html' } as const;
const alice = pageAccountId(chat, app, 'alice');

let service: Service;
let world: World;
let pages: ChatPages;

eachInWorld(async (made) => {
  ({ service, world } = made);
  pages = new ChatPages(service);
  await allowSites(chat, other);
});

const at = (tab: number, origin = chat) => ({ kind: 'page', origin, tab, frame: 0 }) as const;
const tell = (life: Life, tab: number, seat: string, user: string, origin = chat) =>
  life.answers.pageSession(
    { seat, session: { isFound: true, app, user, isReady: true }, isVisible: true },
    at(tab, origin),
  );
const raw = (id: string) => ({
  ID: id,
  conversationID: 'C2Cbob',
  from: 'bob',
  nick: '',
  nameCard: '',
  sequence: 1,
  random: 1,
  time: Math.floor(service.time() / 1000) - 5,
  type: 'TIMTextElem',
  payload: { text: 'secret words' },
});
const kept = (life: Life): Promise<readonly Entry[]> =>
  life.keepers.memory.use((history) => history.page(alice, 'C2Cbob', 9));
const stored = async (): Promise<string> =>
  JSON.stringify([await fakeBrowser.storage.local.get(), await fakeBrowser.storage.session.get()]);

/** A page with one conversation, whose history is answered when the test says so. */
function openSlowPage(tab: number) {
  const history = deferred<unknown>();
  const calls = pages.open(tab, ({ method }) => {
    if (method === 'getConversationList') {
      const lastTime = Math.floor(service.time() / 1000) - 5;
      const list = [{ conversationID: 'C2Cbob', unreadCount: 0, lastMessage: { lastTime } }];
      return { ok: { data: { conversationList: list, isSyncCompleted: true } } };
    }
    return method === 'getMessageListHopping' || method === 'find' ? history.promise : undefined;
  });
  return { history, calls };
}

describe('when a site is turned off', () => {
  it('nothing is kept of what its pages are still being asked', async () => {
    const life = await wake(world);
    const { history, calls } = openSlowPage(1);
    await tell(life, 1, first, 'alice');
    await settle();
    expect(calls.map(({ method }) => method)).toContain('getMessageListHopping');
    await life.answers.turnSiteOff(chat, own);
    history.resolve({ ok: { data: { isCompleted: true, messageList: [raw('1-2-3')] } } });
    await settle();
    await pass(30_000, 1_000);
    expect(await kept(life)).toEqual([]);
    expect(await life.answers.searchStore('secret words', own)).toMatchObject({ words: 0 });
    expect(calls.filter(({ method }) => method === 'getConversationList')).toHaveLength(1);
  });

  it('nor of a message that was being looked up for a row', async () => {
    const life = await wake(world);
    const { history } = openSlowPage(1);
    await tell(life, 1, first, 'alice');
    await settle();
    const looked = life.answers.look({ ids: ['1-2-3'] }, at(1));
    await settle();
    await life.answers.turnSiteOff(chat, own);
    history.resolve({ ok: [raw('1-2-3')] });
    await looked;
    await settle();
    expect(await kept(life)).toEqual([]);
  });

  it('a lesson that is being stored is stored before everything is deleted', async () => {
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    const gate = deferred<unknown>();
    life.hold(({ name }) => (name === 'history.learn' ? gate.promise : undefined));
    const lesson = life.keepers.memory.learn({ account: alice, messages: [message('m1')] });
    await settle();
    const off = life.answers.turnSiteOff(chat, own);
    await settle();
    gate.resolve(undefined);
    await lesson;
    await off;
    await settle();
    expect(await kept(life)).toEqual([]);
    expect(await life.keepers.memory.learn({ account: alice, messages: [message('m2')] })).toBe(
      false,
    );
  });

  it('what comes in is kept again once it is on again, and a page of it came', async () => {
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await life.answers.turnSiteOff(chat, own);
    await allowSites(chat, other);
    // The deletion takes its time, and hits nothing that came after it.
    const gate = deferred<unknown>();
    life.hold(({ name }) => (name === 'history.forget' ? gate.promise : undefined));
    await tell(life, 1, first, 'alice');
    const off = life.answers.turnSiteOff(chat, own);
    await settle();
    await allowSites(chat, other);
    const back = tell(life, 1, second, 'alice');
    await settle();
    gate.resolve(undefined);
    await off;
    await back;
    await life.keepers.memory.learn({ account: alice, messages: [message('m1')] });
    await settle();
    expect(await kept(life)).toHaveLength(1);
  });

  it('each of its pages is told to leave, also one that nobody looked at yet', async () => {
    const life = await wake(world);
    pages.open(1);
    pages.open(2);
    await tell(life, 1, first, 'alice');
    await tell(life, 2, second, 'bob', other);
    await life.answers.turnSiteOff(chat, own);
    await settle();
    expect(pages.left).toEqual([1]);
  });

  it('a page that speaks while that happens brings nothing back', async () => {
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    const off = life.answers.turnSiteOff(chat, own);
    const told = tell(life, 1, first, 'alice');
    await off;
    expect(await told).toEqual({ decorates: false });
    await settle();
    expect(await readPageAccounts()).toEqual([]);
    expect(await stored()).not.toContain('alice');
  });

  it('a sign-in that its page hands out just then is not kept, and what was chosen for it is gone', async () => {
    await changeSiteSettings(chat, { connectsAlone: true, staysSignedIn: true });
    const life = await wake(world);
    const signature = deferred<unknown>();
    pages.open(1, ({ method }) => (method === 'signature' ? signature.promise : undefined));
    await tell(life, 1, first, 'alice');
    await settle();
    const gate = deferred<unknown>();
    life.hold(({ name, args }) =>
      name === 'session.set' && JSON.stringify(args).includes('glance') ? gate.promise : undefined,
    );
    const off = life.answers.turnSiteOff(chat, own);
    await settle();
    signature.resolve({ ok: 'the page’s signature' });
    await settle();
    gate.resolve(undefined);
    await off;
    await settle();
    expect(await stored()).not.toContain('the page’s signature');
    expect(await readSiteSettings(chat)).toEqual({ connectsAlone: false, staysSignedIn: false });
  });
});

describe('an account that is back before its history could be deleted', () => {
  const recent = (id: string) =>
    message(id, { author: 'alice', time: Math.floor(service.time() / 1000) });
  const learn = (life: Life, id: string) =>
    life.keepers.memory.learn({ account: alice, messages: [recent(id)] });
  const breakHistory = (life: Life): void => {
    life.obstruct(({ name }) => (name === 'history.forget' ? 'unavailable' : undefined));
  };
  /** Opens a page that never says what became of a recall. */
  const open = async (life: Life): Promise<void> => {
    pages.open(1, ({ method }) =>
      method === 'revokeMessage' ? new Promise(() => undefined) : undefined,
    );
    await tell(life, 1, first, 'alice');
    await settle();
  };
  /** The site is on again, and a recall is asked for there. */
  const comeBack = async (life: Life): Promise<void> => {
    await allowSites(chat, other);
    await open(life);
    await learn(life, 'm2');
    void life.keepers.recall(alice, 'm2');
    await settle();
    expect(await ordersStored()).toMatchObject([{ id: 'm2' }]);
  };
  const expectNothingButNews = async (life: Life): Promise<void> => {
    expect(await ordersStored()).toMatchObject([{ id: 'm2' }]);
    const { leaving, 'leaving-history': ofHistory } = await fakeBrowser.storage.local.get();
    expect([leaving, ofHistory]).toEqual([[], []]);
    expect((await kept(life)).map(({ id }) => id)).not.toContain('m1');
  };

  it('keeps the recalls that are asked for since, whoever deletes it', async () => {
    const life = await wake(world);
    await open(life);
    await learn(life, 'm1');
    breakHistory(life);
    await life.answers.turnSiteOff(chat, own);
    await comeBack(life);
    life.die();
    const next = await begin(world);
    breakHistory(next);
    await next.keepers.wake();
    expect(await ordersStored()).toMatchObject([{ id: 'm2' }]);
    next.obstruct(() => undefined);
    await next.keepers.wake();
    await settle();
    await expectNothingButNews(next);
  });

  it('keeps them wherever the worker died that began to delete it', async () => {
    for (let killed = true, steps = 1; killed; steps += 1) {
      await fakeBrowser.storage.local.clear();
      await fakeBrowser.storage.session.clear();
      await keepConsent();
      await allowSites(chat, other);
      const again = worldOf(service);
      const life = await wake(again);
      await open(life);
      await learn(life, 'm1');
      breakHistory(life);
      let step = 0;
      life.dies(({ moment, name }) => {
        // Nothing is different after a look.
        if (moment === 'after' && !name.endsWith('.get')) step += 1;
        return step === steps;
      });
      void life.answers.turnSiteOff(chat, own);
      await settle();
      killed = life.isDead;
      life.die();
      const second = await begin(again);
      breakHistory(second);
      await second.keepers.wake();
      // Whoever sees it still on turns it off once more; a site that is off nobody can.
      const on = await second.answers.sites(undefined, own);
      if (on.includes(chat)) await second.answers.turnSiteOff(chat, own);
      await second.keepers.wake();
      await comeBack(second);
      second.die();
      const third = await wake(again);
      await third.keepers.wake();
      await expectNothingButNews(third);
      third.die();
    }
  });

  it('reads anew what went with it', async () => {
    const life = await wake(world);
    await open(life);
    breakHistory(life);
    await life.answers.turnSiteOff(chat, own);
    await allowSites(chat, other);
    const { history, calls } = openSlowPage(1);
    history.resolve({ ok: { data: { isCompleted: true, messageList: [raw('1-2-3')] } } });
    await tell(life, 1, second, 'alice');
    await settle();
    expect(await kept(life)).toHaveLength(1);
    const before = calls.length;
    life.obstruct(() => undefined);
    await life.keepers.wake();
    await settle();
    expect(calls.length).toBeGreaterThan(before);
    expect(await kept(life)).toHaveLength(1);
  });
});

it('a sign-in that a page hands out while the user chooses against it is not kept', async () => {
  await changeSiteSettings(chat, { connectsAlone: true, staysSignedIn: true });
  const life = await wake(world);
  const signature = deferred<unknown>();
  pages.open(1, ({ method }) => (method === 'signature' ? signature.promise : undefined));
  await tell(life, 1, first, 'alice');
  await settle();
  const gate = deferred<unknown>();
  life.hold(({ name, args }) =>
    name === 'local.set' && JSON.stringify(args).includes('page-sessions')
      ? gate.promise
      : undefined,
  );
  signature.resolve({ ok: 'the page’s signature' });
  await settle();
  const chosen = { origin: chat, connectsAlone: false, staysSignedIn: false };
  const saved = life.answers.setSiteSettings(chosen, own);
  await settle();
  gate.resolve(undefined);
  await saved;
  await settle();
  expect(await stored()).not.toContain('the page’s signature');
});

describe('when consent is taken back', () => {
  it('a page that speaks while one site after the other goes brings no account back', async () => {
    const life = await wake(world);
    pages.open(1);
    pages.open(2);
    await tell(life, 2, second, 'bob', other);
    await tell(life, 1, first, 'alice');
    await settle();
    const gate = deferred<unknown>();
    life.hold(({ name }) => (name === 'history.forget' ? gate.promise : undefined));
    const off = life.answers.withdrawConsent(undefined, own);
    await settle();
    const told = tell(life, 1, first, 'alice');
    await settle();
    gate.resolve(undefined);
    await off;
    await told;
    await settle();
    expect(await readPageAccounts()).toEqual([]);
    expect(await stored()).not.toContain('alice');
    const events = [{ name: 'onMessageReceived', data: [raw('1-2-3')] }];
    await life.answers.pageEvents({ seat: first, events }, at(1));
    await settle();
    expect(await kept(life)).toEqual([]);
  });

  it('accounts of sites that were off already go, too', async () => {
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    await allowSites(other);
    await life.answers.withdrawConsent(undefined, own);
    await settle();
    expect(await readPageAccounts()).toEqual([]);
  });
});

it('nothing that was being read is kept after a sign-out', async () => {
  await keepSignedIn();
  service.send('m1');
  const page = await service.since('C2Cbob', 0, 100);
  const reading = deferred<typeof page>();
  service.since = () => reading.promise;
  const life = await wake(world);
  await life.answers.signOut(undefined, own);
  reading.resolve(page);
  await settle();
  const left = await life.keepers.memory.use((history) => history.page(ownAlice, 'C2Cbob', 9));
  expect(left).toEqual([]);
});

vi.setConfig({ testTimeout: 20_000 });
