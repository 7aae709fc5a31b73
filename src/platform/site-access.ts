import { browser, type Tabs } from './browser.ts';

/**
 * The pattern the browser grants access by. It has no port, because Firefox knows none in match
 * patterns; `isOn` (`sites.ts`) compares whole origins all the same.
 */
export function patternOf(origin: string): string {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}/*`;
}

/** Whether the browser grants access to a site. */
export async function hasAccess(origin: string): Promise<boolean> {
  return browser.permissions.contains({ origins: [patternOf(origin)] });
}

/**
 * Asks the user, through the browser, for access to a site. Must be called in the very turn of
 * the user's click: after an await the browser does not count it as theirs any more.
 */
export function requestAccess(origin: string): Promise<boolean> {
  return browser.permissions.request({ origins: [patternOf(origin)] });
}

/** Whether a tab is open on a site, be it still loading. Told only of sites the user gave access to. */
export async function hasOpenTab(origin: string): Promise<boolean> {
  return (await tabsOf(origin)).length > 0;
}

/** Brings a page of a site to the front, of several the one last looked at. False when none is open. */
export async function showOpenPage(origin: string): Promise<boolean> {
  const [tab] = (await tabsOf(origin)).sort(
    (one, other) => (other.lastAccessed ?? 0) - (one.lastAccessed ?? 0),
  );
  if (tab?.id === undefined) return false;
  await browser.tabs.update(tab.id, { active: true });
  if (tab.windowId !== undefined) await browser.windows.update(tab.windowId, { focused: true });
  return true;
}

/** The same; where none is open the site's first page is opened, as no address that was visited is kept. */
export async function showSite(origin: string): Promise<void> {
  if (!(await showOpenPage(origin))) await browser.tabs.create({ url: origin });
}

/** The open tabs of a site. */
export async function tabsOf(origin: string): Promise<Tabs.Tab[]> {
  const tabs = await browser.tabs.query({ url: patternOf(origin) });
  // A pattern knows no port.
  return tabs.filter(
    ({ id, url }) => id !== undefined && url !== undefined && new URL(url).origin === origin,
  );
}
