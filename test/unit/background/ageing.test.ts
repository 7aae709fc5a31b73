import { expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { readOrders } from '../../../src/background/orders.ts';
import { learnAccepted } from '../../../src/message/window.ts';
import { learnWindow } from '../../../src/platform/windows.ts';
import { alice, recallOf } from '../history/fixtures.ts';
import { eachWithAlice } from './in-world.ts';
import { pass, settle, wake, type Life, type World } from './life.ts';
import type { Service } from './service.ts';

let service: Service;
let world: World;
eachWithAlice((made) => {
  ({ service, world } = made);
});

const own = { kind: 'own', path: '/popup.html' } as const;
const now = (): number => Math.floor(service.time() / 1000);
/** All that the browser keeps in memory for us. */
const inMemory = async (): Promise<string> =>
  JSON.stringify(await fakeBrowser.storage.session.get());
const isKept = (life: Life, id: string): Promise<boolean> =>
  life.keepers.memory
    .use((history) => history.find({ account: alice, id }))
    .then((entry) => entry !== undefined);

it('words whose time a policy ends are within a minute in nothing that is shown', async () => {
  service.send('m1');
  const life = await wake(world);
  expect(await inMemory()).toContain('words of m1');
  await pass(120_000, 30_000);
  const before = life.told.length;
  await fakeBrowser.storage.managed.set({ retentionDays: 0 });
  for (let n = 0; n < 2; n += 1) {
    await pass(30_000, 10_000);
    await life.keepers.tend();
  }
  expect(await isKept(life, 'm1')).toBe(false);
  expect(await inMemory()).not.toContain('words of m1');
  // Whoever shows them asks anew.
  expect(life.told.slice(before)).toContain('account');
});

it('words the user does not want kept any more are gone when that is answered', async () => {
  service.send('m1', { time: now() - 600 });
  const life = await wake(world);
  expect(await inMemory()).toContain('words of m1');
  await life.answers.setKeptDays(0, own);
  expect(await life.answers.searchStore('words of m1', own)).toMatchObject({
    words: 0,
    session: 0,
  });
});

it('what the service still takes back is kept, though nobody said that it does', async () => {
  for (const [id, age] of [['m1', 500] as const, ['m2', 700] as const]) {
    service.send(id, { time: now() - age });
  }
  const life = await wake(world);
  await learnWindow(alice, 'direct', (learned) => learnAccepted(learned, 600_000));
  await life.answers.setKeptDays(0, own);
  expect([await isKept(life, 'm1'), await isKept(life, 'm2')]).toEqual([true, false]);
  await fakeBrowser.storage.managed.set({ retentionDays: 0 });
  await life.keeper.sweep();
  expect(await isKept(life, 'm1')).toBe(false);
});

it('nobody hears of an ageing that took nothing out', async () => {
  service.send('m1');
  const life = await wake(world);
  const before = life.told.length;
  await life.keeper.sweep();
  expect(life.told).toHaveLength(before);
});

it('what a message carried goes with it, also where a worker died in between', async () => {
  service.send('m1', { time: now() - 600, identity: 'file one' });
  service.send('m2', { identity: 'file two' });
  const life = await wake(world);
  expect(await inMemory()).toContain('file one');
  life.dies(({ moment, name }) => moment === 'after' && name === 'history.sweep');
  void life.answers.setKeptDays(0, own);
  await settle();
  expect(life.isDead).toBe(true);
  const next = await wake(world);
  await next.keepers.tend();
  expect(await inMemory()).not.toContain('file one');
  expect(await inMemory()).toContain('file two');
});

it('the order of the last recall goes some minutes after its end, though none follows', async () => {
  service.send('m1');
  const life = await wake(world);
  await life.keepers.recall(alice, 'm1');
  await settle();
  await life.keepers.tend();
  expect(await readOrders()).toMatchObject([{ id: 'm1', isUntold: false }]);
  await pass(10 * 60_000, 60_000);
  await life.keepers.tend();
  expect(await readOrders()).toEqual([]);
});

it('of what is too old to keep a chat page that shows it teaches no words', async () => {
  const life = await wake(world);
  await life.answers.setKeptDays(0, own);
  const old = service.send('m1', { time: now() - 600, kind: 'file', identity: 'file one' });
  const young = service.send('m2', { identity: 'file two' });
  Object.assign(service, { peek: () => ({ messages: [old, young], recalls: [] }) });
  await life.keeper.meet(['m1', 'm2']);
  const entries = await life.keepers.memory.use((all) => all.findAll(alice, ['m1', 'm2']));
  // Whose it is stays known, as an admin can recall it however old it is.
  expect(entries).toMatchObject([
    { id: 'm1', author: 'alice', kind: 'file', body: { text: '' } },
    { id: 'm2', body: young.body },
  ]);
  expect(await inMemory()).not.toMatch(/words of m1|file one/u);
  expect(await inMemory()).toContain('file two');
});

it('what a recalled message carried goes, also where the worker died when history had the recall', async () => {
  const sent = service.send('m1', { identity: 'file one' });
  service.send('m2', { identity: 'file two' });
  const life = await wake(world);
  expect(await inMemory()).toContain('file one');
  life.dies(({ moment, name }) => moment === 'after' && name === 'history.learn');
  life.link.tell({ kind: 'recalls', recalls: [recallOf(sent)] });
  await settle();
  expect(life.isDead).toBe(true);
  const next = await wake(world);
  await next.keepers.tend();
  await settle();
  expect(await inMemory()).not.toContain('file one');
  expect(await inMemory()).toContain('file two');
});
