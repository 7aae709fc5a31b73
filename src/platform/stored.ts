import * as v from 'valibot';
import { browser } from './browser.ts';
import { areaOf, type AreaName } from './storage-area.ts';
import { Turns } from './turns.ts';

/** One value kept by the browser, checked on every read. */
export interface Stored<T> {
  /** `found`: what the browser answered to somebody who asked for it before. */
  read(found?: Promise<Record<string, unknown>>): Promise<T>;
  /** Rejects when the browser could not keep it (disk full). */
  write(value: T): Promise<void>;
  /**
   * Reads, changes and writes; changes of one value wait for each other. Writes nothing where the very
   * same value comes back.
   */
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
  area: AreaName,
  key: string,
  schema: v.GenericSchema<unknown, T>,
  fallback: T,
): Stored<T> {
  const turns = new Turns();
  const read = async (found?: Promise<Record<string, unknown>>): Promise<T> => {
    const kept = found ? (await found)[key] : await areaOf(area).get(key);
    const value = v.safeParse(schema, kept);
    return value.success ? value.output : fallback;
  };
  return {
    read,
    write: (value) => turns.take(() => areaOf(area).set(key, value)),
    change: (change) =>
      turns.take(async () => {
        const before = await read();
        const value = change(before);
        if (value !== before) await areaOf(area).set(key, value);
        return value;
      }),
    clear: () => turns.take(() => areaOf(area).remove(key)),
  };
}

/**
 * A list of which every element is checked by itself: one that a damaged profile or another
 * version left unreadable does not take the others with it.
 */
// @__NO_SIDE_EFFECTS__
export function storedList<T>(
  area: AreaName,
  key: string,
  element: v.GenericSchema<unknown, T>,
): Stored<readonly T[]> {
  return stored<readonly T[]>(area, key, listOf(element), []);
}

function listOf<T>(element: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, readonly T[]> {
  return v.pipe(
    v.array(v.unknown()),
    v.transform((all) => all.filter((one): one is T => v.is(element, one))),
  );
}

/** A list that goes on while the disk is full. */
export interface EnduringList<T> {
  read(): Promise<readonly T[]>;
  /** Rejects when the browser keeps nothing at all any more. */
  change(change: (all: readonly T[]) => readonly T[]): Promise<readonly T[]>;
  /** Takes elements out; rejects as long as the disk still holds them. */
  remove(isGone: (one: T) => boolean): Promise<void>;
  /** Brings to the disk what did not fit there before. Never rejects. */
  settle(): Promise<void>;
}

/**
 * A list in `storage.local`. What the disk does not take stands in `storage.session` until it does:
 * the list is then true for every worker of this browser session, and none after it.
 */
// @__NO_SIDE_EFFECTS__
export function enduringList<T>(
  key: string,
  element: v.GenericSchema<unknown, T>,
): EnduringList<T> {
  const disk = storedList('local', key, element);
  const beside = stored<readonly T[] | undefined>(
    'session',
    key,
    v.optional(listOf(element)),
    undefined,
  );
  const turns = new Turns();
  const look = async (): Promise<{
    all: readonly T[];
    isBeside: boolean;
    onDisk: readonly T[];
  }> => {
    const [besides, onDisk] = await Promise.all([beside.read(), disk.read()]);
    return { all: besides ?? onDisk, isBeside: besides !== undefined, onDisk };
  };
  /** Resolves with why the disk did not take it, if it did not. */
  const write = async (
    all: readonly T[],
    isBeside: boolean,
  ): Promise<{ readonly obstacle: unknown } | undefined> => {
    // First: a worker that dies in between leaves what is true where it is looked for first.
    if (isBeside) await beside.write(all);
    try {
      await disk.write(all);
    } catch (obstacle) {
      if (!isBeside) await beside.write(all);
      return { obstacle };
    }
    if (isBeside) await beside.clear();
    return undefined;
  };
  return {
    read: async () => (await look()).all,
    change: (change) =>
      turns.take(async () => {
        const { all, isBeside } = await look();
        const next = change(all);
        await write(next, isBeside);
        return next;
      }),
    remove: (isGone) =>
      turns.take(async () => {
        const { all, isBeside, onDisk } = await look();
        if (![...all, ...onDisk].some(isGone)) return;
        const rest = all.filter((one) => !isGone(one));
        const failed = await write(rest, isBeside);
        if (failed) throw failed.obstacle;
      }),
    settle: () =>
      turns
        .take(async () => {
          const { all, isBeside } = await look();
          if (isBeside) await write(all, isBeside);
        })
        .catch(() => undefined),
  };
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
