import { describe, expect, it } from 'vitest';
import { readWindows } from '../../../src/platform/settings.ts';
import { alice, team } from '../history/fixtures.ts';
import { eachWithAlice } from './in-world.ts';
import { knowWindow, settle, wake, type World } from './life.ts';
import type { Service } from './service.ts';

let service: Service;
let world: World;
eachWithAlice((made) => {
  ({ service, world } = made);
});

const ago = (seconds: number): number => Math.floor(service.time() / 1000) - seconds;

describe('the recall window', () => {
  it('is longer than the default where the service takes older messages', async () => {
    service.windowSeconds = 3_600;
    service.send('m1', { time: ago(1_000) });
    service.send('m2', { time: ago(900) });
    const life = await wake(world);
    expect(await life.keeper.recall('m1')).toMatchObject({ ok: true });
    const { sent } = await life.answers.glance(undefined, { kind: 'own', path: '/popup.html' });
    const m2 = sent.find(({ id }) => id === 'm2');
    expect(m2).toMatchObject({ isAtLeast: true, until: (ago(900) + 998) * 1000 });
    expect(life.told).toContain('account');
  });

  it('is closed where the service refuses, and nothing older is asked again', async () => {
    service.send('m1', { time: ago(300) });
    service.send('m2', { time: ago(400) });
    service.send('m3', { time: ago(200) });
    const life = await wake(world);
    // No end was known, so by how much it is too late is not said.
    expect(await life.keeper.recall('m1')).toEqual({ ok: false, why: 'too-late', code: 20016 });
    expect(await life.keeper.recall('m2')).toEqual({ ok: false, why: 'too-late' });
    expect(service.asked).toEqual(['m1']);
    // What is younger may be possible.
    expect(await life.keeper.recall('m3')).toMatchObject({ ok: false, code: 20016 });
    expect(service.asked).toEqual(['m1', 'm3']);
  });

  it('outlives the worker', async () => {
    service.send('m1', { time: ago(300) });
    const life = await wake(world);
    await life.keeper.recall('m1');
    life.die();
    service.send('m2', { time: ago(400) });
    expect(await (await wake(world)).keeper.recall('m2')).toMatchObject({ why: 'too-late' });
    expect(service.asked).toEqual(['m1']);
  });

  it('is forgotten with the account', async () => {
    service.send('m1', { time: ago(300) });
    const life = await wake(world);
    await life.keeper.recall('m1');
    expect((await readWindows(alice, service.time())).direct.closes).toBe(302_000);
    await life.answers.signOut(undefined, { kind: 'own', path: '/popup.html' });
    expect((await readWindows(alice, service.time())).direct.closes).toBe(86_400_000);
  });

  it('is learnt from nothing but the service’s own word on time', async () => {
    const before = await readWindows(alice, service.time());
    service.send('m1', { time: ago(300) });
    const life = await wake(world);
    for (const outcome of [
      { ok: false, why: 'switched-off', code: 10041 },
      { ok: false, why: 'not-allowed', code: 10007 },
      { ok: false, why: 'unknown', code: 4711 },
    ] as const) {
      service.recall = () => Promise.resolve(outcome);
      await life.keeper.recall('m1');
    }
    expect(await readWindows(alice, service.time())).toEqual(before);
  });

  it('is not learnt by a clock that was set', async () => {
    const before = await readWindows(alice, service.time());
    service.windowSeconds = 7_200;
    service.send('m1', { time: ago(3_600) });
    const life = await wake(world);
    life.link.isTimeSure = false;
    expect(await life.keeper.recall('m1')).toMatchObject({ ok: true });
    service.windowSeconds = 10;
    service.send('m2', { time: ago(30) });
    life.link.tell({ kind: 'messages', messages: service.messages });
    await settle();
    expect(await life.keeper.recall('m2')).toMatchObject({ why: 'too-late' });
    expect(await readWindows(alice, service.time())).toEqual(before);
  });

  it('refuses nothing by a clock that was set: the service is asked', async () => {
    await knowWindow(120);
    service.windowSeconds = 7_200;
    // Sent just now; but the page's clock was set ahead since.
    service.send('m1', { time: ago(3_600) });
    const life = await wake(world);
    const shown = async () =>
      (await life.answers.glance(undefined, { kind: 'own', path: '/popup.html' })).sent[0];
    expect(await shown()).not.toHaveProperty('until');
    expect(await life.keeper.recall('m1')).toMatchObject({ ok: false, why: 'too-late' });
    expect(service.asked).toEqual([]);
    life.link.isTimeSure = false;
    expect(await shown()).toMatchObject({ askUntil: (ago(3_600) + 86_400) * 1000 });
    expect(await life.keeper.recall('m1')).toMatchObject({ ok: true });
  });

  it('of others’ messages says nothing of mine', async () => {
    service.send('m1', { conversation: team, author: 'bob', time: ago(1_000) });
    const life = await wake(world);
    const facts = { id: team, name: 'Team', unread: 0, lastTime: ago(0), role: 'owner' } as const;
    await life.keepers.memory.learn({ account: alice, conversations: [facts] });
    service.recall = (target) => {
      service.asked.push(target.id);
      return Promise.resolve({ ok: true, at: service.time() });
    };
    expect(await life.keeper.recall('m1')).toMatchObject({ ok: true });
    const { moderated, group } = await readWindows(alice, service.time());
    expect(moderated).toMatchObject({ isAtLeast: true });
    expect(group).toMatchObject({ expected: 120_000, isAtLeast: false });
  });
});
