import { browser } from './browser.ts';

/** `local` survives the browser's exit, readable on disk; `session` is memory, and outlives the worker only. */
export type AreaName = 'local' | 'session';

/** One of the two places where the browser keeps values for us. All reject as the browser does. */
export interface Area {
  /** Undefined where nothing is kept under this key. */
  get(key: string): Promise<unknown>;
  /** All that is kept, by its key. */
  all(): Promise<Readonly<Record<string, unknown>>>;
  /** Rejects when the browser could not keep it (disk full). */
  set(key: string, value: unknown): Promise<void>;
  remove(key: string): Promise<void>;
}

/** The browser itself, asked each time. */
export function askedArea(name: AreaName): Area {
  const area = (): typeof browser.storage.local => browser.storage[name];
  return {
    get: async (key) => (await area().get(key))[key],
    all: () => area().get(null),
    set: (key, value) => area().set({ [key]: value }),
    remove: (key) => area().remove(key),
  };
}

let areas: Readonly<Record<AreaName, Area>> | undefined;

/** Where values are read and written: the browser itself, unless `useAreas` said otherwise. */
export function areaOf(name: AreaName): Area {
  return areas?.[name] ?? askedArea(name);
}

/** Has everything that is stored go by these from now on. */
export function useAreas(used: Readonly<Record<AreaName, Area>>): void {
  areas = used;
}
