import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHistory } from '../../../src/history/cache.ts';
import type { History } from '../../../src/history/history.ts';
import type { OrphanKey, OrphanRecord } from '../../../src/history/schema.ts';
import {
  alice,
  bob,
  dump,
  factsOf,
  freshName,
  message,
  profileKey,
  recallOf,
  refOf,
  sealedIn,
  settled,
  team,
  traces,
  withBob,
  without,
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

describe('retention', () => {
  it('takes out what is old and leaves young messages and tombstones', async () => {
    const all = Array.from({ length: 8 }, (_, i) => message(`m${i}`, { time: 100 + i }));
    const orphan = (at: number) => recallOf(message(`x${at}`), { at: at * 1000 });
    await history.learn({
      account: alice,
      messages: all,
      recalls: [
        ...[all[1], all[3], all[4]].flatMap((it) => (it ? [recallOf(it)] : [])),
        orphan(101),
        orphan(103),
      ],
    });
    await history.learn({ account: bob, messages: [message('b1', { time: 1 })] });
    // Entries 0, 1, 2, 5 and the orphan of 101 go; the tombstones 3 and 4 stay.
    expect(await history.sweep(alice, 106, 103)).toBe(5);
    const left = await history.page(alice, withBob, 99);
    expect(left.map(({ id }) => id)).toEqual(['m7', 'm6', 'm4', 'm3']);
    expect(left.map(({ body }) => body?.text)).toEqual([
      'words of m7',
      'words of m6',
      undefined,
      undefined,
    ]);
    const stores = await dump(name);
    expect(await sealedIn(name)).toEqual(['m7', 'm6', 'b1']);
    expect(stores.orphans).toHaveLength(1);
    expect(await history.find({ account: bob, id: 'b1' })).toBeDefined();
    expect(await history.sweep(alice, 106, 103)).toBe(0);
  });

  it('leaves a conversation known from where on something was taken out, and no other', async () => {
    const edge = { time: 50, sequence: 7 };
    const inTeam = { conversation: team, time: 200 };
    await history.learn({
      account: alice,
      messages: [message('m1', { time: 100 }), message('m2', { time: 200 }), message('m3', inTeam)],
      edges: [
        { conversation: withBob, edge },
        { conversation: team, edge },
      ],
    });
    await history.sweep(alice, 150, 0);
    expect((await history.conversation(alice, withBob))?.edge).toEqual({ time: 150 });
    expect((await history.conversation(alice, team))?.edge).toEqual(edge);
  });

  it('keeps a bounded number of recalls whose message never came, the newest', async () => {
    const recalls = Array.from({ length: 5_200 }, (_, i) =>
      recallOf(message(`x${i}`), { at: 1_000_000 + ((i * 7919) % 5_200) }),
    );
    await history.learn({ account: alice, recalls });
    expect(await history.sweep(alice, 0, 0)).toBe(200);
    const { orphans = [] } = await dump(name);
    expect(orphans).toHaveLength(5_000);
    const times = orphans.map(([, value]) => (value as OrphanRecord).recall.at);
    expect(Math.min(...times)).toBe(1_000_200);
    expect(await history.sweep(alice, 0, 0)).toBe(0);
  });

  it('keeps no more of them between two sweeps, however many come', async () => {
    const recallsFrom = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) =>
        recallOf(message(`x${from + i}`), { at: 1_000_000 + from + i }),
      );
    await history.learn({ account: bob, recalls: recallsFrom(0, 1) });
    for (let from = 0; from < 6_000; from += 1_000) {
      await history.learn({ account: alice, recalls: recallsFrom(from, from + 1_000) });
      const { orphans = [] } = await dump(name);
      expect(orphans.length).toBeLessThanOrEqual(5_001);
    }
    const { orphans = [] } = await dump(name);
    const times = orphans
      .filter(([key]) => (key as OrphanKey)[0] === alice)
      .map(([, value]) => (value as OrphanRecord).recall.at);
    // The newest are there, and the other account's.
    expect(times.length).toBeGreaterThan(4_000);
    expect(Math.min(...times)).toBe(1_006_000 - times.length);
    expect(orphans.length).toBe(times.length + 1);
  });

  it('may keep tombstones shorter than messages', async () => {
    const all = Array.from({ length: 4 }, (_, i) => message(`m${i}`, { time: 100 + i }));
    const recalls = all.slice(1, 3).map((it) => recallOf(it));
    await history.learn({ account: alice, messages: all, recalls });
    expect(await history.sweep(alice, 101, 102)).toBe(2);
    const left = await history.page(alice, withBob, 99);
    expect(left.map(({ id }) => id)).toEqual(['m3', 'm2']);
  });

  it('forgets everything of everybody on request', async () => {
    await history.learn({
      account: alice,
      messages: [message('m1')],
      recalls: [recallOf(message('m2'))],
    });
    await history.learn({ account: bob, messages: [message('m3')] });
    await history.forget();
    expect(without(await dump(name), 'meta')).toEqual({
      entries: [],
      conversations: [],
      orphans: [],
    });
  });
});

describe('words', () => {
  const text = 'Überraschung 你好世界 in the attic';

  it('of a living message stand in no record', async () => {
    await history.learn({ account: alice, messages: [message('m1', { body: { text } })] });
    expect(await traces(name, text)).toEqual([]);
    expect(await traces(name, 'attic')).toEqual([]);
    // The search itself must be able to find something.
    expect(await traces(name, 'Bob B.')).not.toEqual([]);
  });

  it('open under the same profile key in another life', async () => {
    await history.learn({ account: alice, messages: [message('m1', { body: { text } })] });
    history.close();
    history = await openHistory({ key: profileKey(), name });
    expect(await history.find({ account: alice, id: 'm1' })).toMatchObject({ body: { text } });
  });

  it('are gone under another profile key, and come back when learnt again', async () => {
    const told = message('m1', { body: { text }, quote: { id: 'm0' } });
    const recalled = message('m2');
    await history.learn({
      account: alice,
      messages: [told, recalled],
      recalls: [recallOf(recalled)],
    });
    history.close();
    history = await openHistory({ key: profileKey(8), name });
    expect(await history.find({ account: alice, id: 'm1' })).toEqual({
      account: alice,
      ...factsOf(told),
      quote: { id: 'm0' },
    });
    const learnt = await history.learn({ account: alice, messages: [told, recalled] });
    expect(learnt.messages).toEqual([refOf(told)]);
    expect(await history.find({ account: alice, id: 'm1' })).toEqual({ account: alice, ...told });
    expect(await history.find({ account: alice, id: 'm2' })).not.toHaveProperty('body');
  });

  it('under a key that is gone are destroyed on request, and no others', async () => {
    const old = Array.from({ length: 1_100 }, (_, i) => message(`m${i}`));
    await history.learn({ account: alice, messages: old });
    history.close();
    history = await openHistory({ key: profileKey(8), name });
    await history.learn({ account: alice, messages: old.slice(0, 3) });
    expect(await history.forgetUnreadable()).toBe(1_097);
    expect((await sealedIn(name)).sort()).toEqual(['m0', 'm1', 'm2']);
    expect(await history.page(alice, withBob, 9_999)).toHaveLength(1_100);
    expect(await history.forgetUnreadable()).toBe(0);
  });

  it('under a key that is gone are not known any more, where they were', async () => {
    const edges = [
      { conversation: withBob, edge: { time: 100 } },
      { conversation: team, edge: { time: 300 } },
    ];
    const inTeam = message('m2', { conversation: team, time: 200 });
    await history.learn({
      account: alice,
      messages: [message('m1', { time: 100 }), inTeam],
      edges,
    });
    history.close();
    history = await openHistory({ key: profileKey(9), name });
    expect(await history.forgetUnreadable()).toBe(2);
    expect(await history.conversation(alice, withBob)).not.toHaveProperty('edge');
    // There nothing was lost of what was known.
    expect((await history.conversation(alice, team))?.edge).toEqual({ time: 300 });
  });

  it('that cannot be opened read as absent', async () => {
    await history.learn({ account: alice, messages: [message('m1'), message('m2')] });
    const db = await settled(indexedDB.open(name));
    const entries = db.transaction('entries', 'readwrite').objectStore('entries');
    const records = entries.getAll();
    records.onsuccess = () => {
      // Two sealed texts change places: each opens only where it belongs.
      const [one, other] = records.result as { body: Uint8Array }[];
      if (!one || !other) return;
      entries.put({ ...one, body: other.body });
      entries.put({ ...other, body: new Uint8Array(3) });
    };
    const tx = entries.transaction;
    await new Promise((resolve) => {
      tx.oncomplete = resolve;
    });
    db.close();
    const found = await history.page(alice, withBob, 9);
    expect(found.map(({ id, body }) => [id, body])).toEqual([
      ['m2', undefined],
      ['m1', undefined],
    ]);
  });
});
