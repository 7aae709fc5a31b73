import { deleteDatabase, makeDatabase, write, type DatabaseOptions } from './database.ts';
import { forget, forgetBodies, sweep } from './forget.ts';
import type { History } from './history.ts';
import { learn } from './learn.ts';
import * as recollect from './recollect.ts';
import type { Db } from './schema.ts';
import { makeVault, type ProfileKey, type Vault } from './vault.ts';

export const defaultName = 'unsay-history';

export interface HistoryOptions extends Partial<Omit<DatabaseOptions, 'greet'>> {
  /** Gives the profile key. Bodies written under another key are deleted: nobody can read them. */
  readonly key: () => Promise<ProfileKey>;
}

/** What is sealed under the profile key to recognise it; says nothing about the key. */
const recognition = 'the same profile key';

/** Makes a connection's bodies and the profile key fit each other. */
async function adopt(db: Db, vault: Vault): Promise<void> {
  const known = await db.get('meta', 'key');
  if (known instanceof Uint8Array && (await vault.open(known, 'meta')) === recognition) return;
  const sealed = await vault.seal(recognition, 'meta');
  await write(db, 'strict', async (tx) => {
    await forgetBodies(tx);
    await tx.objectStore('meta').put(sealed, 'key');
  });
}

/**
 * Opens the history on IndexedDB. Rejects with `HistoryError` when the database cannot be opened;
 * opening again later is all it takes once the reason is gone ('corrupt': `destroyHistory`).
 */
export async function openHistory(options: HistoryOptions): Promise<History> {
  const { key, name = defaultName, ...rest } = options;
  const vault = await makeVault(await key());
  const database = makeDatabase({ ...rest, name, greet: (db) => adopt(db, vault) });

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
    learn: (lesson) => inTurn((db) => learn(db, vault, lesson)),
    forget: (account) => inTurn((db) => forget(db, account)),
    sweep: (account, time, tombstonesBefore) =>
      inTurn((db) => sweep(db, account, time, tombstonesBefore)),
    find: (ref) => database.use((db) => recollect.find(db, vault, ref)),
    findAll: (account, ids) => database.use((db) => recollect.findAll(db, vault, account, ids)),
    mine: (account, since, most) =>
      database.use((db) => recollect.newest(db, vault, 'mine', { account, since, most })),
    recalled: (account, since, most) =>
      database.use((db) => recollect.newest(db, vault, 'recalled', { account, since, most })),
    page: (account, conversation, most, before) =>
      database.use((db) => recollect.page(db, vault, { account, conversation }, most, before)),
    conversations: (account) => database.use((db) => recollect.conversations(db, vault, account)),
    conversation: (account, id) =>
      database.use((db) => recollect.conversation(db, vault, account, id)),
    close: () => {
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
