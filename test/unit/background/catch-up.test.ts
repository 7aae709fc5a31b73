import { describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { Glimpse, Stretch } from '../../../src/chat/link.ts';
import type { Message } from '../../../src/message/message.ts';
import { alice, message, sealedIn, team, withBob } from '../history/fixtures.ts';
import { eachWithAlice } from './in-world.ts';
import { deferred, keepSignedIn, pass, settle, wake, type Life, type World } from './life.ts';
import type { Script } from './scripted-link.ts';
import type { Service } from './service.ts';

let service: Service;
let world: World;
eachWithAlice((made) => {
  ({ service, world } = made);
});

const now = (): number => Math.floor(service.time() / 1000);

async function find(life: Life, id: string) {
  return life.keepers.memory.use((history) => history.find({ account: alice, id }));
}
async function markOf(life: Life, conversation: string): Promise<number | undefined> {
  const found = await life.keepers.memory.use((history) =>
    history.conversation(alice, conversation),
  );
  return found?.mark;
}

/** Lets so much time (ms) pass while the worker is looked after as its alarm does. */
async function tendFor(life: Life, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 30_000) {
    await pass(Math.min(30_000, left), 10_000);
    await life.keepers.tend();
    await settle();
  }
}

describe('catching up', () => {
  it('learns what was sent and recalled while nobody listened', async () => {
    const old = service.send('m1', { author: 'bob' });
    (await wake(world)).die();
    await pass(60_000, 10_000);
    service.send('m2', { author: 'bob' });
    service.take(old);
    const life = await wake(world);
    expect(await find(life, 'm1')).toMatchObject({ recall: { by: 'bob' } });
    expect(await find(life, 'm2')).toMatchObject({ body: { text: 'words of m2' } });
  });

  describe('after the browser was closed', () => {
    const day = 86_400;
    /** Closes the browser after a first worker had read everything; how far back each reading goes. */
    async function restart(): Promise<{ readFrom: number[] }> {
      service.send('m1', { author: 'bob', time: now() - 3 * day });
      service.send('m2', { author: 'bob', time: now() - 2 * day });
      service.send('m3', { author: 'bob' });
      (await wake(world)).die();
      await fakeBrowser.storage.session.clear();
      await keepSignedIn();
      service.messages.splice(1, 1);
      const real = service.since;
      const readFrom: number[] = [];
      service.since = (conversation, time, most) => {
        readFrom.push(now() - time);
        return real(conversation, time, most);
      };
      return { readFrom };
    }
    const wordsOf = async (life: Life) =>
      Promise.all(['m1', 'm2', 'm3'].map(async (id) => (await find(life, id))?.body?.text));

    it('reads all that is kept anew, once, and destroys what the service has no more', async () => {
      const { readFrom } = await restart();
      const life = await wake(world);
      expect(await wordsOf(life)).toEqual(['words of m1', undefined, 'words of m3']);
      expect(await sealedIn(world.database)).toEqual(['m3', 'm1']);
      expect(readFrom).toEqual([7 * day]);
      life.die();
      await wake(world);
      expect(readFrom).toEqual([7 * day, day]);
    });

    it('destroys that also where some conversation can never be read', async () => {
      await restart();
      service.send('t1', { conversation: team });
      const real = service.since;
      service.since = (conversation, ...rest) =>
        conversation === team ? Promise.reject(new Error('10007')) : real(conversation, ...rest);
      const life = await wake(world);
      expect(await sealedIn(world.database)).toHaveLength(3);
      // Whatever cannot be read for now is tried again for a while.
      await pass(30_000, 1_000);
      expect(await sealedIn(world.database)).toHaveLength(2);
      expect(await wordsOf(life)).toEqual(['words of m1', undefined, 'words of m3']);
    });

    it('reads no more than was missed where the key was kept', async () => {
      await fakeBrowser.storage.local.set({ 'keeps-history': true });
      const { readFrom } = await restart();
      const life = await wake(world);
      expect(readFrom).toEqual([day]);
      expect(await wordsOf(life)).toEqual(['words of m1', 'words of m2', 'words of m3']);
    });
  });

  it('reads the other conversations when one cannot be read', async () => {
    service.send('m1', { conversation: team, author: 'bob', time: now() });
    service.send('m2', { conversation: withBob, author: 'bob', time: now() - 5 });
    const real = service.since;
    const read: string[] = [];
    service.since = (conversation, ...rest) => {
      read.push(conversation);
      return conversation === team
        ? Promise.reject(new Error('10007'))
        : real(conversation, ...rest);
    };
    const life = await wake(world);
    // The unreadable one is the newest and comes first.
    expect(read).toEqual([team, withBob]);
    expect(await find(life, 'm2')).toBeDefined();
    expect(await markOf(life, withBob)).toBe(now());
    expect(await markOf(life, team)).toBe(0);
  });

  it('goes on waiting for a conversation that could not be read in its turn', async () => {
    for (let n = 1; n <= 41; n += 1) {
      service.send(`m${n}`, { conversation: `C2Cpeer${n}`, author: `peer${n}`, time: now() - n });
    }
    const life = await wake(world);
    expect(life.keeper.waiting).toEqual(['C2Cpeer41']);
    const real = service.since;
    service.since = () => Promise.reject(new Error('2801'));
    await pass(6 * 60_000, 10_000);
    await life.keepers.tend();
    await settle();
    expect(life.keeper.waiting).toEqual(['C2Cpeer41']);
    service.since = real;
    await pass(6 * 60_000, 10_000);
    await life.keepers.tend();
    await settle();
    expect(life.keeper.waiting).toEqual([]);
    expect(await find(life, 'm41')).toBeDefined();
  });

  it('tries again soon what could not be read, and leaves alone what could', async () => {
    service.send('m1', { conversation: team, author: 'bob', time: now() });
    service.send('m2', { conversation: withBob, author: 'bob', time: now() - 5 });
    const real = service.since;
    let failures = 2;
    service.since = (conversation, ...rest) =>
      conversation === team && failures-- > 0
        ? Promise.reject(new Error('2801'))
        : real(conversation, ...rest);
    const life = await wake(world);
    expect(await find(life, 'm1')).toBeUndefined();
    service.read.length = 0;
    await pass(10_000, 1_000);
    expect(await find(life, 'm1')).toBeDefined();
    expect(service.read).toEqual([team]);
    expect(await markOf(life, team)).toBeGreaterThan(0);
  });

  it('tries again soon when the conversations could not be listed', async () => {
    service.send('m1', { author: 'bob' });
    const real = service.conversations;
    service.conversations = () => Promise.reject(new Error('2801'));
    const life = await wake(world);
    service.conversations = real;
    await pass(10_000, 1_000);
    expect(await find(life, 'm1')).toBeDefined();
  });

  it('does not go on for ever with what cannot be read', async () => {
    service.send('m1', { conversation: team, author: 'bob', time: now() });
    let asked = 0;
    service.since = () => {
      asked += 1;
      return Promise.reject(new Error('10007'));
    };
    await wake(world);
    await pass(300_000, 5_000);
    expect(asked).toBeLessThanOrEqual(5);
  });

  it('reads once more when the connection flapped meanwhile', async () => {
    service.send('m1', { author: 'bob' });
    const real = service.since;
    const held = deferred<Stretch>();
    service.since = () => held.promise;
    const life = await wake(world);
    life.link.become({ name: 'reconnecting' });
    await settle();
    // Told to nobody, and not in what is being read.
    service.send('m2', { author: 'bob' });
    life.link.become({ name: 'connected' });
    await settle();
    service.since = real;
    held.resolve({ messages: [], recalls: [], isComplete: true });
    await settle();
    expect(await find(life, 'm2')).toBeDefined();
    expect(service.read).toEqual([withBob]);
  });

  it('stops when the connection is lost and goes on when it is back', async () => {
    service.send('m1', { conversation: team, author: 'bob', time: now() });
    service.send('m2', { author: 'bob', time: now() - 5 });
    const real = service.since;
    service.opens = undefined;
    const life = await wake(world);
    service.since = (...asked) => {
      life.link.become({ name: 'reconnecting' });
      return real(...asked);
    };
    life.link.become({ name: 'connected' });
    await settle();
    expect(service.read).toEqual([team]);
    service.since = real;
    life.link.become({ name: 'connected' });
    await settle();
    expect(await find(life, 'm2')).toBeDefined();
  });

  it('finds a recall that more than a hundred newer messages lie upon', async () => {
    const old = service.send('m1', { author: 'bob' });
    await pass(30_000, 10_000);
    (await wake(world)).die();
    await pass(30_000, 10_000);
    for (let i = 0; i < 150; i += 1) service.send(`n${i}`, { author: 'bob', time: now() + i });
    service.take(old);
    const life = await wake(world);
    expect(await find(life, 'm1')).toMatchObject({ recall: { by: 'bob' } });
    expect(await find(life, 'm1')).not.toHaveProperty('body');
  });

  it('does not move the mark over what it could not read', async () => {
    service.send('m1', { author: 'bob' });
    (await wake(world)).die();
    const mark = now();
    await pass(60_000, 10_000);
    const real = service.since;
    service.since = async (...asked) => {
      const { messages } = await real(...asked);
      return { messages: messages.slice(0, 1), recalls: [], isComplete: false };
    };
    service.send('m2', { author: 'bob' });
    const life = await wake(world);
    expect(await find(life, 'm2')).toBeDefined();
    expect(await markOf(life, withBob)).toBe(mark);
    life.die();
    service.since = real;
    expect(await markOf(await wake(world), withBob)).toBe(now());
  });

  it('reads the forty conversations with the newest messages of the last week', async () => {
    for (let i = 0; i < 45; i += 1) {
      service.send(`m${i}`, { conversation: `C2Cpeer${i}`, time: now() - i });
    }
    service.send('old', { conversation: 'C2Cold', time: now() - 8 * 86_400 });
    await wake(world);
    expect(service.read).toEqual(Array.from({ length: 40 }, (_, i) => `C2Cpeer${i}`));
  });
});

describe('between wakes', () => {
  it('finds a recall nobody told of, once in two minutes', async () => {
    const old = service.send('m1', { author: 'bob' });
    const life = await wake(world);
    service.take(old);
    service.read.length = 0;
    await life.keepers.tend();
    expect(service.read).toEqual([]);
    await pass(120_000, 10_000);
    await life.keepers.tend();
    await life.keepers.tend();
    expect(service.read).toEqual([withBob]);
    expect(await find(life, 'm1')).toMatchObject({ recall: { by: 'bob', witness: 'history' } });
  });

  it('finds a recall deeper than one page, as long as the message may be recalled', async () => {
    const old = service.send('m1', { author: 'bob' });
    for (let i = 0; i < 60; i += 1) service.send(`n${i}`, { author: 'bob', time: now() + 1 });
    const life = await wake(world);
    service.take(old);
    await pass(120_000, 10_000);
    await life.keepers.tend();
    expect(await find(life, 'm1')).toMatchObject({ recall: { by: 'bob' } });
  });

  it('finds one that was made right after the last search, however old its message is by now', async () => {
    const old = service.send('m1', { author: 'bob' });
    for (let i = 0; i < 20; i += 1) service.send(`n${i}`, { author: 'bob', time: now() + 1 + i });
    await pass(30_000, 10_000);
    const life = await wake(world);
    await pass(60_000, 10_000);
    service.take(old);
    await tendFor(life, 180_000);
    expect(await find(life, 'm1')).toMatchObject({ recall: { by: 'bob' } });
  });

  /** Five conversations that are searched each time, and so many that wait for their turn. */
  function withTurns(count: number): Message {
    for (let n = 0; n < 5 + count; n += 1) {
      const conversation = `C2Cpeer${n}`;
      const time = now() - n;
      for (let i = 0; i < 20; i += 1) {
        service.send(`m${n}-${i}`, { conversation, author: `peer${n}`, time: time - i });
      }
    }
    const last = service.messages.at(-1);
    if (!last) throw new Error('Nothing was sent.');
    return last;
  }

  it('finds one in a conversation that waited for its turn for long', async () => {
    const old = withTurns(15);
    const life = await wake(world);
    await pass(60_000, 10_000);
    service.take(old);
    await tendFor(life, 370_000);
    expect(await find(life, old.id)).toMatchObject({ recall: { by: 'peer19' } });
  });

  it('finds one all the same when the search before could not read it', async () => {
    const old = service.send('m1', { author: 'bob' });
    for (let i = 0; i < 20; i += 1) service.send(`n${i}`, { author: 'bob', time: now() + 1 });
    const life = await wake(world);
    await pass(30_000, 10_000);
    service.take(old);
    const real = service.since;
    service.since = () => Promise.reject(new Error('2801'));
    await tendFor(life, 240_000);
    service.since = real;
    await tendFor(life, 130_000);
    expect(await find(life, 'm1')).toMatchObject({ recall: { by: 'bob' } });
  });

  it('reads no more than two hundred messages for it', async () => {
    for (let i = 0; i < 20; i += 1) service.send(`m${i}`, { author: 'bob', time: now() - 1 });
    const life = await wake(world);
    const asked: number[] = [];
    const real = service.since;
    service.since = (conversation, time, most) => {
      asked.push(most);
      return real(conversation, time, most);
    };
    await tendFor(life, 240_000);
    expect(new Set(asked)).toEqual(new Set([15, 200]));
  });

  it('comes to every conversation in turn, the liveliest each time, at a bounded cost', async () => {
    const ids = Array.from({ length: 25 }, (_, i) => `C2Cpeer${String(i).padStart(2, '0')}`);
    ids.forEach((conversation, i) => service.send(`m${i}`, { conversation, time: now() - i }));
    const life = await wake(world);
    const seen = new Set<string>();
    for (let round = 0; round < 4; round += 1) {
      service.read.length = 0;
      await pass(120_000, 30_000);
      await life.keepers.tend();
      expect(service.read.slice(0, 5)).toEqual(ids.slice(0, 5));
      expect(service.read).toHaveLength(10);
      for (const id of service.read) seen.add(id);
    }
    expect([...seen].sort()).toEqual(ids);
  });

  it('comes also to those there was no time for on connecting', async () => {
    for (let i = 0; i < 48; i += 1) {
      service.send(`m${i}`, { conversation: `C2Cpeer${i}`, time: now() - 60 * i });
    }
    const life = await wake(world);
    service.read.length = 0;
    for (let round = 0; round < 2; round += 1) {
      await pass(120_000, 30_000);
      await life.keepers.tend();
    }
    for (let i = 40; i < 48; i += 1) {
      expect(service.read).toContain(`C2Cpeer${i}`);
      expect(await markOf(life, `C2Cpeer${i}`)).toBeGreaterThan(0);
    }
  });

  it('goes on with the others when one cannot be read', async () => {
    for (const id of ['m1', 'm2']) {
      service.send(id, { conversation: `C2C${id}`, author: id, time: now() - Number(id.slice(1)) });
    }
    const life = await wake(world);
    const [, second] = service.messages;
    if (second) service.take(second);
    const real = service.since;
    service.since = (conversation, ...rest) =>
      conversation === 'C2Cm1' ? Promise.reject(new Error('10007')) : real(conversation, ...rest);
    await pass(120_000, 10_000);
    await life.keepers.tend();
    expect(await find(life, 'm2')).toMatchObject({ recall: { by: 'm2' } });
  });

  it.each([-1, 1])(
    'looks again on time when this computer’s clock is set by %i hour',
    async (by) => {
      const old = service.send('m1', { author: 'bob' });
      const life = await wake(world);
      vi.setSystemTime(Date.now() + by * 3_600_000);
      service.offset -= by * 3_600_000;
      service.take(old);
      await pass(120_000, 10_000);
      await life.keepers.tend();
      expect(await find(life, 'm1')).toMatchObject({ recall: { by: 'bob' } });
    },
  );

  it('takes out what is older than a week, by the service’s clock', async () => {
    service.offset = -30 * 86_400_000;
    const life = await wake(world);
    const lesson = (messages: ReturnType<typeof message>[]) =>
      life.keepers.memory.learn({ account: alice, messages });
    await lesson([
      message('old', { time: now() - 8 * 86_400 }),
      message('young', { time: now() - 6 * 86_400 }),
    ]);
    await life.keepers.tend();
    expect(await find(life, 'old')).toBeUndefined();
    expect(await find(life, 'young')).toBeDefined();
  });

  it('takes nothing out before the service told the time', async () => {
    service.opens = undefined;
    const life = await wake(world);
    const old = message('old', { time: now() - 300 * 86_400 });
    await life.keepers.memory.learn({ account: alice, messages: [old] });
    await life.keepers.tend();
    expect(await find(life, 'old')).toBeDefined();
  });
});

describe('news of the service', () => {
  it('become part of history and are told', async () => {
    const life = await wake(world);
    const hello = message('m1');
    life.link.tell({ kind: 'messages', messages: [hello] });
    await settle();
    expect(life.told.at(-1)).toEqual({ ids: ['m1'] });
    const { conversation, id, sequence, time } = hello;
    const recall = { conversation, id, sequence, time, at: service.time() };
    life.link.tell({ kind: 'recalls', recalls: [{ ...recall, witness: 'event', by: 'bob' }] });
    await settle();
    expect(life.told.at(-1)).toEqual({ ids: ['m1'] });
    expect(await find(life, 'm1')).toMatchObject({ recall: { by: 'bob' } });
  });

  it('lower the unread number once only, whichever of both is told first', async () => {
    const life = await wake(world);
    const newest = message('m2');
    const two = [message('m1'), newest];
    const facts = { id: withBob, name: 'Bob', lastTime: now() };
    life.link.tell({ kind: 'messages', messages: two });
    life.link.tell({ kind: 'conversations', conversations: [{ ...facts, unread: 2 }] });
    await settle();
    life.link.tell({ kind: 'conversations', conversations: [{ ...facts, unread: 1 }] });
    const { conversation, id, sequence, time } = newest;
    const recall = { conversation, id, sequence, time, at: service.time(), by: 'bob' };
    life.link.tell({ kind: 'recalls', recalls: [{ ...recall, witness: 'event' }] });
    await settle();
    const known = await life.keepers.memory.use((history) => history.conversation(alice, withBob));
    expect(known).toMatchObject({ unread: 1 });
  });
});

it('takes a message that is recalled before it was known from what the session has in memory', async () => {
  const life = await wake(world);
  const sent = service.send('m9');
  const recall = service.take(sent, 'bob');
  const script: Script = service;
  script.peek = (ids) => ({ messages: [], recalls: ids.includes('m9') ? [recall] : [] });
  life.link.tell({ kind: 'recalls', recalls: [{ ...recall, witness: 'event' }] });
  await settle();
  const entry = await find(life, 'm9');
  expect(entry).toMatchObject({ author: 'alice', recall: { by: 'bob' } });
  expect(entry).not.toHaveProperty('body');
});

it('looks in the memory of a session that tells all it has for what is young only', async () => {
  const life = await wake(world);
  const peek = vi.fn((): Glimpse => ({ messages: [], recalls: [] }));
  const script: Script = service;
  script.peek = peek;
  const seconds = Math.floor(service.time() / 1000);
  const ids = [`144-${seconds - 700}-1`, `144-${seconds - 5}-2`, 'of-another-form'];
  await life.keeper.meet(ids);
  expect(peek).toHaveBeenLastCalledWith(ids);
  life.link.tellsAll = true;
  await life.keeper.meet(ids);
  expect(peek).toHaveBeenLastCalledWith(ids.slice(1));
  await life.keeper.meet(ids.slice(0, 1));
  expect(peek).toHaveBeenCalledTimes(2);
  // What was recalled may be of any age.
  await life.keeper.meet(ids, true);
  expect(peek).toHaveBeenLastCalledWith(ids);
});
