import * as v from 'valibot';
import { browser } from './browser.ts';

/** One value kept by the browser, checked on every read. */
export interface Stored<T> {
  /** `found`: what the browser answered to somebody who asked for it before. */
  read(found?: Promise<Record<string, unknown>>): Promise<T>;
  /** Rejects when the browser could not keep it (disk full). */
  write(value: T): Promise<void>;
  /** Reads, changes and writes; changes of one value wait for each other. */
  change(change: (value: T) => T): Promise<T>;
  clear(): Promise<void>;
}

/**
 * A value in `storage.local` (survives the browser's exit, readable on disk) or `storage.session`
 * (memory only, survives the worker's death). What does not fit the schema, from an older version
 * or a damaged profile, reads as `fallback`.
 */
// Lets a build leave out what its pages do not use:
// @__NO_SIDE_EFFECTS__
export function stored<T>(
  area: 'local' | 'session',
  key: string,
  schema: v.GenericSchema<unknown, T>,
  fallback: T,
): Stored<T> {
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <R>(work: () => Promise<R>): Promise<R> => {
    const turn = queue.then(work, work);
    queue = turn.catch(() => undefined);
    return turn;
  };
  const read = async (
    found: Promise<Record<string, unknown>> = browser.storage[area].get(key),
  ): Promise<T> => {
    const value = v.safeParse(schema, (await found)[key]);
    return value.success ? value.output : fallback;
  };
  return {
    read,
    write: (value) => inTurn(() => browser.storage[area].set({ [key]: value })),
    change: (change) =>
      inTurn(async () => {
        const value = change(await read());
        await browser.storage[area].set({ [key]: value });
        return value;
      }),
    clear: () => inTurn(() => browser.storage[area].remove(key)),
  };
}

/**
 * A list of which every element is checked by itself: one that a damaged profile or another
 * version left unreadable does not take the others with it.
 */
// @__NO_SIDE_EFFECTS__
export function storedList<T>(
  area: 'local' | 'session',
  key: string,
  element: v.GenericSchema<unknown, T>,
): Stored<readonly T[]> {
  const list = v.pipe(
    v.array(v.unknown()),
    v.transform((all) => all.filter((one): one is T => v.is(element, one))),
  );
  return stored<readonly T[]>(area, key, list, []);
}

/**
 * Keeps `storage.local` from content scripts, which live in hostile pages. Chrome opens it to them
 * by default; Firefox has no such switch before it knows `setAccessLevel`.
 */
export async function lockStorage(): Promise<void> {
  const local = browser.storage.local as typeof browser.storage.local & {
    setAccessLevel?: (level: { accessLevel: 'TRUSTED_CONTEXTS' }) => Promise<void>;
  };
  await local.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' });
}
