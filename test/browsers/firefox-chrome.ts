// What runs inside Firefox's own privileged window ("chrome scope"), where the browser can be asked for
// what a page cannot do. Every function is sent as source, so it must be self-contained. Names and
// shapes as in Firefox 153.

/** A <browser> element: what a tab, a popup or a background page lives in. */
interface XulBrowser extends HTMLElement {
  currentURI?: { spec: string };
  permanentKey?: object;
}

interface Extension {
  backgroundState: string;
  terminateBackground(options: {
    ignoreDevToolsAttached: boolean;
    disableResetIdleForTest: boolean;
  }): Promise<void>;
  wakeupBackground(): Promise<void>;
  views: Set<{ viewType: string; xulBrowser: XulBrowser }>;
}

interface Policy {
  extension: Extension | null;
  hasPermission(name: string): boolean;
  canAccessURI(uri: unknown): boolean;
}

interface NavigableManager {
  getIdForBrowser(browser: XulBrowser): string;
  getBrowserById(id: string): XulBrowser | null;
  getBrowsingContextById(id: string): {
    prefersColorSchemeOverride: string;
    forcedColorsOverride: string;
  };
}

interface KeyProcessor {
  beginInputTransactionForTests(window: Window): boolean;
  keydown(event: KeyboardEvent): number;
  keyup(event: KeyboardEvent): number;
}

declare const WebExtensionPolicy: { getByID(id: string): Policy | null };
interface ProcessInfo {
  pid: number;
  /** Times are ns. */
  threads: { tid: number; cpuTime: number }[];
  windows: { documentURI: { spec: string } | null }[];
}

declare const ChromeUtils: {
  requestProcInfo(): Promise<{ children: ProcessInfo[] }>;
  importESModule(url: 'chrome://remote/content/shared/NavigableManager.sys.mjs'): {
    NavigableManager: NavigableManager;
  };
  importESModule(url: 'resource://gre/modules/AddonManager.sys.mjs'): {
    AddonManager: { getAddonByID(id: string): Promise<{ reload(): Promise<void> }> };
  };
  importESModule(url: 'resource://gre/modules/ExtensionParent.sys.mjs'): {
    ExtensionParent: {
      apiManager: {
        global: { browserActionFor(extension: Extension): { triggerAction(window: Window): void } };
      };
    };
  };
};
declare const Services: {
  io: { offline: boolean; newURI(uri: string): unknown };
  prefs: { setBoolPref(name: string, value: boolean): void };
};
declare const Cc: Record<string, { createInstance(kind: unknown): KeyProcessor }>;
declare const Ci: { nsITextInputProcessor: unknown };

/** Goes in front of every function that is sent. */
export const prelude = (): string => driveBrowser.toString();

/**
 * A context id under which WebDriver BiDi can drive what is not a tab. Of itself BiDi knows tabs only
 * (seen with 153), so its manager of browsers is taught this one.
 */
function driveBrowser(browser: XulBrowser): string {
  const { NavigableManager: manager } = ChromeUtils.importESModule(
    'chrome://remote/content/shared/NavigableManager.sys.mjs',
  );
  browser.permanentKey ??= {};
  const contextId = manager.getIdForBrowser(browser);
  const getTab = manager.getBrowserById.bind(manager);
  manager.getBrowserById = (wanted) => (wanted === contextId ? browser : getTab(wanted));
  return contextId;
}

/** 'running', 'stopped' and so on; '' while the extension itself is not there. */
export function readBackgroundState(id: string): string {
  return WebExtensionPolicy.getByID(id)?.extension?.backgroundState ?? '';
}

/** Ends the background as Firefox does when it is idle. */
export async function terminateBackground(id: string): Promise<void> {
  // Else Firefox lets one that is answering somebody live (ext-backgroundPage.js in 153).
  await WebExtensionPolicy.getByID(id)?.extension?.terminateBackground({
    ignoreDevToolsAttached: true,
    disableResetIdleForTest: true,
  });
}

/** Starts the background if it is dead and returns the context to drive it by. */
export async function driveBackground(id: string): Promise<string | null> {
  const extension = WebExtensionPolicy.getByID(id)?.extension;
  if (!extension) return null;
  if (extension.backgroundState !== 'running') await extension.wakeupBackground();
  const view = [...extension.views].find(({ viewType }) => viewType === 'background');
  return view ? driveBrowser(view.xulBrowser) : null;
}

/** Does what a click on the extension's toolbar button does. */
export function triggerAction(id: string): void {
  const extension = WebExtensionPolicy.getByID(id)?.extension;
  if (!extension) throw new Error(`${id} is not installed`);
  const { ExtensionParent } = ChromeUtils.importESModule(
    'resource://gre/modules/ExtensionParent.sys.mjs',
  );
  ExtensionParent.apiManager.global.browserActionFor(extension).triggerAction(window);
}

/** The context to drive the open popup by, or null while there is none. */
export function drivePopup(): string | null {
  const browser = [...document.querySelectorAll<XulBrowser>('.webextension-popup-browser')].find(
    (one) =>
      one.closest<HTMLElement & { state: string }>('panel')?.state === 'open' &&
      one.currentURI?.spec.startsWith('moz-extension:'),
  );
  return browser ? driveBrowser(browser) : null;
}

/** Closes the panel that holds the popup. */
export function closePopup(): void {
  const browser = document.querySelector('.webextension-popup-browser');
  browser?.closest<HTMLElement & { hidePopup(): void }>('panel')?.hidePopup();
}

/** Gives the page of this context the focus, from wherever in the browser's window it is. */
export function focusPage(contextId: string): void {
  const { NavigableManager: manager } = ChromeUtils.importESModule(
    'chrome://remote/content/shared/NavigableManager.sys.mjs',
  );
  manager.getBrowserById(contextId)?.focus();
}

/** Presses keys in the browser's window itself, where its shortcuts are heard. */
export function pressKeys(keys: { key: string; code: string; keyCode: number }[]): void {
  const processor = Cc['@mozilla.org/text-input-processor;1']?.createInstance(
    Ci.nsITextInputProcessor,
  );
  if (!processor?.beginInputTransactionForTests(window)) throw new Error('The keyboard is taken.');
  const events = keys.map((key) => new KeyboardEvent('', key));
  for (const event of events) processor.keydown(event);
  for (const event of events.reverse()) processor.keyup(event);
}

/** Chooses an extension's entry in the menu that is open over a page; false while it is not there. */
export function chooseInMenu(id: string, entry: string): boolean {
  type Menu = HTMLElement & { state: string; hidePopup(): void };
  const menu = document.getElementById('contentAreaContextMenu') as Menu | null;
  if (menu?.state !== 'open') return false;
  const name = `${id.replace(/[^\w-]/gu, '_')}-menuitem-_${entry}`;
  const item = document.getElementById(name) as (HTMLElement & { doCommand(): void }) | null;
  if (!item) return false;
  item.doCommand();
  menu.hidePopup();
  return true;
}

/** Sets a preference that is true or false. */
export function setPreference(name: string, value: boolean): void {
  Services.prefs.setBoolPref(name, value);
}

/** Whether the extension may act on pages of this origin. */
export function mayAccess(id: string, origin: string): boolean {
  const policy = WebExtensionPolicy.getByID(id);
  return policy?.canAccessURI(Services.io.newURI(`${origin}/`)) ?? false;
}

/** Whether the extension has a permission that is not one of sites. */
export function hasPermission(id: string, name: string): boolean {
  return WebExtensionPolicy.getByID(id)?.hasPermission(name) ?? false;
}

/** Processor seconds of the main thread of the process that shows this address; Linux counts in 10 ms. */
export async function readMainThread(address: string): Promise<number> {
  const { children } = await ChromeUtils.requestProcInfo();
  const shows = children.find(({ windows }) =>
    windows.some(({ documentURI }) => documentURI?.spec === address),
  );
  const main = shows?.threads.find(({ tid }) => tid === shows.pid);
  if (!main) throw new Error(`No process shows ${address}`);
  return main.cpuTime / 1_000_000_000;
}

/** Takes the network from the whole browser, or gives it back. */
export function setOffline(isOffline: boolean): void {
  Services.io.offline = isOffline;
}

/** Stops the extension and starts it again, as an update does. */
export async function reloadExtension(id: string): Promise<void> {
  const { AddonManager } = ChromeUtils.importESModule(
    'resource://gre/modules/AddonManager.sys.mjs',
  );
  await (await AddonManager.getAddonByID(id)).reload();
}

/** Sets what pages of this context see as the preferred color scheme. */
export function setColorScheme(contextId: string, scheme: 'light' | 'dark'): void {
  const { NavigableManager: manager } = ChromeUtils.importESModule(
    'chrome://remote/content/shared/NavigableManager.sys.mjs',
  );
  manager.getBrowsingContextById(contextId).prefersColorSchemeOverride = scheme;
}

/** Sets whether pages of this context see forced colours. */
export function setForcedColors(contextId: string, isForced: boolean): void {
  const { NavigableManager: manager } = ChromeUtils.importESModule(
    'chrome://remote/content/shared/NavigableManager.sys.mjs',
  );
  manager.getBrowsingContextById(contextId).forcedColorsOverride = isForced ? 'active' : 'none';
}
