import type { History } from '../history/history.ts';
import type { AccountId } from '../message/message.ts';
import { defaultWindowSeconds } from '../message/window.ts';
import { readPolicy } from '../platform/policy.ts';
import {
  noteServerTime,
  readKeptDays,
  readServerTime,
  readWindow,
  readWindows,
} from '../platform/settings.ts';

const day = 86_400;
/** Days that the fact of a recall is kept. */
const keptTombstoneDays = 30;

/**
 * Server seconds; what is older is not kept. By the user's choice of days, but what can still be
 * recalled is known, too. A policy counts for more than that: no window that the user sets makes it
 * longer than its days, or than the service's default window. `now` in server seconds.
 */
export async function keptSince(account: AccountId, now: number): Promise<number> {
  const [days, hint, windows, { retentionDays = Infinity }] = await Promise.all([
    readKeptDays(),
    readWindow(account),
    readWindows(account, now * 1000),
    readPolicy(),
  ]);
  // An app may take recalls for longer than anybody said, as its answers tell.
  const seen = Object.values(windows).map(({ expected }) => expected / 1000);
  const window = Math.max(hint, ...seen);
  const most = Math.max(retentionDays * day, defaultWindowSeconds);
  return now - Math.min(Math.max(days * day, window), most);
}

/**
 * By which server ms it is told what is too old while nothing tells the service's time. This
 * computer's clock counts on from when it was last told: once a day has gone, as it may be told any
 * moment, or at once where the user asks for it. A clock that was set ahead takes out what would go
 * some time later; it is read from the service again. One that was set back keeps it for longer.
 * Undefined: not yet.
 */
export async function countedTime(
  account: AccountId,
  isAskedFor: boolean,
): Promise<number | undefined> {
  const now = Date.now();
  const last = await readServerTime(account);
  // Not told since this is noted: from now on it is counted, too. A full disk counts from each time.
  if (!last) await noteServerTime(account, now).catch(() => undefined);
  const { server, clock } = last ?? { server: now, clock: now };
  const gone = Math.max(0, now - clock);
  return isAskedFor || gone >= day * 1000 ? server + gone : undefined;
}

/** Takes out what is too old to keep, and gives how much that was. `now` in server seconds. */
export async function sweepOld(history: History, account: AccountId, now: number): Promise<number> {
  return history.sweep(account, await keptSince(account, now), now - keptTombstoneDays * day);
}

/** How often that is done, ms: what is kept for minutes only must not stay for an hour. */
export async function sweepEvery(): Promise<number> {
  return (await readKeptDays()) === 0 ? 60_000 : 3_600_000;
}
