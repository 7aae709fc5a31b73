import { describe, expect, it } from 'vitest';
import type { Lesson } from '../../../src/history/history.ts';
import { alice, freshName } from '../history/fixtures.ts';
import { eachWithAlice } from './in-world.ts';
import { ordersStored, pass, settle, wake, type Life, type Step, type World } from './life.ts';
import type { Service } from './service.ts';

let service: Service;
let world: World;
eachWithAlice((made) => {
  ({ service, world } = made);
});

/** Whether a step writes an order as told. */
function writes({ moment, name, args }: Step, sign: string): boolean {
  const [set] = args as [{ readonly orders?: unknown }?];
  const orders = JSON.stringify(set?.orders) as string | undefined;
  return moment === 'after' && name === 'local.set' && orders?.includes(sign) === true;
}

function learnsRequest({ name, args }: Step): boolean {
  const [lesson] = args as [Lesson?];
  return name === 'history.learn' && lesson?.recalls?.[0]?.witness === 'request';
}

/** A worker is asked to recall `m1`, alone or by a sweep, and dies at that step. */
async function dieAt(step: (step: Step) => boolean, sweep?: string): Promise<void> {
  service.send('m1');
  const life = await wake(world);
  life.dies(step);
  if (sweep === undefined) void life.keepers.recall(alice, 'm1');
  else void life.keepers.recallAll(alice, ['m1'], sweep);
  await settle();
  expect(life.isDead).toBe(true);
}

async function tombstone(life: Life) {
  return life.keepers.memory.use((history) => history.find({ account: alice, id: 'm1' }));
}

/** The recall took place, once, and everybody knows. */
async function expectRecalled(life: Life): Promise<void> {
  expect(service.done).toEqual(['m1']);
  expect(await ordersStored()).toMatchObject([
    { id: 'm1', isSent: true, outcome: { ok: true }, isUntold: false },
  ]);
  const entry = await tombstone(life);
  expect(entry).toMatchObject({ recall: { by: 'alice' } });
  expect(entry).not.toHaveProperty('body');
}

it('is asked, writes down once that the question leaves, and asks', async () => {
  service.send('m1');
  const life = await wake(world);
  const steps: string[] = [];
  life.dies(({ moment, name }) => {
    if (moment === 'before') steps.push(name);
    return false;
  });
  await life.keepers.recall(alice, 'm1');
  const before = steps.slice(0, steps.indexOf('link.recall'));
  expect(before.filter((name) => name === 'local.set')).toHaveLength(1);
});

describe('a worker that died', () => {
  it('before the recall was stored leaves it undone, to be asked for again', async () => {
    service.send('m1');
    const life = await wake(world);
    life.dies(({ moment, name, args }) => {
      const [set] = args as [{ readonly orders?: unknown }?];
      return moment === 'before' && name === 'local.set' && set?.orders !== undefined;
    });
    void life.keepers.recall(alice, 'm1');
    await settle();
    expect(life.isDead).toBe(true);
    const next = await wake(world);
    expect(service.asked).toEqual([]);
    expect(await ordersStored()).toEqual([]);
    const { sent } = await next.answers.glance(undefined, { kind: 'own', path: '/popup.html' });
    expect(sent).toMatchObject([{ id: 'm1', until: expect.any(Number) as number }]);
    expect(sent[0]).not.toHaveProperty('progress');
    await next.keepers.recall(alice, 'm1');
    await expectRecalled(next);
  });

  it('together with the whole database has a successor that asks all the same', async () => {
    await dieAt((step) => writes(step, '"isSent":true'));
    expect(service.asked).toEqual([]);
    const next = await wake({ ...world, database: freshName() });
    expect(service.asked).toEqual(['m1']);
    await expectRecalled(next);
  });

  it('before the question was noted as sent has a successor that asks it once', async () => {
    await dieAt((step) => writes(step, '"isSent":false'), 'a sweep');
    expect(service.asked).toEqual([]);
    const next = await wake(world);
    expect(service.asked).toEqual(['m1']);
    await expectRecalled(next);
  });

  it('after it was noted but not sent has a successor that looks first and asks once', async () => {
    await dieAt(({ moment, name }) => moment === 'before' && name === 'link.recall');
    expect(await ordersStored()).toMatchObject([{ isSent: true }]);
    expect(service.asked).toEqual([]);
    const read = service.read.length;
    const real = service.recall;
    let readBefore = 0;
    service.recall = (target) => {
      readBefore = service.read.length - read;
      return real(target);
    };
    const next = await wake(world);
    expect(readBefore).toBeGreaterThan(0);
    expect(service.asked).toEqual(['m1']);
    await expectRecalled(next);
  });

  it('after it was sent and done has a successor that does not ask again', async () => {
    await dieAt(({ moment, name }) => moment === 'after' && name === 'link.recall');
    expect(service.done).toEqual(['m1']);
    const next = await wake(world);
    expect(service.asked).toEqual(['m1']);
    await expectRecalled(next);
  });

  it('after the answer, before the tombstone, has a successor that stores both', async () => {
    await dieAt((step) => step.moment === 'before' && learnsRequest(step));
    expect(await ordersStored()).toMatchObject([{ isSent: true }]);
    const next = await wake(world);
    expect(service.asked).toEqual(['m1']);
    await expectRecalled(next);
  });

  it('after the tombstone, before the outcome, has a successor that stores the outcome', async () => {
    await dieAt((step) => step.moment === 'after' && learnsRequest(step));
    const next = await wake(world);
    expect(service.asked).toEqual(['m1']);
    await expectRecalled(next);
  });

  it('after the end has a successor that leaves it ended', async () => {
    await dieAt((step) => writes(step, '"outcome"'));
    const before = await ordersStored();
    const next = await wake(world);
    expect(await ordersStored()).toEqual(before);
    expect(service.asked).toEqual(['m1']);
    await expectRecalled(next);
  });

  it('after it was done has a successor that takes “already recalled” for its own doing', async () => {
    await dieAt(({ moment, name }) => moment === 'after' && name === 'link.recall');
    // What became of it cannot be read, so it must be asked.
    service.since = () => Promise.reject(new Error('no answer'));
    const next = await wake(world);
    expect(service.asked).toEqual(['m1', 'm1']);
    await expectRecalled(next);
  });

  it('leaves a refusal to be asked for by its successor', async () => {
    service.recall = (target) => {
      service.asked.push(target.id);
      return Promise.resolve({ ok: false, why: 'switched-off', code: 10041 });
    };
    await dieAt(({ moment, name }) => moment === 'after' && name === 'link.recall');
    const next = await wake(world);
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: false, why: 'switched-off' } }]);
    expect(await tombstone(next)).not.toHaveProperty('recall');
  });
});

describe('a full history', () => {
  async function recallFully(): Promise<Life> {
    service.send('m1');
    const life = await wake(world);
    life.obstruct((step) => (learnsRequest(step) ? 'full' : undefined));
    expect(await life.keepers.recall(alice, 'm1')).toMatchObject({ ok: true });
    return life;
  }

  it('keeps the accepted order until the tombstone is stored', async () => {
    const life = await recallFully();
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: true }, isUntold: true }]);
    // Another order ends much later, when old ones are forgotten.
    await pass(11 * 60_000, 10_000);
    service.send('m2');
    life.link.tell({ kind: 'messages', messages: [...service.messages.slice(-1)] });
    await settle();
    await life.keepers.recall(alice, 'm2');
    expect((await ordersStored()).map(({ id }) => id)).toContain('m1');
    life.obstruct(() => undefined);
    await life.keepers.tend();
    // Told at last, it goes with the others that ended long ago.
    expect((await ordersStored()).map(({ id }) => id)).toEqual(['m2']);
    expect(await tombstone(life)).toMatchObject({ recall: { by: 'alice' } });
    expect(service.asked).toEqual(['m1', 'm2']);
  });

  it('is told by the next worker', async () => {
    (await recallFully()).die();
    const next = await wake(world);
    await expectRecalled(next);
    expect(service.asked).toEqual(['m1']);
  });
});
