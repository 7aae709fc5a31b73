import type { History } from '../history/history.ts';
import type { AccountId } from '../message/message.ts';
import { defaultWindowSeconds } from '../message/window.ts';
import { readPolicy } from '../platform/policy.ts';
import { readKeptDays, readWindow } from '../platform/settings.ts';

const day = 86_400;
/** Days that the fact of a recall is kept. */
const keptTombstoneDays = 30;

/**
 * Server seconds; what is older is not kept. By the user's choice of days, but what can still be
 * recalled is known, too. A policy counts for more than that: no window that the user sets makes it
 * longer than its days, or than the service's default window. `now` in server seconds.
 */
export async function keptSince(account: AccountId, now: number): Promise<number> {
  const [days, window, { retentionDays = Infinity }] = await Promise.all([
    readKeptDays(),
    readWindow(account),
    readPolicy(),
  ]);
  const most = Math.max(retentionDays * day, defaultWindowSeconds);
  return now - Math.min(Math.max(days * day, window), most);
}

/** Takes out what is too old to keep. `now` in server seconds. */
export async function sweepOld(history: History, account: AccountId, now: number): Promise<void> {
  await history.sweep(account, await keptSince(account, now), now - keptTombstoneDays * day);
}

/** How often that is done, ms: what is kept for minutes only must not stay for an hour. */
export async function sweepEvery(): Promise<number> {
  return (await readKeptDays()) === 0 ? 60_000 : 3_600_000;
}
