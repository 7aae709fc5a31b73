import { deleteDB, openDB, unwrap, type IDBPTransaction } from 'idb';
import { HistoryError, type HistoryTrouble } from './history.ts';
import {
  stores,
  upgrades as allUpgrades,
  type Db,
  type Schema,
  type Store,
  type Upgrade,
} from './schema.ts';

/** A connection that comes back by itself. */
export interface Database {
  /**
   * Runs `work` on an open connection and, when the connection is lost meanwhile, once more on a
   * new one: `work` must be harmless when repeated. Rejects with `HistoryError` for every trouble
   * of the database; what is no such trouble passes through.
   */
  use<T>(work: (db: Db) => Promise<T>): Promise<T>;
  close(): void;
}

export interface DatabaseOptions {
  readonly name: string;
  /** Milliseconds to wait for a connection that somebody else holds up. */
  readonly patience?: number;
  readonly upgrades?: readonly Upgrade[];
}

/** Long enough for an old page to hear `versionchange` and let go, short enough to say so. */
const defaultPatience = 3000;

const troubles: Readonly<Record<string, HistoryTrouble>> = {
  QuotaExceededError: 'full',
  VersionError: 'newer',
  // What Chromium and Firefox say when their files are damaged.
  UnknownError: 'corrupt',
  NotReadableError: 'corrupt',
  // A store or an index of this very version is missing.
  NotFoundError: 'corrupt',
};

/** Any failure of IndexedDB as history's own error; anything else as it is. */
function toHistoryError(error: unknown): unknown {
  if (!(error instanceof DOMException)) return error;
  return new HistoryError(troubles[error.name] ?? 'unavailable', { cause: error });
}

/** What every call says on a connection that was closed. */
function isInvalidState(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'InvalidStateError';
}

function ignore(): void {
  // For promises whose failure is told elsewhere.
}

/** Rejects after `patience` ms for as long as `reason` gives one; else follows `promise`. */
function within<T>(
  patience: number,
  promise: Promise<T>,
  reason: () => HistoryTrouble | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const trouble = reason();
      if (trouble) reject(new HistoryError(trouble));
    }, patience);
    promise
      .finally(() => {
        clearTimeout(timer);
      })
      .then(resolve, reject);
  });
}

interface Opening {
  /** Whether the browser has not let us in yet: somebody else's connection or deletion is first. */
  isWaiting: boolean;
  isBlocked: boolean;
}

/** A database that opens on first use. */
export function makeDatabase(options: DatabaseOptions): Database {
  const { name, patience = defaultPatience, upgrades = allUpgrades } = options;
  let current: { readonly state: Opening; readonly db: Promise<Db> } | undefined;
  /** The connection that stands. Waiting for it with a timer would cost a fifth of a look-up. */
  let standing: Db | undefined;
  let isClosed = false;
  /** Connections that ended without our `close()`. */
  const lost = new WeakSet<Db>();

  async function connect(state: Opening): Promise<Db> {
    let db: Db | undefined;
    let upgradeError: unknown;
    const lose = (): void => {
      if (db) lost.add(db);
      if (current?.state === state) current = undefined;
      if (standing === db) standing = undefined;
    };
    try {
      db = await openDB<Schema>(name, upgrades.length, {
        upgrade(upgraded, from, _to, upgrading) {
          state.isWaiting = false;
          const run = async (): Promise<void> => {
            for (const upgrade of upgrades.slice(from)) await upgrade(upgraded, upgrading);
          };
          run().catch((error: unknown) => {
            // The database stays as it was, at its old version.
            upgradeError = error;
            upgrading.done.catch(ignore);
            upgrading.abort();
          });
        },
        blocked() {
          state.isBlocked = true;
        },
        blocking() {
          // A newer Unsay or a deletion waits for us: let it pass.
          lose();
          db?.close();
        },
        terminated: lose,
      });
      state.isWaiting = false;
      if (isClosed) throw new HistoryError('unavailable');
      for (const store of stores) {
        if (!db.objectStoreNames.contains(store)) throw new HistoryError('corrupt');
      }
      standing = db;
      return db;
    } catch (error) {
      lose();
      db?.close();
      throw upgradeError ?? error;
    }
  }

  function connection(): Promise<Db> {
    if (isClosed) return Promise.reject(new HistoryError('unavailable'));
    if (!current) {
      const state: Opening = { isWaiting: true, isBlocked: false };
      const db = connect(state);
      current = { state, db };
      db.catch(() => {
        if (current?.state === state) current = undefined;
      });
    }
    const { state, db } = current;
    return within(patience, db, () => {
      if (!state.isWaiting) return undefined;
      return state.isBlocked ? 'blocked' : 'unavailable';
    });
  }

  return {
    async use(work) {
      for (let isSecondTry = false; ; isSecondTry = true) {
        let db: Db | undefined;
        try {
          db = standing ?? (await connection());
          return await work(db);
        } catch (error) {
          if (!db || isSecondTry || isClosed) throw toHistoryError(error);
          if (!lost.has(db)) {
            // It may have been closed without a word to us.
            if (!isInvalidState(error)) throw toHistoryError(error);
            lost.add(db);
            current = undefined;
            standing = undefined;
          }
        }
      }
    },
    close() {
      isClosed = true;
      standing = undefined;
      current?.db.then((db) => {
        db.close();
      }, ignore);
      current = undefined;
    },
  };
}

/**
 * Deletes a database, whatever state it is in. Rejects with `HistoryError` 'blocked' when somebody
 * does not let go of it within `patience` ms; the browser then deletes it as soon as they do.
 */
export async function deleteDatabase(name: string, patience = defaultPatience): Promise<void> {
  let isBlocked = false;
  const deleted = deleteDB(name, {
    blocked() {
      isBlocked = true;
    },
  });
  try {
    await within(patience, deleted, () => (isBlocked ? 'blocked' : 'unavailable'));
  } catch (error) {
    throw toHistoryError(error);
  }
}

export type Reading = IDBPTransaction<Schema, Store[], 'readonly' | 'readwrite'>;
export type Writing = IDBPTransaction<Schema, Store[], 'readwrite'>;

/** Changes records. Nobody waits for a single one: one that fails takes the transaction with it. */
export interface Pen {
  put<S extends Store>(store: S, value: Schema[S]['value'], key?: Schema[S]['key']): void;
  delete<S extends Store>(store: S, key: Schema[S]['key'] | IDBKeyRange): void;
  clear(store: Store): void;
}

/**
 * One transaction over every store: either all that `work` asks for is stored, or nothing and the
 * cause is thrown. `strict` waits for the disk. Within `work` only the transaction's own requests
 * may be awaited; puts and deletes go through the pen: a promise for each took a tenth of the time
 * of writing (measured in Chromium 156).
 */
export async function write<T>(
  db: Db,
  durability: 'strict' | 'relaxed',
  work: (tx: Writing, pen: Pen) => Promise<T>,
): Promise<T> {
  const tx = db.transaction(stores, 'readwrite', { durability });
  tx.done.catch(ignore);
  const plain = unwrap(tx);
  const pen: Pen = {
    put(store, value, key) {
      plain.objectStore(store).put(value, key);
    },
    delete(store, key) {
      plain.objectStore(store).delete(key);
    },
    clear(store) {
      plain.objectStore(store).clear();
    },
  };
  try {
    const result = await work(tx, pen);
    await tx.done;
    return result;
  } catch (error) {
    try {
      tx.abort();
    } catch {
      // It was over already.
    }
    // The request that failed first says why the transaction did.
    throw tx.error ?? error;
  }
}

/**
 * Waits, within a transaction, for something that is no request of it: looks keep it open meanwhile.
 * They take their turn behind what was asked for before, so they are few.
 */
export async function keepOpen<T>(tx: Writing, promise: Promise<T>): Promise<T> {
  const waiting = { isOver: false };
  const end = (): void => {
    waiting.isOver = true;
  };
  promise.then(end, end);
  // One that is over already needs no look.
  await Promise.resolve();
  // The end counts only after a look: between two looks nothing may be asked of the transaction.
  while (!waiting.isOver) await tx.objectStore('meta').get('generation');
  return promise;
}

/** A look at every store, or only at those named, at one moment. */
export async function read<T>(
  db: Db,
  work: (tx: Reading) => Promise<T>,
  scope: Store[] = stores,
): Promise<T> {
  const tx = db.transaction(scope, 'readonly');
  tx.done.catch(ignore);
  return work(tx);
}
