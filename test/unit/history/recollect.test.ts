import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHistory } from '../../../src/history/cache.ts';
import type { History } from '../../../src/history/history.ts';
import {
  alice,
  freshName,
  message,
  profileKey,
  recallOf,
  team,
  withBob,
  withoutId,
} from './fixtures.ts';

let name: string;
let history: History;

beforeEach(async () => {
  name = freshName();
  history = await openHistory({ key: profileKey(), name });
});
afterEach(() => {
  history.close();
});

describe('reading', () => {
  const all = Array.from({ length: 7 }, (_, i) =>
    message(`m${i}`, { author: i % 2 ? 'alice' : 'bob' }),
  );
  const newestFirst = all.toReversed().map(({ id }) => id);

  it('pages a conversation newest first, from wherever it left off', async () => {
    await history.learn({ account: alice, messages: all });
    await history.learn({ account: alice, messages: [message('m9', { conversation: team })] });
    const first = await history.page(alice, withBob, 3);
    const rest = await history.page(alice, withBob, 9, first.at(-1));
    expect(first.map(({ id }) => id)).toEqual(newestFirst.slice(0, 3));
    expect(rest.map(({ id }) => id)).toEqual(newestFirst.slice(3));
    expect(first.map(({ body }) => body?.text)).toEqual([
      'words of m6',
      'words of m5',
      'words of m4',
    ]);
    expect(await history.page(alice, withBob, 0)).toEqual([]);
    expect(await history.page(alice, withBob, Infinity)).toHaveLength(7);
  });

  it('orders messages of one second by sequence', async () => {
    const at = { time: 100 };
    const messages = [
      message('b', { ...at, sequence: 2 }),
      message('c', { ...at, sequence: 3 }),
      message('a', { ...at, sequence: 1 }),
    ];
    await history.learn({ account: alice, messages });
    const [first, ...rest] = await history.page(alice, withBob, 9);
    expect([first?.id, ...rest.map(({ id }) => id)]).toEqual(['c', 'b', 'a']);
    const older = await history.page(alice, withBob, 9, first);
    expect(older.map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('finds my own living messages of all conversations', async () => {
    const mineInTeam = message('m9', { conversation: team, author: 'alice' });
    const recalled = message('m8', { author: 'alice' });
    await history.learn({
      account: alice,
      messages: [...all, mineInTeam, recalled],
      recalls: [recallOf(recalled)],
    });
    const ids = async (since: number, most: number) =>
      (await history.mine(alice, since, most)).map(({ id }) => id);
    expect(await ids(0, 99)).toEqual(['m9', 'm5', 'm3', 'm1']);
    expect(await ids(1_700_000_003, 99)).toEqual(['m9', 'm5', 'm3']);
    expect(await ids(0, 2)).toEqual(['m9', 'm5']);
    expect(await ids(0, 0)).toEqual([]);
    const [newest, ...others] = await history.mineUnopened(alice, 1_700_000_003, 2);
    expect(others.map(({ id }) => id)).toEqual(['m5']);
    expect(newest).toEqual({
      ...(await history.find({ account: alice, id: 'm9' })),
      body: undefined,
    });
  });

  it('finds tombstones of all conversations', async () => {
    const inTeam = message('m9', { conversation: team });
    await history.learn({
      account: alice,
      messages: [...all, inTeam],
      recalls: [...all.slice(2, 5), inTeam].map((it) => recallOf(it)),
    });
    const ids = async (since: number, most: number) =>
      (await history.recalled(alice, since, most)).map(({ id }) => id);
    expect(await ids(0, 99)).toEqual(['m9', 'm4', 'm3', 'm2']);
    expect(await ids(1_700_000_004, 99)).toEqual(['m9', 'm4']);
    expect(await ids(0, 1)).toEqual(['m9']);
  });

  it('finds several by id and leaves out the unknown', async () => {
    await history.learn({ account: alice, messages: all });
    const found = await history.findAll(alice, ['m5', 'nothing', '__proto__', 'm0']);
    expect(found.map(({ id, body }) => [id, body?.text])).toEqual([
      ['m5', 'words of m5'],
      ['m0', 'words of m0'],
    ]);
  });
});

describe('messages that quote what was recalled', () => {
  const quoting = (n: number, id: string, more = {}) =>
    message(`m${n}`, { quote: { id }, ...more });
  const replies = [
    quoting(11, 'm1'),
    quoting(12, 'm2'),
    quoting(13, 'm3'),
    quoting(14, 'm4'),
    quoting(15, 'm3', { conversation: team }),
    message('m16'),
  ];
  const found = async (account = alice) => {
    const entries = await history.findAll(
      alice,
      replies.map(({ id }) => id),
    );
    return [...(await history.quotingRecalled(account, entries))].sort();
  };

  it('are found, also where the recalled one was never seen', async () => {
    const [one, two, three] = [message('m1'), message('m2'), message('m3')];
    await history.learn({ account: alice, messages: [one, two, ...replies] });
    expect(await found()).toEqual([]);
    await history.learn({ account: alice, recalls: [recallOf(one), recallOf(three)] });
    // Who speaks of another conversation recalls nothing of this one.
    expect(await found()).toEqual(['m11', 'm13']);
    expect(await found('1400000001:carol')).toEqual([]);
    // The recall has found its message.
    await history.learn({ account: alice, messages: [three] });
    expect(await found()).toEqual(['m11', 'm13', 'm15']);
  });

  it('are found by its sequence, where a recall named nothing else', async () => {
    const { sequence, time } = message('m1');
    const whole = { id: 'm1', text: 'words of m1', sequence, time };
    const before = message('m11', { conversation: team, quote: whole });
    const after = message('m12', { conversation: team, quote: whole });
    await history.learn({ account: alice, messages: [before] });
    expect(await found()).toEqual([]);
    const recall = withoutId(recallOf(message('m1', { conversation: team })));
    await history.learn({ account: alice, recalls: [recall] });
    await history.learn({ account: alice, messages: [after] });
    expect(await found()).toEqual(['m11', 'm12']);
    // Of its message more is known than what others wrote of it.
    await history.learn({
      account: alice,
      messages: [message('m1', { conversation: team, sequence: sequence + 1 })],
    });
    expect(await found()).toEqual([]);
  });
});

describe('conversations', () => {
  const facts = { id: withBob, name: 'Bob', unread: 3, lastTime: 1_700_000_003 };
  const three = [message('m1'), message('m2'), message('m3')];
  const unread = async () => (await history.conversation(alice, withBob))?.unread;

  it('know their newest entry, also when it was recalled', async () => {
    await history.learn({ account: alice, messages: three, conversations: [facts] });
    expect(await history.conversations(alice)).toEqual([
      { account: alice, ...facts, mark: 0, last: { account: alice, ...message('m3') } },
    ]);
    await history.learn({ account: alice, recalls: [recallOf(message('m3'))] });
    const { last } = (await history.conversation(alice, withBob)) ?? {};
    expect(last).toMatchObject({ id: 'm3', recall: { by: 'bob' } });
    expect(last).not.toHaveProperty('body');
  });

  it('are there as soon as a message of theirs is, and follow its time', async () => {
    await history.learn({ account: alice, messages: [message('m1', { conversation: team })] });
    expect(await history.conversation(alice, team)).toMatchObject({
      name: '',
      unread: 0,
      lastTime: 1_700_000_001,
      mark: 0,
      last: { id: 'm1' },
    });
    expect(await history.conversation(alice, withBob)).toBeUndefined();
  });

  it('keep a name and a role that a later list leaves empty', async () => {
    const group = { id: team, name: 'Team', unread: 0, lastTime: 9, role: 'admin' } as const;
    await history.learn({ account: alice, conversations: [group] });
    await history.learn({
      account: alice,
      conversations: [{ id: team, name: '', unread: 4, lastTime: 8 }],
    });
    expect(await history.conversation(alice, team)).toEqual({
      account: alice,
      ...group,
      unread: 4,
      mark: 0,
    });
  });

  it('never move their mark back', async () => {
    const mark = async (time: number) => {
      await history.learn({ account: alice, marks: [{ conversation: withBob, time }] });
      return (await history.conversation(alice, withBob))?.mark;
    };
    expect([await mark(50), await mark(40), await mark(60)]).toEqual([50, 50, 60]);
  });

  it('are known from where it was said last, and tell that only the first time', async () => {
    const known = (edge: { time: number; sequence?: number }) =>
      history.learn({ account: alice, edges: [{ conversation: withBob, edge }] });
    expect((await known({ time: 90, sequence: 3 })).conversations).toEqual([withBob]);
    expect((await known({ time: 120 })).conversations).toEqual([]);
    expect((await history.conversation(alice, withBob))?.edge).toEqual({ time: 120 });
    await expect(known({ time: NaN })).rejects.toThrow(TypeError);
  });

  it('tell how much of them is kept, with no word opened', async () => {
    const [first, second] = [message('m1'), message('m2')];
    await history.learn({
      account: alice,
      messages: [first, second, message('m3', { conversation: team, time: 7 })],
      recalls: [recallOf(second)],
      conversations: [{ id: 'C2Ccarol', name: '', unread: 0, lastTime: 5 }],
      edges: [{ conversation: team, edge: { time: 6, sequence: 2 } }],
    });
    const { messages, conversations } = await history.extent(alice);
    expect(messages).toBe(2);
    expect(conversations).toEqual([
      { id: withBob, lastTime: second.time, oldest: first.time },
      { id: 'C2Ccarol', lastTime: 5 },
      { id: team, lastTime: 7, oldest: 7, edge: { time: 6, sequence: 2 } },
    ]);
  });

  it('have one unread less for each unread message of others that is recalled, once', async () => {
    await history.learn({ account: alice, messages: three, conversations: [facts] });
    await history.learn({ account: alice, recalls: [recallOf(message('m2'))] });
    await history.learn({ account: alice, recalls: [recallOf(message('m2'), { at: 1 })] });
    expect(await unread()).toBe(2);
    await history.learn({ account: alice, recalls: [recallOf(message('m1'))] });
    expect(await unread()).toBe(1);
  });

  it('keep their unread number when a read message or one of mine is recalled', async () => {
    const mine = message('m0', { author: 'alice', time: 1_700_000_003 });
    const messages = [...three, mine];
    await history.learn({ account: alice, messages, conversations: [{ ...facts, unread: 2 }] });
    await history.learn({ account: alice, recalls: [recallOf(message('m1')), recallOf(mine)] });
    expect(await unread()).toBe(2);
  });

  it('keep their unread number when a message is recalled that it never counted', async () => {
    await history.learn({ account: alice, messages: three, conversations: [facts] });
    await history.learn({ account: alice, messages: [message('m4')] });
    await history.learn({ account: alice, recalls: [recallOf(message('m4'))] });
    expect(await unread()).toBe(3);
  });

  it('keep their unread number when a message is learnt dead that it never counted', async () => {
    await history.learn({ account: alice, messages: three, conversations: [facts] });
    await history.learn({ account: alice, recalls: [recallOf(message('m4'))] });
    await history.learn({ account: alice, messages: [message('m4')] });
    expect(await unread()).toBe(3);
  });

  it("believe the service's own number when it comes later or with the recall", async () => {
    const recalls = [recallOf(message('m2'))];
    await history.learn({ account: alice, messages: three, conversations: [facts] });
    await history.learn({ account: alice, recalls, conversations: [{ ...facts, unread: 2 }] });
    expect(await unread()).toBe(2);
    await history.learn({ account: alice, conversations: [{ ...facts, unread: 7 }] });
    expect(await unread()).toBe(7);
  });

  it('count a recall that came before its message, unless the service counted in between', async () => {
    const recalls = [recallOf(message('m2'))];
    await history.learn({ account: alice, conversations: [facts] });
    await history.learn({ account: alice, recalls });
    await history.learn({ account: alice, messages: three });
    expect(await unread()).toBe(2);

    await history.forget();
    await history.learn({ account: alice, recalls });
    await history.learn({ account: alice, conversations: [{ ...facts, unread: 2 }] });
    await history.learn({ account: alice, messages: three });
    expect(await unread()).toBe(2);
  });

  it('do not count a recall found in history: the service left it out already', async () => {
    const recalls = [recallOf(message('m2'), { witness: 'history' })];
    const conversations = [{ ...facts, unread: 2 }];
    await history.learn({ account: alice, messages: three, conversations });
    await history.learn({ account: alice, recalls });
    expect(await unread()).toBe(2);
  });
});
