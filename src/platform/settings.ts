import * as v from 'valibot';
import { Manners, changedManners, defaultManners, type MannersChange } from '../message/manners.ts';
import { originOf, type AccountId } from '../message/message.ts';
import { Notices, changedNotices, defaultNotices, type NoticesChange } from '../message/notices.ts';
import {
  defaultWindowSeconds,
  windowOf,
  type RecallWindow,
  type WindowKind,
  type Windows,
} from '../message/window.ts';
import { readPolicy } from './policy.ts';
import { stored } from './stored.ts';
import { readLearned, unlearnWindows } from './windows.ts';

const windows = stored('local', 'windows', v.record(v.string(), v.number()), {});

/** The recall window of an account, seconds, as the user set it; the service's default otherwise. */
export async function readWindow(account: AccountId): Promise<number> {
  const all = await windows.read();
  return Object.hasOwn(all, account)
    ? (all[account] ?? defaultWindowSeconds)
    : defaultWindowSeconds;
}

/**
 * Sets the recall window of an account, seconds: a hint, taken for true while nothing seen
 * contradicts it. What was seen before must not, as the user may know of a change.
 */
export async function writeWindow(account: AccountId, seconds: number): Promise<void> {
  await windows.change((all) => ({ ...all, [account]: seconds }));
  await unlearnWindows(account, seconds);
}

/** Forgets what the user set for an account. */
export async function dropWindow(account: AccountId): Promise<void> {
  await windows.change((all) =>
    Object.hasOwn(all, account)
      ? Object.fromEntries(Object.entries(all).filter(([other]) => other !== account))
      : all,
  );
}

/** The windows of an account, from the user's hint and what was learnt. `now`: server ms. */
export async function readWindows(account: AccountId, now: number): Promise<Windows> {
  const [hint, learned] = await Promise.all([readWindow(account), readLearned(account)]);
  const of = (kind: WindowKind): RecallWindow =>
    windowOf(learned(kind), hint, now, originOf(account) !== undefined);
  return { direct: of('direct'), group: of('group'), moderated: of('moderated') };
}

/** Days that messages are kept unless the user chose otherwise, and the most there are to choose. */
export const defaultKeptDays = 7;
export const mostKeptDays = 30;
const KeptDays = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(mostKeptDays));
const keptDays = stored('local', 'kept-days', KeptDays, defaultKeptDays);

/**
 * Days that messages are kept on this computer, by the user's choice and never more than by policy;
 * 0: only what can still be recalled.
 */
export async function readKeptDays(): Promise<number> {
  const [chosen, { retentionDays = mostKeptDays }] = await Promise.all([
    keptDays.read(),
    readPolicy(),
  ]);
  return Math.min(chosen, retentionDays);
}

/** Sets the days that messages are kept, 0 to `mostKeptDays`; a policy may shorten them. */
export async function writeKeptDays(days: number): Promise<void> {
  await keptDays.write(days);
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

const Reading = v.object({ server: v.number(), clock: v.number() });
/** What the service's time was, and by this computer's clock at that moment; both ms. */
export type Reading = v.InferOutput<typeof Reading>;
const readings = stored('local', 'server-times', v.record(v.string(), Reading), {});

/** The service's time as last told to an account, also in an earlier browser session. */
export async function readServerTime(account: AccountId): Promise<Reading | undefined> {
  const all = await readings.read();
  return Object.hasOwn(all, account) ? all[account] : undefined;
}

/** Notes the service's time now, ms, for when nobody tells it. */
export async function noteServerTime(account: AccountId, server: number): Promise<void> {
  const reading = { server, clock: Date.now() };
  await readings.change((all) => ({ ...all, [account]: reading }));
}

/** Keeps a fresh measurement. */
export async function writeServerOffset(account: AccountId, ms: number): Promise<void> {
  await offsets.change((all) => ({ ...all, [account]: ms }));
}

/** Forgets what was measured for an account. */
export async function dropServerOffset(account: AccountId): Promise<void> {
  await offsets.change((all) => without(all, account));
  await readings.change((all) => without(all, account));
}

function without<T>(all: Readonly<Record<string, T>>, account: AccountId): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([other]) => other !== account));
}

const manners = stored('local', 'manners', Manners, defaultManners);

/** How Unsay behaves in pages: as the user set it, and discreet where a policy says so. */
export async function readManners(): Promise<Manners> {
  const [own, { isDiscreet }] = await Promise.all([manners.read(), readPolicy()]);
  return isDiscreet ? { ...own, isDiscreet } : own;
}

/** Changes how Unsay behaves in pages. What a policy forces is not written down as the user's wish. */
export async function changeManners({ isDiscreet, ...rest }: MannersChange): Promise<void> {
  const policy = await readPolicy();
  const change = policy.isDiscreet || isDiscreet === undefined ? rest : { ...rest, isDiscreet };
  await manners.change((own) => changedManners(own, change));
}

/** Forgets how placeholders were to look in the pages of all other sites. */
export async function keepStyles(isKept: (origin: string) => boolean): Promise<void> {
  const isOver = ({ origin }: Manners['placeholders'][number]): boolean => !isKept(origin);
  if (!(await manners.read()).placeholders.some(isOver)) return;
  await manners.change((own) => ({
    ...own,
    placeholders: own.placeholders.filter((one) => !isOver(one)),
  }));
}

const notices = stored('local', 'notices', Notices, defaultNotices);

/** What is told outside of the browser's own windows. */
export function readNotices(): Promise<Notices> {
  return notices.read();
}

/** Changes what is told outside of the browser's own windows. */
export async function changeNotices(change: NoticesChange): Promise<void> {
  await notices.change((own) => changedNotices(own, change));
}
