import * as v from 'valibot';
import { browser } from './browser.ts';
import { consentKey, isAgreed } from './consent.ts';
import { dropOwnSites, useOnOnlySite } from './own-sites.ts';
import { allowsSite } from './policy.ts';
import { hasAccess, patternOf, tabsOf } from './site-access.ts';
import { stored, storedList } from './stored.ts';

const sitesKey = 'sites';
const sites = storedList('local', sitesKey, v.string());

const Wanted = v.object({ origin: v.string(), at: v.number() });
const wanted = stored('session', 'wanted-site', v.optional(Wanted), undefined);
/** How long the browser's question may stand open, ms: later access means something else. */
const wantedFor = 120_000;

const ranKey = 'scripts-ran';
/** When our scripts were last put into pages that were there before, ms. */
const ran = stored('session', ranKey, v.number(), 0);

/** The scripts of a chat page, as `entrypoints` builds them. */
const scripts = [
  {
    id: 'unsay-session',
    js: ['content-scripts/session.js'],
    world: 'MAIN',
    runAt: 'document_start',
  },
  // As early as the other: what the two agree on is then settled before the page's scripts run.
  { id: 'unsay-chat', js: ['content-scripts/chat.js'], world: 'ISOLATED', runAt: 'document_start' },
] as const;

/** Origins the user turned on. */
export function readSites(): Promise<readonly string[]> {
  return sites.read();
}

/** Calls `changed` whenever other sites may be on than before, whoever turned them on or off. */
export function hearSites(changed: () => void): void {
  browser.storage.onChanged.addListener((changes, area) => {
    const hasChanged = [sitesKey, consentKey].some((key) => Object.hasOwn(changes, key));
    if (area === 'local' && hasChanged) changed();
  });
}

/**
 * Whether the user turned this origin on, agreed to what Unsay does there, no policy is against it,
 * and the browser still grants access to it. Rejects where the browser cannot say.
 */
export async function isOn(origin: string): Promise<boolean> {
  // Together, as whoever asks waits for it. The browser rejects the question whether it grants access
  // to what is no website, and that is never on.
  const may = mayRun(origin);
  may.catch(() => undefined);
  return (await sites.read()).includes(origin) && may;
}

/**
 * The same, but for whether the browser still grants access: all of this is remembered, so that it costs
 * nothing to ask, and of access that is withdrawn the worker hears.
 */
export async function isAllowed(origin: string): Promise<boolean> {
  const [on, ...may] = await Promise.all([sites.read(), isAgreed(), allowsSite(origin)]);
  return on.includes(origin) && may.every(Boolean);
}

async function mayRun(origin: string): Promise<boolean> {
  const all = await Promise.all([isAgreed(), allowsSite(origin), hasAccess(origin)]);
  return all.every(Boolean);
}

/** Remembers which site the user is being asked about; the asking popup may close any moment. */
export async function wantSite(origin: string): Promise<void> {
  if (!(await isAgreed())) return;
  await wanted.write({ origin, at: Date.now() });
}

/** Turns the wanted site on once the browser grants access. Returns it, if it is on now. */
export async function turnWantedOn(): Promise<string | undefined> {
  const wish = await wanted.read();
  if (!wish || Math.abs(Date.now() - wish.at) > wantedFor) return;
  return (await turnOn(wish.origin)) ? wish.origin : undefined;
}

/**
 * Turns a site on: its scripts run in it now and on every later load. False without access, without
 * the user's consent, and where a policy is against it.
 */
export async function turnOn(origin: string): Promise<boolean> {
  if (!(await mayRun(origin))) return false;
  await wanted.clear();
  const all = await sites.change((on) => (on.includes(origin) ? on : [...on, origin]));
  await useOnOnlySite(all);
  await register();
  await inject(origin);
  return true;
}

/** Turns a site off and gives its access back, unless another site needs the same. */
export async function turnOff(origin: string): Promise<void> {
  const left = await sites.change((all) => all.filter((other) => other !== origin));
  await dropOwnSites([origin]);
  await register();
  const pattern = patternOf(origin);
  if (left.some((other) => patternOf(other) === pattern)) return;
  // A browser refuses to take back what the manifest itself demands.
  await browser.permissions.remove({ origins: [pattern] }).catch(() => false);
}

/** Turns off every site whose access the user withdrew in the browser. Returns those. */
export async function dropWithdrawn(): Promise<readonly string[]> {
  const gone: string[] = [];
  for (const origin of await sites.read()) if (!(await hasAccess(origin))) gone.push(origin);
  if (gone.length > 0) {
    await sites.change((all) => all.filter((origin) => !gone.includes(origin)));
    await dropOwnSites(gone);
    await register();
  }
  return gone;
}

/** Whether a tab is still there: what spoke a moment ago may be on its way out. */
export async function isTabOpen(tab: number): Promise<boolean> {
  return browser.tabs.get(tab).then(
    () => true,
    () => false,
  );
}

let registering: Promise<void> = Promise.resolve();

/**
 * Makes the browser run our scripts in just the sites that are on, and in none without the user's
 * consent. Repeatable; one at a time.
 */
export function register(): Promise<void> {
  registering = registering.then(registerAll, registerAll);
  return registering;
}

async function registerAll(): Promise<void> {
  const on = await Promise.all(
    (await sites.read()).map(async (origin) => ({ origin, may: await allowsSite(origin) })),
  );
  const running = (await isAgreed()) ? on.filter(({ may }) => may) : [];
  const matches = [...new Set(running.map(({ origin }) => patternOf(origin)))].sort();
  const ours = await browser.scripting.getRegisteredContentScripts({
    ids: scripts.map(({ id }) => id),
  });
  const isRight =
    ours.length === (matches.length > 0 ? scripts.length : 0) &&
    ours.every(
      ({ matches: has }) => JSON.stringify([...(has ?? [])].sort()) === JSON.stringify(matches),
    );
  if (isRight) return;
  if (ours.length > 0) {
    await browser.scripting.unregisterContentScripts({ ids: ours.map(({ id }) => id) });
  }
  if (matches.length === 0) return;
  await browser.scripting.registerContentScripts(
    scripts.map((script) => ({
      ...script,
      js: [...script.js],
      matches,
      allFrames: true,
    })),
  );
}

/** Runs our scripts in the tabs that are already open on a site. They bear being run twice. */
export async function inject(origin: string): Promise<void> {
  // Where that cannot be noted only what comes back later is without them.
  await ran.write(Date.now()).catch(() => undefined);
  await Promise.all((await tabsOf(origin)).map(({ id = 0 }) => injectInto(id)));
}

/** Runs our scripts in the page that a tab shows now, as far as the browser lets them. */
export async function injectInto(tab: number): Promise<void> {
  await Promise.allSettled(
    scripts.map(({ js, world }) =>
      browser.scripting.executeScript({
        target: { tabId: tab, allFrames: true },
        files: [...js],
        world,
      }),
    ),
  );
}

/** When our scripts were last put into pages that were there before, ms; 0 if not since the browser's start. */
export function scriptsRanAt(): Promise<number> {
  return ran.read();
}

/** Calls `listener` whenever our scripts are put into pages that were there before. */
export function hearScriptsRun(listener: () => void): void {
  browser.storage.onChanged.addListener((changes, area) => {
    if (area === 'session' && Object.hasOwn(changes, ranKey)) listener();
  });
}

/** Which of these sites are not to be served. */
export async function offAmong(
  origins: readonly (string | undefined)[],
): Promise<ReadonlySet<string>> {
  const all = [...new Set(origins.filter((origin) => origin !== undefined))];
  const allowed = await Promise.all(all.map(isAllowed));
  return new Set(all.filter((_, at) => allowed[at] !== true));
}
