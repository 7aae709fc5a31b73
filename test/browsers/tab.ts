import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  ClickOptions,
  ClosedElement,
  ClosedQuery,
  Tab,
  Target,
  WaitOptions,
} from './browser.ts';
import { describe, locateInPage, wordsFor, type Location } from './locate.ts';
import { parseKeys, type Key } from './keys.ts';
import { pause, type Truthy } from './until.ts';

/** Where a function runs: among the page's own scripts, or beside them, out of their reach. */
export type World = 'page' | 'driver';

/** Which mouse button. */
export type Button = 'left' | 'right';

/** What a driver can do with one page; everything a Tab offers is made of these. */
export interface TabPort {
  /** Resolves when the new document's DOM is ready. */
  navigate(url: string): Promise<void>;
  reload(): Promise<void>;
  close(): Promise<void>;
  /** Brings it to the front, if it is not there. */
  activate(): Promise<void>;
  /** Evaluates an expression, awaits a promise, returns its JSON-like value. */
  evaluate(expression: string, world: World): Promise<unknown>;
  /** Runs a self-contained function (as source) with all closed shadow roots as its first argument. */
  evaluateWithClosedRoots(functionSource: string, args: readonly unknown[]): Promise<unknown>;
  moveMouse(x: number, y: number): Promise<void>;
  /** Moves to the point, presses and releases. */
  clickMouse(x: number, y: number, button: Button): Promise<void>;
  /** Presses the keys one after the other, then releases them in reverse. */
  pressKeys(keys: readonly Key[]): Promise<void>;
  typeText(text: string): Promise<void>;
  /** A PNG of the viewport. */
  captureScreenshot(): Promise<Buffer>;
  setColorScheme(scheme: 'light' | 'dark'): Promise<void>;
  setForcedColors(isForced: boolean): Promise<void>;
  setViewport(width: number, height: number): Promise<void>;
}

/** A wait ends when the thing is there; this long only a slow or busy machine makes it last. */
const DEFAULT_TIMEOUT_MS = 30_000;
/** Nobody presses what came to where it is a moment ago, and what is made for people takes no such press. */
const REACTION_MS = 350;
/** Also a wait that is over looks once, for this long. */
const LAST_LOOK_MS = 25;

const driven = new Set<DrivenTab>();

/** The tabs this process drives and has not closed, in the order they were opened. */
export function drivenTabs(): readonly DrivenTab[] {
  return [...driven];
}

/** The expression that calls `fn` with `args`, JSON values. */
export function callExpression(fn: string, args: readonly unknown[]): string {
  return `(${fn})(${args.map((arg) => (arg === undefined ? 'undefined' : JSON.stringify(arg))).join(',')})`;
}

/** A Tab over either browser's port. */
export class DrivenTab implements Tab {
  readonly port: TabPort;
  readonly closed: Tab['closed'];

  constructor(port: TabPort) {
    this.port = port;
    driven.add(this);
    this.closed = {
      findAll: (css) => this.#findClosed(css),
      waitFor: (query, options) => this.#waitForClosed(query, options),
      click: async (query, options = {}) => {
        const { x, y } = await this.#aimAtClosed(query, options.timeoutMs);
        await this.clickAt(x, y, options);
      },
      hover: async (query) => {
        const { x, y } = await this.#aimAtClosed(query, undefined);
        await this.moveTo(x, y);
      },
      evaluate: <T, A extends unknown[]>(
        fn: (roots: ShadowRoot[], ...args: A) => T | Promise<T>,
        ...args: A
      ) => this.port.evaluateWithClosedRoots(fn.toString(), args) as Promise<T>,
    };
  }

  goto(url: string): Promise<void> {
    return this.port.navigate(url);
  }

  reload(): Promise<void> {
    return this.port.reload();
  }

  close(): Promise<void> {
    driven.delete(this);
    return this.port.close();
  }

  activate(): Promise<void> {
    return this.port.activate();
  }

  url(): Promise<string> {
    return this.port.evaluate('location.href', 'driver') as Promise<string>;
  }

  evaluate<T, A extends unknown[]>(fn: (...args: A) => T | Promise<T>, ...args: A): Promise<T> {
    return this.port.evaluate(callExpression(fn.toString(), args), 'page') as Promise<T>;
  }

  async text(selector = 'html'): Promise<string> {
    const read = (css: string): string | null =>
      document.querySelector<HTMLElement>(css)?.innerText ?? null;
    const text = await this.#inDriverWorld(read, selector);
    if (text === null) throw new Error(`No element fits ${selector}`);
    return text;
  }

  async waitFor<T, A extends unknown[]>(
    fn: (...args: A) => T | Promise<T>,
    options: WaitOptions<A> = {},
  ): Promise<Truthy<T>> {
    const expression = callExpression(fn.toString(), options.args ?? []);
    return poll(
      options.what ?? fn.toString(),
      options.timeoutMs,
      async () => (await this.port.evaluate(expression, 'page')) as T,
    );
  }

  async waitForText(text: string, options: { timeoutMs?: number } = {}): Promise<void> {
    let seen = '';
    const what = (): string => `the text ${JSON.stringify(text)}; the page shows:\n${seen}`;
    await poll(what, options.timeoutMs, async () => {
      seen = await this.text();
      return seen.includes(text);
    });
  }

  async isVisible(target: Target): Promise<boolean> {
    return 'x' in (await this.#inDriverWorld(locateInPage, describe(target), 'look'));
  }

  async click(target: Target, options: ClickOptions = {}): Promise<void> {
    const { x, y } = await this.#aimAt(target, options.timeoutMs);
    await this.port.clickMouse(x, y, options.button ?? 'left');
  }

  async hover(target: Target): Promise<void> {
    const { x, y } = await this.#aimAt(target, undefined);
    await this.port.moveMouse(x, y);
  }

  async clickAt(x: number, y: number, options: ClickOptions = {}): Promise<void> {
    await this.port.activate();
    await this.port.clickMouse(x, y, options.button ?? 'left');
  }

  async moveTo(x: number, y: number): Promise<void> {
    await this.port.activate();
    await this.port.moveMouse(x, y);
  }

  async type(text: string): Promise<void> {
    await this.port.activate();
    for (const [index, line] of text.split('\n').entries()) {
      if (index > 0) await this.port.pressKeys(parseKeys('Enter'));
      if (line) await this.port.typeText(line);
    }
  }

  async press(key: string): Promise<void> {
    await this.port.activate();
    await this.port.pressKeys(parseKeys(key));
  }

  async fill(target: Target, text: string): Promise<void> {
    // What comes up elsewhere may move it at the moment of the click; a person sees where they are.
    await poll(`${wordsFor(target)} to take the focus`, undefined, async () => {
      await this.click(target);
      return 'x' in (await this.#inDriverWorld(locateInPage, describe(target), 'focus'));
    });
    await this.port.pressKeys(parseKeys('Control+A'));
    if (text === '') await this.port.pressKeys(parseKeys('Delete'));
    else await this.type(text);
  }

  async screenshot(path: string): Promise<void> {
    await writeFile(path, await this.port.captureScreenshot());
  }

  setColorScheme(scheme: 'light' | 'dark'): Promise<void> {
    return this.port.setColorScheme(scheme);
  }

  setForcedColors(isForced: boolean): Promise<void> {
    return this.port.setForcedColors(isForced);
  }

  setViewport(width: number, height: number): Promise<void> {
    return this.port.setViewport(width, height);
  }

  #inDriverWorld<T, A extends unknown[]>(fn: (...args: A) => T, ...args: A): Promise<T> {
    return this.port.evaluate(callExpression(fn.toString(), args), 'driver') as Promise<T>;
  }

  /** Waits until the target can be clicked and holds still between two looks. */
  async #aimAt(target: Target, timeoutMs: number | undefined): Promise<{ x: number; y: number }> {
    await this.port.activate();
    const description = describe(target);
    let why = '';
    let last = { x: NaN, y: NaN };
    return poll(
      () => `${wordsFor(target)} to be clickable; at the end: ${why}`,
      timeoutMs,
      async () => {
        const location: Location = await this.#inDriverWorld(locateInPage, description, 'aim');
        if ('why' in location) {
          why = location.why;
          return false;
        }
        why = 'it moves';
        const isStill = location.x === last.x && location.y === last.y;
        last = location;
        return isStill && location;
      },
    );
  }

  #findClosed(css: string): Promise<ClosedElement[]> {
    return this.port.evaluateWithClosedRoots(readClosedRoots.toString(), [css, null]) as Promise<
      ClosedElement[]
    >;
  }

  #waitForClosed(query: string | ClosedQuery, options: WaitOptions = {}): Promise<ClosedElement> {
    const { css, text = '', nth = 0 } = typeof query === 'string' ? { css: query } : query;
    return poll(
      options.what ?? `${css} ${text} in a closed shadow root`,
      options.timeoutMs,
      async () =>
        (await this.#findClosed(css))
          .filter(
            (element) =>
              element.isVisible && (element.text.includes(text) || element.label.includes(text)),
          )
          .at(nth),
    );
  }

  async #aimAtClosed(
    query: string | ClosedQuery,
    timeoutMs: number | undefined,
  ): Promise<{ x: number; y: number }> {
    await this.port.activate();
    const { css, text = '', nth = 0 } = typeof query === 'string' ? { css: query } : query;
    let why = '';
    let last = { x: NaN, y: NaN };
    let stillSince = Infinity;
    return poll(
      () => `${css} ${text} in a closed shadow root to be clickable; at the end: ${why}`,
      timeoutMs,
      async () => {
        const found = (await this.port.evaluateWithClosedRoots(readClosedRoots.toString(), [
          css,
          { text, nth },
        ])) as ClosedElement[];
        const [element] = found;
        if (!element || element.isDisabled) {
          why = element ? 'it is disabled' : 'no such element is visible';
          return false;
        }
        const { box } = element;
        const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
        const now = performance.now();
        if (point.x !== last.x || point.y !== last.y) stillSince = now;
        why = `it moves, now at ${point.x}, ${point.y}`;
        last = point;
        return now - stillSince >= REACTION_MS && point;
      },
    );
  }
}

/**
 * Runs inside the page, so it must be self-contained. With `aim`, returns only the element meant, after
 * scrolling it into view.
 */
function readClosedRoots(
  roots: ShadowRoot[],
  css: string,
  aim: { text: string; nth: number } | null,
): ClosedElement[] {
  const read = (element: Element, root: ShadowRoot): ClosedElement => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return {
      // Drawings have none.
      text: (element as Partial<HTMLElement>).innerText ?? '',
      label: element.getAttribute('aria-label') ?? '',
      box: { x, y, width, height },
      hostId: root.host.id,
      isVisible:
        width > 0 &&
        height > 0 &&
        element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }),
      isDisabled: element.matches(':disabled,[aria-disabled=true]'),
    };
  };
  const found = roots
    .filter((root) => root.isConnected)
    .flatMap((root) =>
      [...root.querySelectorAll(css)].map((element) => ({
        element,
        root,
        seen: read(element, root),
      })),
    );
  if (!aim) return found.map(({ seen }) => seen);
  const meant = found
    .filter(
      ({ seen }) =>
        seen.isVisible && (seen.text.includes(aim.text) || seen.label.includes(aim.text)),
    )
    .at(aim.nth);
  if (!meant) return [];
  const { top, left, bottom, right } = meant.element.getBoundingClientRect();
  const { host } = meant.root;
  const around = host.getRootNode() as Document | ShadowRoot;
  const hit = around.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const isOnScreen = top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
  // Where its list cuts it off, a press would fall on what lies below.
  if (!isOnScreen || (hit !== null && !host.contains(hit))) {
    meant.element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  }
  return [read(meant.element, meant.root)];
}

/**
 * Calls `attempt` until it gives something truthy. Errors count as not yet, because a page may be on its
 * way to another document at that moment; the last one is told if nothing better came.
 */
async function poll<T>(
  what: string | (() => string),
  timeoutMs: number | undefined,
  attempt: () => Promise<T>,
): Promise<Truthy<T>> {
  const allowed = timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const begin = performance.now();
  const end = begin + allowed;
  let lastError: unknown;
  for (;;) {
    const left = end - performance.now();
    const value = await Promise.race([
      attempt().then(
        (result) => {
          lastError = undefined;
          return result;
        },
        (error: unknown) => {
          lastError = error;
          return undefined;
        },
      ),
      sleep(Math.max(left, LAST_LOOK_MS), undefined, { ref: false }),
    ]);
    if (value) return value as Truthy<T>;
    if (left <= 0) {
      const words = typeof what === 'string' ? what : what();
      throw new Error(`Waited ${allowed} ms for ${words}`, { cause: lastError });
    }
    await pause(begin);
  }
}
