import { beforeEach, describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { SeatCall } from '../../../src/contract/seat.ts';
import { pageAccountId } from '../../../src/message/message.ts';
import { keepConsent } from '../../../src/platform/consent.ts';
import { readPageAccounts } from '../../../src/platform/page-accounts.ts';
import { alice as ownAlice, message, withBob } from '../history/fixtures.ts';
import { allowSites, ChatPages } from './chat-pages.ts';
import { eachInWorld } from './in-world.ts';
import { keepSignedIn, pass, settle, wake, type Life, type World } from './life.ts';
import type { Service } from './service.ts';

const chat = 'https://chat.example';
const other = 'https://other.example';
const app = 1_400_000_001;
const alice = pageAccountId(chat, app, 'alice');
const bob = pageAccountId(other, app, 'bob');
const ref = { account: alice, conversation: withBob, id: 'm1' };
const own = { kind: 'own', path: '/popup.html' } as const;

let service: Service;
let world: World;
let pages: ChatPages;
/** What reached Alice's page. */
let calls: SeatCall[];

eachInWorld(async (made) => {
  ({ service, world } = made);
  pages = new ChatPages(service);
  await allowSites(chat, other);
  // Whoever manages the browser agreed in the place of the user.
  await fakeBrowser.storage.local.remove('consent');
  await fakeBrowser.storage.managed.set({ consentGiven: true });
});

const at = (tab: number, origin: string) => ({ kind: 'page', origin, tab, frame: 0 }) as const;
const tell = (life: Life, tab: number, user: string, origin: string) =>
  life.answers.pageSession(
    {
      seat: `seat-${tab}-0123456789`,
      session: { isFound: true, app, user, isReady: true },
      isVisible: true,
    },
    at(tab, origin),
  );
const shown = async (life: Life): Promise<string> => {
  const { glance } = await fakeBrowser.storage.session.get('glance');
  return JSON.stringify([glance, await life.answers.glance(undefined, own)]);
};
const asked = (): number => calls.filter(({ method }) => method === 'revokeMessage').length;

/**
 * A worker with a page of Alice's on one site, and one of Bob's on another, each with a message.
 * `answer`: what Alice's says to a recall.
 */
async function begin(answer: unknown = { ok: true }): Promise<Life> {
  const life = await wake(world);
  calls = pages.open(1, ({ method }) => (method === 'revokeMessage' ? answer : undefined));
  pages.open(2);
  await tell(life, 1, 'alice', chat);
  await tell(life, 2, 'bob', other);
  await settle();
  const time = Math.floor(service.time() / 1000);
  const learn = (account: typeof alice, id: string, author: string) =>
    life.keepers.memory.learn({ account, messages: [message(id, { author, time })] });
  await learn(alice, 'm1', 'alice');
  await learn(bob, 'm2', 'bob');
  expect(await shown(life)).toContain('words of m1');
  return life;
}

describe.each([
  ['a site', { consentGiven: true, allowedSites: [other] }],
  ['the consent', {}],
])('when a policy takes %s back while pages are ridden', (of, policy) => {
  let life: Life;
  beforeEach(async () => {
    life = await begin();
    await fakeBrowser.storage.managed.clear();
    await fakeBrowser.storage.managed.set(policy);
  });

  it('the page is asked for nothing any more, and whoever asks hears it at once', async () => {
    const before = calls.length;
    expect(await life.answers.recall(ref, own)).toEqual({ ok: false, why: 'signed-out' });
    await pass(30_000, 5_000);
    await life.keepers.tend();
    await pass(30_000, 5_000);
    expect(calls.slice(before)).toEqual([]);
  });

  it('nor is it asked what somebody was about to ask it', async () => {
    void life.keepers.of(alice)?.recall('m1');
    await pass(30_000, 1_000);
    expect(asked()).toBe(0);
  });

  it('it is left, and its words are shown nowhere', async () => {
    await life.keepers.tend();
    await settle();
    expect(pages.left).toEqual(of === 'a site' ? [1] : [1, 2]);
    expect(await shown(life)).not.toContain('words of m1');
    expect((await shown(life)).includes('words of m2')).toBe(of === 'a site');
    const { hits } = await life.answers.search({ words: 'words', most: 9 }, own);
    expect(hits.map(({ id }) => id)).toEqual(of === 'a site' ? ['m2'] : []);
  });

  it('the next worker leaves it as well', async () => {
    life.die();
    const next = await wake(world);
    await settle();
    expect(pages.left).toContain(1);
    expect(await shown(next)).not.toContain('words of m1');
  });

  it('what is kept is there when it is given again', async () => {
    await life.keepers.tend();
    await fakeBrowser.storage.managed.set({ consentGiven: true, allowedSites: [chat, other] });
    await tell(life, 1, 'alice', chat);
    await settle();
    expect([...(await readPageAccounts())].sort()).toEqual([alice, bob]);
    expect(await life.answers.recall(ref, own)).toMatchObject({ ok: true });
  });

  it('and grows old meanwhile', async () => {
    await life.keepers.tend();
    life.die();
    await fakeBrowser.storage.managed.set({ retentionDays: 0 });
    await pass(180_000, 30_000);
    const next = await wake(world);
    await next.keepers.tend();
    const kept = next.keepers.memory.use((history) => history.find({ account: alice, id: 'm1' }));
    expect(await kept).toBeUndefined();
  });
});

it('a recall that nobody answered before a policy took its site back is told of, once', async () => {
  const life = await begin(new Promise(() => undefined));
  const cutShort = (of: Life) =>
    of.told.flatMap((change) => (change === 'account' ? [] : (change.cutShort ?? [])));
  const answer = life.answers.recall(ref, own);
  await pass(30_000, 5_000);
  expect(await answer).toMatchObject({ why: 'waiting' });
  await fakeBrowser.storage.managed.set({ consentGiven: true, allowedSites: [other] });
  await life.keepers.tend();
  await settle();
  await life.keepers.tend();
  expect(cutShort(life)).toEqual(['unanswered']);
  life.die();
  const next = await wake(world);
  await settle();
  expect(cutShort(next)).toEqual([]);
});

it('words of Unsay’s own sign-in are not shown without the consent either', async () => {
  await keepSignedIn();
  service.send('m1');
  const life = await wake(world);
  expect(await shown(life)).toContain('words of m1');
  await fakeBrowser.storage.managed.clear();
  await life.keepers.tend();
  expect(life.link.isClosed).toBe(true);
  expect(await shown(life)).not.toContain('words of m1');
  await keepConsent();
  await life.keepers.tend();
  await settle();
  expect(life.keepers.own?.account).toBe(ownAlice);
  expect(await shown(life)).toContain('words of m1');
});
