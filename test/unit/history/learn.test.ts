import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openHistory } from '../../../src/history/cache.ts';
import type { History, Lesson } from '../../../src/history/history.ts';
import {
  alice,
  bob,
  dump,
  factsOf,
  freshName,
  message,
  methodOf,
  nothing,
  profileKey,
  recallOf,
  refOf,
  sealedIn,
  traces,
  team,
  withBob,
  without,
  withoutId,
} from './fixtures.ts';

let name: string;
let history: History;

beforeEach(async () => {
  name = freshName();
  history = await openHistory({ key: profileKey(), name });
});
afterEach(() => {
  vi.restoreAllMocks();
  history.close();
});

describe('learning messages', () => {
  it('gives back what it was told', async () => {
    const told = message('m1', { quote: { id: 'm0' } });
    const learnt = await history.learn({ account: alice, messages: [told] });
    expect(learnt).toEqual({
      messages: [refOf(told)],
      recalled: [],
      conversations: [withBob],
    });
    expect(await history.find({ account: alice, id: 'm1' })).toEqual({ account: alice, ...told });
  });

  it('keeps a time, a sequence and a text of nothing', async () => {
    const told = message('m1', { time: 0, sequence: 0, body: { text: '' } });
    await history.learn({ account: alice, messages: [told] });
    expect(await history.find({ account: alice, id: 'm1' })).toEqual({ account: alice, ...told });
  });

  describe('that are sealed in several portions', () => {
    const messages = Array.from({ length: 250 }, (_, i) => message(`m${i}`));
    const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
    /** How many are stored; changes as texts are sealed, if they are not stored together. */
    const countStored = async (): Promise<number> =>
      (await history.page(alice, withBob, messages.length)).length;

    it('stores them together, however long that takes', async () => {
      const seen: Promise<number>[] = [];
      let sealed = 0;
      vi.spyOn(crypto.subtle, 'encrypt').mockImplementation(async (...args) => {
        sealed += 1;
        if (sealed % 50 === 0) {
          seen.push(countStored());
          await delay(20);
        }
        return encrypt(...args);
      });
      await history.learn({ account: alice, messages });
      expect(await countStored()).toBe(250);
      expect(seen.length).toBeGreaterThan(3);
      for (const count of await Promise.all(seen)) expect([0, 250]).toContain(count);
      const entries = await history.page(alice, withBob, 250);
      expect(entries.toReversed()).toEqual(messages.map((it) => ({ account: alice, ...it })));
    });

    it.each([1, 150, 250])('stores none when the %i. cannot be sealed', async (bad) => {
      let sealed = 0;
      vi.spyOn(crypto.subtle, 'encrypt').mockImplementation((...args) => {
        // One more call a portion masks its keys.
        sealed += 1;
        return sealed > bad ? Promise.reject(new Error('No more.')) : encrypt(...args);
      });
      await expect(history.learn({ account: alice, messages })).rejects.toThrow('No more.');
      vi.restoreAllMocks();
      expect(Object.values(await dump(name)).flat()).toEqual([]);
      await history.learn({ account: alice, messages });
      expect(await countStored()).toBe(250);
    });
  });

  it('changes nothing when told twice', async () => {
    const lesson = {
      account: alice,
      messages: [message('m1'), message('m2', { quote: { id: 'm1' } })],
      recalls: [recallOf(message('m3'))],
      conversations: [{ id: withBob, name: 'Bob', unread: 2, lastTime: 1_700_000_002 }],
      marks: [{ conversation: withBob, time: 5 }],
    };
    await history.learn(lesson);
    const before = await dump(name);
    expect(await history.learn(lesson)).toEqual(nothing);
    expect(await dump(name)).toEqual(before);
  });

  it.each([
    ['begins with a mark of byte order', '\ufeffhello'],
    ['holds half a character', 'cut off \ud83d'],
    ['is nothing but one', '\udc00'],
  ])('changes nothing either when told twice a text that %s', async (_what, text) => {
    const lesson = {
      account: alice,
      messages: [message('m1', { body: { text } })],
    };
    await history.learn(lesson);
    const stored = await dump(name);
    history.close();
    history = await openHistory({ key: profileKey(), name });
    expect(await history.learn(lesson)).toEqual(nothing);
    expect(await dump(name)).toEqual(stored);
    const entry = await history.find({ account: alice, id: 'm1' });
    expect(entry?.body).toEqual({ text: text.toWellFormed() });
  });

  it('takes an edit as the same message with other words', async () => {
    await history.learn({ account: alice, messages: [message('m1')] });
    const edited = message('m1', { body: { text: 'better words' } });
    const learnt = await history.learn({ account: alice, messages: [edited] });
    expect(learnt.messages).toEqual([refOf(edited)]);
    expect(await history.find({ account: alice, id: 'm1' })).toMatchObject({ body: edited.body });
  });

  it('lets the later of two lessons win, though nobody waited for the first', async () => {
    const long = message('m1', { body: { text: 'x'.repeat(12_000) } });
    const short = message('m1', { body: { text: 'short' } });
    await Promise.all([
      history.learn({ account: alice, messages: [long] }),
      history.learn({ account: alice, messages: [short] }),
    ]);
    expect(await history.find({ account: alice, id: 'm1' })).toMatchObject({ body: short.body });
  });

  it('keeps whom I mention in groups, and nobody else’s mentions', async () => {
    const mentions = ['carol', 'bob'];
    const mine = message('m1', { author: 'alice', conversation: team, mentions });
    const others = [
      message('m2', { author: 'bob', conversation: team, mentions }),
      message('m3', { author: 'alice', mentions }),
    ];
    await history.learn({ account: alice, messages: [mine, ...others] });
    expect(await history.find({ account: alice, id: 'm1' })).toEqual({ account: alice, ...mine });
    for (const { id } of others) {
      expect(await history.find({ account: alice, id })).not.toHaveProperty('mentions');
    }
    expect((await history.holds('carol')).ids).toBe(1);
  });

  it('follows an edit in whom it mentions, and writes nothing where that is the same', async () => {
    const told = message('m1', { author: 'alice', conversation: team });
    const mentioning = (mentions: string[]): Promise<unknown> =>
      history.learn({ account: alice, messages: [{ ...told, mentions }] });
    await history.learn({ account: alice, messages: [told] });
    await mentioning(['carol']);
    expect(await mentioning(['carol'])).toEqual(nothing);
    await mentioning(['bob']);
    expect(await history.find({ account: alice, id: 'm1' })).toMatchObject({ mentions: ['bob'] });
    await history.learn({ account: alice, messages: [told] });
    expect(await history.find({ account: alice, id: 'm1' })).not.toHaveProperty('mentions');
  });

  it('takes the quote out when an edit drops it', async () => {
    const quoting = message('m1', { quote: { id: 'm0' } });
    await history.learn({ account: alice, messages: [quoting] });
    await history.learn({ account: alice, messages: [message('m1')] });
    expect(await history.find({ account: alice, id: 'm1' })).not.toHaveProperty('quote');
    expect(await sealedIn(name)).toHaveLength(1);
  });

  it('keeps a name that a later copy leaves out', async () => {
    await history.learn({ account: alice, messages: [message('m1', { authorName: '' })] });
    await history.learn({ account: alice, messages: [message('m1')] });
    const nameless = message('m1', { authorName: '' });
    expect(await history.learn({ account: alice, messages: [nameless] })).toEqual(nothing);
    expect(await history.find({ account: alice, id: 'm1' })).toMatchObject({
      authorName: 'Bob B.',
    });
  });

  it('does not let another message take a known id', async () => {
    const mine = message('m1', { author: 'alice' });
    await history.learn({ account: alice, messages: [mine] });
    const stranger = message('m1', { author: 'mallory', body: { text: 'forged' } });
    const elsewhere = message('m1', {
      author: 'alice',
      conversation: team,
      body: { text: 'forged' },
    });
    expect(await history.learn({ account: alice, messages: [stranger, elsewhere] })).toEqual(
      nothing,
    );
    expect(await history.find({ account: alice, id: 'm1' })).toEqual({ account: alice, ...mine });
  });

  it('keeps accounts apart, also when one id begins like the other', async () => {
    const ali = `${alice}x` as const;
    await history.learn({ account: alice, messages: [message('m1')] });
    await history.learn({ account: ali, messages: [message('m2')] });
    expect(await history.find({ account: bob, id: 'm1' })).toBeUndefined();
    expect(await history.page(alice, withBob, 9)).toHaveLength(1);
    expect(await history.conversations(alice)).toHaveLength(1);
    await history.forget(alice);
    expect(await history.find({ account: alice, id: 'm1' })).toBeUndefined();
    expect(await history.find({ account: ali, id: 'm2' })).toBeDefined();
  });

  it('refuses numbers that are none before it stores anything', async () => {
    const bad = message('m2', { time: Number.NaN });
    await expect(history.learn({ account: alice, messages: [message('m1'), bad] })).rejects.toThrow(
      TypeError,
    );
    expect((await dump(name)).entries).toEqual([]);
  });
});

describe('learning recalls', () => {
  it('leaves a tombstone without words in the place of the message', async () => {
    const told = message('m1', { quote: { id: 'm0' } });
    await history.learn({ account: alice, messages: [told] });
    const learnt = await history.learn({
      account: alice,
      recalls: [recallOf(told, { byName: 'Bob B.', reason: 'spam' })],
    });
    expect(learnt).toEqual({
      messages: [],
      recalled: [refOf(told)],
      conversations: [withBob],
    });
    expect(await history.find({ account: alice, id: 'm1' })).toEqual({
      account: alice,
      ...factsOf(told),
      recall: {
        by: 'bob',
        byName: 'Bob B.',
        reason: 'spam',
        at: (told.time + 5) * 1000,
        witness: 'event',
      },
    });
    expect(await sealedIn(name)).toEqual([]);
  });

  it('leaves nothing of whom it mentioned, in whatever order it comes', async () => {
    const told = message('m1', { author: 'alice', conversation: team, mentions: ['carol'] });
    await history.learn({ account: alice, messages: [told], recalls: [recallOf(told)] });
    await history.learn({ account: alice, messages: [told] });
    expect(await history.find({ account: alice, id: 'm1' })).not.toHaveProperty('mentions');
    expect(await traces(name, 'carol')).toEqual([]);
  });

  it('may come before its message', async () => {
    const told = message('m1');
    expect(await history.learn({ account: alice, recalls: [recallOf(told)] })).toEqual(nothing);
    const learnt = await history.learn({ account: alice, messages: [told] });
    expect(learnt).toEqual({ messages: [], recalled: [refOf(told)], conversations: [withBob] });
    expect(await history.find({ account: alice, id: 'm1' })).toMatchObject({
      recall: { by: 'bob' },
    });
    const stores = await dump(name);
    expect(stores.orphans).toEqual([]);
    expect(await sealedIn(name)).toEqual([]);
  });

  it('has its place also when the message was never seen, if the service says whose it was', async () => {
    const never = message('m1', { conversation: team, author: 'carol', authorName: 'Carol' });
    const { author, authorName, random, kind } = never;
    const recall = recallOf(never, { author, authorName, random, kind, witness: 'history' });
    const bare = { conversation: team, sequence: never.sequence, at: 1, witness: 'event' } as const;
    await history.learn({ account: alice, recalls: [bare] });
    const learnt = await history.learn({ account: alice, recalls: [recall] });
    expect(learnt.recalled).toEqual([refOf(never)]);
    expect((await history.recalled(alice, 0, 9)).map((entry) => entry.authorName)).toEqual([
      'Carol',
    ]);
    const stores = await dump(name);
    expect(stores.orphans).toEqual([]);
    expect(await sealedIn(name)).toEqual([]);
    expect((await history.learn({ account: alice, messages: [never] })).messages).toEqual([]);
    expect(await history.find({ account: alice, id: 'm1' })).not.toHaveProperty('body');
  });

  it('wins over later copies and edits of its message', async () => {
    const told = message('m1');
    await history.learn({ account: alice, messages: [told], recalls: [recallOf(told)] });
    const edited = message('m1', { body: { text: 'edited' }, quote: { id: 'm0' } });
    expect(await history.learn({ account: alice, messages: [told, edited] })).toEqual(nothing);
    const entry = await history.find({ account: alice, id: 'm1' });
    expect(entry).not.toHaveProperty('body');
    expect(entry).not.toHaveProperty('quote');
    expect(await sealedIn(name)).toEqual([]);
  });

  it('finds its message by sequence in a group, whether before or after it', async () => {
    const first = message('m1', { conversation: team, sequence: 7, author: 'carol' });
    const second = message('m2', { conversation: team, sequence: 8, author: 'carol' });
    const bySequence = ({ conversation, sequence }: typeof first) =>
      ({ conversation, sequence, at: 1, witness: 'event' }) as const;
    await history.learn({ account: alice, messages: [first], recalls: [bySequence(second)] });
    await history.learn({ account: alice, messages: [second], recalls: [bySequence(first)] });
    expect(await history.recalled(alice, 0, 9)).toHaveLength(2);
    expect((await dump(name)).orphans).toEqual([]);
    expect(await history.learn({ account: alice, recalls: [bySequence(first)] })).toEqual(nothing);
    expect((await dump(name)).orphans).toEqual([]);
  });

  it('finds its message by sequence and time one to one, and by less it finds none', async () => {
    const told = message('m1');
    const sameSequence = message('m2', { sequence: told.sequence });
    await history.learn({ account: alice, messages: [told, sameSequence] });
    const timeless = without(withoutId(recallOf(told)), 'time');
    expect(await history.learn({ account: alice, recalls: [timeless] })).toEqual(nothing);
    expect((await dump(name)).orphans).toEqual([]);
    await history.learn({ account: alice, recalls: [withoutId(recallOf(told))] });
    expect((await history.recalled(alice, 0, 9)).map(({ id }) => id)).toEqual(['m1']);
  });

  it('does not mean what the other side wrote with the same sequence in the same second', async () => {
    const his = message('m1', { sequence: 5, time: 100 });
    const mine = message('m2', { sequence: 5, time: 100, author: 'alice' });
    const recall = withoutId(recallOf(his));
    await history.learn({ account: alice, messages: [mine, his] });
    await history.learn({ account: alice, recalls: [recall] });
    expect((await history.recalled(alice, 0, 9)).map(({ id }) => id)).toEqual(['m1']);
    await history.forget();
    await history.learn({ account: alice, recalls: [recall] });
    await history.learn({ account: alice, messages: [mine, his] });
    expect((await history.recalled(alice, 0, 9)).map(({ id }) => id)).toEqual(['m1']);
  });

  it('is of no other conversation than its own', async () => {
    const told = message('m1');
    const recall = recallOf(told, { conversation: team });
    await history.learn({ account: alice, messages: [told], recalls: [recall] });
    await history.learn({ account: alice, messages: [told] });
    expect(await history.find({ account: alice, id: 'm1' })).toMatchObject({ body: told.body });
  });

  it('keeps the first account of itself and takes from later ones what was missing', async () => {
    const told = message('m1', { conversation: team });
    const first = { ...recallOf(told, { at: 10, witness: 'history' }), by: '', byName: '' };
    const second = recallOf(told, {
      at: 20,
      by: 'owner',
      byName: 'The Owner',
      reason: 'off topic',
    });
    const third = recallOf(told, { at: 30, by: 'mallory', byName: 'M.', reason: 'none' });
    await history.learn({ account: alice, messages: [told], recalls: [first] });
    const learnt = await history.learn({ account: alice, recalls: [second] });
    expect(learnt.recalled).toEqual([refOf(told)]);
    expect(await history.learn({ account: alice, recalls: [third] })).toEqual(nothing);
    const { recall } = (await history.find({ account: alice, id: 'm1' })) ?? {};
    expect(recall).toEqual({
      by: 'owner',
      byName: 'The Owner',
      reason: 'off topic',
      at: 10,
      witness: 'history',
    });
  });

  it('never names one person with the name of another', async () => {
    const told = message('m1', { conversation: team });
    const nameless = recallOf(told, { at: 10, by: 'owner' });
    const other = recallOf(told, { at: 20, by: 'admin', byName: 'The Admin' });
    await history.learn({ account: alice, messages: [told], recalls: [nameless, other] });
    const { recall } = (await history.find({ account: alice, id: 'm1' })) ?? {};
    expect(recall).toMatchObject({ by: 'owner' });
    expect(recall).not.toHaveProperty('byName');
  });
});

describe('messages that quote what is recalled', () => {
  const asked = message('m1', { body: { text: 'the secret question' } });
  const reply = message('m2', { author: 'alice', quote: { id: 'm1' } });
  /** Which messages are told of as changed. */
  const toldBy = async (lesson: Omit<Lesson, 'account'>) =>
    (await history.learn({ account: alice, ...lesson })).messages;

  it('are told of, be that known or not, and once', async () => {
    const other = message('m4', { quote: { id: 'm9' } });
    await history.learn({ account: alice, messages: [asked, reply, other] });
    const recalls = [recallOf(asked), recallOf(message('m9'))];
    expect(await toldBy({ recalls })).toEqual([refOf(reply), refOf(other)]);
    expect(await history.find({ account: alice, id: 'm2' })).toEqual({ account: alice, ...reply });
    expect(await history.learn({ account: alice, recalls })).toEqual(nothing);
  });

  it('are told of when their message comes with a recall that does not name its id', async () => {
    const recall = withoutId(recallOf(asked));
    await history.learn({ account: alice, messages: [reply] });
    expect(await toldBy({ messages: [asked], recalls: [recall] })).toEqual([refOf(reply)]);
  });

  it('are told of when a recall without an id meets its message last', async () => {
    const recall = withoutId(recallOf(asked));
    await history.learn({ account: alice, messages: [reply], recalls: [recall] });
    expect(await toldBy({ messages: [asked] })).toEqual([refOf(reply)]);
  });

  describe('by its sequence only', () => {
    const { sequence, time } = asked;
    const whole = { id: 'm1', sequence, time };
    const inTeam = { conversation: team, clientSequence: 7 };
    const places = [
      ['one to one', asked, { ...reply, quote: whole }],
      ['in a group', { ...asked, ...inTeam }, { ...reply, ...inTeam, quote: whole }],
    ] as const;

    it.each(places)('%s are told of once', async (_, of, quoting) => {
      await history.learn({ account: alice, messages: [quoting] });
      const recalls = [withoutId(recallOf(of))];
      expect(await toldBy({ recalls })).toEqual([refOf(quoting)]);
      expect(await history.learn({ account: alice, recalls, messages: [quoting] })).toEqual(
        nothing,
      );
    });

    it('are not where that message is another one than the quoted, or lies elsewhere', async () => {
      const other = { ...asked, ...inTeam, sequence: sequence + 1 };
      const elsewhere = message('m3', { conversation: 'GROUPother', quote: whole });
      const neighbour = message('m4', { ...inTeam, quote: { ...whole, id: 'm9', sequence: 1 } });
      const wrong = { ...reply, ...inTeam, quote: whole };
      await history.learn({ account: alice, messages: [other, wrong, elsewhere, neighbour] });
      const recalls = [withoutId(recallOf({ ...asked, ...inTeam }))];
      expect(await toldBy({ recalls })).toEqual([]);
    });

    it('one to one are not where it was sent at another time', async () => {
      await history.learn({ account: alice, messages: [{ ...reply, quote: whole }] });
      const recall = withoutId(recallOf({ ...asked, time: time + 1 }));
      expect(await toldBy({ recalls: [recall] })).toEqual([]);
    });

    it('are also where the sequence became known only when they were read again', async () => {
      const quoting = { ...reply, ...inTeam };
      await history.learn({ account: alice, messages: [quoting] });
      await history.learn({ account: alice, messages: [{ ...quoting, quote: whole }] });
      const recalls = [withoutId(recallOf({ ...asked, ...inTeam }))];
      expect(await toldBy({ recalls })).toEqual([refOf(quoting)]);
    });

    it('are found without a look at all that is kept', async () => {
      const messages = Array.from({ length: 300 }, (_, n) =>
        message(`m${n + 10}`, { ...inTeam, quote: { ...whole, id: `m${n}`, sequence: n } }),
      );
      await history.learn({ account: alice, messages });
      const { prototype } = IDBIndex;
      const getAll = methodOf(prototype, 'getAll');
      let read = 0;
      const spy = vi.spyOn(prototype, 'getAll').mockImplementation(function (
        this: IDBIndex,
        ...args
      ) {
        const request = getAll(this, ...args);
        request.addEventListener('success', () => {
          read += request.result.length;
        });
        return request;
      });
      const recalls = [withoutId(recallOf({ ...asked, ...inTeam, sequence: 5 }))];
      const told = await toldBy({ recalls });
      spy.mockRestore();
      expect(read).toBeLessThan(5);
      expect(told.map(({ id }) => id)).toEqual(['m15']);
    });
  });
});
