import type { ChromiumBrowser } from './chromium.ts';
import type { FirefoxBrowser } from './firefox.ts';
import type { Locale } from './localized-extension.ts';
import type { ManagedPolicy } from './policy.ts';
import type { Truthy } from './until.ts';

/** The browsers in which every end-to-end scenario runs. */
export type BrowserName = 'chromium' | 'firefox';

declare module 'vitest' {
  interface ProvidedContext {
    /** The browser an end-to-end test file is run for: read it with `inject('browser')`. */
    browser: BrowserName;
  }
}

/** How to start a browser. */
export interface BrowserOptions {
  /** Folder of the built extension (with its manifest.json). */
  extension: string;
  /** The browser's language and the pages'. Default en-US. */
  locale?: Locale;
  /** False shows the window. Default true. */
  isHeadless?: boolean;
  /** A folder for the profile, which then outlives the browser. Default: a new one, removed by close(). */
  profile?: string;
  /** What the browser's manager sets for the extension; see mayManage() for where that can be. */
  policy?: ManagedPolicy;
}

/** A real browser with the built extension installed in a profile of its own. */
export interface TestBrowser {
  readonly name: BrowserName;
  /** Folder of the profile. */
  readonly profile: string;
  /** Settles when the browser's process has ended, whoever ended it. */
  readonly exited: Promise<void>;
  /** Address of one of the extension's files, e.g. extensionUrl('options.html'). */
  extensionUrl(path: string): string;
  /** Opens an address in a new tab in front and resolves when its DOM is ready. */
  open(url: string): Promise<Tab>;
  /** The same in a window of its own: what is in front in others stays in sight. */
  openInWindow(url: string): Promise<Tab>;
  /** Waits for a tab that the extension or a page opens, at an address that begins with `address`. */
  waitForTab(address: string): Promise<Tab>;
  /**
   * Opens the real popup the way a click on the toolbar button does, over the given tab (default: the
   * tab in front). It closes, as for a person, when another tab is brought to the front.
   */
  openPopup(over?: Tab): Promise<Tab>;
  /** Waits for the real popup that the extension opens by itself. No other popup may be open. */
  waitForPopup(): Promise<Tab>;
  /** The popup's page in a tab of its own, with the query string given, e.g. '?tab=3'. */
  openPopupAsTab(query?: string): Promise<Tab>;
  /** Ends the background as the browser itself would when idle; resolves when it is dead. */
  killWorker(): Promise<void>;
  /** Whether the background runs at this moment. Asking does not wake it. */
  isWorkerAlive(): Promise<boolean>;
  /** Runs `fn` in the background's global scope, starting the background first if it is dead. */
  evaluateInWorker<T, A extends unknown[]>(
    fn: (...args: A) => T | Promise<T>,
    ...args: A
  ): Promise<T>;
  /**
   * Answers the coming permission prompt with yes: the extension's request for `origin` (scheme and
   * host, e.g. 'http://127.0.0.1:8080'), made while `clickTurnOn` runs, is granted.
   */
  grantSite(origin: string, clickTurnOn: () => Promise<void>): Promise<void>;
  /** The same of one of the manifest's optional permissions, by its name. */
  grantPermission(name: string, click: () => Promise<void>): Promise<void>;
  /**
   * Triggers one of the manifest's commands. Firefox gets real keys; Chromium's shortcuts cannot be
   * reached from a program (seen with 156), so its worker is started and the event dispatched there.
   */
  pressCommand(name: string): Promise<void>;
  /**
   * Chooses one of the extension's entries (by its id) in the browser's own menu, which a right click
   * in the page in front has just opened. Firefox's real menu; Chromium's cannot be reached from a
   * program (seen with 156), so its worker is started and told of the choice.
   */
  chooseInMenu(entry: string): Promise<void>;
  /** Takes the network away from the whole browser, loopback included, and gives it back. */
  setOffline(isOffline: boolean): Promise<void>;
  /** Reloads the extension as an update does, and resolves when the new one runs. */
  reloadExtension(): Promise<void>;
  /**
   * Profile files that hold `text` as UTF-8 or UTF-16, with paths relative to the profile. Both
   * browsers compress stored values (Snappy), so a long or repetitive text can hide: search for short
   * unusual words.
   */
  searchProfile(text: string): Promise<string[]>;
  /**
   * Ends the browser and starts it again on the same profile; every Tab of before is dead. With
   * `isCrash` the process is killed instead of asked to quit.
   */
  restart(options?: { isCrash?: boolean }): Promise<void>;
  /** Ends the browser and removes its profile, unless the caller named that. */
  close(): Promise<void>;
}

/** One or more elements of a page, named as a person would. Text is compared without regard to case. */
export type Target = string | DescribedTarget;

/** With `within`, only inside that element; with `nth` (from 0), not the first match. */
export type DescribedTarget = (
  { label: string } | { role: string; name?: string | RegExp } | { text: string } | { css: string }
) & { within?: Target; nth?: number };

/** For how long to wait, and what to call the thing when it did not come. */
export interface WaitOptions<A extends unknown[] = unknown[]> {
  /** Milliseconds. Default 30 000. */
  timeoutMs?: number;
  /** Arguments (JSON values) for the function. */
  args?: A;
  /** What was waited for, for the error message. */
  what?: string;
}

/** An element inside a closed shadow root, seen from outside of the page. */
export interface ClosedElement {
  /** innerText. */
  text: string;
  /** aria-label, or ''. */
  label: string;
  /** In CSS pixels of the viewport. */
  box: { x: number; y: number; width: number; height: number };
  /** The id of the shadow root's host, or ''. */
  hostId: string;
  /** It has a size and is not hidden by display, visibility or opacity 0. */
  isVisible: boolean;
  isDisabled: boolean;
}

/** Which element inside the closed shadow roots: by CSS selector, and by what its text or label holds. */
export interface ClosedQuery {
  css: string;
  /** Part of the text or the aria-label. */
  text?: string;
  /** From 0, among those that fit; -1 is the last. Default 0. */
  nth?: number;
}

/** A page in a tab, or a popup. Functions sent into it must be self-contained; values travel as JSON. */
export interface Tab {
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  close(): Promise<void>;
  /** Brings the tab to the front. */
  activate(): Promise<void>;
  url(): Promise<string>;
  /** Runs `fn` in the page's own world. */
  evaluate<T, A extends unknown[]>(fn: (...args: A) => T | Promise<T>, ...args: A): Promise<T>;
  /** innerText of the first element that fits the CSS selector (default: the whole page). */
  text(selector?: string): Promise<string>;
  /**
   * Runs `fn` in the page again and again until it returns something truthy, and returns that. A
   * throwing `fn` counts as not yet, so it may read elements that are still missing.
   */
  waitFor<T, A extends unknown[]>(
    fn: (...args: A) => T | Promise<T>,
    options?: WaitOptions<A>,
  ): Promise<Truthy<T>>;
  /** Waits until the page shows `text` anywhere. */
  waitForText(text: string, options?: { timeoutMs?: number }): Promise<void>;
  /** Whether `target` is there and visible now. */
  isVisible(target: Target): Promise<boolean>;
  /**
   * Waits until the target is visible, enabled, uncovered and still, then clicks its middle with a real
   * mouse event.
   */
  click(target: Target, options?: ClickOptions): Promise<void>;
  hover(target: Target): Promise<void>;
  /** Clicks (moves to) a point of the viewport, whatever lies there. CSS pixels. */
  clickAt(x: number, y: number, options?: ClickOptions): Promise<void>;
  moveTo(x: number, y: number): Promise<void>;
  /** Types into whatever has the focus, key by key. A newline is the Enter key. */
  type(text: string): Promise<void>;
  /** One key, or several held together: 'Enter', 'Tab', 'Control+A', 'Shift+Tab'. */
  press(key: string): Promise<void>;
  /** Clicks into a field, selects all it holds and types `text` instead. */
  fill(target: Target, text: string): Promise<void>;
  /** Writes a PNG of the viewport. */
  screenshot(path: string): Promise<void>;
  setColorScheme(scheme: 'light' | 'dark'): Promise<void>;
  /** Whether the page sees the few colours that a user forces on every page. Default: it does not. */
  setForcedColors(isForced: boolean): Promise<void>;
  setViewport(width: number, height: number): Promise<void>;
  /** What an extension put into closed shadow roots, which the page and its selectors cannot see. */
  readonly closed: {
    findAll(css: string): Promise<ClosedElement[]>;
    /** Waits for a visible one. */
    waitFor(query: string | ClosedQuery, options?: WaitOptions): Promise<ClosedElement>;
    click(query: string | ClosedQuery, options?: ClickOptions): Promise<void>;
    hover(query: string | ClosedQuery): Promise<void>;
    /** Runs `fn` beside the page's own scripts, with all closed shadow roots as its first argument. */
    evaluate<T, A extends unknown[]>(
      fn: (roots: ShadowRoot[], ...args: A) => T | Promise<T>,
      ...args: A
    ): Promise<T>;
  };
}

/** Which mouse button, and for how long (milliseconds) to wait for the target. */
export interface ClickOptions {
  button?: 'left' | 'right';
  timeoutMs?: number;
}

/** Starts the browser of that name and resolves when the extension in it runs. */
export async function startBrowser(
  name: BrowserName,
  options: BrowserOptions,
): Promise<ChromiumBrowser | FirefoxBrowser> {
  // Each driver is loaded for its own browser only: a machine may have one of the two.
  if (name === 'chromium') {
    const { ChromiumBrowser } = await import('./chromium.ts');
    return ChromiumBrowser.start(options);
  }
  const { FirefoxBrowser } = await import('./firefox.ts');
  return FirefoxBrowser.start(options);
}
