import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { learnMakingRoom } from '../../../src/background/room.ts';
import { readGlance } from '../../../src/contract/glance.ts';
import { openHistory } from '../../../src/history/cache.ts';
import { HistoryError, type History } from '../../../src/history/history.ts';
import { noteServerTime } from '../../../src/platform/settings.ts';
import {
  alice,
  bob,
  freshName,
  message,
  profileKey,
  recallOf,
  withBob,
} from '../history/fixtures.ts';
import { beginWorld, endWorld, keepSignedIn, wake, worldOf } from './life.ts';
import { Service } from './service.ts';

const day = 86_400;
const now = 1_790_000_000;
const daysOld = (days: number) => message(`m${days}`, { time: now - days * day });

let history: History;
beforeEach(async () => {
  history = await openHistory({ key: profileKey(), name: freshName() });
});
afterEach(() => {
  history.close();
});

/** A history on a disk that holds no more than so many messages. */
function holding(most: number): History {
  return {
    ...history,
    async learn(lesson) {
      const living = await history.page(alice, withBob, 999);
      const count = living.filter(({ recall }) => !recall).length;
      if (count + (lesson.messages?.length ?? 0) > most) throw new HistoryError('full');
      return history.learn(lesson);
    },
  };
}

const left = async (): Promise<string[]> =>
  (await history.page(alice, withBob, 999)).map(({ id }) => id);

describe('on a full disk', () => {
  it('the oldest messages give way to new ones, no more than needed', async () => {
    const messages = [25, 12, 8, 6.5, 3.5, 0].map(daysOld);
    await history.learn({ account: alice, messages });
    const fresh = [message('n1', { time: now }), message('n2', { time: now })];
    const { isRoomMade, learnt } = await learnMakingRoom(holding(5), {
      account: alice,
      messages: fresh,
    });
    expect(isRoomMade).toBe(true);
    expect(learnt.messages).toHaveLength(2);
    expect(await left()).toEqual(['n2', 'n1', 'm0', 'm3.5', 'm6.5']);
  });

  it('tombstones stay, and a recall is learnt', async () => {
    const [dead, old, young] = [daysOld(20), daysOld(15), daysOld(0)];
    await history.learn({
      account: alice,
      messages: [dead, old, young],
      recalls: [recallOf(dead)],
    });
    const recall = recallOf(young, { at: now * 1000 });
    await learnMakingRoom(holding(1), { account: alice, recalls: [recall] });
    expect(await left()).toEqual(['m0', 'm20']);
    expect(await history.find({ account: alice, id: 'm0' })).not.toHaveProperty('body');
  });

  it('a recall goes through, if everything else has to give way for it', async () => {
    const young = daysOld(0);
    await history.learn({ account: alice, messages: [daysOld(0.3), daysOld(0.05), young] });
    const narrow: History = {
      ...history,
      async learn(lesson) {
        if ((await left()).length > 0) throw new HistoryError('full');
        return history.learn(lesson);
      },
    };
    const recalls = [recallOf(young, { at: now * 1000 })];
    await learnMakingRoom(narrow, { account: alice, recalls });
    expect(await left()).toEqual([]);
    // Its words are gone, and do not come back with a late copy.
    await history.learn({ account: alice, messages: [young] });
    expect(await history.find({ account: alice, id: 'm0' })).not.toHaveProperty('body');
  });

  it('what cannot be helped is said, and nothing young is lost', async () => {
    await history.learn({ account: alice, messages: [daysOld(0.1), daysOld(0.2)] });
    const lesson = { account: alice, messages: [message('n1', { time: now })] };
    await expect(learnMakingRoom(holding(0), lesson)).rejects.toMatchObject({ trouble: 'full' });
    expect(await left()).toEqual(['m0.1', 'm0.2']);
  });

  describe('that several accounts share', () => {
    beforeEach(beginWorld);
    afterEach(endWorld);

    /** A history on a disk that holds no more than so many messages of whomever. */
    const holdingOfAll = (most: number): History => ({
      ...history,
      async learn(lesson) {
        const count = [...(await history.sizes()).values()].reduce((sum, size) => sum + size, 0);
        if (count + (lesson.messages?.length ?? 0) > most) throw new HistoryError('full');
        return history.learn(lesson);
      },
    });
    const of = async (account: string): Promise<string[]> =>
      (await history.page(account, withBob, 999)).map(({ id }) => id);
    const learn = (account: string, ...days: number[]) =>
      history.learn({ account, messages: days.map(daysOld) });

    it('the oldest of all give way, and an account that is new has room', async () => {
      await learn(alice, 25, 15, 8, 2);
      await learn(bob, 23, 0);
      const messages = [message('n1', { time: now }), message('n2', { time: now })];
      await learnMakingRoom(holdingOfAll(6), { account: bob, messages });
      expect(await of(alice)).toEqual(['m2', 'm8', 'm15']);
      expect(await of(bob)).toEqual(['n2', 'n1', 'm0']);
    });

    it('nobody gives way to one that has more, however young it says its messages are', async () => {
      await learn(alice, 25, 20);
      await learn(bob, 3, 2, 1);
      const later = now + 300 * day;
      const messages = [message('n1', { time: later }), message('n2', { time: later })];
      await learnMakingRoom(holdingOfAll(6), { account: bob, messages });
      expect(await of(alice)).toEqual(['m20', 'm25']);
      expect(await of(bob)).toEqual(['n2', 'n1']);
    });

    it('how old a message is its own account’s service says', async () => {
      // A year behind this computer's clock.
      const year = 365 * day;
      await noteServerTime(alice, (now - year) * 1000);
      const old = [25, 8, 2].map((days) => message(`m${days}`, { time: now - year - days * day }));
      await history.learn({ account: alice, messages: old });
      const messages = [message('n1', { time: now })];
      await learnMakingRoom(holdingOfAll(3), { account: bob, messages });
      expect(await of(alice)).toEqual(['m2', 'm8']);
    });
  });

  it('any other trouble takes nothing', async () => {
    await history.learn({ account: alice, messages: [daysOld(20)] });
    const broken: History = {
      ...history,
      learn: () => Promise.reject(new HistoryError('corrupt')),
    };
    await expect(
      learnMakingRoom(broken, { account: alice, messages: [message('n1', { time: now })] }),
    ).rejects.toMatchObject({ trouble: 'corrupt' });
    expect(await left()).toEqual(['m20']);
  });
});

describe('that room had to be made', () => {
  beforeEach(beginWorld);
  afterEach(endWorld);

  it('is told until something can be learnt without it', async () => {
    await keepSignedIn();
    const service = new Service();
    service.send('m1', { time: Math.floor(service.time() / 1000) - 6 * day });
    const life = await wake(worldOf(service));
    let isFull = true;
    life.obstruct(({ name }) => {
      if (name === 'history.sweep') isFull = false;
      return name === 'history.learn' && isFull ? 'full' : undefined;
    });
    const lesson = (id: string) => ({
      account: alice,
      messages: [message(id, { time: Math.floor(service.time() / 1000) })],
    });
    expect(await life.keepers.memory.learn(lesson('m2'))).toBe(true);
    expect(await readGlance()).toMatchObject({ trouble: 'history-full' });
    const found = await life.keepers.memory.use((it) => it.findAll(alice, ['m1', 'm2']));
    expect(found.map(({ id }) => id)).toEqual(['m2']);
    await life.keepers.memory.learn(lesson('m3'));
    expect(await readGlance()).not.toHaveProperty('trouble');
  });
});
