import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_MS = 30_000;
const POLL_MS = 15;
/** A wait that has lasted looks less often, and leaves the cores to what it waits for. */
const SLOWEST_POLL_MS = 200;
const POLLS_PER_WAIT = 20;

/** What `T` is when it is truthy. */
export type Truthy<T> = Exclude<T, false | 0 | '' | null | undefined>;

/**
 * Asks the browser again and again until `attempt` gives something truthy.
 *
 * @param what What is waited for, for the error message; a function is asked at the end.
 */
export async function until<T>(
  what: string | (() => string),
  attempt: () => Promise<T>,
): Promise<Truthy<T>> {
  const begin = performance.now();
  for (;;) {
    const value = await attempt();
    if (value) return value as Truthy<T>;
    if (performance.now() > begin + WAIT_MS) {
      throw new Error(`Waited ${WAIT_MS} ms for ${typeof what === 'string' ? what : what()}`);
    }
    await pause(begin);
  }
}

/** The time between two looks of a wait that began then (performance.now()). */
export function pause(begin: number): Promise<void> {
  const lasted = performance.now() - begin;
  return sleep(Math.min(Math.max(lasted / POLLS_PER_WAIT, POLL_MS), SLOWEST_POLL_MS));
}
