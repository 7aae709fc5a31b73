import { describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { RecallOutcome } from '../../../src/message/recall.ts';
import { readWindows } from '../../../src/platform/settings.ts';
import { alice } from '../history/fixtures.ts';
import { eachWithAlice } from './in-world.ts';
import {
  aliceSignedIn,
  deferred,
  keepSignedIn,
  knowWindow,
  ordersStored,
  pass,
  settle,
  wake,
  worldOf,
  type Life,
  type World,
} from './life.ts';
import type { Service } from './service.ts';

let service: Service;
let world: World;
eachWithAlice((made) => {
  ({ service, world } = made);
});

const minute = 60_000;
const lost: RecallOutcome = { ok: false, why: 'waiting' };

/** What a promise gives within so many ms of the test's time. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | 'pending'> {
  let result: T | 'pending' = 'pending';
  void promise.then((value) => {
    result = value;
  });
  await pass(ms);
  return result;
}

/** A worker whose history knows `m1`, and that cannot connect. */
async function wakeOffline(): Promise<Life> {
  service.send('m1');
  (await wake(world)).die();
  service.opens = undefined;
  return wake(world);
}

describe('a recall without a connection', () => {
  it('is answered with its deadline after four seconds', async () => {
    const life = await wakeOffline();
    const until = ((service.messages[0]?.time ?? 0) + 120) * 1000;
    expect(await within(4_000, life.keepers.recall(alice, 'm1'))).toEqual({ ...lost, until });
  });

  it('is sent as soon as there is a connection', async () => {
    const life = await wakeOffline();
    void life.keepers.recall(alice, 'm1');
    await pass(minute);
    expect(service.asked).toEqual([]);
    life.link.become({ name: 'connected' });
    await settle();
    expect(service.done).toEqual(['m1']);
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: true } }]);
  });

  it('is never sent after its deadline, also by the same worker', async () => {
    await knowWindow(120);
    const life = await wakeOffline();
    void life.keepers.recall(alice, 'm1');
    await pass(3 * minute);
    expect(await ordersStored()).toMatchObject([
      { isSent: false, outcome: { ok: false, why: 'unreachable' } },
    ]);
    life.link.become({ name: 'connected' });
    await pass(minute);
    expect(service.asked).toEqual([]);
  });

  it('is said to have failed when it ends after who asked was told to wait, and only then', async () => {
    const life = await wakeOffline();
    expect(await within(4_000, life.keepers.recall(alice, 'm1'))).toMatchObject(lost);
    const late = (): boolean =>
      life.told.some((change) => change !== 'account' && change.hasFailedLate === true);
    expect(late()).toBe(false);
    await pass(2 * minute);
    expect(late()).toBe(true);
  });

  it.each([-1, 1])('ends in time, also when the clock is set by %i hour meanwhile', async (by) => {
    const life = await wakeOffline();
    void life.keepers.recall(alice, 'm1');
    await pass(minute);
    vi.setSystemTime(Date.now() + by * 3_600_000);
    await pass(minute - 1_000);
    expect((await ordersStored())[0]).not.toHaveProperty('outcome');
    await pass(3_000);
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: false, why: 'unreachable' } }]);
  });

  it.each([-1, 1])('waits its window when this computer is off by %i year', async (by) => {
    service.send('m1');
    (await wake(world)).die();
    await fakeBrowser.storage.session.remove('server-offsets');
    vi.setSystemTime(Date.now() + by * 365 * 86_400_000);
    service.opens = undefined;
    void (await wake(world)).keepers.recall(alice, 'm1');
    await pass(110_000);
    expect((await ordersStored())[0]).not.toHaveProperty('outcome');
    await pass(20_000);
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: false, why: 'unreachable' } }]);
  });

  it('is never sent after its deadline by a later worker', async () => {
    await knowWindow(120);
    const life = await wakeOffline();
    void life.keepers.recall(alice, 'm1');
    await pass(10_000);
    life.die();
    await pass(3 * minute);
    service.opens = { name: 'connected' };
    await wake(world);
    await pass(minute);
    expect(service.asked).toEqual([]);
    expect(await ordersStored()).toMatchObject([
      { isSent: false, outcome: { ok: false, why: 'too-late' } },
    ]);
  });

  it('is still asked for by a later worker when only a guess says that it is too late', async () => {
    const life = await wakeOffline();
    void life.keeper.recall('m1');
    await pass(10_000);
    life.die();
    await pass(3 * minute);
    service.opens = { name: 'connected' };
    await wake(world);
    expect(service.asked).toEqual(['m1']);
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: false, why: 'too-late' } }]);
  });

  it('is not asked for ten minutes after somebody wanted it', async () => {
    const life = await wakeOffline();
    void life.keeper.recall('m1');
    await pass(10_000);
    life.die();
    await pass(11 * minute, 10_000);
    service.opens = { name: 'connected' };
    await wake(world);
    await pass(minute);
    expect(service.asked).toEqual([]);
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: false, why: 'too-late' } }]);
  });

  it('ends as unreachable at its deadline when the connection was lost', async () => {
    service.send('m1');
    const life = await wake(world);
    life.link.become({ name: 'reconnecting' });
    void life.keepers.recall(alice, 'm1');
    await pass(3 * minute);
    expect(await ordersStored()).toMatchObject([
      { isSent: false, outcome: { ok: false, why: 'unreachable' } },
    ]);
    life.link.become({ name: 'connected' });
    await pass(minute);
    expect(service.asked).toEqual([]);
  });
});

describe('a recall whose answers are lost', () => {
  it('ends as unreachable when it was not done', async () => {
    service.recall = (target) => {
      service.asked.push(target.id);
      return Promise.resolve(lost);
    };
    service.send('m1');
    const life = await wake(world);
    void life.keepers.recall(alice, 'm1');
    await pass(2 * minute);
    expect(service.asked.length).toBeGreaterThan(1);
    await pass(minute);
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: false, why: 'unreachable' } }]);
    const asked = service.asked.length;
    await pass(minute);
    expect(service.asked).toHaveLength(asked);
  });

  it('ends as done when it was done, and is asked once', async () => {
    const real = service.recall;
    service.recall = async (target) => {
      await real(target);
      return lost;
    };
    service.send('m1');
    const life = await wake(world);
    void life.keepers.recall(alice, 'm1');
    await pass(5_000);
    expect(service.asked).toEqual(['m1']);
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: true } }]);
  });

  it('is asked again of a busy service, later each time, until that answers', async () => {
    const real = service.recall;
    const asked: number[] = [];
    service.recall = (target) => {
      asked.push(Date.now());
      if (asked.length > 4) return real(target);
      // A gateway that was not answered in time: it may have been done.
      return Promise.resolve({ ok: false, why: 'waiting', code: 60008 });
    };
    service.send('m1');
    const life = await wake(world);
    expect(await within(minute, life.keepers.recall(alice, 'm1'))).toMatchObject({ ok: true });
    const gaps = asked.slice(1).map((at, i) => at - (asked[i] ?? 0));
    expect(gaps).toEqual(gaps.toSorted((one, other) => one - other));
    expect(gaps[0]).toBeGreaterThanOrEqual(500);
    // Looked up each time before it was asked again.
    expect(service.read.length).toBeGreaterThanOrEqual(4);
  });

  it('slows all others down when the service is busy', async () => {
    const real = service.recall;
    const asked: number[] = [];
    service.recall = (target) => {
      asked.push(Date.now());
      if (asked.length > 1) return real(target);
      return Promise.resolve({ ok: false, why: 'waiting', code: 20005 });
    };
    service.send('m1');
    service.send('m2');
    const life = await wake(world);
    void life.keepers.recall(alice, 'm1');
    await settle();
    void life.keepers.recall(alice, 'm2');
    await pass(5_000, 50);
    expect(service.done.toSorted()).toEqual(['m1', 'm2']);
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(500);
  });

  it('is answered as waiting to who asked after twenty seconds', async () => {
    service.recall = () => new Promise(() => undefined);
    service.send('m1');
    const life = await wake(world);
    const until = ((service.messages[0]?.time ?? 0) + 120) * 1000;
    expect(await within(21_000, life.keepers.recall(alice, 'm1'))).toEqual({ ...lost, until });
    expect(await ordersStored()).toMatchObject([{ isSent: true }]);
  });

  it('is asked again after a request to slow down', async () => {
    const real = service.recall;
    service.recall = (target) => {
      service.recall = real;
      service.asked.push(target.id);
      return Promise.resolve({ ok: false, why: 'too-many', code: 2996 });
    };
    service.send('m1');
    const life = await wake(world);
    expect(await within(1_000, life.keepers.recall(alice, 'm1'))).toMatchObject({ ok: true });
    expect(service.asked).toEqual(['m1', 'm1']);
    expect(service.done).toEqual(['m1']);
  });
});

describe('being signed in elsewhere while an answer is awaited', () => {
  async function kick(isDone: boolean): Promise<Life> {
    const real = service.recall;
    const answer = deferred<RecallOutcome>();
    service.recall = async (target) => {
      if (isDone) await real(target);
      else service.asked.push(target.id);
      return answer.promise;
    };
    service.send('m1');
    const life = await wake(world);
    const asked = life.keepers.recall(alice, 'm1');
    await settle();
    life.link.become({ name: 'signed-in-elsewhere' });
    answer.resolve(lost);
    expect(await within(1_000, asked)).toMatchObject(lost);
    const [order] = await ordersStored();
    expect(order).toMatchObject({ isSent: true });
    expect(order).not.toHaveProperty('outcome');
    service.recall = real;
    return life;
  }

  it('leaves a sent order open and finishes it after reconnecting', async () => {
    const life = await kick(false);
    await life.keepers.reconnect();
    await settle();
    expect(service.done).toEqual(['m1']);
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: true } }]);
  });

  it('does not ask again after reconnecting when it was done', async () => {
    const life = await kick(true);
    await life.keepers.reconnect();
    await settle();
    expect(service.asked).toEqual(['m1']);
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: true } }]);
  });

  it('leaves it open through the deaths of workers that may not connect', async () => {
    const life = await kick(true);
    life.die();
    const next = await wake(world);
    await pass(5 * minute);
    expect(next.link.opened).toBe(0);
    expect((await ordersStored())[0]).not.toHaveProperty('outcome');
    await next.keepers.reconnect();
    await settle();
    expect(service.asked).toEqual(['m1']);
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: true } }]);
  });
});

describe('an account that has stopped', () => {
  it.each([
    [{ name: 'signed-in-elsewhere' }, { ok: false, why: 'signed-in-elsewhere' }],
    [{ name: 'signature-expired' }, { ok: false, why: 'signature-expired' }],
    [
      { name: 'refused', code: 70003 },
      { ok: false, why: 'signed-out', code: 70003 },
    ],
  ] as const)('as %o answers a recall with its reason and stores nothing', async (stop, answer) => {
    service.send('m1');
    (await wake(world)).die();
    await keepSignedIn({ ...aliceSignedIn, stopped: stop });
    const life = await wake(world);
    expect(await life.keepers.recall(alice, 'm1')).toEqual(answer);
    expect(await ordersStored()).toEqual([]);
    expect(life.links.filter(({ opened }) => opened > 0)).toEqual([]);
  });

  it('ends a recall that was never sent with its reason', async () => {
    service.send('m1');
    const life = await wake(world);
    life.link.become({ name: 'reconnecting' });
    const asked = life.keepers.recall(alice, 'm1');
    await settle();
    life.link.become({ name: 'signature-expired' });
    expect(await within(1_000, asked)).toEqual({ ok: false, why: 'signature-expired' });
    expect(service.asked).toEqual([]);
  });
});

describe('an account that stopped while a recall waited', () => {
  it('lets it end at its deadline, in whichever worker looks next', async () => {
    service.send('m1');
    const life = await wake(world);
    life.link.become({ name: 'reconnecting' });
    void life.keepers.recall(alice, 'm1');
    await settle();
    life.die();
    await keepSignedIn({ ...aliceSignedIn, stopped: { name: 'signed-in-elsewhere' } });
    const next = await wake(world);
    await pass(minute);
    expect((await ordersStored())[0]).not.toHaveProperty('outcome');
    await pass(minute);
    await next.keepers.tend();
    await pass(11_000);
    expect(await ordersStored()).toMatchObject([
      { isSent: false, outcome: { ok: false, why: 'unreachable' } },
    ]);
  });

  it('lets it be sent when the user connects in time', async () => {
    service.send('m1');
    const life = await wake(world);
    life.link.become({ name: 'reconnecting' });
    void life.keepers.recall(alice, 'm1');
    await settle();
    life.die();
    await keepSignedIn({ ...aliceSignedIn, stopped: { name: 'signed-in-elsewhere' } });
    const next = await wake(world);
    await pass(minute);
    await next.keepers.reconnect();
    await settle();
    expect(service.done).toEqual(['m1']);
  });
});

describe('a computer’s wrong clock', () => {
  const year = 365 * 86_400_000;

  it.each([
    ['a year ahead', year],
    ['a year behind', -year],
  ])('%s does not refuse a recall before the connection', async (_, error) => {
    service.send('m1');
    const kept = worldOf(service);
    (await wake(kept)).die();
    vi.setSystemTime(Date.now() + error);
    service.offset = -error;
    service.opens = undefined;
    const life = await wake(kept);
    const asked = life.keepers.recall(alice, 'm1');
    await settle();
    life.link.become({ name: 'connected' });
    expect(await within(1_000, asked)).toMatchObject({ ok: true });
    expect(service.done).toEqual(['m1']);
  });

  it.each([-1, 1])('set by %i hour during the window changes nothing', async (by) => {
    await knowWindow(120);
    for (const id of ['m1', 'm2', 'm3']) service.send(id);
    const life = await wake(world);
    await pass(60_000, 10_000);
    const step = (): void => {
      vi.setSystemTime(Date.now() + by * 3_600_000);
      service.offset -= by * 3_600_000;
    };
    step();
    expect(await life.keeper.recall('m1')).toMatchObject({ ok: true });
    // Without a connection, too.
    life.link.become({ name: 'reconnecting' });
    const asked = life.keeper.recall('m2');
    await pass(20_000, 5_000);
    step();
    life.link.become({ name: 'connected' });
    await pass(15_000);
    expect(await asked).toMatchObject({ why: 'waiting' });
    expect(service.done).toEqual(['m1', 'm2']);
    await pass(30_000, 5_000);
    expect(await life.keeper.recall('m3')).toMatchObject({ ok: false, why: 'too-late' });
    expect(service.asked).toEqual(['m1', 'm2']);
  });

  it.each([-1, 1])('off by %i hour teaches the right window', async (by) => {
    service.offset = by * 3_600_000;
    service.send('m1', { time: service.time() / 1000 - 300 });
    const life = await wake(world);
    await life.keeper.recall('m1');
    const { direct } = await readWindows(alice, service.time());
    expect(direct).toEqual({ expected: 120_000, isAtLeast: false, closes: 302_000 });
  });

  it('does not let through what is too late by the service’s clock', async () => {
    await knowWindow(120);
    service.send('m1', { time: service.time() / 1000 - 200 });
    vi.setSystemTime(Date.now() - year);
    service.offset = year;
    const life = await wake(world);
    expect(await life.keepers.recall(alice, 'm1')).toEqual({
      ok: false,
      why: 'too-late',
      lateBy: 80,
    });
    expect(service.asked).toEqual([]);
  });
});
