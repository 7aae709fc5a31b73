import { apply, isArray, now, ownKeys } from './language.ts';

/*
 * How a page's own objects are looked at: any of them may be missing, throw, lie, be without end, or
 * lead back to itself. Nothing here throws, and nothing is written to them.
 */

/** What an object of the page holds under a name; undefined where it holds nothing, or throws. */
export function peek(of: unknown, name: PropertyKey): unknown {
  if ((typeof of !== 'object' && typeof of !== 'function') || of === null) return undefined;
  try {
    return (of as Readonly<Record<PropertyKey, unknown>>)[name];
  } catch {
    return undefined;
  }
}

/** What a function of an object of the page answers; undefined where there is none, or it throws. */
export function call(of: unknown, name: string): unknown {
  const method = peek(of, name);
  if (typeof method !== 'function') return undefined;
  try {
    return apply(method as () => unknown, of, []);
  } catch {
    return undefined;
  }
}

/** The object's own keys, or none. */
export function keysOf(of: unknown): readonly PropertyKey[] {
  if ((typeof of !== 'object' && typeof of !== 'function') || of === null) return [];
  try {
    return ownKeys(of);
  } catch {
    return [];
  }
}

/** The list if it is one, else one without items. Its items are the page's. */
export function listOf(value: unknown): readonly unknown[] {
  try {
    return isArray(value) ? value : [];
  } catch {
    // A proxy that was revoked.
    return [];
  }
}

/** How much may still be looked at. */
export interface Budget {
  steps: number;
  /** By `now`. */
  readonly until: number;
}

/** Takes a step. False: no more. */
export function mayStep(budget: Budget): boolean {
  budget.steps -= 1;
  // The clock is not free: it is looked at now and then.
  if (budget.steps % 32 === 0 && now() > budget.until) budget.steps = 0;
  return budget.steps > 0;
}
