import * as v from 'valibot';
import { AccountId, appOf, originOf, pageAccountId, userOf } from '../message/message.ts';
import { stored, storedList } from './stored.ts';

const accounts = storedList('local', 'page-accounts', AccountId);

/** Accounts of one site that are remembered: a page that claims more is not a person's. */
const mostOfSite = 5;

/** The accounts that pages of sites were signed in as, the one met last comes last. */
export function readPageAccounts(): Promise<readonly AccountId[]> {
  return accounts.read();
}

/**
 * The account of a page's session. `app` 0: the page does not tell it, or not yet, as while it loads;
 * then it is that of the one app that pages of the site told for this user, if there is just one.
 */
export async function pageAccountOf(origin: string, app: number, user: string): Promise<AccountId> {
  const [told, ...others] = app === 0 ? await toldOf(origin, user) : [];
  return told !== undefined && others.length === 0 ? told : pageAccountId(origin, app, user);
}

/**
 * The account that a user had before pages of the site told their app, where there is one that told it
 * by now: the same person twice.
 */
export async function untoldOf(account: AccountId): Promise<AccountId | undefined> {
  const [origin, user] = [originOf(account), userOf(account)];
  if (origin === undefined || appOf(account) === 0) return undefined;
  const untold = pageAccountId(origin, 0, user);
  const all = await accounts.read();
  const isOnly = (await toldOf(origin, user)).every((told) => told === account);
  return isOnly && all.includes(untold) ? untold : undefined;
}

async function toldOf(origin: string, user: string): Promise<readonly AccountId[]> {
  return (await accounts.read()).filter(
    (one) => originOf(one) === origin && userOf(one) === user && appOf(one) !== 0,
  );
}

/**
 * Remembers an account as met now. Returns those of the same site that are too many and were
 * forgotten for it: everything kept of them is to be deleted.
 */
export async function meetPageAccount(account: AccountId): Promise<readonly AccountId[]> {
  const origin = originOf(account);
  let gone: readonly AccountId[] = [];
  const isKnown = (await accounts.read()).includes(account);
  try {
    await accounts.change((all) => {
      const others = all.filter((other) => other !== account);
      const same = others.filter((other) => originOf(other) === origin);
      gone = same.slice(0, Math.max(0, same.length - mostOfSite + 1));
      return [...others.filter((other) => !gone.includes(other)), account];
    });
  } catch (error) {
    // On a full disk one that is remembered is not remembered as the last, which is little to lose.
    if (!isKnown) throw error;
    return [];
  }
  return gone;
}

/** Forgets that these accounts were met. */
export async function forgetPageAccounts(gone: readonly AccountId[]): Promise<void> {
  await accounts.change((all) => all.filter((account) => !gone.includes(account)));
}

const SiteSettings = v.object({
  /** Whether the worker signs in by itself while no page of the site is open. */
  connectsAlone: v.boolean(),
  /** Whether that still holds after the browser was closed: the sign-in is then kept on disk. */
  staysSignedIn: v.boolean(),
  /** The SDK's `proxyServer` for that; only the user sets it, never a page. */
  server: v.optional(v.string()),
});
/** What the user chose for one site. */
export type SiteSettings = v.InferOutput<typeof SiteSettings>;

const settings = stored('local', 'site-settings', v.record(v.string(), SiteSettings), {});
const defaults: SiteSettings = { connectsAlone: false, staysSignedIn: false };

/** What the user chose for a site; by default nothing is kept of its sign-in. */
export async function readSiteSettings(origin: string): Promise<SiteSettings> {
  return settingsIn(await settings.read(), origin);
}

function settingsIn(all: Readonly<Record<string, SiteSettings>>, origin: string): SiteSettings {
  return (Object.hasOwn(all, origin) ? all[origin] : undefined) ?? defaults;
}

/** A choice for a site: what is missing stays as it is, and no server is Tencent's own. */
export interface SiteSettingsChange {
  readonly connectsAlone?: boolean | undefined;
  readonly staysSignedIn?: boolean | undefined;
  readonly server?: string | null | undefined;
}

/** Keeps a choice of the user's for a site. */
export async function changeSiteSettings(
  origin: string,
  { connectsAlone, staysSignedIn, server }: SiteSettingsChange,
): Promise<void> {
  await settings.change((all) => {
    const own = settingsIn(all, origin);
    const isAlone = connectsAlone ?? own.connectsAlone;
    const chosen = server === undefined ? own.server : server;
    const next: SiteSettings = {
      connectsAlone: isAlone,
      // Nothing is kept of a sign-in that is not used.
      staysSignedIn: isAlone && (staysSignedIn ?? own.staysSignedIn),
      ...(typeof chosen === 'string' && { server: chosen }),
    };
    return { ...all, [origin]: next };
  });
}

/** Forgets what the user chose for a site. */
export async function dropSiteSettings(origin: string): Promise<void> {
  await settings.change((all) =>
    Object.fromEntries(Object.entries(all).filter(([other]) => other !== origin)),
  );
}

/** Forgets what the user chose for every other site than these. */
export async function keepSettingsOf(origins: readonly string[]): Promise<void> {
  await settings.change((all) => {
    const kept = Object.entries(all).filter(([origin]) => origins.includes(origin));
    return kept.length === Object.keys(all).length ? all : Object.fromEntries(kept);
  });
}

const Signature = v.object({
  sdkAppId: v.number(),
  userId: v.string(),
  userSig: v.string(),
});
/** A session as a page had it. `userSig` is a credential: never logged, never sent to a page. */
export type SeenSession = v.InferOutput<typeof Signature>;

const Signatures = v.record(v.string(), Signature);
const inSession = stored('session', 'page-sessions', Signatures, {});
const onDisk = stored('local', 'page-sessions', Signatures, {});

/** The session an account was last seen with, where the user chose that it is kept. */
export async function readSeenSession(account: AccountId): Promise<SeenSession | undefined> {
  for (const place of [inSession, onDisk]) {
    const all = await place.read();
    if (Object.hasOwn(all, account)) return all[account];
  }
  return undefined;
}

/** Keeps the session an account was seen with; it reaches the disk only with `staysSignedIn`. */
export async function writeSeenSession(
  account: AccountId,
  session: SeenSession,
  { staysSignedIn }: Pick<SiteSettings, 'staysSignedIn'>,
): Promise<void> {
  await inSession.change((all) => ({ ...all, [account]: session }));
  if (staysSignedIn) await onDisk.change((all) => ({ ...all, [account]: session }));
  else await dropFrom(onDisk, [account]);
}

/** Forgets the sessions of these accounts, wherever they are kept. */
export async function dropSeenSessions(gone: readonly AccountId[]): Promise<void> {
  await Promise.all([dropFrom(inSession, gone), dropFrom(onDisk, gone)]);
}

/** Takes these sessions off the disk; for this browser session they stay. */
export async function dropSeenSessionsFromDisk(gone: readonly AccountId[]): Promise<void> {
  await dropFrom(onDisk, gone);
}

async function dropFrom(place: typeof inSession, gone: readonly AccountId[]): Promise<void> {
  await place
    .change((all) => {
      const kept = Object.entries(all).filter(([account]) => !gone.includes(account));
      return kept.length === Object.keys(all).length ? all : Object.fromEntries(kept);
    })
    // A credential leaves a full disk, too, though it takes those of others along.
    .catch(() => place.clear());
}
