import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LastMessage, LastRecall } from '../../../src/background/last.ts';
import { team } from '../history/fixtures.ts';
import {
  begin,
  beginWorld,
  endWorld,
  keepSignedIn,
  pass,
  settle,
  wake,
  worldOf,
  type Life,
  type World,
} from './life.ts';
import { Service } from './service.ts';

let service: Service;
let world: World;

beforeEach(async () => {
  beginWorld();
  service = new Service();
  world = worldOf(service);
  await keepSignedIn();
});
afterEach(endWorld);

/** The modules are each worker's own. */
async function lastOf(life: Life): Promise<LastMessage> {
  const { LastMessage } = await import('../../../src/background/last.ts');
  return new LastMessage(life.keepers);
}

async function recallIn(life: Life): Promise<LastRecall> {
  const recalling = (await lastOf(life)).recall();
  await settle();
  return recalling;
}

describe('recalling my last message', () => {
  it('takes the newest over all conversations', async () => {
    const now = Math.floor(service.time() / 1000);
    service.send('m1', { time: now - 10 });
    service.send('m2', { time: now - 5, conversation: team });
    service.send('m3', { time: now - 8 });
    const life = await wake(world);
    expect(await recallIn(life)).toMatchObject({ sent: { id: 'm2' }, outcome: { ok: true } });
    expect(service.done).toEqual(['m2']);
  });

  it('takes what was sent while the worker slept, not the newest it knew', async () => {
    service.send('m1');
    (await wake(world)).die();
    service.send('m2', { conversation: team });
    const life = await begin(world);
    expect(await recallIn(life)).toMatchObject({ sent: { id: 'm2' }, outcome: { ok: true } });
    expect(service.done).toEqual(['m2']);
  });

  it('takes a second message of the very second it knew', async () => {
    service.send('m1', { conversation: team, sequence: 98 });
    (await wake(world)).die();
    service.send('m2', { conversation: team, sequence: 99 });
    expect(await recallIn(await begin(world))).toMatchObject({ sent: { id: 'm2' } });
  });

  it('takes the one before when asked once more after it has ended', async () => {
    const now = Math.floor(service.time() / 1000);
    service.send('m1', { time: now - 10 });
    service.send('m2', { time: now - 5 });
    const life = await wake(world);
    const last = await lastOf(life);
    for (const id of ['m2', 'm1']) {
      const recalling = last.recall();
      await settle();
      expect(await recalling).toMatchObject({ sent: { id }, outcome: { ok: true } });
    }
    expect(service.done).toEqual(['m2', 'm1']);
  });

  it('is one recall, however many ask while it runs', async () => {
    service.send('m1');
    service.send('m0', { time: Math.floor(service.time() / 1000) - 20 });
    const last = await lastOf(await wake(world));
    const all = Promise.all([last.recall(), last.recall(), last.recall()]);
    await settle();
    await all;
    expect(service.asked).toEqual(['m1']);
  });

  it('waits for the connection, and does not go on to an older message meanwhile', async () => {
    service.send('m1');
    service.send('m0', { time: Math.floor(service.time() / 1000) - 20 });
    (await wake(world)).die();
    service.opens = undefined;
    const life = await begin(world);
    const last = await lastOf(life);
    const first = last.recall();
    await pass(10_000);
    expect(await first).toMatchObject({ sent: { id: 'm1' }, outcome: { why: 'waiting' } });
    const second = last.recall();
    await pass(10_000);
    expect(await second).toMatchObject({ sent: { id: 'm1' } });
    expect(await second).not.toHaveProperty('outcome');
    service.opens = { name: 'connected' };
    life.link.become({ name: 'connected' });
    await settle();
    expect(service.done).toEqual(['m1']);
  });

  it('reads the service anew after the connection was lost', async () => {
    service.send('m1', { time: Math.floor(service.time() / 1000) - 5 });
    const life = await wake(world);
    const last = await lastOf(life);
    const first = last.recall();
    await settle();
    await first;
    const reads = service.read.length;
    life.link.become({ name: 'reconnecting' });
    life.link.become({ name: 'connected' });
    service.send('m2');
    const second = last.recall();
    await settle();
    expect(await second).toMatchObject({ sent: { id: 'm2' } });
    expect(service.read.length).toBeGreaterThan(reads);
  });

  it('asks the service about one whose time may be over, but not about one of long ago', async () => {
    const now = Math.floor(service.time() / 1000);
    service.send('m1', { time: now - 300 });
    expect(await recallIn(await wake(world))).toMatchObject({
      sent: { id: 'm1' },
      outcome: { why: 'too-late' },
    });
  });

  it('says that there is none, and asks for nothing', async () => {
    service.send('m1', { time: Math.floor(service.time() / 1000) - 3_000 });
    service.send('m2', { author: 'bob' });
    expect(await recallIn(await wake(world))).toEqual({});
    expect(service.asked).toEqual([]);
  });
});
