import { describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { pageAccountId } from '../../../src/message/message.ts';
import { alice, message, withBob } from '../history/fixtures.ts';
import { allowSites } from './chat-pages.ts';
import { eachWithAlice } from './in-world.ts';
import { aliceSignedIn, ordersStored, pass, settle, wake, type Life, type World } from './life.ts';
import type { Service } from './service.ts';

let service: Service;
let world: World;
eachWithAlice(async (made) => {
  ({ service, world } = made);
  await fakeBrowser.storage.local.set({ 'keeps-history': true });
});

const ref = { account: alice, conversation: withBob, id: 'm1' };
const own = { kind: 'own', path: '/popup.html' } as const;

/** The browser is closed: what Unsay was told for this browser session only is gone. */
async function restart(life: Life): Promise<Life> {
  life.die();
  await fakeBrowser.storage.session.clear();
  return wake(world);
}

async function signInAs(life: Life, userId: string): Promise<void> {
  const signingIn = life.keepers.signIn({ ...aliceSignedIn, userId, userSig: 'another' });
  await settle();
  await signingIn;
}

const hitsOf = async (life: Life): Promise<string[]> =>
  (await life.answers.search({ words: 'words', most: 2 }, own)).hits.map(({ id }) => id);
const day = 86_400_000;
const loggedOf = async (life: Life): Promise<string[]> =>
  [await life.answers.recallLog(undefined, own)]
    .flat()
    .map((one) => (one === 'off' ? one : one.id));
const keptOf = async (life: Life): Promise<readonly (string | undefined)[]> =>
  (await life.keepers.memory.use((history) => history.findAll(alice, ['m1', 'm2', 'm3']))).map(
    ({ body }) => body?.text,
  );

/** Alice recalled `m1`; `m2` and `m3` are kept. */
async function live(): Promise<Life> {
  for (const id of ['m1', 'm2', 'm3']) service.send(id);
  const life = await wake(world);
  await life.keepers.recall(alice, 'm1');
  return life;
}

describe('a sign-in that ended with the browser', () => {
  it('shows nobody what is kept of it, until its user is back', async () => {
    const life = await restart(await live());
    expect(await hitsOf(life)).toEqual([]);
    expect(await loggedOf(life)).toEqual([]);
    expect(await life.answers.receiptOf(ref, own)).toBeUndefined();
    await signInAs(life, 'alice');
    expect(await hitsOf(life)).toEqual(['m3', 'm2']);
    expect(await loggedOf(life)).toEqual(['m1']);
    expect(await life.answers.receiptOf(ref, own)).toMatchObject({
      outcome: { ok: true },
    });
  });

  it('does not crowd out what is to be found of the accounts there are', async () => {
    const life = await restart(await live());
    const account = pageAccountId('https://chat.example', 1, 'carol');
    await allowSites('https://chat.example');
    await fakeBrowser.storage.local.set({ 'page-accounts': [account] });
    const time = Math.floor(service.time() / 1000) - 600;
    await life.keepers.memory.learn({ account, messages: [message('c1', { time })] });
    expect(await hitsOf(life)).toEqual(['c1']);
  });

  it('leaves nothing when somebody else signs in', async () => {
    const life = await restart(await live());
    expect(await keptOf(life)).toHaveLength(3);
    await signInAs(life, 'bob');
    expect(await keptOf(life)).toEqual([]);
    expect(await loggedOf(life)).toEqual([]);
    expect(await ordersStored()).toEqual([]);
  });

  it('leaves nothing when the consent is taken back', async () => {
    const life = await restart(await live());
    await life.answers.withdrawConsent(undefined, own);
    expect(await keptOf(life)).toEqual([]);
    expect(await fakeBrowser.storage.local.get(['own-account', 'leaving', 'recall-log'])).toEqual({
      leaving: [],
      'recall-log': [],
    });
  });

  it('lets its recall end at the deadline, and says so in the log', async () => {
    service.send('m1');
    (await wake(world)).die();
    service.opens = undefined;
    const offline = await wake(world);
    void offline.keepers.recall(alice, 'm1');
    await settle();
    const life = await restart(offline);
    await pass(5 * 60_000, 10_000);
    const outcome = { ok: false, why: 'unreachable' };
    expect(await ordersStored()).toMatchObject([{ id: 'm1', outcome }]);
    service.opens = { name: 'connected' };
    await signInAs(life, 'alice');
    expect(service.asked).toEqual([]);
    expect(await life.answers.recallLog(undefined, own)).toMatchObject([{ id: 'm1', outcome }]);
  });

  it('is kept no longer than the user wants', async () => {
    const life = await restart(await live());
    await pass(6 * day, 3_600_000);
    await life.keepers.tend();
    expect(await keptOf(life)).toHaveLength(3);
    await pass(1.1 * day, 3_600_000);
    await life.keepers.tend();
    // The fact of the recall stays for 30 days.
    expect(await keptOf(life)).toEqual([undefined]);
    await pass(30 * day, 86_400_000);
    await life.keepers.tend();
    expect(await keptOf(life)).toEqual([]);
  });

  it('is not taken for one that connects, nor shown as an account', async () => {
    const life = await restart(await live());
    await life.keepers.tend();
    expect(life.keepers.all).toEqual([]);
    expect(life.keepers.isAtWork).toBe(false);
    expect(life.links).toEqual([]);
  });
});
