import { deleteDatabase, makeDatabase, type DatabaseOptions } from './database.ts';
import { forget, forgetUnreadable, sweep } from './forget.ts';
import type { History } from './history.ts';
import { holds } from './holds.ts';
import { learn } from './learn.ts';
import * as recollect from './recollect.ts';
import type { Db } from './schema.ts';
import { Searcher, type Bounds } from './search.ts';
import { makeVault, type ProfileKey } from './vault.ts';

export const defaultName = 'unsay-history';

export interface HistoryOptions extends Partial<DatabaseOptions> {
  /** Gives the profile key. Words sealed under another one read as absent: nobody can open them. */
  readonly key: () => Promise<ProfileKey>;
  /** How much a search holds in memory; what is more is read anew for each. */
  readonly searchBounds?: Bounds;
}

/**
 * Opens the history on IndexedDB. Rejects with `HistoryError` when the database cannot be opened;
 * opening again later is all it takes once the reason is gone ('corrupt': `destroyHistory`).
 */
export async function openHistory(options: HistoryOptions): Promise<History> {
  const { key, name = defaultName, searchBounds, ...rest } = options;
  const vault = await makeVault(await key());
  const database = makeDatabase({ ...rest, name });

  const searcher = new Searcher(database, vault, searchBounds);
  /** Nothing may stay in memory that is stored no longer. */
  const letGo = (): void => {
    vault.forget();
    searcher.drop();
  };

  /** Writers come one after the other, so that what is learnt later stands above. */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: (db: Db) => Promise<T>): Promise<T> => {
    const run = turn.then(() => database.use(work));
    turn = run.catch(() => undefined);
    return run;
  };

  try {
    await database.use(() => Promise.resolve());
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    learn: (lesson) =>
      inTurn((db) =>
        learn(db, vault, lesson, (what) => {
          searcher.follow(what);
        }),
      ),
    search: (account, query, most, before) => searcher.search(account, query, most, before),
    warm: () => searcher.warm(),
    holds: (text) => holds(database, vault, text),
    sizes: () => database.use(recollect.sizes),
    forgetUnreadable: () => inTurn((db) => forgetUnreadable(db, vault)),
    forget: (account) =>
      inTurn(async (db) => {
        await forget(db, account);
        letGo();
      }),
    sweep: (account, time, tombstonesBefore) =>
      inTurn(async (db) => {
        const swept = await sweep(db, account, time, tombstonesBefore);
        if (!swept) return 0;
        vault.forget();
        searcher.followSweep(swept.generation, account, time);
        return swept.removed;
      }),
    find: (ref) => database.use((db) => recollect.find(db, vault, ref)),
    findAll: (account, ids) => database.use((db) => recollect.findAll(db, vault, account, ids)),
    quotingRecalled: (account, entries) =>
      database.use((db) => recollect.quotingRecalled(db, account, entries)),
    mine: (account, since, most) =>
      database.use((db) => recollect.newest(db, vault, 'mine', { account, since, most })),
    mineUnopened: (account, since, most) =>
      database.use((db) => recollect.newestFacts(db, { account, since, most })),
    recalled: (account, since, most) =>
      database.use((db) => recollect.newest(db, vault, 'recalled', { account, since, most })),
    page: (account, conversation, most, before) =>
      database.use((db) => recollect.page(db, vault, { account, conversation }, most, before)),
    conversations: (account) => database.use((db) => recollect.conversations(db, vault, account)),
    conversation: (account, id) =>
      database.use((db) => recollect.conversation(db, vault, account, id)),
    extent: (account) => database.use((db) => recollect.extent(db, account)),
    close: () => {
      letGo();
      database.close();
    },
  };
}

/**
 * Deletes the database, also a corrupt or a newer one, so that the next `openHistory` starts anew
 * and everything can be learnt again. Rejects with `HistoryError` 'blocked' when another
 * connection does not let go; an open `History` of ours does.
 */
export async function destroyHistory(name = defaultName, patience?: number): Promise<void> {
  await deleteDatabase(name, patience);
}
