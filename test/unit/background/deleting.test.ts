import { describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { HistoryTrouble } from '../../../src/history/history.ts';
import { dropConsent, isAgreed } from '../../../src/platform/consent.ts';
import { alice, message, sealedIn, withBob } from '../history/fixtures.ts';
import { eachWithAlice } from './in-world.ts';
import {
  aliceSignedIn,
  deferred,
  keepSignedIn,
  ordersStored,
  pass,
  settle,
  wake,
  worldOf,
  type Life,
  type Step,
  type World,
} from './life.ts';
import { Service } from './service.ts';

let service: Service;
let world: World;
eachWithAlice((made) => {
  ({ service, world } = made);
});

const own = { kind: 'own', path: '/popup.html' } as const;

async function keyIn(area: 'local' | 'session'): Promise<unknown> {
  return (await fakeBrowser.storage[area].get('profile-key'))['profile-key'];
}
const keptOf = (life: Life): Promise<number> =>
  life.keepers.memory.use(async (history) => (await history.findAll(alice, ['m1', 'm2'])).length);

describe('history that was to outlive the browser, and is not to any longer', () => {
  /** Alice's `m1` is kept, and its key is on the disk; the service has it no more. */
  async function keep(): Promise<{ life: Life; key: unknown }> {
    await fakeBrowser.storage.local.set({ 'keeps-history': true });
    service.send('m1');
    const life = await wake(world);
    service.messages.length = 0;
    expect(await sealedIn(world.database)).toEqual(['m1']);
    const key = await keyIn('local');
    expect(key).toBeDefined();
    return { life, key };
  }

  it.each<[string, (step: Step) => boolean]>([
    [
      'right after the choice',
      ({ moment, name, args }) =>
        moment === 'after' &&
        name === 'local.set' &&
        Object.hasOwn(args[0] as object, 'keeps-history'),
    ],
    [
      'with the key gone from memory only',
      ({ moment, name, args }) =>
        moment === 'after' && name === 'session.remove' && args[0] === 'profile-key',
    ],
    [
      'before the words are destroyed',
      ({ moment, name }) => moment === 'before' && name === 'history.forgetUnreadable',
    ],
  ])('is destroyed with its key by the next worker when one dies %s', async (_, at) => {
    const { life, key } = await keep();
    life.dies(at);
    void life.answers.setKeepsHistory(false, own);
    await settle();
    expect(life.isDead).toBe(true);
    const next = await wake(world);
    expect(await keyIn('local')).toBeUndefined();
    expect(await keyIn('session')).not.toBe(key);
    expect(await sealedIn(world.database)).toEqual([]);
    // The fact stays.
    expect(await keptOf(next)).toBe(1);
  });

  it('is destroyed as soon as it can be, when it cannot at once', async () => {
    const { life } = await keep();
    life.obstruct(({ name }) => (name.startsWith('history.forgetU') ? 'unavailable' : undefined));
    await expect(life.answers.setKeepsHistory(false, own)).rejects.toThrow();
    expect(await sealedIn(world.database)).toEqual(['m1']);
    life.die();
    await wake(world);
    expect(await sealedIn(world.database)).toEqual([]);
  });
});

/** Nothing can be done with the database but throwing it away. */
function breakDatabase(life: Life, trouble: HistoryTrouble): void {
  let isThere = true;
  life.obstruct(({ name }) => {
    if (name === 'history.destroy') isThere = false;
    return isThere && name.startsWith('history.') ? trouble : undefined;
  });
}

describe('deleting what is kept of chats', () => {
  it('leaves no key that opened what was there, wherever it lay', async () => {
    await fakeBrowser.storage.local.set({ 'keeps-history': true });
    service.send('m1');
    const life = await wake(world);
    const before = await keyIn('local');
    await life.answers.forgetAll(undefined, own);
    const after = await keyIn('local');
    expect(after).toBeDefined();
    expect(after).not.toBe(before);
    expect(await keyIn('session')).toBe(after);
    // What comes from now on can be read, also by a later worker.
    await life.keepers.memory.learn({ account: alice, messages: [message('m2')] });
    life.die();
    const next = await wake(world);
    const found = await next.keepers.memory.use((all) => all.find({ account: alice, id: 'm2' }));
    expect(found?.body?.text).toBe('words of m2');
  });

  it('leaves no order that has ended, and ends no recall that was asked for', async () => {
    service.send('m1');
    service.send('m2');
    const life = await wake(world);
    await life.keepers.recall(alice, 'm1');
    const realRecall = service.recall;
    service.recall = () => new Promise(() => undefined);
    void life.keepers.recall(alice, 'm2');
    void life.keepers.recall(alice, 'm9', { conversation: withBob });
    await settle();
    expect(await ordersStored()).toHaveLength(2);
    await life.answers.forgetAll(undefined, own);
    // One that is under way may have happened: only its end says.
    expect(await ordersStored()).toMatchObject([{ id: 'm2', isSent: true }]);
    // One whose message is still on its way is recalled when that is out.
    service.recall = realRecall;
    life.link.tell({ kind: 'messages', messages: [service.send('m9')] });
    await settle();
    expect(service.done).toEqual(['m1', 'm9']);
  });

  it('leaves nothing of what a message carries that was being stored meanwhile', async () => {
    const life = await wake(world);
    const noting = deferred<undefined>();
    life.hold(({ name, args: [items] }) =>
      name === 'session.set' && Object.hasOwn(items as object, 'contents')
        ? noting.promise
        : undefined,
    );
    const picture = message('m1', { author: 'alice', kind: 'image', identity: 'size and name' });
    void life.keepers.memory.learn({ account: alice, messages: [picture] });
    await settle();
    const deleting = life.answers.forgetAll(undefined, own);
    await settle();
    noting.resolve(undefined);
    await deleting;
    expect(JSON.stringify(await fakeBrowser.storage.session.get())).not.toContain('size and name');
  });

  it('is finished by the next worker wherever one dies in the middle of it', async () => {
    await fakeBrowser.storage.local.set({ 'keeps-history': true });
    /** Kept is `m1`, and that `m0` was recalled; the service has neither any more. */
    const prepare = async (): Promise<Life> => {
      service.send('m0');
      service.send('m1');
      const life = await wake(world);
      await life.keepers.recall(alice, 'm0');
      service.messages.length = 0;
      return life;
    };
    const isMark = ({ name, args }: Step): boolean =>
      name === 'local.set' && Object.hasOwn(args[0] as object, 'deleting');
    /** Counts the steps from the moment on when it is noted that all is to be deleted. */
    const counting = (at: number): { readonly dies: (step: Step) => boolean; count: number } => {
      const state = {
        count: 0,
        dies: (step: Step): boolean => {
          const hasBegun = state.count > 0 || (isMark(step) && step.moment === 'after');
          if (hasBegun) state.count += 1;
          return hasBegun && state.count === at;
        },
      };
      return state;
    };
    const first = await prepare();
    const all = counting(Infinity);
    first.dies(all.dies);
    await first.answers.forgetAll(undefined, own);
    first.die();
    expect(all.count).toBeGreaterThan(20);

    for (let at = 1; at <= all.count; at += 1) {
      world = worldOf((service = new Service()));
      const life = await prepare();
      const key = await keyIn('local');
      life.dies(counting(at).dies);
      void life.answers.forgetAll(undefined, own).catch(() => undefined);
      await settle();
      life.die();
      const next = await wake(world);
      const where = `died at step ${at}`;
      expect(await keptOf(next), where).toBe(0);
      expect(await keyIn('local'), where).not.toBe(key);
      expect(await ordersStored(), where).toEqual([]);
      expect(await fakeBrowser.storage.local.get('deleting'), where).toEqual({});
      expect(await next.answers.recallLog(undefined, own), where).toEqual([]);
      next.die();
    }
  });

  it('that could not be done is done by the next worker, also when the user has not agreed', async () => {
    service.send('m1');
    const life = await wake(world);
    service.messages.length = 0;
    life.obstruct(({ name }) => (name.startsWith('history.') ? 'blocked' : undefined));
    await expect(life.answers.forgetAll(undefined, own)).rejects.toThrow();
    life.die();
    await dropConsent();
    const next = await wake(world);
    expect(await keptOf(next)).toBe(0);
    expect(await fakeBrowser.storage.local.get('deleting')).toEqual({});
  });

  it.each(['corrupt', 'newer'] as const)('throws away a database that is %s', async (trouble) => {
    service.send('m1');
    const life = await wake(world);
    breakDatabase(life, trouble);
    await life.answers.forgetAll(undefined, own);
    expect(await keptOf(life)).toBe(0);
    expect(life.keepers.memory.trouble).toBeUndefined();
  });
});

describe('consent that is taken back', () => {
  it('is taken back also when the database cannot be used', async () => {
    service.send('m1');
    const life = await wake(world);
    breakDatabase(life, 'newer');
    await life.answers.withdrawConsent(undefined, own);
    expect(await isAgreed()).toBe(false);
    expect(await fakeBrowser.storage.local.get('leaving')).toEqual({ leaving: [] });
    expect(await keptOf(life)).toBe(0);
  });

  it('is taken back whatever fails, and the rest is done when it can be', async () => {
    service.send('m1');
    const life = await wake(world);
    life.obstruct(({ name }) => (name.startsWith('history.') ? 'blocked' : undefined));
    await expect(life.answers.withdrawConsent(undefined, own)).rejects.toThrow();
    expect(await isAgreed()).toBe(false);
    life.die();
    const next = await wake(world);
    await pass(1000);
    expect(await keptOf(next)).toBe(0);
    expect(await fakeBrowser.storage.local.get('leaving')).toEqual({ leaving: [] });
  });

  it('deletes all it can although the disk takes nothing any more', async () => {
    await keepSignedIn({ ...aliceSignedIn, staySignedIn: true });
    service.send('m1');
    const life = await wake(world);
    expect(await keptOf(life)).toBe(1);
    life.obstruct(({ name }) => (name === 'local.set' ? 'full' : undefined));
    const failed = life.answers.withdrawConsent(undefined, own).then(
      () => false,
      () => true,
    );
    await settle();
    expect(await failed).toBe(true);
    expect(await isAgreed()).toBe(false);
    expect(await keptOf(life)).toBe(0);
    expect(await fakeBrowser.storage.local.get('account')).toEqual({});
    expect(life.keepers.all).toEqual([]);
    expect(life.link.state.name).toBe('signed-out');
  });

  it('has no connection go on that was there by a policy which is not there any more', async () => {
    await dropConsent();
    await fakeBrowser.storage.managed.set({ consentGiven: true });
    const life = await wake(world);
    expect((await life.state()).name).toBe('connected');
    await fakeBrowser.storage.managed.set({ consentGiven: false });
    await life.keepers.wake();
    expect(life.keepers.all).toEqual([]);
    expect(life.link.state.name).toBe('signed-out');
    await fakeBrowser.storage.managed.set({ consentGiven: true });
    await life.keepers.wake();
    await settle();
    expect((await life.state()).name).toBe('connected');
  });
});

describe('a sign-out', () => {
  it('that fails leaves an account that goes on learning', async () => {
    const sent = service.send('m1');
    const life = await wake(world);
    life.obstruct(({ name }) => (name.endsWith('.set') ? 'full' : undefined));
    await expect(life.keepers.signOut()).rejects.toThrow();
    life.obstruct(() => undefined);
    life.link.tell({ kind: 'recalls', recalls: [service.take(sent)] });
    await settle();
    const [entry] = await life.keepers.memory.use((history) => history.findAll(alice, ['m1']));
    expect(entry?.recall).toBeDefined();
  });

  it('leaves nothing that names whose it was', async () => {
    const life = await wake(world);
    await life.answers.setWindow({ account: alice, seconds: 300 }, own);
    await life.keepers.signOut();
    const left = JSON.stringify([
      await fakeBrowser.storage.local.get(),
      await fakeBrowser.storage.session.get(),
    ]);
    expect(left).not.toContain('alice');
  });

  it('is over on the disk, too, as soon as that has room again', async () => {
    const life = await wake(world);
    life.obstruct(({ name, args: [items] }) => {
      const isOver = JSON.stringify((items as { leaving?: unknown } | undefined)?.leaving) === '[]';
      return name === 'local.set' && isOver ? 'full' : undefined;
    });
    await life.keepers.signOut();
    expect(await fakeBrowser.storage.local.get('leaving')).toEqual({ leaving: [alice] });
    life.obstruct(() => undefined);
    await life.keepers.wake();
    // What the next browser session finds: nobody who came back meanwhile is deleted.
    expect(await fakeBrowser.storage.local.get('leaving')).toEqual({ leaving: [] });
  });
});
