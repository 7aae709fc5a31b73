import { describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { pageAccountId } from '../../../src/message/message.ts';
import type { RecallOutcome } from '../../../src/message/recall.ts';
import { alice, withBob } from '../history/fixtures.ts';
import { allowSites, ChatPages } from './chat-pages.ts';
import { eachWithAlice } from './in-world.ts';
import {
  aliceSignedIn,
  begin,
  ordersStored,
  pass,
  settle,
  wake,
  type Life,
  type World,
} from './life.ts';
import type { Service } from './service.ts';

let service: Service;
let world: World;
eachWithAlice((made) => {
  ({ service, world } = made);
});

const own = { kind: 'own', path: '/popup.html' } as const;
const ref = (id: string) => ({ account: alice, conversation: withBob, id });

/** The disk takes nothing any more; what is in memory goes on. */
function fillDisk(life: Life): void {
  life.obstruct(({ name }) => (name === 'local.set' ? 'full' : undefined));
}
function emptyDisk(life: Life): void {
  life.obstruct(() => undefined);
}

async function startSweep(life: Life, ...ids: readonly string[]): Promise<string> {
  const sweep = crypto.randomUUID();
  await life.answers.sweepStart({ sweep, refs: ids.map(ref) }, own);
  return sweep;
}
async function states(life: Life, sweep: string) {
  const view = await life.answers.sweepState({ sweep }, own);
  return view?.items.map(({ id, progress }) => [id, progress?.why ?? progress?.state]);
}

describe('a sweep on a full disk', () => {
  it('sends nothing more once it is stopped, of what could not be stored', async () => {
    for (const id of ['m1', 'm2']) service.send(id);
    const life = await wake(world);
    life.link.become({ name: 'reconnecting' });
    fillDisk(life);
    const sweep = await startSweep(life, 'm1', 'm2');
    await life.answers.sweepStop({ sweep }, own);
    life.link.become({ name: 'connected' });
    await pass(20_000);
    expect(service.asked).toEqual([]);
    expect(await states(life, sweep)).toEqual([
      ['m1', 'stopped'],
      ['m2', 'stopped'],
    ]);
  });

  it('sends nothing more once it is stopped, of what was stored before; nor does the next worker', async () => {
    for (const id of ['m1', 'm2']) service.send(id);
    const life = await wake(world);
    life.link.become({ name: 'reconnecting' });
    const sweep = await startSweep(life, 'm1', 'm2');
    fillDisk(life);
    await life.answers.sweepStop({ sweep }, own);
    life.die();
    const next = await wake(world);
    await pass(20_000);
    expect(service.asked).toEqual([]);
    expect(await states(next, sweep)).toEqual([
      ['m1', 'stopped'],
      ['m2', 'stopped'],
    ]);
  });
});

describe('a recall on a full disk', () => {
  it('that is refused is asked for once and told once', async () => {
    service.send('m1');
    const life = await wake(world);
    fillDisk(life);
    life.link.become({ name: 'reconnecting' });
    void life.answers.recall(ref('m1'), own);
    await pass(5_000);
    service.recall = ({ id }) => {
      service.asked.push(id);
      return Promise.resolve({ ok: false, why: 'not-allowed', code: 10007 });
    };
    life.link.become({ name: 'connected' });
    for (let i = 0; i < 3; i += 1) {
      await pass(10_000);
      await life.keepers.tend();
    }
    expect(service.asked).toEqual(['m1']);
    const told = life.told.filter((change) => change !== 'account' && change.hasFailedLate);
    expect(told).toHaveLength(1);
    expect((await life.answers.glance(undefined, own)).sent).toMatchObject([
      { id: 'm1', progress: { state: 'refused', why: 'not-allowed' } },
    ]);
  });

  it('outlives the worker', async () => {
    service.send('m1');
    const life = await wake(world);
    life.link.become({ name: 'reconnecting' });
    fillDisk(life);
    void life.keepers.recall(alice, 'm1');
    await settle();
    life.die();
    await wake(world);
    await pass(2_000);
    expect(service.done).toEqual(['m1']);
  });

  it('is on the disk as soon as that has room', async () => {
    service.send('m1');
    const life = await wake(world);
    fillDisk(life);
    await life.keepers.recall(alice, 'm1');
    expect(await ordersStored()).toEqual([]);
    emptyDisk(life);
    await life.keepers.tend();
    expect(await ordersStored()).toMatchObject([{ id: 'm1', outcome: { ok: true } }]);
    expect((await fakeBrowser.storage.session.get('orders')).orders).toBeUndefined();
  });

  it('for a message that never comes is not looked for again and again', async () => {
    const life = await wake(world);
    const answers: RecallOutcome[] = [];
    void life.answers.recall(ref('m9'), own).then((answer) => answers.push(answer));
    await settle();
    fillDisk(life);
    await pass(70_000, 1_000);
    service.read.length = 0;
    for (let i = 0; i < 3; i += 1) {
      await life.keepers.tend();
      await pass(5_000);
    }
    expect(service.read).toEqual([]);
  });

  it('that is left with its account is noted as leaving until the disk can let it go', async () => {
    service.send('m1');
    const life = await wake(world);
    service.recall = () => new Promise(() => undefined);
    void life.keepers.recall(alice, 'm1');
    await settle();
    life.obstruct(({ name, args: [items] }) =>
      name === 'local.set' && Object.hasOwn(items as object, 'orders') ? 'full' : undefined,
    );
    await life.keepers.signOut();
    expect(await ordersStored()).toHaveLength(1);
    emptyDisk(life);
    await life.keepers.wake();
    await settle();
    expect(await ordersStored()).toEqual([]);
  });
});

describe('a sign-in on a full disk', () => {
  const chat = 'https://chat.example';
  const asker = { kind: 'page', origin: chat, tab: 1, frame: 0 } as const;
  const session = { isFound: true, app: 1, user: 'alice', isReady: true };
  const told = { seat: 'seat-1-0123456789', session, isVisible: true };
  const carol = { ...aliceSignedIn, userId: 'carol', userSig: 'signature of Carol' };
  const owners = async (): Promise<unknown> => [
    (await fakeBrowser.storage.session.get('account')).account,
    (await fakeBrowser.storage.local.get('account')).account,
    (await fakeBrowser.storage.local.get('own-account'))['own-account'],
  ];

  it.each([false, true])(
    'that fails leaves nothing of it, and pages as they were (to stay: %s)',
    async (staySignedIn) => {
      await fakeBrowser.storage.session.remove('account');
      await allowSites(chat);
      const life = await wake(world);
      new ChatPages(service).open(1);
      await life.answers.pageSession(told, asker);
      await settle();
      fillDisk(life);
      await expect(life.answers.signIn({ ...carol, staySignedIn }, own)).rejects.toThrow();
      expect(await owners()).toEqual([undefined, undefined, undefined]);
      const account = pageAccountId(chat, 1, 'alice');
      expect((await life.answers.glance(undefined, own)).accounts).toMatchObject([{ id: account }]);
      expect(await life.answers.look({ ids: [] }, asker)).toMatchObject({ account });
      expect(await life.answers.pageSession(told, asker)).toMatchObject({ account });
      expect(life.keepers.own).toBeUndefined();
    },
  );

  it('that fails lets whoever is signed in already go on', async () => {
    const life = await wake(world);
    const before = await owners();
    fillDisk(life);
    const again = { ...aliceSignedIn, userSig: 'a newer one', staySignedIn: true };
    await expect(life.answers.signIn(again, own)).rejects.toThrow();
    expect(await owners()).toEqual(before);
    await life.answers.glance(undefined, own);
    await settle();
    expect(await life.state()).toEqual({ name: 'connected' });
  });

  it('that replaces somebody says of them that they are gone, and is not there itself', async () => {
    const life = await wake(world);
    fillDisk(life);
    await expect(life.answers.signIn(carol, own)).rejects.toThrow();
    await settle();
    expect(await owners()).toEqual([undefined, undefined, undefined]);
    expect(life.keepers.own).toBeUndefined();
    expect(life.told.at(-1)).toBe('account');
  });

  it('succeeds where just the site it is used on cannot be noted', async () => {
    await allowSites(chat);
    await fakeBrowser.storage.session.remove('account');
    const life = await wake(world);
    life.obstruct(({ name, args: [items] }) =>
      name === 'local.set' && Object.hasOwn(items as object, 'own-sites') ? 'full' : undefined,
    );
    expect(await life.answers.signIn(carol, own)).toEqual({ ok: true });
    expect(life.failures).toHaveLength(1);
  });

  it('that was stored before keeps no worker from waking', async () => {
    // As an older version left it.
    await fakeBrowser.storage.local.remove('own-account');
    const life = await begin(world);
    fillDisk(life);
    await life.answers.glance(undefined, own);
    await settle();
    expect(await life.state()).toEqual({ name: 'connected' });
  });

  it('that cannot be taken up at all keeps no page from being ridden', async () => {
    await allowSites(chat);
    const life = await begin(world);
    new ChatPages(service).open(1);
    life.obstruct(({ name, args: [key] }) =>
      name === 'session.get' && key === 'account' ? 'unavailable' : undefined,
    );
    const account = pageAccountId(chat, 1, 'alice');
    expect(await life.answers.pageSession(told, asker)).toMatchObject({ account });
    expect(await life.answers.look({ ids: [] }, asker)).toMatchObject({ account });
    expect(life.failures).not.toEqual([]);
    await expect(life.answers.reconnect(undefined, own)).rejects.toThrow();
    emptyDisk(life);
    await life.answers.glance(undefined, own);
    await settle();
    expect(await life.state()).toEqual({ name: 'connected' });
  });
});

describe('a full disk', () => {
  it('keeps nobody from hearing that the connection is there', async () => {
    await fakeBrowser.storage.local.set({ 'own-account': alice });
    const life = await begin(world);
    fillDisk(life);
    void life.keepers.wake();
    await settle();
    const { glance } = await fakeBrowser.storage.session.get('glance');
    expect(glance).toMatchObject({ accounts: [{ state: { name: 'connected' } }] });
  });

  it('keeps nothing on it from growing old, which makes room', async () => {
    service.send('m1');
    const life = await wake(world);
    vi.setSystemTime(Date.now() + 8 * 86_400_000);
    fillDisk(life);
    await life.keepers.tend();
    const left = await life.keepers.memory.use((history) =>
      history.find({ account: alice, id: 'm1' }),
    );
    expect(left).toBeUndefined();
  });

  it('keeps no word from being deleted, and lets nobody believe that all is gone', async () => {
    service.send('m1');
    service.send('m2');
    const life = await wake(world);
    await life.keepers.recall(alice, 'm2');
    service.messages.length = 0;
    fillDisk(life);
    await expect(life.answers.forgetAll(undefined, own)).rejects.toThrow();
    const find = (id: string) =>
      life.keepers.memory.use((history) => history.find({ account: alice, id }));
    expect(await find('m1')).toBeUndefined();
    expect((await fakeBrowser.storage.session.get('reedit')).reedit).toEqual([]);
    // Nor does a popup show it before the worker is awake.
    await settle();
    const { glance } = await fakeBrowser.storage.session.get('glance');
    expect(JSON.stringify(glance)).not.toContain('words of');
    expect(life.told.at(-1)).toBe('account');
    emptyDisk(life);
    await life.answers.forgetAll(undefined, own);
    expect(await ordersStored()).toEqual([]);
  });

  it('keeps no page from being ridden whose account is known', async () => {
    const chat = 'https://chat.example';
    const user = (name: string) => pageAccountId(chat, 1, name);
    await allowSites(chat);
    // The one that comes was not met last.
    await fakeBrowser.storage.local.set({ 'page-accounts': [user('alice'), user('carol')] });
    const life = await wake(world);
    new ChatPages(service).open(1);
    fillDisk(life);
    const session = { isFound: true, app: 1, user: 'alice', isReady: true };
    const asker = { kind: 'page', origin: chat, tab: 1, frame: 0 } as const;
    const told = { seat: 'seat-1-0123456789', session, isVisible: true };
    expect(await life.answers.pageSession(told, asker)).toMatchObject({ account: user('alice') });
    await settle();
    expect(life.keepers.of(user('alice'))?.link.state).toEqual({ name: 'connected' });
  });
});
