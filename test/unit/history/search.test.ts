import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openHistory } from '../../../src/history/cache.ts';
import { fold } from '../../../src/history/fold.ts';
import type { History } from '../../../src/history/history.ts';
import { Pack, compare, type Leaf } from '../../../src/history/pack.ts';
import type { Place } from '../../../src/history/schema.ts';
import type { Entry, Message } from '../../../src/message/message.ts';
import { alice, bob, freshName, message, profileKey, recallOf, team, withBob } from './fixtures.ts';

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

const say = (id: string, text: string, more: Partial<Message> = {}): Message =>
  message(id, { body: { text }, ...more });

/** Ids found for a query, in order; the search must have been complete. */
async function idsFor(query: string, of = history): Promise<string[]> {
  const { hits, since } = await of.search(alice, query, 99);
  expect(since).toBe(0);
  return hits.map(({ entry }) => entry.id);
}

describe('searching', () => {
  it.each([
    ['hello', ['m1']],
    ['HELLO', ['m1']],
    ['ello wor', ['m1']],
    ['"hello world"', ['m1']],
    ['"world hello"', []],
    ['world hello', ['m1']],
    ['下午', ['m3', 'm2']],
    ['下午 开会', ['m2']],
    ['"午开"', ['m2']],
    ['cafe\u0301', ['m4']],
    ['', []],
    ['nothing like it', []],
  ])('%j finds %j', async (query, ids) => {
    const messages = [
      say('m1', 'Hello World'),
      say('m2', '明天下午开会'),
      say('m3', '下午好', { conversation: team }),
      say('m4', 'CAFÉ'),
    ];
    await history.learn({ account: alice, messages });
    expect(await idsFor(query)).toEqual(ids);
  });

  it('says where in the text it stands', async () => {
    await history.learn({ account: alice, messages: [say('m1', 'see THE notes, the Notes')] });
    const { hits } = await history.search(alice, 'notes the', 9);
    expect(hits.map(({ entry, spots }) => [entry.body?.text, spots])).toEqual([
      [
        'see THE notes, the Notes',
        [
          [4, 7],
          [8, 13],
          [15, 18],
          [19, 24],
        ],
      ],
    ]);
  });

  it('gives the newest first over all conversations, page by page', async () => {
    const messages = Array.from({ length: 1300 }, (_, i) =>
      say(`m${i}`, `word ${i % 7 === 0 ? 'seventh' : ''}`, {
        conversation: i % 3 === 0 ? team : withBob,
        time: 1_700_000_000 + ((i * 389) % 1300),
      }),
    );
    await history.learn({ account: alice, messages });
    const expected = messages
      .filter((_, i) => i % 7 === 0)
      .sort((one, other) => other.time - one.time)
      .map(({ id }) => id);
    const found: string[] = [];
    let before;
    do {
      const { hits } = await history.search(alice, 'seventh', 40, before);
      found.push(...hits.map(({ entry }) => entry.id));
      before = hits.length === 40 ? hits.at(-1)?.entry : undefined;
    } while (before);
    expect(found).toEqual(expected);
  });

  it('keeps accounts apart, unless all are asked for', async () => {
    await history.learn({ account: alice, messages: [say('m1', 'shared word')] });
    await history.learn({ account: bob, messages: [say('m2', 'shared word')] });
    expect(await idsFor('shared')).toEqual(['m1']);
    const { hits } = await history.search(undefined, 'shared', 9);
    expect(hits.map(({ entry }) => [entry.account, entry.id])).toEqual([
      [bob, 'm2'],
      [alice, 'm1'],
    ]);
  });

  it('finds what another connection learnt, and not what it destroyed', async () => {
    await history.learn({ account: alice, messages: [say('m1', 'word one')] });
    expect(await idsFor('word')).toEqual(['m1']);
    const other = await openHistory({ key: profileKey(), name });
    await other.learn({
      account: alice,
      messages: [say('m2', 'word two')],
      recalls: [recallOf(message('m1'))],
    });
    expect(await idsFor('word')).toEqual(['m2']);
    other.close();
  });

  it('finds nothing that only another profile key opens', async () => {
    await history.learn({ account: alice, messages: [say('m1', 'word one')] });
    history.close();
    history = await openHistory({ key: profileKey(8), name });
    expect(await idsFor('word')).toEqual([]);
    await history.learn({ account: alice, messages: [say('m1', 'word one')] });
    expect(await idsFor('word')).toEqual(['m1']);
  });
});

describe('while the words are being read', () => {
  const many = Array.from({ length: 1500 }, (_, i) => say(`m${i}`, i === 1 ? 'first' : 'later'));

  /** Holds up the opening of the messages from one number to another. */
  function hold(from: number, to: number) {
    const gate = Promise.withResolvers<undefined>();
    const reached = Promise.withResolvers<undefined>();
    const decrypt = crypto.subtle.decrypt.bind(crypto.subtle);
    vi.spyOn(crypto.subtle, 'decrypt').mockImplementation(async (how, ...args) => {
      const label = new TextDecoder().decode((how as AesGcmParams).additionalData);
      const number = Number(/"m(\d+)"/u.exec(label)?.[1]);
      if (number >= from && number <= to) {
        reached.resolve(undefined);
        await gate.promise;
      }
      return decrypt(how, ...args);
    });
    return {
      reached: reached.promise,
      release() {
        gate.resolve(undefined);
      },
    };
  }

  async function reopen(): Promise<void> {
    history.close();
    history = await openHistory({ key: profileKey(), name });
  }

  it('tells how far it came, and finds the rest by and by', async () => {
    await history.learn({ account: alice, messages: many });
    await reopen();
    const held = hold(500, 900);
    // It goes on by itself, however little the first look had.
    await history.search(alice, 'later', 99);
    await held.reached;
    const some = await history.search(alice, 'later', 99);
    expect(some.hits).toHaveLength(99);
    const none = await history.search(alice, 'first', 99);
    expect(none.hits).toEqual([]);
    // That one was not looked at yet.
    expect(none.since).toBe((many[1000]?.time ?? 0) + 1);
    held.release();
    await vi.waitFor(async () => {
      expect((await history.search(alice, 'first', 99)).since).toBe(0);
    });
    expect(await idsFor('first')).toEqual(['m1']);
  });

  it('nobody has to ask for it to begin', async () => {
    await history.learn({ account: alice, messages: many });
    await reopen();
    const opened = vi.spyOn(crypto.subtle, 'decrypt');
    await history.warm();
    await vi.waitFor(() => {
      expect(opened).toHaveBeenCalledTimes(many.length);
    });
    await vi.waitFor(async () => {
      expect((await history.search(alice, 'nothing like it', 9)).since).toBe(0);
    });
    expect(opened).toHaveBeenCalledTimes(many.length);
  });

  it('a sweep takes what is old out of memory, and the rest stays there', async () => {
    await history.learn({ account: alice, messages: many });
    await history.learn({ account: bob, messages: [say('b1', 'first of bob')] });
    await reopen();
    await vi.waitFor(async () => {
      expect((await history.search(undefined, 'first', 9)).since).toBe(0);
    });
    const opened = vi.spyOn(crypto.subtle, 'decrypt');
    expect(await history.sweep(alice, many[2]?.time ?? 0, 0)).toBe(2);
    const { hits, since } = await history.search(undefined, 'first', 9);
    expect(hits.map(({ entry }) => entry.id)).toEqual(['b1']);
    expect(since).toBe(0);
    expect(await idsFor('later')).toHaveLength(99);
    // No more than the hits themselves.
    expect(opened.mock.calls.length).toBeLessThanOrEqual(100);
  });

  it('new words are found of what was edited while it waited to be read', async () => {
    await history.learn({ account: alice, messages: many });
    await reopen();
    const held = hold(500, 900);
    await history.warm();
    await held.reached;
    await history.learn({ account: alice, messages: [say('m1', 'other words')] });
    held.release();
    await vi.waitFor(async () => {
      expect((await history.search(alice, 'other', 9)).since).toBe(0);
    });
    expect(await idsFor('other')).toEqual(['m1']);
    expect(await idsFor('later')).toHaveLength(99);
  });

  it.each([
    [
      'recalled',
      () => history.learn({ account: alice, recalls: [recallOf(many[1] ?? message('x'))] }),
    ],
    ['edited', () => history.learn({ account: alice, messages: [say('m1', 'other words')] })],
    ['swept', () => history.sweep(alice, 1_700_000_002, 0)],
    ['forgotten', () => history.forget(alice)],
  ])('nothing is found that was %s meanwhile', async (_what, change) => {
    await history.learn({ account: alice, messages: many });
    await reopen();
    const held = hold(100, 200);
    const searching = history.search(alice, 'first', 99);
    // m1 has been read, and waits to be opened.
    await held.reached;
    await change();
    expect((await history.search(alice, 'first', 99)).hits).toEqual([]);
    held.release();
    expect((await searching).hits).toEqual([]);
    await vi.waitFor(async () => {
      expect((await history.search(alice, 'first', 99)).since).toBe(0);
    });
    expect(await idsFor('first')).toEqual([]);
  });
});

describe('more than is held in memory', () => {
  const many = Array.from({ length: 4000 }, (_, i) =>
    say(`m${i}`, i % 1000 === 1 ? 'seldom' : 'often', {
      conversation: i % 2 === 0 ? team : withBob,
    }),
  );
  const seldom = ['m3001', 'm2001', 'm1001', 'm1'];

  beforeEach(async () => {
    await history.learn({ account: alice, messages: many });
    history.close();
    const searchBounds = { messages: 2500, units: 1_000_000 };
    history = await openHistory({ key: profileKey(), name, searchBounds });
  });

  /** Asks until all that is kept was looked through; gives what was found on the way, too. */
  async function searchAll(query: string, most: number, before?: Entry): Promise<string[][]> {
    const found: string[][] = [];
    for (let since = Infinity; since > 0;) {
      const { hits, since: reached } = await history.search(alice, query, most, before);
      // It never goes back.
      expect(reached).toBeLessThanOrEqual(since);
      since = reached;
      found.push(hits.map(({ entry }) => entry.id));
    }
    return found;
  }

  it('is read for each search, the newest first, to the very end', async () => {
    const found = await searchAll('seldom', 99);
    expect(found.at(-1)).toEqual(seldom);
    for (const some of found) expect(seldom.slice(0, some.length)).toEqual(some);
  });

  it('is read in one direction, however long that takes', async () => {
    const open = crypto.subtle.decrypt.bind(crypto.subtle);
    vi.spyOn(crypto.subtle, 'decrypt').mockImplementation(async (...of) => {
      const opened = await open(...of);
      // Longer than a search waits: it tells how far it is after each portion.
      await new Promise((resolve) => {
        setTimeout(resolve, 250);
      });
      return opened;
    });
    const found = await searchAll('seldom', 99);
    expect(found.length).toBeGreaterThan(4);
    expect(found.at(-1)).toEqual(seldom);
  });

  it('is not read when enough is in memory', async () => {
    await searchAll('seldom', 99);
    const opened = vi.spyOn(crypto.subtle, 'decrypt');
    expect((await history.search(alice, 'often', 20)).hits).toHaveLength(20);
    // No more than the hits themselves.
    expect(opened.mock.calls.length).toBeLessThanOrEqual(20);
  });

  it('is found page by page', async () => {
    await searchAll('seldom', 99);
    expect((await searchAll('seldom', 2)).at(-1)).toEqual(seldom.slice(0, 2));
    const second = await history.find({ account: alice, id: seldom[1] ?? '' });
    // One search gives up waiting after a while, on a busy machine before its end.
    expect((await searchAll('seldom', 99, second)).at(-1)).toEqual(seldom.slice(2));
  });

  it('is not found once it is recalled', async () => {
    await searchAll('seldom', 99);
    const old = many[1] ?? message('x');
    await history.learn({ account: alice, recalls: [recallOf(old)] });
    expect((await searchAll('seldom', 99)).at(-1)).toEqual(seldom.slice(0, -1));
  });
});

describe('whatever happens', () => {
  const word = fc.constantFrom('apple', 'pear', '苹果', 'Äpfel');
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('say' as const),
      id: fc.nat(9),
      text: fc.array(word, { maxLength: 3 }),
      isInTeam: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('recall' as const), id: fc.nat(9), isInTeam: fc.boolean() }),
    fc.record({ kind: fc.constant('sweep' as const), time: fc.integer({ min: 0, max: 12 }) }),
    fc.record({ kind: fc.constant('forget' as const) }),
    fc.record({ kind: fc.constant('search' as const) }),
  );

  it('a search finds what a look at every entry finds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 25 }),
        word,
        // All in memory, some of it, nothing.
        fc.constantFrom(99, 4, 0),
        async (steps, asked, mostInMemory) => {
          const searched = await openHistory({
            key: profileKey(),
            name: freshName(),
            searchBounds: { messages: mostInMemory, units: 9999 },
          });
          for (const it of steps) {
            if (it.kind === 'say' || it.kind === 'recall') {
              const conversation = it.isInTeam ? team : withBob;
              const text = it.kind === 'say' ? it.text.join(' ') : '';
              // An id lives in one conversation, as the service's own.
              const one = say(`${it.isInTeam ? 't' : 'b'}${it.id}`, text, { conversation });
              await searched.learn({
                account: alice,
                ...(it.kind === 'say' ? { messages: [one] } : { recalls: [recallOf(one)] }),
              });
            } else if (it.kind === 'sweep') {
              await searched.sweep(alice, 1_700_000_000 + it.time, 0);
            } else if (it.kind === 'forget') {
              await searched.forget();
            }
            // Not after each: some changes come before anything is in memory, some after.
            if (it.kind !== 'search') continue;
            const entries = [];
            for (const id of [withBob, team]) entries.push(...(await searched.page(alice, id, 99)));
            const expected = entries
              .filter(({ body }) => body && fold(body.text).includes(fold(asked)))
              .map(({ id }) => id)
              .sort();
            expect((await idsFor(asked, searched)).sort()).toEqual(expected);
          }
          searched.close();
        },
      ),
      { numRuns: 100 },
    );
  }, 60_000);
});

describe('a pack of many texts', () => {
  const leaf = (i: number): Leaf => {
    const place: Place = [alice, i % 2 ? team : withBob, -Math.floor(i / 3), -i, `m${i}`];
    return { place, text: i % 10 === 0 ? `tenth ${i}` : `text ${i}` };
  };
  const all = Array.from({ length: 7000 }, (_, i) => leaf(i));
  // In no order, and each twice.
  const mixed = Array.from({ length: 14_000 }, (_, i) => leaf((i * 4001) % 7000));
  const inOrder = (leaves: readonly Leaf[]): Place[] =>
    leaves.map(({ place }) => place).sort(compare);

  it('finds them in order, whatever order they came in, and after any of them', () => {
    const pack = new Pack();
    for (let at = 0; at < mixed.length; at += 700) {
      pack.put(mixed.slice(at, at + 700));
      expect([...pack.find(['tenth 4990'])].length).toBeLessThan(2);
    }
    expect(pack.count).toBe(7000);
    const tenths = inOrder(all.filter(({ text }) => text.startsWith('tenth')));
    expect([...pack.find(['tenth'])]).toEqual(tenths);
    expect([...pack.find(['tenth'], alice, tenths[300])]).toEqual(tenths.slice(301));
    expect([...pack.find(['tenth', '99'])]).toEqual(
      inOrder(all.filter(({ text }) => text.includes('tenth') && text.includes('99'))),
    );
    expect([...pack.find(['tenth'], bob)]).toEqual([]);
  });

  it('lets go of what is old of one account', () => {
    const pack = new Pack();
    const others = all.map(({ place: [, ...rest], text }) => ({
      place: [bob, ...rest] as Place,
      text,
    }));
    pack.put([...all, ...others]);
    // Negated times lie between -2333 and 0.
    pack.removeOlder(alice, 1500);
    const left = all.filter(({ place }) => -place[2] >= 1500);
    expect([...pack.find(['t'], alice)]).toEqual(inOrder(left));
    expect([...pack.find(['t'], bob)]).toEqual(inOrder(others));
    expect(pack.count).toBe(left.length + others.length);
    const length = [...left, ...others].reduce((sum, { text }) => sum + text.length, 0);
    expect(pack.size).toBe(length);
    pack.removeOlder(bob, Infinity);
    pack.removeOlder(alice, Infinity);
    expect(pack.count).toBe(0);
  });

  it('lets go of single ones and of the oldest', () => {
    const pack = new Pack();
    pack.put(all);
    const gone = all.filter((_, i) => i % 3 === 0);
    for (const { place } of gone) pack.remove(place);
    pack.remove(leaf(9000).place);
    const left = all.filter((_, i) => i % 3 !== 0);
    expect(pack.count).toBe(left.length);
    expect(pack.size).toBe(left.reduce((sum, { text }) => sum + text.length, 0));
    expect([...pack.find(['t'])]).toEqual(inOrder(left));
    const newestShed = pack.shed();
    const rest = inOrder(left).filter((place) => newestShed && compare(place, newestShed) < 0);
    expect(pack.count).toBe(rest.length);
    expect([...pack.find(['t'])]).toEqual(rest);
    while (pack.shed());
    expect([pack.count, pack.size, pack.oldest]).toEqual([0, 0, undefined]);
  });
});

describe('looking for a text in everything that is kept', () => {
  it('tells in how many places of each kind it stands', async () => {
    const told = say('m1', 'the Attic is open', { authorName: 'Attica', author: 'attic7' });
    await history.learn({
      account: alice,
      messages: [told, say('m2', 'what?', { quote: { id: 'm1' } })],
      recalls: [recallOf(message('m9'), { byName: 'Attic Admin', by: 'attic7' })],
      conversations: [{ id: team, name: 'In the attic', unread: 0, lastTime: 0 }],
    });
    expect(await history.holds('ATTIC')).toEqual({ words: 1, names: 3, ids: 2 });
    expect(await history.holds('open')).toEqual({ words: 1, names: 0, ids: 0 });
    expect(await history.holds('  ')).toEqual({ words: 0, names: 0, ids: 0 });
  });

  it('finds no word of a recalled message, nor in what quotes it', async () => {
    const told = say('m1', 'the attic');
    const reply = say('m2', 'what?', { quote: { id: 'm1' } });
    const others = Array.from({ length: 1100 }, (_, i) => say(`x${i}`, 'the cellar'));
    await history.learn({ account: alice, messages: [told, reply, ...others] });
    expect(await history.holds('cellar')).toMatchObject({ words: 1100 });
    expect(await history.holds('attic')).toMatchObject({ words: 1 });
    await history.learn({ account: alice, recalls: [recallOf(told)] });
    expect(await history.holds('attic')).toEqual({ words: 0, names: 0, ids: 0 });
  });
});
