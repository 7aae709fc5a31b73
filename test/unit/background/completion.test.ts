import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { contract } from '../../../src/contract/contract.ts';
import { withBob } from '../history/fixtures.ts';
import { eachWithAlice } from './in-world.ts';
import { deferred, pass, settle, wake, type Life, type World } from './life.ts';
import type { Service } from './service.ts';

let service: Service;
let world: World;
eachWithAlice((made) => {
  ({ service, world } = made);
});

const own = { kind: 'own', path: '/popup.html' } as const;
const now = (): number => Math.floor(service.time() / 1000);
const coverage = (life: Life) => life.answers.coverage(undefined, own);
const readMissing = (life: Life) => life.answers.readMissing(undefined, own);
const search = (life: Life) => life.answers.search({ words: 'attic', most: 20 }, own);

/** 45 conversations, the liveliest first; in the last one lies what is searched for. */
function write(): void {
  for (let i = 0; i < 45; i += 1) {
    service.send(`m${i}`, { conversation: `C2Cpeer${i}`, time: now() - 60 * (i + 1) });
  }
  service.send('far', {
    conversation: 'C2Cpeer44',
    time: now() - 6_000,
    body: { text: 'the attic' },
  });
}

/** Passes time, looking how far it is, until nothing is read any more. */
async function watch(life: Life): Promise<void> {
  for (let looks = 0; looks < 100; looks += 1) {
    await pass(300, 300);
    if (!(await coverage(life)).reading) return;
  }
  throw new Error('It never ends.');
}

describe('what a search covers', () => {
  it('is how much is kept, and how much was not read', async () => {
    write();
    const taken = service.messages[3];
    if (taken) service.take(taken);
    const life = await wake(world);
    const covered = await coverage(life);
    expect(covered).toEqual({
      messages: 39,
      conversations: 40,
      since: now() - 60 * 40,
      missing: 5,
      failed: 0,
    });
    expect(v.is(contract.coverage.answer, covered)).toBe(true);
    expect((await search(life)).hits).toEqual([]);
  });

  it('counts a conversation that was not read all the way back', async () => {
    for (let i = 0; i < 130; i += 1) service.send(`m${i}`, { author: 'bob', time: now() - i });
    const life = await wake(world);
    expect(await coverage(life)).toMatchObject({ messages: 100, conversations: 1, missing: 1 });
    await life.answers.readOlder({ account: life.keeper.account, conversation: withBob }, own);
    expect(await coverage(life)).toMatchObject({ messages: 130, missing: 0 });
  });

  it('is nothing where nobody is signed in', async () => {
    const life = await wake(world);
    await life.answers.signOut(undefined, own);
    const nothing = { messages: 0, conversations: 0, since: 0, missing: 0, failed: 0 };
    expect(await coverage(life)).toEqual(nothing);
  });
});

describe('what is missing', () => {
  it('is read one conversation after the other, and found then', async () => {
    write();
    const life = await wake(world);
    service.read.length = 0;
    let running = 0;
    let most = 0;
    const real = service.since;
    service.since = async (...asked) => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      return real(...asked);
    };
    await readMissing(life);
    await readMissing(life);
    await watch(life);
    expect(most).toBe(1);
    expect(service.read).toEqual([40, 41, 42, 43, 44].map((n) => `C2Cpeer${n}`));
    expect(await coverage(life)).toMatchObject({ messages: 46, conversations: 45, missing: 0 });
    expect((await search(life)).hits.map(({ id }) => id)).toEqual(['far']);
  });

  it('says how far it is, and stops when it is told to', async () => {
    write();
    const life = await wake(world);
    const real = service.since;
    const gate = deferred<undefined>();
    service.since = async (conversation, ...rest) => {
      if (conversation === 'C2Cpeer42') await gate.promise;
      return real(conversation, ...rest);
    };
    await readMissing(life);
    await settle();
    expect((await coverage(life)).reading).toEqual({ done: 2, of: 5 });
    await life.answers.stopReading(undefined, own);
    gate.resolve(undefined);
    await settle();
    const covered = await coverage(life);
    expect(covered.reading).toBeUndefined();
    expect(covered.missing).toBe(2);
    await readMissing(life);
    await watch(life);
    expect((await coverage(life)).missing).toBe(0);
  });

  it('is read no further when nobody looks any more', async () => {
    write();
    const life = await wake(world);
    const real = service.since;
    service.since = async (...asked) => {
      await new Promise((resolve) => {
        setTimeout(resolve, 6_000);
      });
      return real(...asked);
    };
    service.read.length = 0;
    await readMissing(life);
    await pass(60_000, 1_000);
    expect(service.read.length).toBeLessThanOrEqual(2);
    expect((await coverage(life)).reading).toBeUndefined();
  });

  it('is read of the others where one cannot be', async () => {
    write();
    const life = await wake(world);
    const real = service.since;
    service.since = (conversation, ...rest) =>
      conversation === 'C2Cpeer41'
        ? Promise.reject(new Error('10007'))
        : real(conversation, ...rest);
    await readMissing(life);
    await watch(life);
    expect(await coverage(life)).toMatchObject({ missing: 1, failed: 1 });
  });

  it('is given up where the connection is lost', async () => {
    write();
    const life = await wake(world);
    life.link.become({ name: 'reconnecting' });
    await readMissing(life);
    await watch(life);
    expect(await coverage(life)).toMatchObject({ missing: 5, failed: 5 });
  });
});
