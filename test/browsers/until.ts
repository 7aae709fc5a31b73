import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_MS = 30_000;
const POLL_MS = 10;

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
  const end = performance.now() + WAIT_MS;
  for (;;) {
    const value = await attempt();
    if (value) return value as Truthy<T>;
    if (performance.now() > end) {
      throw new Error(`Waited ${WAIT_MS} ms for ${typeof what === 'string' ? what : what()}`);
    }
    await sleep(POLL_MS);
  }
}
