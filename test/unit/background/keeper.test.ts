import { describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { accountId } from '../../../src/message/message.ts';
import {
  readAccount,
  readLeaving,
  readLeavingHistory,
  writeAccount,
} from '../../../src/platform/accounts.ts';
import { alice, dump, message, withBob } from '../history/fixtures.ts';
import { eachInWorld } from './in-world.ts';
import {
  aliceSignedIn,
  begin,
  deferred,
  keepSignedIn,
  ordersStored,
  pass,
  settle,
  wake,
  worldOf,
  type Step,
  type World,
} from './life.ts';
import type { Service } from './service.ts';

let service: Service;
let world: World;
eachInWorld((made) => {
  ({ service, world } = made);
});

const bobSignedIn = { ...aliceSignedIn, userId: 'bob', userSig: 'signature of Bob' };

describe('waking', () => {
  it('opens no link for nobody', async () => {
    const life = await wake(world);
    expect(life.links).toEqual([]);
    expect(await life.state()).toEqual({ name: 'signed-out' });
    expect(life.keepers.isAtWork).toBe(false);
  });

  it('opens one link, however often it is done', async () => {
    await keepSignedIn();
    const life = await begin(world);
    await Promise.all([life.keepers.wake(), life.keepers.wake(), life.keepers.tend()]);
    await life.keepers.wake();
    expect(life.links).toHaveLength(1);
    expect(life.link.opened).toBe(1);
    expect(life.keepers.isAtWork).toBe(true);
  });

  it('finds an account that was kept on disk', async () => {
    await fakeBrowser.storage.local.set({ account: { ...aliceSignedIn, staySignedIn: true } });
    const life = await wake(world);
    expect(life.link.account).toBe(alice);
  });

  it('does not connect an account that was stopped, and tells why', async () => {
    await keepSignedIn({ ...aliceSignedIn, stopped: { name: 'refused', code: 70_003 } });
    const life = await wake(world);
    expect(life.link.opened).toBe(0);
    expect(life.keepers.isAtWork).toBe(false);
    expect(await life.state()).toEqual({ name: 'refused', code: 70_003 });
  });

  it('knows the service’s time before it is connected again', async () => {
    service.offset = 3_600_000;
    await keepSignedIn();
    (await wake(world)).die();
    service.opens = undefined;
    const life = await wake(world);
    expect(life.link.serverTime()).toBeUndefined();
    expect(life.keeper.knowsTime).toBe(true);
    expect(life.keeper.now()).toBe(service.time());
  });
});

describe('signing in', () => {
  it('while the worker wakes makes one link only', async () => {
    const life = await begin(world);
    void life.keepers.wake();
    expect(await life.keepers.signIn(aliceSignedIn)).toEqual({ name: 'connected' });
    expect(life.links).toHaveLength(1);
    expect(life.link.opened).toBe(1);
  });

  it('as somebody else leaves one open link, also when something wakes the worker meanwhile', async () => {
    await keepSignedIn();
    const life = await wake(world);
    const closing = deferred<undefined>();
    service.close = () => closing.promise;
    const signIn = life.keepers.signIn(bobSignedIn);
    await settle();
    void life.keepers.wake();
    await settle();
    closing.resolve(undefined);
    expect(await signIn).toEqual({ name: 'connected' });
    await settle();
    expect(life.links.map(({ account, isClosed }) => [account, isClosed])).toEqual([
      [alice, true],
      [accountId(bobSignedIn.sdkAppId, 'bob'), false],
    ]);
    expect(life.keepers.own?.account).toBe(life.link.account);
  });

  it('with a refused signature tells the service’s code and stays so', async () => {
    service.opens = { name: 'refused', code: 70_001 };
    const life = await begin(world);
    expect(await life.keepers.signIn(aliceSignedIn)).toEqual({ name: 'refused', code: 70_001 });
    await settle();
    life.die();
    const next = await wake(world);
    expect(next.link.opened).toBe(0);
    expect(await next.state()).toEqual({ name: 'refused', code: 70_001 });
  });

  it('tells that it is still connecting after twenty seconds', async () => {
    service.opens = undefined;
    const life = await begin(world);
    const signIn = life.keepers.signIn(aliceSignedIn);
    await pass(20_000);
    expect(await signIn).toEqual({ name: 'connecting' });
  });

  it('after an old link was kicked out keeps the new signature', async () => {
    await keepSignedIn({ ...aliceSignedIn, userSig: 'old' });
    const life = await wake(world);
    const old = life.link;
    await life.keepers.signIn(aliceSignedIn);
    old.become({ name: 'signature-expired' });
    await settle();
    expect(await readAccount()).toEqual(aliceSignedIn);
    expect(await life.state()).toEqual({ name: 'connected' });
  });
});

describe('a stop', () => {
  it('is stored before it is told, and ends only at the user’s wish', async () => {
    await keepSignedIn();
    const life = await wake(world);
    const stored: unknown[] = [];
    life.heard = async () => {
      stored.push((await readAccount())?.stopped);
    };
    life.link.become({ name: 'signed-in-elsewhere' });
    await settle();
    expect(stored).toEqual([{ name: 'signed-in-elsewhere' }]);
    await life.keepers.tend();
    await settle();
    expect(life.link.opened).toBe(1);
    await life.keepers.reconnect();
    await settle();
    expect(life.link.opened).toBe(2);
    expect(await life.state()).toEqual({ name: 'connected' });
  });
});

describe('a stop that is being stored', () => {
  it('is not told yet: a worker that dies now would leave one that signs in again', async () => {
    await keepSignedIn();
    const life = await wake(world);
    let store: () => void = () => undefined;
    const storing = new Promise<void>((resolve) => {
      store = resolve;
    });
    life.hold(({ name, args }) =>
      name.endsWith('.set') && JSON.stringify(args).includes('"stopped"') ? storing : undefined,
    );
    life.link.become({ name: 'signed-in-elsewhere' });
    await settle();
    expect(await life.state()).toEqual({ name: 'connecting' });
    store();
    await settle();
    expect(await life.state()).toEqual({ name: 'signed-in-elsewhere' });
  });

  it('is not told yet when it is the second of one sign-in', async () => {
    await keepSignedIn();
    const life = await wake(world);
    life.link.become({ name: 'signed-in-elsewhere' });
    await settle();
    await life.keepers.reconnect();
    await settle();
    const { promise: storing, resolve: store } = Promise.withResolvers<undefined>();
    life.hold(({ name, args }) =>
      name.endsWith('.set') && JSON.stringify(args).includes('"stopped"') ? storing : undefined,
    );
    life.link.become({ name: 'signature-expired' });
    await settle();
    expect(await life.state()).toEqual({ name: 'connecting' });
    store(undefined);
    await settle();
    expect(await life.state()).toEqual({ name: 'signature-expired' });
  });

  it('is a stop for a wake that is under way: it would throw out whoever signed in', async () => {
    await keepSignedIn();
    const life = await wake(world);
    const { promise: storing, resolve: store } = Promise.withResolvers<undefined>();
    life.hold(({ name, args }) =>
      name.endsWith('.set') && JSON.stringify(args).includes('"stopped"') ? storing : undefined,
    );
    life.link.become({ name: 'signed-in-elsewhere' });
    await life.keepers.wake();
    await settle();
    expect(life.link.opened).toBe(1);
    store(undefined);
    await settle();
    // The user may say otherwise at once.
    await life.keepers.reconnect();
    await settle();
    expect(life.link.opened).toBe(2);
    expect(await life.state()).toEqual({ name: 'connected' });
  });
});

describe('signing out', () => {
  const staying = { ...aliceSignedIn, staySignedIn: true };

  /** Alice, who stays signed in, with a message and an order that waits. */
  async function settleIn() {
    await writeAccount(staying);
    service.send('m1');
    const life = await wake(world);
    await life.keepers.recall(alice, 'm1');
    return life;
  }

  async function expectNothingLeft(): Promise<void> {
    expect(await readAccount()).toBeUndefined();
    expect(await readLeaving()).toEqual([]);
    expect(await ordersStored()).toEqual([]);
    const stores = await dump(world.database);
    expect(JSON.stringify([stores.entries, stores.conversations])).not.toContain(alice);
    const kept = JSON.stringify([
      await fakeBrowser.storage.local.get(),
      await fakeBrowser.storage.session.get(),
    ]);
    expect(kept).not.toContain(staying.userSig);
  }

  it('happens to whoever was signed in when somebody else signs in', async () => {
    const life = await settleIn();
    await life.keepers.signIn(bobSignedIn);
    await settle();
    expect(await readAccount()).toMatchObject({ userId: 'bob' });
    expect(await readLeaving()).toEqual([]);
    expect(await ordersStored()).toEqual([]);
    expect(JSON.stringify((await dump(world.database)).entries)).not.toContain(alice);
    expect(JSON.stringify(await fakeBrowser.storage.local.get())).not.toContain(staying.userSig);
  });

  it('leaves nothing', async () => {
    const life = await settleIn();
    await life.keepers.signOut();
    expect(life.link.isClosed).toBe(true);
    await expectNothingLeft();
    expect(await life.state()).toEqual({ name: 'signed-out' });
  });

  it('takes the account out of the popup’s view before the link is closed', async () => {
    const life = await settleIn();
    service.close = () => new Promise(() => undefined);
    void life.keepers.signOut();
    await settle();
    const { glance } = await fakeBrowser.storage.session.get('glance');
    expect(glance).toMatchObject({ accounts: [], sent: [] });
  });

  it('killed in the middle is finished by the next worker, wherever that was', async () => {
    for (let killed = true, steps = 1; killed; steps += 1) {
      await fakeBrowser.storage.local.clear();
      await fakeBrowser.storage.session.clear();
      world = worldOf(service);
      const life = await settleIn();
      let step = 0;
      const wish = { isStored: false };
      life.dies((at) => {
        step += 1;
        // What is stored decides: from here on the user’s wish is known.
        wish.isStored ||= at.moment === 'after' && at.name === 'local.set';
        return step === steps;
      });
      void life.keepers.signOut();
      await settle();
      killed = life.isDead;
      life.die();
      const next = await wake(world);
      if (wish.isStored) await expectNothingLeft();
      else expect(await readAccount()).toEqual(staying);
      next.die();
    }
  });

  it('whose history cannot be used is finished when it can', async () => {
    const life = await settleIn();
    life.obstruct(({ name }) => (name === 'history.forget' ? 'unavailable' : undefined));
    await life.keepers.signOut();
    expect([await readLeaving(), await readLeavingHistory()]).toEqual([[], [alice]]);
    life.obstruct(() => undefined);
    await life.keepers.wake();
    await expectNothingLeft();
  });

  it('is finished after signing in again, too, and takes nothing asked for since', async () => {
    const life = await settleIn();
    life.obstruct(({ name }) => (name === 'history.forget' ? 'unavailable' : undefined));
    await life.keepers.signOut();
    // What is found of it from now on is of before.
    service.messages.splice(0);
    service.send('m2');
    service.recall = () => new Promise(() => undefined);
    await life.keepers.signIn(aliceSignedIn);
    await settle();
    void life.keepers.recall(alice, 'm2');
    await settle();
    life.obstruct(() => undefined);
    await life.keepers.wake();
    await settle();
    expect([await readLeaving(), await readLeavingHistory()]).toEqual([[], []]);
    expect(await ordersStored()).toMatchObject([{ id: 'm2' }]);
    const known = await life.keepers.memory.use((history) => history.page(alice, withBob, 9));
    expect(known.map(({ id }) => id)).toEqual(['m2']);
  });

  it('keeps nobody else from being served where its notes cannot be deleted', async () => {
    await fakeBrowser.storage.local.set({ leaving: ['1:carol'] });
    await writeAccount(staying);
    service.send('m1');
    const isOfOrders = ({ name, args }: Step): boolean =>
      name === 'local.set' && Object.hasOwn(args[0] as object, 'recall-log');
    const life = await begin(world);
    life.obstruct((step) => (isOfOrders(step) ? 'full' : undefined));
    void life.keepers.wake();
    await settle();
    expect(await life.state()).toEqual({ name: 'connected' });
    expect(life.failures).not.toEqual([]);
    expect(await readLeaving()).toEqual(['1:carol']);
    life.obstruct(() => undefined);
    await life.keepers.wake();
    expect([await readLeaving(), await readLeavingHistory()]).toEqual([[], []]);
  });
});

describe('forgetting', () => {
  it('everything leaves the account signed in', async () => {
    await keepSignedIn();
    const life = await wake(world);
    await life.keepers.memory.learn({ account: alice, messages: [message('m1')] });
    await life.answers.forgetAll(undefined, { kind: 'own', path: '/popup.html' });
    const known = await life.keepers.memory.use((history) => history.conversations(alice));
    expect(known).toEqual([]);
    expect(life.keepers.own?.account).toBe(alice);
  });
});
