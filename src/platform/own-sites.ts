import * as v from 'valibot';
import { AccountId, originOf } from '../message/message.ts';
import { readAccount, idOf } from './accounts.ts';
import { stored } from './stored.ts';

const Choice = v.object({
  /** Unsay's own sign-in. */
  account: AccountId,
  /** Whether the site's pages may have its words. */
  isUsed: v.boolean(),
});
const choices = stored('local', 'own-sites', v.record(v.string(), Choice), {});

/** The sites on which Unsay's own sign-in of this account is used. */
export async function readOwnSites(account: AccountId): Promise<readonly string[]> {
  const all = Object.entries(await choices.read());
  return all.flatMap(([site, choice]) =>
    choice.account === account && choice.isUsed ? [site] : [],
  );
}

/**
 * Whether pages of this origin may have words and names of an account: of a page's session its own
 * site, of Unsay's own sign-in the sites it is used on. A page says itself as whom it is signed in,
 * so that this alone gives it nothing.
 */
export async function mayHaveWords(account: AccountId, origin: string): Promise<boolean> {
  const home = originOf(account);
  return home === undefined ? (await readOwnSites(account)).includes(origin) : home === origin;
}

/** The user says whether Unsay's own sign-in is used on a site. */
export async function writeOwnSite(
  account: AccountId,
  site: string,
  isUsed: boolean,
): Promise<void> {
  await choices.change((all) => ({ ...all, [site]: { account, isUsed } }));
}

/**
 * Takes the only site that is on for the one Unsay's own sign-in is used on, unless the user said
 * otherwise. Called when the user signs in and when they turn a site on; nothing a page does leads
 * here. Of several sites it cannot be told which is meant.
 */
export async function useOnOnlySite(sites: readonly string[]): Promise<void> {
  const signedIn = await readAccount();
  const [site, ...others] = sites;
  if (!signedIn || site === undefined || others.length > 0) return;
  const account = idOf(signedIn);
  await choices.change((all) =>
    Object.hasOwn(all, site) && all[site]?.account === account
      ? all
      : { ...all, [site]: { account, isUsed: true } },
  );
}

/** Forgets what was said of these sites: they were turned off. */
export async function dropOwnSites(sites: readonly string[]): Promise<void> {
  await drop(([site]) => sites.includes(site));
}

/** Forgets all that was said of an account: it was signed out. */
export async function dropSitesOf(account: AccountId): Promise<void> {
  await drop(([, choice]) => choice.account === account);
}

async function drop(
  isOver: (entry: readonly [string, v.InferOutput<typeof Choice>]) => boolean,
): Promise<void> {
  await choices.change((all) =>
    Object.fromEntries(Object.entries(all).filter((entry) => !isOver(entry))),
  );
}
