import { describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { endOrder, placeOrders, readOrders } from '../../../src/background/orders.ts';
import { readLog } from '../../../src/background/recall-log.ts';
import { readKept, reeditFor } from '../../../src/background/reedit.ts';
import { pageAccountId } from '../../../src/message/message.ts';
import { alice as ownAlice, message, withBob } from '../history/fixtures.ts';
import { allowSites, ChatPages } from './chat-pages.ts';
import { eachWithAlice } from './in-world.ts';
import { settle, wake, type Life, type World } from './life.ts';
import type { Service } from './service.ts';

const other = 'https://other.example';
const app = 1_400_000_001;
const day = 86_400_000;
const own = { kind: 'own', path: '/popup.html' } as const;
const mallory = pageAccountId(other, app, 'mallory');

let service: Service;
let world: World;
let pages: ChatPages;

eachWithAlice(async (made) => {
  ({ service, world } = made);
  pages = new ChatPages(service);
  await allowSites(other);
});

/** A page of another account, by whose SDK it is so much later, ms. */
async function openPage(life: Life, later: number): Promise<void> {
  pages.open(2, ({ method }) =>
    method === 'begin'
      ? { ok: { isReady: true, isUp: true, serverTime: service.time() + later } }
      : undefined,
  );
  const session = { isFound: true, app, user: 'mallory', isReady: true };
  const asker = { kind: 'page', origin: other, tab: 2, frame: 0 } as const;
  await life.answers.pageSession({ seat: 'seat-2-0123456789', session, isVisible: true }, asker);
  await settle();
}

/** Words of mine that I recalled, on a worker that goes on. */
async function recallOne(): Promise<Life> {
  const time = Math.floor(service.time() / 1000) - 5;
  service.send('m1', { time, body: { text: 'secret words' } });
  const life = await wake(world);
  await life.answers.recall({ account: ownAlice, conversation: withBob, id: 'm1' }, own);
  await settle();
  return life;
}

const words = async (): Promise<unknown> =>
  (await fakeBrowser.storage.session.get('reedit')).reedit;

describe('this computer’s clock, set back by a day', () => {
  it('keeps nothing for longer than it would be kept', async () => {
    service.send('m1', { time: Math.floor(service.time() / 1000) - 100 });
    const life = await wake(world);
    await life.keepers.tend();
    // As soon as it cannot be recalled any more.
    await fakeBrowser.storage.local.set({ 'kept-days': 0 });
    vi.setSystemTime(Date.now() - day);
    service.offset = day + 100_000;
    await life.keepers.tend();
    await settle();
    const kept = await life.keepers.memory.use((history) =>
      history.conversation(ownAlice, withBob),
    );
    expect(kept?.last).toBeUndefined();
  });
});

describe('a page whose clock is 40 days ahead', () => {
  it('ends nothing of another account: neither its log nor the words it may put back', async () => {
    const life = await recallOne();
    await openPage(life, 40 * day);
    await life.keepers.tend();
    await settle();
    expect(life.keepers.of(mallory)?.now()).toBeGreaterThan(service.time() + 39 * day);
    expect(await readLog()).toMatchObject([{ account: ownAlice, id: 'm1' }]);
    expect(await words()).toMatchObject([{ account: ownAlice, id: 'm1' }]);
  });

  it('ends what is too old of its own account', async () => {
    const life = await recallOne();
    const [entry] = await readLog();
    await fakeBrowser.storage.local.set({ 'recall-log': [{ ...entry, account: mallory }, entry] });
    await openPage(life, 40 * day);
    await life.keepers.tend();
    await settle();
    expect(await readLog()).toMatchObject([{ account: ownAlice }]);
  });

  it('hides no end of another account’s recall', async () => {
    const start = service.time();
    const order = (account: string) => ({
      ...{ account, conversation: withBob, id: 'm1', author: 'alice', sequence: 1, random: 1 },
      ...{ time: start / 1000, askedAt: start, until: start + 120_000, isSent: true },
    });
    const end = { outcome: { ok: true, at: start }, isUntold: false } as const;
    await placeOrders([order(ownAlice), order(mallory)]);
    await endOrder(order(ownAlice), end, start);
    await endOrder(order(mallory), end, start + 40 * day);
    expect(await readOrders()).toHaveLength(2);
  });
});

it('what is kept grows old also while no page of its account is open', async () => {
  const life = await wake(world);
  await openPage(life, 0);
  const time = Math.floor(service.time() / 1000) - 5;
  await life.keepers.memory.learn({ account: mallory, messages: [message('m1', { time })] });
  pages.close(2);
  await life.keepers.pages.tabClosed(2);
  life.die();
  const next = await wake(world);
  const kept = () => next.keepers.memory.use((history) => history.page(mallory, withBob, 9));
  expect(await kept()).toHaveLength(1);
  vi.setSystemTime(Date.now() + 8 * day);
  await next.keepers.tend();
  expect(await kept()).toEqual([]);
});

describe('the words of what I recalled', () => {
  it('go after five minutes, also where a page’s clock was set back meanwhile', async () => {
    await recallOne();
    vi.setSystemTime(Date.now() + reeditFor - 1_000);
    const behind = service.time() - day;
    expect(await readKept(behind)).toMatchObject([{ text: 'secret words', until: behind + 1_000 }]);
    vi.setSystemTime(Date.now() + 1_000);
    expect(await readKept(behind)).toEqual([]);
    expect(await words()).toEqual([]);
  });

  it('go after five minutes, though nobody asks for them and all else fails', async () => {
    const life = await recallOne();
    vi.setSystemTime(Date.now() + reeditFor);
    life.obstruct(({ name }) => (name === 'local.get' ? 'unavailable' : undefined));
    await expect(life.keepers.tend()).rejects.toThrow();
    expect(await words()).toEqual([]);
  });

  it('go at once where this computer’s clock was set back', async () => {
    await recallOne();
    vi.setSystemTime(Date.now() - 60_000);
    expect(await readKept(service.time())).toEqual([]);
  });
});
