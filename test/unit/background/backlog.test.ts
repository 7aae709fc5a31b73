import { describe, expect, it } from 'vitest';
import type { Stretch } from '../../../src/chat/link.ts';
import { writeKeptDays } from '../../../src/platform/settings.ts';
import { alice, withBob } from '../history/fixtures.ts';
import { eachWithAlice } from './in-world.ts';
import { deferred, pass, settle, wake, type Life, type World } from './life.ts';
import type { Service } from './service.ts';

let service: Service;
let world: World;
eachWithAlice((made) => {
  ({ service, world } = made);
});

const own = { kind: 'own', path: '/popup.html' } as const;
const day = 86_400;
const now = (): number => Math.floor(service.time() / 1000);
const readOlder = (life: Life, conversation = withBob) =>
  life.answers.readOlder({ account: alice, conversation }, own);
const pageOf = (life: Life, conversation = withBob) =>
  life.answers.historyPage({ account: alice, conversation, most: 100 }, own);
const known = (life: Life, conversation = withBob) =>
  life.keepers.memory.use((history) => history.conversation(alice, conversation));
const all = (life: Life) =>
  life.keepers.memory.use((history) => history.page(alice, withBob, 10_000));

/** Messages of Bob's, a minute apart, the newest first. */
function write(count: number): void {
  for (let i = 0; i < count; i += 1) {
    service.send(`m${String(i).padStart(3, '0')}`, { author: 'bob', time: now() - 60 * i });
  }
}

/** What was asked of the service. */
function watch(): { readonly most: number; readonly from: number | undefined }[] {
  const asked: { most: number; from: number | undefined }[] = [];
  const real = service.since;
  service.since = (conversation, time, most, from) => {
    asked.push({ most, from: from?.time });
    return real(conversation, time, most, from);
  };
  return asked;
}

describe('older messages', () => {
  it('are read from where the first reading stopped, some at a time, until all are there', async () => {
    write(250);
    const life = await wake(world);
    expect(await all(life)).toHaveLength(100);
    expect((await pageOf(life)).since).toBe(service.messages[99]?.time);
    const asked = watch();
    expect(await readOlder(life)).toEqual({ ok: true, isWhole: false });
    expect(asked).toEqual([{ most: 60, from: service.messages[99]?.time }]);
    expect(await all(life)).toHaveLength(159);
    expect(await readOlder(life)).toEqual({ ok: true, isWhole: false });
    expect(await readOlder(life)).toEqual({ ok: true, isWhole: true });
    expect(await all(life)).toHaveLength(250);
    expect(await pageOf(life)).toMatchObject({ since: 0, keptFor: 7 * day });
    // What is known is not asked for again.
    asked.length = 0;
    expect(await readOlder(life)).toEqual({ ok: true, isWhole: true });
    expect(asked).toEqual([]);
  });

  it('that were recalled are placeholders at once, with no word of them anywhere', async () => {
    write(130);
    const recalled = service.send('gone', {
      author: 'bob',
      time: now() - 60 * 120,
      body: { text: 'regretted' },
    });
    service.take(recalled);
    const life = await wake(world);
    await readOlder(life);
    const before = { time: recalled.time + 1, sequence: 0, id: '' };
    const page = await life.answers.historyPage(
      { account: alice, conversation: withBob, most: 5, before },
      own,
    );
    const line = page.lines.find(({ id }) => id === 'gone');
    expect(line).toMatchObject({ text: '', placeholder: { key: 'otherParty' } });
    const nothing = { words: 0, names: 0, ids: 0, disk: 0, session: 0 };
    expect(await life.answers.searchStore('regretted', own)).toEqual(nothing);
  });

  it('are read no farther back than messages are kept', async () => {
    write(120);
    service.send('young', { author: 'bob', time: now() - 7 * day + 60 });
    service.send('old', { author: 'bob', time: now() - 7 * day - 60 });
    const life = await wake(world);
    expect(await readOlder(life)).toEqual({ ok: true, isWhole: true });
    const ids = (await all(life)).map(({ id }) => id);
    expect(ids).toContain('young');
    expect(ids).not.toContain('old');
    // Kept for longer from now on, there is more.
    await writeKeptDays(14);
    expect((await pageOf(life)).since).toBeGreaterThan(0);
    expect(await readOlder(life)).toEqual({ ok: true, isWhole: true });
    expect((await all(life)).map(({ id }) => id)).toContain('old');
  });

  it('that were taken out are read again when more is to be kept', async () => {
    write(5);
    service.send('old', { author: 'bob', time: now() - 3 * day });
    const life = await wake(world);
    await life.answers.setKeptDays(1, own);
    expect((await all(life)).map(({ id }) => id)).not.toContain('old');
    expect((await pageOf(life)).since).toBe(0);
    await life.answers.setKeptDays(7, own);
    expect((await pageOf(life)).since).toBeGreaterThan(0);
    await readOlder(life);
    expect((await all(life)).map(({ id }) => id)).toContain('old');
  });

  it('are read once for all who ask at the same time', async () => {
    write(250);
    const life = await wake(world);
    const asked = watch();
    await Promise.all([readOlder(life), readOlder(life), readOlder(life)]);
    expect(asked).toHaveLength(1);
  });

  it('are read in a conversation that was not read at all, which is then read', async () => {
    const life = await wake(world);
    write(10);
    service.offset += 1_000;
    expect((await pageOf(life)).since).toBeUndefined();
    expect(await readOlder(life)).toEqual({ ok: true, isWhole: true });
    expect((await pageOf(life)).since).toBe(0);
    expect((await known(life))?.mark).toBe(now());
  });

  it('wait for the newest of a conversation that waits for its turn', async () => {
    for (let i = 0; i < 41; i += 1) {
      service.send(`n${i}`, { conversation: `C2Cpeer${i}`, time: now() - 60 * i });
    }
    const life = await wake(world);
    expect((await pageOf(life, 'C2Cpeer40')).since).toBeUndefined();
    service.read.length = 0;
    expect(await readOlder(life, 'C2Cpeer40')).toEqual({ ok: true, isWhole: true });
    expect((await pageOf(life, 'C2Cpeer40')).lines.map(({ id }) => id)).toEqual(['n40']);
    // It has had its turn.
    await pass(120_000, 30_000);
    service.read.length = 0;
    await life.keepers.tend();
    expect(service.read.filter((id) => id === 'C2Cpeer40').length).toBeLessThan(2);
    expect((await pageOf(life, 'C2Cpeer40')).since).toBe(0);
  });

  it('close the hole that too many messages left while nobody listened', async () => {
    service.send('first', { author: 'bob' });
    const life = await wake(world);
    expect((await pageOf(life)).since).toBe(0);
    life.die();
    await pass(86_400_000, 86_400_000);
    write(130);
    const real = service.since;
    // Not even what is read to close it reaches so far.
    service.since = (conversation, time, most, from) =>
      real(conversation, time, Math.min(most, 50), from);
    const next = await wake(world);
    expect((await pageOf(next)).since).toBe(service.messages[50]?.time);
    for (let tries = 0; tries < 3; tries += 1) await readOlder(next);
    expect(await all(next)).toHaveLength(131);
    expect((await pageOf(next)).since).toBe(0);
  });

  it('are as known after a catching up that reaches what was known', async () => {
    write(130);
    const life = await wake(world);
    await readOlder(life);
    life.die();
    await pass(60_000, 60_000);
    service.send('new', { author: 'bob' });
    const next = await wake(world);
    expect((await all(next)).map(({ id }) => id)).toContain('new');
    expect((await pageOf(next)).since).toBe(0);
  });

  it('of one second that is longer than a piece are got over', async () => {
    write(100);
    for (let i = 0; i < 80; i += 1) {
      service.send(`s${i}`, { author: 'bob', time: now() - 60 * 200, sequence: i });
    }
    service.send('last', { author: 'bob', time: now() - 60 * 201 });
    const life = await wake(world);
    for (let tries = 0; tries < 4; tries += 1) await readOlder(life);
    expect(await all(life)).toHaveLength(181);
    expect((await pageOf(life)).since).toBe(0);
  });
});

describe('what cannot be read', () => {
  it('says so without a connection, and is read when it is back', async () => {
    write(130);
    const life = await wake(world);
    life.link.become({ name: 'reconnecting' });
    const waiting = readOlder(life);
    await pass(10_000, 1_000);
    expect(await waiting).toEqual({ ok: false, why: 'offline' });
    life.link.become({ name: 'connected' });
    await settle();
    expect(await readOlder(life)).toEqual({ ok: true, isWhole: true });
  });

  it('of an account nobody is signed in as is not asked for', async () => {
    const life = await wake(world);
    expect(
      await life.answers.readOlder({ account: '1400000001:mallory', conversation: withBob }, own),
    ).toEqual({ ok: false, why: 'offline' });
  });

  it.each<[string, () => Promise<Stretch>]>([
    ['fails', () => Promise.reject(new Error('10007'))],
    ['leads nowhere', () => Promise.resolve({ messages: [], recalls: [], isComplete: false })],
    [
      'goes round in a circle',
      () =>
        Promise.resolve({
          messages: service.messages.slice(98, 100),
          recalls: [],
          isComplete: false,
          edge: { time: service.messages[99]?.time ?? 0 },
        }),
    ],
  ])(
    'says so where the service %s, at a bounded cost, and can be tried again',
    async (_, answer) => {
      write(130);
      const life = await wake(world);
      const real = service.since;
      let asked = 0;
      service.since = () => {
        asked += 1;
        return answer();
      };
      expect(await readOlder(life)).toEqual({ ok: false, why: 'failed' });
      expect(asked).toBeLessThanOrEqual(2);
      expect((await pageOf(life)).since).toBeGreaterThan(0);
      service.since = real;
      expect(await readOlder(life)).toEqual({ ok: true, isWhole: true });
    },
  );

  it('is not called known where the disk is full', async () => {
    write(130);
    const life = await wake(world);
    let tries = 0;
    life.obstruct(({ name, args }) => {
      const [lesson] = args as [{ readonly edges?: readonly unknown[] }];
      if (name !== 'history.learn' || !lesson.edges?.length) return undefined;
      tries += 1;
      return 'full';
    });
    expect(await readOlder(life)).toEqual({ ok: false, why: 'full' });
    expect(tries).toBe(1);
    expect((await pageOf(life)).since).toBeGreaterThan(0);
  });
});

describe('a worker that dies while it reads', () => {
  it.each(['before', 'after'] as const)(
    '%s it stored what it read loses nothing but a try',
    async (moment) => {
      write(250);
      const life = await wake(world);
      life.dies(
        (step) =>
          step.moment === moment &&
          step.name === 'history.learn' &&
          (step.args[0] as { edges?: unknown[] }).edges?.length === 1,
      );
      void readOlder(life).catch(() => undefined);
      await settle();
      expect(life.isDead).toBe(true);
      const next = await wake(world);
      for (let tries = 0; tries < 4; tries += 1) await readOlder(next);
      expect(await all(next)).toHaveLength(250);
      expect((await pageOf(next)).since).toBe(0);
    },
  );

  it('and one whose connection comes first reads then', async () => {
    write(130);
    (await wake(world)).die();
    service.opens = undefined;
    const life = await wake(world);
    const reading = readOlder(life);
    const held = deferred<undefined>();
    void reading.then(() => {
      held.resolve(undefined);
    });
    life.link.become({ name: 'connected' });
    await held.promise;
    expect(await reading).toEqual({ ok: true, isWhole: true });
  });
});
