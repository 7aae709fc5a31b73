import { forceCloseDatabase } from 'fake-indexeddb';
import { openDB, unwrap } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { destroyHistory, openHistory } from '../../../src/history/cache.ts';
import { HistoryError, type History } from '../../../src/history/history.ts';
import {
  placeOf,
  recordOf,
  tombstoneOf,
  upgrades,
  type Schema,
} from '../../../src/history/schema.ts';
import {
  alice,
  dump,
  factsOf,
  freshName,
  message,
  methodOf,
  profileKey,
  recallOf,
  refOf,
  sealedIn,
  settled,
  withBob,
  withoutId,
} from './fixtures.ts';

const opened: { close(): void }[] = [];

function open(name: string, more: Partial<Parameters<typeof openHistory>[0]> = {}) {
  return openHistory({ key: profileKey(), name, ...more }).then((history) => {
    opened.push(history);
    return history;
  });
}

/** A database as an older version of the schema made it, the first one unless said otherwise. */
async function openOld(name: string, version = 1): Promise<IDBDatabase> {
  const db = await openDB<Schema>(name, version, {
    upgrade(upgraded, _from, _to, upgrading) {
      for (const upgrade of upgrades.slice(0, version)) void upgrade(upgraded, upgrading);
    },
  });
  return unwrap(db);
}

/** A connection that lets nobody pass. */
async function stubborn(name: string, version?: number): Promise<IDBDatabase> {
  const db = await settled(indexedDB.open(name, version));
  opened.push(db);
  return db;
}

const lesson = { account: alice, messages: [message('m1'), message('m2')] };
const has = (history: History, id: string) =>
  history.find({ account: alice, id }).then((entry) => entry !== undefined);

function troubleOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'none',
    (error: unknown) => (error instanceof HistoryError ? error.trouble : error),
  );
}

/** The connections that transactions are made on from now on. */
function watchConnections(): Set<IDBDatabase> {
  const connections = new Set<IDBDatabase>();
  const real = methodOf(IDBDatabase.prototype, 'transaction');
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (
    this: IDBDatabase,
    ...args
  ) {
    connections.add(this);
    return real(this, ...args);
  });
  return connections;
}

/** Makes the n-th put fail as the browser does when there is no room. */
function failPut(nth: number, how: 'at once' | 'later'): void {
  const real = methodOf(IDBObjectStore.prototype, 'put');
  let puts = 0;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    ...args
  ) {
    puts += 1;
    if (puts !== nth) return real(this, ...args);
    const error = new DOMException('no room', 'QuotaExceededError');
    if (how === 'at once') throw error;
    const request = real(this, ...args);
    // As a request that fails in the browser's own process: its error, then the abort.
    Object.defineProperty(this.transaction, 'error', { get: () => error });
    this.transaction.abort();
    return request;
  });
}

afterEach(() => {
  vi.restoreAllMocks();
  for (const it of opened.splice(0)) it.close();
});

describe('the schema', () => {
  it('is at the version of its last upgrade', async () => {
    const name = freshName();
    await open(name);
    const db = await stubborn(name);
    expect(db.version).toBe(upgrades.length);
    expect([...db.objectStoreNames]).toEqual(['conversations', 'entries', 'meta', 'orphans']);
  });

  it('is upgraded step by step and keeps what it holds', async () => {
    const name = freshName();
    const old = await open(name);
    await old.learn(lesson);
    old.close();
    const steps: number[] = [];
    const history = await open(name, {
      upgrades: [
        ...upgrades,
        () => {
          steps.push(upgrades.length + 1);
        },
        async (_db, upgrading) => {
          const count = await upgrading.objectStore('entries').count();
          steps.push(upgrades.length + 2, count);
        },
      ],
    });
    expect(steps).toEqual([upgrades.length + 1, upgrades.length + 2, 2]);
    expect(await has(history, 'm2')).toBe(true);
  });

  it('of version 1 keeps facts and tombstones; its words come back when they are read anew', async () => {
    const name = freshName();
    const old = await openOld(name);
    const [living, dead] = [message('m1'), message('m2')];
    const recall = { by: 'bob', at: 1, witness: 'event' } as const;
    const tx = old.transaction(['entries', 'bodies', 'orphans', 'meta'], 'readwrite');
    tx.objectStore('entries').put(recordOf(alice, living));
    tx.objectStore('entries').put(tombstoneOf(recordOf(alice, dead), recall));
    tx.objectStore('bodies').put({ id: 'm1', part: 'body', sealed: new Uint8Array(80) }, [
      ...placeOf(alice, withBob, living),
      'body',
    ]);
    tx.objectStore('orphans').put({ recall, isCounted: true }, [alice, withBob, 'id', 'm3']);
    tx.objectStore('meta').put(new Uint8Array(80), 'key');
    tx.objectStore('meta').put(5, 'generation');
    await new Promise((resolve) => {
      tx.oncomplete = resolve;
    });
    old.close();

    const history = await open(name);
    const stores = await dump(name);
    expect(Object.keys(stores)).toEqual(['conversations', 'entries', 'meta', 'orphans']);
    expect(stores.meta).toEqual([['generation', 5]]);
    expect(await history.find({ account: alice, id: 'm1' })).toEqual({
      account: alice,
      ...factsOf(living),
    });
    await history.learn({ account: alice, messages: [living, dead, message('m3')] });
    const page = await history.page(alice, withBob, 9);
    expect(page.map(({ id, body, recall: of }) => [id, body?.text, of?.by])).toEqual([
      ['m3', undefined, 'bob'],
      ['m2', undefined, 'bob'],
      ['m1', 'words of m1', undefined],
    ]);
  });

  it.each([2, 3])('of version %i keeps all but the words of quotes', async (version) => {
    const name = freshName();
    const old = await openOld(name, version);
    const tx = old.transaction('entries', 'readwrite');
    const words = new Uint8Array(80).fill(7);
    const { sequence, time } = message('m0');
    const quoting = message('m1', { quote: { id: 'm0', sequence, time } });
    const records = [recordOf(alice, quoting), recordOf(alice, message('m2'))].map((record) => ({
      ...record,
      body: words,
    }));
    for (const record of records) {
      tx.objectStore('entries').put(record.quoteId ? { ...record, quote: words } : record);
    }
    await new Promise((resolve) => {
      tx.oncomplete = resolve;
    });
    old.close();

    const history = await open(name);
    // Any question: the database is opened by it.
    await history.find({ account: alice, id: 'm0' });
    const { entries = [] } = await dump(name);
    expect(entries.map(([, record]) => record)).toEqual(records.toReversed());
    const recalls = [withoutId(recallOf(message('m0')))];
    expect((await history.learn({ account: alice, recalls })).messages).toEqual([refOf(quoting)]);
  });

  it('stays as it was when an upgrade fails halfway', async () => {
    const name = freshName();
    const old = await open(name);
    await old.learn(lesson);
    old.close();
    const before = await dump(name);
    const failing = open(name, {
      upgrades: [
        ...upgrades,
        async (_db, upgrading) => {
          await upgrading.objectStore('entries').clear();
          throw new DOMException('no room', 'QuotaExceededError');
        },
      ],
    });
    expect(await troubleOf(failing)).toBe('full');
    expect(await dump(name)).toEqual(before);
    expect(await has(await open(name), 'm1')).toBe(true);
  });
});

describe('a database that cannot be had', () => {
  it('is blocked while an old connection does not let go, and works once it does', async () => {
    const name = freshName();
    const old = await open(name);
    await old.learn(lesson);
    old.close();
    const holder = await stubborn(name);
    const newer = { upgrades: [...upgrades, () => undefined] };
    expect(await troubleOf(open(name, { ...newer, patience: 30 }))).toBe('blocked');
    holder.close();
    // Not hurried: how long the upgrade takes is not what is looked at.
    expect(await has(await open(name, newer), 'm1')).toBe(true);
  });

  it('is unavailable while a deletion stands before us', async () => {
    const name = freshName();
    (await open(name)).close();
    const holder = await stubborn(name);
    const deletion = indexedDB.deleteDatabase(name);
    expect(await troubleOf(open(name, { patience: 30 }))).toBe('unavailable');
    holder.close();
    await settled(deletion);
    expect(await has(await open(name), 'm1')).toBe(false);
  });

  it('is newer when a newer Unsay wrote it, and stays untouched', async () => {
    const name = freshName();
    const newer = await open(name, { upgrades: [...upgrades, () => undefined] });
    await newer.learn(lesson);
    newer.close();
    const before = await dump(name);
    expect(await troubleOf(open(name))).toBe('newer');
    expect(await dump(name)).toEqual(before);
  });

  it('is corrupt when its stores are not there, until it is destroyed', async () => {
    const name = freshName();
    (await stubborn(name, 1)).close();
    expect(await troubleOf(open(name))).toBe('corrupt');
    await destroyHistory(name);
    expect(await troubleOf(open(name))).toBe('none');
  });

  it('is corrupt when the browser says its files are', async () => {
    const name = freshName();
    const history = await open(name);
    vi.spyOn(IDBIndex.prototype, 'get').mockImplementation(() => {
      throw new DOMException('Internal error', 'UnknownError');
    });
    expect(await troubleOf(history.find({ account: alice, id: 'm1' }))).toBe('corrupt');
  });

  it.each(['at once', 'later'] as const)(
    'is full, and then nothing is half stored (told %s)',
    async (how) => {
      const name = freshName();
      const history = await open(name);
      const before = await dump(name);
      failPut(3, how);
      expect(await troubleOf(history.learn(lesson))).toBe('full');
      vi.restoreAllMocks();
      expect(await dump(name)).toEqual(before);
      await history.learn(lesson);
      expect(await has(history, 'm2')).toBe(true);
    },
  );

  it('is unavailable after close', async () => {
    const history = await open(freshName());
    history.close();
    expect(await troubleOf(history.learn(lesson))).toBe('unavailable');
  });
});

describe('a connection', () => {
  it('lets a newer Unsay pass and then says that it is newer', async () => {
    const name = freshName();
    const old = await open(name);
    await old.learn(lesson);
    const newer = await open(name, { upgrades: [...upgrades, () => undefined] });
    expect(await has(newer, 'm1')).toBe(true);
    expect(await troubleOf(old.find({ account: alice, id: 'm1' }))).toBe('newer');
  });

  it('lets a deletion pass and goes on with an empty database', async () => {
    const name = freshName();
    const history = await open(name);
    await history.learn(lesson);
    await destroyHistory(name, 500);
    expect(await has(history, 'm1')).toBe(false);
    await history.learn(lesson);
    expect(await history.find({ account: alice, id: 'm1' })).toMatchObject(message('m1'));
  });

  it('that the browser ends is opened again', async () => {
    const name = freshName();
    const connections = watchConnections();
    const history = await open(name);
    await history.learn(lesson);
    for (const db of connections) forceCloseDatabase(db as never);
    expect(await has(history, 'm1')).toBe(true);
  });

  it('that was closed without a word is opened again, for all who wait at once', async () => {
    const name = freshName();
    const connections = watchConnections();
    const history = await open(name);
    await history.learn(lesson);
    for (const db of connections) db.close();
    const [mine, ...found] = await Promise.all([
      history.mine(alice, 0, 9),
      has(history, 'm1'),
      has(history, 'm2'),
      history.learn({ account: alice, messages: [message('m3')] }).then(() => has(history, 'm3')),
    ]);
    expect(mine).toEqual([]);
    expect(found).toEqual([true, true, true]);
  });

  it('is shared with another history, whose recall counts though it came while we sealed', async () => {
    const name = freshName();
    const [one, other] = [await open(name), await open(name)];
    const gate = Promise.withResolvers<undefined>();
    const sealing = Promise.withResolvers<undefined>();
    const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
    vi.spyOn(crypto.subtle, 'encrypt').mockImplementation(async (...args) => {
      sealing.resolve(undefined);
      await gate.promise;
      return encrypt(...args);
    });
    const learning = one.learn(lesson);
    await sealing.promise;
    await other.learn({ account: alice, recalls: [recallOf(message('m1'))] });
    gate.resolve(undefined);
    expect(await learning).toMatchObject({ messages: [{ id: 'm2' }], recalled: [{ id: 'm1' }] });
    expect(await other.find({ account: alice, id: 'm1' })).not.toHaveProperty('body');
    expect(await sealedIn(name)).toEqual(['m2']);
  });
});

describe('destroying', () => {
  it('says that it is blocked by who does not let go', async () => {
    const name = freshName();
    await open(name);
    const holder = await stubborn(name);
    expect(await troubleOf(destroyHistory(name, 30))).toBe('blocked');
    holder.close();
  });
});
