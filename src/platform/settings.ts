import * as v from 'valibot';
import type { AccountId } from '../message/message.ts';
import { defaultWindowSeconds } from '../message/recall.ts';
import { stored } from './stored.ts';

const windows = stored('local', 'windows', v.record(v.string(), v.number()), {});

/** The recall window of an account, seconds, as the user set it; the service's default otherwise. */
export async function readWindow(account: AccountId): Promise<number> {
  const all = await windows.read();
  return Object.hasOwn(all, account)
    ? (all[account] ?? defaultWindowSeconds)
    : defaultWindowSeconds;
}

/** Sets the recall window of an account, seconds. */
export async function writeWindow(account: AccountId, seconds: number): Promise<void> {
  await windows.change((all) => ({ ...all, [account]: seconds }));
}

const offsets = stored('session', 'server-offsets', v.record(v.string(), v.number()), {});

/**
 * Server time minus this computer's clock, ms, as last measured for an account in this browser
 * session; lets a woken worker count before it is connected. Undefined when never measured.
 */
export async function readServerOffset(account: AccountId): Promise<number | undefined> {
  const all = await offsets.read();
  return Object.hasOwn(all, account) ? all[account] : undefined;
}

/** Keeps a fresh measurement. */
export async function writeServerOffset(account: AccountId, ms: number): Promise<void> {
  await offsets.change((all) => ({ ...all, [account]: ms }));
}
