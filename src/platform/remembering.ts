import { browser } from './browser.ts';
import { forgetManaged, rememberManaged } from './managed.ts';
import { askedArea, useAreas, type Area, type AreaName } from './storage-area.ts';

/** An area that remembers what it was asked. */
export interface RememberedArea extends Area {
  /** The browser says that this key has another value now, whoever wrote it; undefined: none. */
  hear(key: string, value: unknown): void;
}

/**
 * Has the browser asked once for all it keeps for us, and what it answered remembered: one question of
 * a page takes some thirty values, each of them a way to another process and back, one after the other.
 * For the worker, in its first turn: it hears of whatever else changes them.
 */
export function rememberStorage(): void {
  const areas: Readonly<Record<AreaName, RememberedArea>> = {
    local: remembered(askedArea('local')),
    session: remembered(askedArea('session')),
  };
  browser.storage.onChanged.addListener((changes, name) => {
    if (name === 'managed') forgetManaged();
    else if (name === 'local' || name === 'session') {
      for (const [key, { newValue }] of Object.entries(changes)) areas[name].hear(key, newValue);
    }
  });
  useAreas(areas);
  rememberManaged();
}

/**
 * Remembers what `area` keeps, as far as it is sure: what was read, and what the browser said it has
 * written. What it could not write, or somebody else did, is read anew.
 */
export function remembered(area: Area): RememberedArea {
  const known = new Map<string, unknown>();
  /** Keys of which the first reading of all says nothing any more. */
  const anew = new Set<string>();
  /** Readings of one key that are under way, unless they came to be out of date. */
  const readings = new Map<string, Promise<unknown>>();
  /** What is being written, unless somebody else wrote the same key meanwhile. */
  const writings = new Map<string, { readonly value: unknown }>();
  let first: Promise<void> | undefined;

  const know = (key: string, value: unknown): void => {
    readings.delete(key);
    known.set(key, value);
  };
  const forget = (key: string): void => {
    readings.delete(key);
    known.delete(key);
    anew.add(key);
  };
  const readAll = async (): Promise<void> => {
    try {
      for (const [key, value] of Object.entries(await area.all())) {
        if (!known.has(key) && !anew.has(key)) known.set(key, value);
      }
    } catch (error) {
      first = undefined;
      throw error;
    }
  };
  const readOne = (key: string): Promise<unknown> => {
    const reading = area.get(key).then(
      (value) => {
        if (readings.get(key) === reading) know(key, value);
        return value;
      },
      (error: unknown) => {
        if (readings.get(key) === reading) readings.delete(key);
        throw error;
      },
    );
    readings.set(key, reading);
    return reading;
  };
  const write = async (key: string, value: unknown, work: () => Promise<void>): Promise<void> => {
    const writing = { value };
    writings.set(key, writing);
    let isSure = false;
    try {
      await work();
      isSure = writings.get(key) === writing;
    } finally {
      if (isSure) know(key, value);
      else forget(key);
      if (writings.get(key) === writing) writings.delete(key);
    }
  };

  return {
    all: () => area.all(),
    async get(key) {
      if (!known.has(key) && !anew.has(key)) await (first ??= readAll());
      return known.has(key) || !anew.has(key)
        ? known.get(key)
        : (readings.get(key) ?? readOne(key));
    },
    set: (key, value) => write(key, asKept(value), () => area.set(key, value)),
    remove: (key) => write(key, undefined, () => area.remove(key)),
    hear(key, value) {
      const writing = writings.get(key);
      if (writing && !isSame(writing.value, value)) writings.delete(key);
      if (!known.has(key) || !isSame(known.get(key), value)) forget(key);
    },
  };
}

/** A value as the browser gives it back: a copy, without what is undefined in it. */
function asKept(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

/** Whether two values as browsers keep them are the same; the order of keys is the browser's own. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return false;
  }
  const [entries, others] = [Object.entries(one), other as Record<string, unknown>];
  return (
    Array.isArray(one) === Array.isArray(other) &&
    entries.length === Object.keys(other).length &&
    entries.every(([key, value]) => Object.hasOwn(other, key) && isSame(value, others[key]))
  );
}
