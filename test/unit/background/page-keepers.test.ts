import { describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { readOrders } from '../../../src/background/orders.ts';
import { pause } from '../../../src/background/pursuit.ts';
import { readLog } from '../../../src/background/recall-log.ts';
import { readKept } from '../../../src/background/reedit.ts';
import { pageAccountId } from '../../../src/message/message.ts';
import {
  readPageAccounts,
  readSiteSettings,
  changeSiteSettings,
} from '../../../src/platform/page-accounts.ts';
import { changeManners, readManners } from '../../../src/platform/settings.ts';
import { message } from '../history/fixtures.ts';
import { allowSites, ChatPages } from './chat-pages.ts';
import { eachInWorld } from './in-world.ts';
import {
  begin,
  keepSignedIn,
  ordersStored,
  pass,
  settle,
  wake,
  type Life,
  type World,
} from './life.ts';
import type { Service } from './service.ts';

const chat = 'https://chat.example';
const evil = 'https://evil.example';
const app = 1_400_000_001;
const first = 'seat-1-0123456789';
const second = 'seat-2-0123456789';

let service: Service;
let world: World;
let pages: ChatPages;

eachInWorld(async (made) => {
  ({ service, world } = made);
  pages = new ChatPages(service);
  await allowSites(chat, evil);
});

const at = (tab: number, origin = chat) => ({ kind: 'page', origin, tab, frame: 0 }) as const;
const ready = (user: string) => ({ isFound: true, app, user, isReady: true });

const tell = (life: Life, tab: number, seat: string, user: string, origin = chat) =>
  life.answers.pageSession({ seat, session: ready(user), isVisible: true }, at(tab, origin));

const states = async (life: Life): Promise<Record<string, string>> => {
  const { accounts } = await life.answers.glance(undefined, { kind: 'own', path: '/popup.html' });
  return Object.fromEntries(accounts.map(({ id, state }) => [id, state.name]));
};

const alice = pageAccountId(chat, app, 'alice');

describe('a page’s session', () => {
  it('makes an account of its origin, and is ridden', async () => {
    const life = await wake(world);
    const calls = pages.open(1);
    expect(await tell(life, 1, first, 'alice')).toEqual({ account: alice, decorates: true });
    await settle();
    expect(await states(life)).toEqual({ [alice]: 'connected' });
    expect(calls.every(({ as }) => as === 'alice')).toBe(true);
    expect(calls.map(({ method }) => method)).not.toContain('signature');
    // So that a tab that was frozen does not ask when nobody waits for it any more.
    expect(calls[0]).toMatchObject({ method: 'begin', at: Date.now(), ms: 17_000 });
  });

  describe('that tells its app only after its user', () => {
    const untold = pageAccountId(chat, 0, 'alice');
    const tellUntold = (life: Life, tab: number, seat: string) =>
      life.answers.pageSession(
        { seat, session: { ...ready('alice'), app: 0 }, isVisible: true },
        at(tab),
      );

    it('is one account all the same, and nothing is kept of the one before', async () => {
      const life = await wake(world);
      pages.open(1);
      expect(await tellUntold(life, 1, first)).toMatchObject({ account: untold });
      await settle();
      await life.keepers.memory.learn({ account: untold, messages: [service.send('1-2-3')] });
      expect(await tell(life, 1, first, 'alice')).toMatchObject({ account: alice });
      await settle();
      expect(await states(life)).toEqual({ [alice]: 'connected' });
      expect(await readPageAccounts()).toEqual([alice]);
      const left = await life.keepers.memory.use((history) => history.mine(untold, 0, 9));
      expect(left).toEqual([]);
    });

    it('has what came of its recalls before, and the words that can be put back', async () => {
      const life = await wake(world);
      pages.open(1);
      await tellUntold(life, 1, first);
      await settle();
      const place = { account: untold, conversation: 'C2Cbob', id: '1-2-3' } as const;
      const facts = { ...place, author: 'alice', sequence: 1, random: 1, time: 1, askedAt: 1 };
      const over = { until: 9, isSent: true, outcome: { ok: false, why: 'unknown' }, endedAt: 2 };
      const logged = { ...place, time: 1, askedAt: 1, endedAt: 2, outcome: over.outcome };
      await fakeBrowser.storage.local.set({
        orders: [{ ...facts, ...over }],
        'recall-log': [logged],
      });
      await fakeBrowser.storage.session.set({ reedit: [{ ...place, text: 'w', at: Date.now() }] });
      await tell(life, 1, first, 'alice');
      await settle();
      const told = [await readOrders(), await readLog(), await readKept(0)];
      expect(told.map((all) => all.map(({ account, id }) => [account, id]))).toEqual(
        Array(3).fill([[alice, '1-2-3']]),
      );
    });

    it('is that account from the beginning when it is loaded the next time', async () => {
      const life = await wake(world);
      pages.open(1);
      await tell(life, 1, first, 'alice');
      pages.open(2);
      expect(await tellUntold(life, 2, second)).toMatchObject({ account: alice });
      await settle();
      expect(await readPageAccounts()).toEqual([alice]);
    });

    it('is not taken for one of two apps that have such a user', async () => {
      const life = await wake(world);
      pages.open(1);
      for (const one of [app, app + 1]) {
        const session = { ...ready('alice'), app: one };
        await life.answers.pageSession({ seat: first, session, isVisible: true }, at(1));
      }
      expect(await tellUntold(life, 1, first)).toMatchObject({ account: untold });
      await tell(life, 1, first, 'alice');
      expect(await readPageAccounts()).toContain(untold);
    });

    it('keeps the account before as long as another page has it, or a recall of it goes on', async () => {
      const life = await wake(world);
      pages.open(1);
      pages.open(2);
      await tellUntold(life, 1, first);
      await tellUntold(life, 2, second);
      await tell(life, 1, first, 'alice');
      expect(await readPageAccounts()).toEqual([untold, alice]);
      pages.close(2);
      await life.keepers.pages.tabClosed(2);
      await settle();
      const sent = service.send('1-2-3');
      await life.keepers.memory.learn({ account: untold, messages: [sent] });
      const ref = { account: untold, conversation: sent.conversation, id: sent.id };
      expect(await life.answers.recall(ref, { kind: 'own', path: '/popup.html' })).toMatchObject({
        why: 'waiting',
      });
      await tell(life, 1, first, 'alice');
      expect(await readPageAccounts()).toEqual([untold, alice]);
    });
  });

  it('that is closed lets a recall wait, and says so at once; the next page sends it', async () => {
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    const sent = service.send('1-2-3');
    await life.keepers.memory.learn({ account: alice, messages: [sent] });
    pages.close(1);
    await life.keepers.pages.tabClosed(1);
    const ref = { account: alice, conversation: sent.conversation, id: sent.id };
    expect(await life.answers.recall(ref, { kind: 'own', path: '/popup.html' })).toMatchObject({
      ok: false,
      why: 'waiting',
    });
    const calls = pages.open(2);
    await tell(life, 2, second, 'alice');
    await settle();
    await pass(1_000);
    expect(calls.filter(({ method }) => method === 'revokeMessage')).toHaveLength(1);
  });

  describe('whose site is turned off while a recall', () => {
    const own = { kind: 'own', path: '/popup.html' } as const;
    const cutShort = (life: Life) =>
      life.told.flatMap((change) => (change === 'account' ? [] : (change.cutShort ?? [])));
    /** A recall that waits for a page: `isClosed`, or for an answer of the one there is. */
    async function begin(isClosed: boolean): Promise<Life> {
      const life = await wake(world);
      pages.open(1, ({ method }) =>
        method === 'revokeMessage' ? new Promise(() => undefined) : undefined,
      );
      await tell(life, 1, first, 'alice');
      await settle();
      const sent = service.send('1-2-3');
      await life.keepers.memory.learn({ account: alice, messages: [sent] });
      if (isClosed) {
        pages.close(1);
        await life.keepers.pages.tabClosed(1);
      }
      const ref = { account: alice, conversation: sent.conversation, id: sent.id };
      const answer = life.answers.recall(ref, own);
      await pass(30_000, 5_000);
      expect(await answer).toMatchObject({ why: 'waiting' });
      return life;
    }

    it('waits for it has told that the message was not recalled', async () => {
      const life = await begin(true);
      await life.answers.turnSiteOff(chat, own);
      await settle();
      expect(cutShort(life)).toEqual(['left']);
      expect(await ordersStored()).toEqual([]);
    });

    it('is not answered has told that nobody knows', async () => {
      const life = await begin(false);
      await life.answers.turnSiteOff(chat, own);
      await settle();
      expect(cutShort(life)).toEqual(['unanswered']);
    });

    it('waits for it has the next worker tell it where the one that turned it off died', async () => {
      const life = await begin(true);
      life.die();
      await allowSites();
      const next = await wake(world);
      await pass(1_000);
      expect(cutShort(next)).toEqual(['left']);
    });
  });

  it('whose site is turned off while no recall waits has nothing told', async () => {
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await life.answers.turnSiteOff(chat, { kind: 'own', path: '/popup.html' });
    await settle();
    expect(life.told.some((change) => change !== 'account' && change.cutShort)).toBe(false);
  });

  it('that never comes back lets a recall end at its deadline, also after the browser was closed', async () => {
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    const sent = service.send('1-2-3');
    await life.keepers.memory.learn({ account: alice, messages: [sent] });
    pages.close(1);
    await life.keepers.pages.tabClosed(1);
    const ref = { account: alice, conversation: sent.conversation, id: sent.id };
    await life.answers.recall(ref, { kind: 'own', path: '/popup.html' });
    life.die();
    // All that the browser keeps in memory only: the pages’ seats, the service’s time.
    await fakeBrowser.storage.session.clear();
    const next = await wake(world);
    await pass(100_000, 5_000);
    expect((await ordersStored())[0]).not.toHaveProperty('outcome');
    next.die();
    // What the alarm wakes is one worker after the other, each for a moment.
    await pass(30_000, 5_000);
    const last = await wake(world);
    await last.keepers.tend();
    await pass(11_000, 1_000);
    expect(await ordersStored()).toMatchObject([
      { isSent: false, outcome: { ok: false, why: 'unreachable' } },
    ]);
    const progress = { state: 'refused', why: 'unreachable' };
    const { sent: shown } = await last.answers.glance(undefined, {
      kind: 'own',
      path: '/popup.html',
    });
    expect(shown).toMatchObject([{ id: '1-2-3', progress }]);
    expect(await readLog()).toMatchObject([{ id: '1-2-3', outcome: { why: 'unreachable' } }]);
    // A page that comes after that finds it ended.
    const calls = pages.open(2);
    await tell(last, 2, second, 'alice');
    await pass(1_000);
    expect(calls.map(({ method }) => method)).not.toContain('revokeMessage');
  });

  it('is nobody else’s, whatever another origin’s page says', async () => {
    const life = await wake(world);
    pages.open(1);
    pages.open(2);
    await tell(life, 1, first, 'alice');
    await tell(life, 2, second, 'alice', evil);
    const ref = { account: alice, conversation: 'C2Cbob', id: '1-2-3' };
    expect(await life.answers.recall(ref, at(2, evil))).toEqual({
      ok: false,
      why: 'signed-out',
    });
    const looked = await life.answers.look({ ids: ['1-2-3'] }, at(2, evil));
    expect(looked.account).toBe(pageAccountId(evil, app, 'alice'));
    // Nor may it speak in the first one's seat.
    const events = [{ name: 'onMessageReceived', data: [] }];
    expect(await life.answers.pageEvents({ seat: first, events }, at(2, evil))).toEqual({
      isKnown: false,
    });
  });

  it('is told how recalled messages look on its site, also while nobody is signed in there', async () => {
    await changeManners({ placeholder: { origin: chat, style: 'hide' } });
    const life = await wake(world);
    pages.open(1);
    const looked = () => life.answers.look({ ids: ['1-2-3'] }, at(1));
    expect(await looked()).toEqual({ style: 'hide', rows: [] });
    await tell(life, 1, first, 'alice');
    expect(await looked()).toMatchObject({ account: alice, style: 'hide' });
    const session = { isFound: true, app, isReady: false };
    await life.answers.pageSession({ seat: first, session, isVisible: true }, at(1));
    expect(await looked()).toEqual({ style: 'hide', rows: [] });
    expect(await life.answers.look({ ids: ['1-2-3'] }, at(1, evil))).toEqual({ rows: [] });
  });

  it('that is cut off is asked at once whether it is back, at everything that wakes the worker', async () => {
    const life = await wake(world);
    const calls = pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    const events = [{ name: 'netStateChange', data: { state: 'disconnected' } }];
    await life.answers.pageEvents({ seat: first, events }, at(1));
    await settle();
    const before = calls.length;
    expect(await states(life)).toEqual({ [alice]: 'reconnecting' });
    await settle();
    expect(calls.slice(before).map(({ method }) => method)).toContain('getMessageListHopping');
  });

  it('of two tabs one is ridden, the other when that is gone', async () => {
    const life = await wake(world);
    const one = pages.open(1);
    const two = pages.open(2);
    await tell(life, 1, first, 'alice');
    await tell(life, 2, second, 'alice');
    await settle();
    expect([one.length > 0, two.length]).toEqual([true, 0]);
    pages.close(1);
    await life.keepers.pages.tabClosed(1);
    await settle();
    expect(two.map(({ method }) => method)).toContain('begin');
    expect(await states(life)).toEqual({ [alice]: 'connected' });
  });

  it('of two tabs is left to the other when its own was frozen by the browser', async () => {
    const life = await wake(world);
    let isFrozen = false;
    const never = new Promise(() => undefined);
    const one = pages.open(1, () => (isFrozen ? never : undefined));
    await tell(life, 1, first, 'alice');
    await settle();
    const two = pages.open(2);
    await tell(life, 2, second, 'alice');
    const sent = service.send('1-2-3');
    await life.keepers.memory.learn({ account: alice, messages: [sent] });
    isFrozen = true;
    const answers: unknown[] = [];
    const ref = { account: alice, conversation: sent.conversation, id: sent.id };
    void life.answers.recall(ref, at(2)).then((answer) => answers.push(answer));
    // A second for an answer, one for whether anybody is awake there, a half until it is asked again.
    await pass(4_000);
    expect(answers).toMatchObject([{ ok: true }]);
    const methods = two.map(({ method }) => method);
    // What the other missed is read, and what it was asked is looked up before it is asked again.
    expect(methods).toContain('getConversationList');
    expect(methods.indexOf('getMessageListHopping')).toBeLessThan(methods.indexOf('revokeMessage'));
    // Alone, a page that is late stays the one that is ridden.
    pages.close(2);
    await life.keepers.pages.tabClosed(2);
    await pass(40_000);
    isFrozen = false;
    const before = one.length;
    await pass(31_000);
    expect(one.slice(before).map(({ method }) => method)).toContain('begin');
    expect(await states(life)).toEqual({ [alice]: 'connected' });
  });

  it('of three tabs, two of them frozen, is left to the one that is awake', async () => {
    const life = await wake(world);
    let isFrozen = false;
    const never = new Promise(() => undefined);
    const awake = pages.open(1);
    for (const tab of [2, 3]) pages.open(tab, () => (isFrozen ? never : undefined));
    // Those two spoke later, and nobody says of them that they are not looked at any more.
    for (const tab of [2, 1, 2, 3]) await tell(life, tab, `seat-${tab}-0123456789`, 'alice');
    await settle();
    isFrozen = true;
    void life.answers.look({ ids: ['1-2-3'] }, at(1));
    await pass(10_000);
    expect(awake.map(({ method }) => method)).toContain('begin');
    expect(await states(life)).toEqual({ [alice]: 'connected' });
  });

  it('that was frozen is left as soon as it is asked for what another tab shows', async () => {
    const life = await wake(world);
    let isFrozen = false;
    const never = new Promise(() => undefined);
    pages.open(1, () => (isFrozen ? never : undefined));
    await tell(life, 1, first, 'alice');
    await settle();
    const two = pages.open(2);
    await tell(life, 2, second, 'alice');
    await settle();
    isFrozen = true;
    // A message that was sent in the second tab: only a page's own SDK knows it at once.
    void life.answers.look({ ids: ['1-2-3'] }, at(2));
    await pass(3_000);
    expect(two.map(({ method }) => method)).toContain('begin');
  });

  it('that waits long for the service is not left for another tab while it is awake', async () => {
    const life = await wake(world);
    const { promise: slow, resolve: answerNow } = Promise.withResolvers();
    pages.open(1, ({ method }) => (method === 'revokeMessage' ? slow : undefined));
    await tell(life, 1, first, 'alice');
    await settle();
    const two = pages.open(2);
    await tell(life, 2, second, 'alice');
    const sent = service.send('1-2-3');
    await life.keepers.memory.learn({ account: alice, messages: [sent] });
    const ref = { account: alice, conversation: sent.conversation, id: sent.id };
    const answer = life.answers.recall(ref, at(2));
    await pass(10_000);
    expect(two.map(({ method }) => method)).not.toContain('revokeMessage');
    answerNow({ ok: {} });
    expect(await answer).toMatchObject({ ok: true });
    expect(two.map(({ method }) => method)).not.toContain('revokeMessage');
  });

  it('of three tabs in two windows is asked once, whoever asks from wherever', async () => {
    const life = await wake(world);
    const tabs = [1, 2, 3].map((tab) => pages.open(tab));
    for (const tab of [1, 2, 3]) await tell(life, tab, `seat-${tab}-0123456789`, 'alice');
    await settle();
    const sent = service.send('1-2-3');
    await life.keepers.memory.learn({ account: alice, messages: [sent] });
    const ref = { account: alice, conversation: sent.conversation, id: sent.id };
    const asking = [
      at(1),
      at(2),
      at(3),
      { kind: 'own', path: '/popup.html' } as const,
      at(2),
      { kind: 'own', path: '/popup.html' } as const,
    ];
    const answers = await Promise.all(asking.map((asker) => life.answers.recall(ref, asker)));
    expect(answers[0]).toMatchObject({ ok: true });
    expect(answers.every((answer) => JSON.stringify(answer) === JSON.stringify(answers[0]))).toBe(
      true,
    );
    const asked = tabs.flat().filter(({ method }) => method === 'revokeMessage');
    expect(asked).toHaveLength(1);
  });

  it('that floods has no more taken than a person’s chat brings', async () => {
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    const one = (n: number) => ({
      name: 'onMessageReceived',
      data: [
        {
          ID: `1-2-${n}`,
          conversationID: 'C2Cbob',
          from: 'bob',
          nick: '',
          nameCard: '',
          sequence: n,
          random: n,
          time: Math.floor(service.time() / 1000),
          type: 'TIMTextElem',
          payload: { text: 'x' },
        },
      ],
    });
    for (let n = 0; n < 20; n += 1) {
      const events = Array.from({ length: 100 }, (_, i) => one(n * 100 + i));
      await life.answers.pageEvents({ seat: first, events }, at(1));
    }
    await settle();
    const kept = await life.keepers.memory.use((history) => history.page(alice, 'C2Cbob', 5_000));
    expect(kept.length).toBeGreaterThanOrEqual(100);
    expect(kept.length).toBeLessThan(200);
  });

  it('that floods hides no recall', async () => {
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    const sent = message('1-2-3', { author: 'bob', time: Math.floor(service.time() / 1000) });
    await life.keepers.memory.learn({ account: alice, messages: [sent] });
    const { id: ID, conversation: conversationID, sequence, time } = sent;
    const noise = Array.from({ length: 500 }, () => ({ name: 'netStateChange', data: {} }));
    const recall = {
      name: 'onMessageRevoked',
      data: [{ ID, conversationID, sequence, time, revoker: 'bob' }],
    };
    await life.answers.pageEvents({ seat: first, events: [...noise, recall] }, at(1));
    await settle();
    const entry = await life.keepers.memory.use((all) => all.find({ account: alice, id: ID }));
    expect(entry).toMatchObject({ recall: { by: 'bob' } });
    expect(entry).not.toHaveProperty('body');
  });

  it('is found at the next wake when the browser could not read at one', async () => {
    await fakeBrowser.storage.local.set({ 'page-accounts': [alice] });
    const life = await begin(world);
    life.obstruct(({ name, args }) =>
      name === 'local.get' && args[0] === 'page-accounts' ? 'unavailable' : undefined,
    );
    await expect(life.keepers.wake()).rejects.toThrow();
    life.obstruct(() => undefined);
    await life.keepers.wake();
    expect(life.keepers.pages.every.map(({ account }) => account)).toEqual([alice]);
  });

  it('that does not answer any more is left, though nobody said that it went', async () => {
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    service.send('m1');
    pages.close(1);
    await life.answers.look({ ids: ['1-2-3'] }, at(1));
    await settle();
    expect(await life.answers.siteState(chat, { kind: 'own', path: '/popup.html' })).toEqual({
      name: 'no-page',
    });
  });

  it('of a tab that was closed is none, though its page still speaks', async () => {
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    pages.closedTabs.add(1);
    await life.keepers.pages.tabClosed(1);
    expect(await tell(life, 1, first, 'alice')).toEqual({ decorates: false });
    expect(await life.answers.siteState(chat, { kind: 'own', path: '/popup.html' })).toEqual({
      name: 'no-page',
    });
  });

  it('is found again by the next worker', async () => {
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    life.die();
    const next = await wake(world);
    expect(await states(next)).toEqual({ [alice]: 'connected' });
  });

  it('of the user that Unsay itself is signed in as is served by that', async () => {
    await keepSignedIn();
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    expect(Object.keys(await states(life))).toEqual([`${app}:alice`]);
    expect((await life.answers.look({ ids: [] }, at(1))).account).toBe(`${app}:alice`);
    // Thrown out, that sign-in serves nobody: the page is ridden.
    life.link.become({ name: 'signed-in-elsewhere' });
    await settle();
    expect((await life.answers.look({ ids: [] }, at(1))).account).toBe(alice);
  });

  it('shows and recalls what Unsay’s own sign-in knows, too, that was thrown out', async () => {
    await keepSignedIn();
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    life.link.become({ name: 'signed-in-elsewhere' });
    await settle();
    const own = `${app}:alice`;
    const [both, older] = [service.send('1-2-3'), service.send('1-2-2')];
    await life.keepers.memory.learn({ account: own, messages: [both, older] });
    await life.keepers.memory.learn({ account: alice, messages: [both] });
    const { sent } = await life.answers.glance(undefined, { kind: 'own', path: '/popup.html' });
    expect(sent.map(({ account, id }) => `${id} ${account}`).sort()).toEqual([
      `1-2-2 ${own}`,
      `1-2-3 ${alice}`,
    ]);
    const outcome = await life.answers.recallMine({ id: '1-2-3' }, at(1));
    expect(outcome).not.toMatchObject({ why: 'signed-in-elsewhere' });
  });

  it('goes with its site: nothing is kept of it', async () => {
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    await life.answers.turnSiteOff(chat, { kind: 'own', path: '/popup.html' });
    expect(await readPageAccounts()).toEqual([]);
    expect(await states(life)).toEqual({});
    const kept = JSON.stringify([
      await fakeBrowser.storage.local.get(),
      await fakeBrowser.storage.session.get(),
    ]);
    expect(kept).not.toContain('alice');
  });

  it('of a page that claims ever more users makes only a few accounts', async () => {
    const life = await wake(world);
    pages.open(1);
    for (let n = 0; n < 12; n += 1) await tell(life, 1, first, `user${n}`);
    await settle();
    expect(await readPageAccounts()).toHaveLength(5);
  });
});

describe('between pages', () => {
  const leave = async (life: Life): Promise<void> => {
    pages.close(1);
    await life.answers.pageLeft({ seat: first }, at(1));
    await settle();
  };

  const manage = (serverAddress: string): Promise<void> =>
    fakeBrowser.storage.managed.set({ serverAddress });
  const choose = (life: Life, server: string) =>
    life.answers.setSiteSettings(
      { origin: chat, connectsAlone: true, staysSignedIn: false, server },
      { kind: 'own', path: '/options.html' },
    );

  it('nobody signs in unless the user chose so', async () => {
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    await leave(life);
    await pass(60_000, 5_000);
    expect(life.links).toEqual([]);
  });

  it('the user’s choice signs in, ten seconds later, at the server the user named', async () => {
    await changeSiteSettings(chat, {
      connectsAlone: true,
      staysSignedIn: false,
      server: 'ws://127.0.0.1:1',
    });
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    await leave(life);
    await pass(9_000, 1_000);
    expect(life.links).toEqual([]);
    await pass(2_000, 1_000);
    expect(life.links).toHaveLength(1);
    expect(JSON.stringify(await fakeBrowser.storage.local.get())).not.toContain('signature');
    // A page that only begins to load is enough to make way.
    await life.answers.pageSession({ seat: second, isVisible: true }, at(2));
    await settle();
    expect(life.link.isClosed).toBe(true);
  });

  it('the choice holds with a page that is busy for long, and is saved without waiting for it', async () => {
    const life = await wake(world);
    pages.open(1, ({ method }) =>
      method === 'signature'
        ? pause(30_000).then(() => ({ ok: 'the page’s signature' }))
        : undefined,
    );
    await tell(life, 1, first, 'alice');
    const saved = life.answers.setSiteSettings(
      { origin: chat, connectsAlone: true, staysSignedIn: false },
      { kind: 'own', path: '/popup.html' },
    );
    expect(await Promise.race([saved.then(() => 'saved'), pass(1_000, 100)])).toBe('saved');
    await pass(31_000, 1_000);
    const kept = JSON.stringify(await fakeBrowser.storage.session.get());
    expect(kept).toContain('the page’s signature');
  });

  it('that server is a policy’s where there is one, and what the user named counts again after it', async () => {
    const chosen = { connectsAlone: true, staysSignedIn: true, server: 'wss://own.example' };
    await changeSiteSettings(chat, chosen);
    await fakeBrowser.storage.managed.set({ serverAddress: 'wss://im.example' });
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    await leave(life);
    await pass(11_000, 1_000);
    expect(life.links.map(({ server }) => server)).toEqual(['wss://im.example']);
    expect(await readSiteSettings(chat)).toEqual(chosen);
    await fakeBrowser.storage.managed.clear();
    life.die();
    const next = await wake(world);
    await next.keepers.tend();
    await settle();
    expect(next.links.map(({ server }) => server)).toEqual(['wss://own.example']);
  });

  it.each([
    ['a policy', (life: Life) => manage('wss://im.example').then(() => life.keepers.tend())],
    ['a policy, at the next recall', () => manage('wss://im.example')],
    ['the user', (life: Life) => choose(life, 'wss://im.example')],
  ])('who signed in does so anew where %s names another server', async (_, rename) => {
    await changeSiteSettings(chat, { connectsAlone: true, staysSignedIn: false });
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    await leave(life);
    await pass(11_000, 1_000);
    expect(life.links).toHaveLength(1);
    const sent = service.send('1-2-3');
    await life.keepers.memory.learn({ account: alice, messages: [sent] });
    await rename(life);
    const ref = { account: alice, conversation: sent.conversation, id: sent.id };
    const outcome = life.answers.recall(ref, { kind: 'own', path: '/popup.html' });
    await pass(2_000);
    expect(await outcome).toMatchObject({ ok: true });
    expect(life.links.map(({ server, isClosed }) => [server, isClosed])).toEqual([
      [undefined, true],
      ['wss://im.example', false],
    ]);
    await life.keepers.tend();
    expect(life.links).toHaveLength(2);
  });

  it('the next worker signs in at once, after the browser was closed as well', async () => {
    await changeSiteSettings(chat, { connectsAlone: true, staysSignedIn: true });
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    await leave(life);
    await pass(11_000, 1_000);
    expect(life.links).toHaveLength(1);
    life.die();
    const next = await wake(world);
    expect(next.links).toHaveLength(1);
    next.die();
    await fakeBrowser.storage.session.clear();
    expect((await wake(world)).link.state).toEqual({ name: 'connected' });
  });

  it.each([
    ['that tells its session', () => [], true],
    ['that is still loading', () => [{ id: 2, url: `${chat}/` }], false],
  ])('but not where it is woken by a page %s', async (_, openTabs, isTold) => {
    await changeSiteSettings(chat, { connectsAlone: true, staysSignedIn: true });
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    await leave(life);
    life.die();
    pages.openTabs = openTabs();
    pages.open(2);
    const next = await begin(world);
    if (isTold) await tell(next, 2, second, 'alice');
    else await next.keepers.wake();
    await settle();
    expect(next.links.filter(({ isClosed }) => !isClosed)).toEqual([]);
  });

  it('the next worker does not sign in beside Unsay’s own sign-in of the same user', async () => {
    await changeSiteSettings(chat, { connectsAlone: true, staysSignedIn: true });
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    await leave(life);
    life.die();
    await keepSignedIn();
    const next = await wake(world);
    await pass(1_000);
    expect(next.links.map(({ account }) => account)).toEqual(['1400000001:alice']);
  });

  it('nobody signs in for a site that is not on any more, and who did signs out', async () => {
    await changeSiteSettings(chat, { connectsAlone: true, staysSignedIn: false });
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    await leave(life);
    await fakeBrowser.storage.managed.set({ allowedSites: ['https://only.example'] });
    await pass(20_000, 1_000);
    expect(life.links).toEqual([]);
    await fakeBrowser.storage.managed.clear();
    await life.keepers.tend();
    await settle();
    expect(life.link.state).toEqual({ name: 'connected' });
    await fakeBrowser.storage.managed.set({ allowedSites: ['https://only.example'] });
    await life.keepers.tend();
    await settle();
    expect(life.link.isClosed).toBe(true);
  });

  it('nobody signs in to a site that access was withdrawn from, and nothing is kept of it', async () => {
    await changeSiteSettings(chat, { connectsAlone: true, staysSignedIn: true });
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    expect(JSON.stringify(await fakeBrowser.storage.local.get())).toContain('signature');
    Object.assign(fakeBrowser.permissions, { contains: () => Promise.resolve(false) });
    await leave(life);
    await pass(60_000, 5_000);
    expect(life.links).toEqual([]);
    await changeManners({ placeholder: { origin: chat, style: 'hide' } });
    await changeManners({ placeholder: { origin: 'https://other.example', style: 'hide' } });
    await life.keepers.pages.leaveSite(chat);
    const kept = JSON.stringify([
      await fakeBrowser.storage.local.get(),
      await fakeBrowser.storage.session.get(),
    ]);
    expect(kept).not.toContain('signature');
    expect(kept).not.toContain('connectsAlone');
    expect((await readManners()).placeholders).toEqual([
      { origin: 'https://other.example', style: 'hide' },
    ]);
  });

  it('nobody signs in while a tab of the site is open, be it still loading', async () => {
    await changeSiteSettings(chat, { connectsAlone: true, staysSignedIn: false });
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    pages.openTabs = [{ id: 1, url: `${chat}/room` }];
    await leave(life);
    await pass(60_000, 5_000);
    expect(life.links).toEqual([]);
  });

  it('what was kept of a session goes with the choice, also while no page is open', async () => {
    const disk = async (): Promise<string> => JSON.stringify(await fakeBrowser.storage.local.get());
    const memory = async (): Promise<string> =>
      JSON.stringify(await fakeBrowser.storage.session.get());
    const choose = (life: Life, connectsAlone: boolean, staysSignedIn: boolean) =>
      life.answers.setSiteSettings({ origin: chat, connectsAlone, staysSignedIn }, {
        kind: 'own',
        path: '/options.html',
      } as const);
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await choose(life, true, true);
    await settle();
    expect(await disk()).toContain('the page’s signature');
    await leave(life);
    await choose(life, true, false);
    expect(await disk()).not.toContain('the page’s signature');
    expect(await memory()).toContain('the page’s signature');
    await choose(life, false, false);
    expect(await memory()).not.toContain('the page’s signature');
  });

  it('a sign-in that was thrown out is not made again', async () => {
    await changeSiteSettings(chat, { connectsAlone: true, staysSignedIn: false });
    const life = await wake(world);
    pages.open(1);
    await tell(life, 1, first, 'alice');
    await settle();
    await leave(life);
    await pass(11_000, 1_000);
    life.link.become({ name: 'signed-in-elsewhere' });
    await settle();
    for (let n = 0; n < 5; n += 1) await life.keepers.tend();
    await pass(60_000, 5_000);
    expect(life.links).toHaveLength(1);
  });
});

vi.setConfig({ testTimeout: 20_000 });
