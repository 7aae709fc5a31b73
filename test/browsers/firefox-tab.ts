import type { Connection } from './connection.ts';
import type { Key } from './keys.ts';
import type { Button, TabPort, World } from './tab.ts';
import { pause, until } from './until.ts';

/** A value as WebDriver BiDi writes it. */
interface RemoteValue {
  type: string;
  value?: unknown;
  sharedId?: string;
}

interface EvaluationAnswer {
  type: 'success' | 'exception';
  result?: RemoteValue;
  exceptionDetails?: { text: string };
}

/** What a host looks like when asked for with its shadow root. */
interface HostValue {
  value: { shadowRoot?: { sharedId?: string; value?: { mode?: string } } | null };
}

const NAVIGATION_MS = 30_000;

/** What the port asks of Firefox's own window. */
export interface ChromeScope {
  setColorScheme(context: string, scheme: 'light' | 'dark'): Promise<void>;
  setForcedColors(context: string, isForced: boolean): Promise<void>;
  /** Gives a page the browser's focus, if it is in front. */
  focusPage(context: string): Promise<void>;
  /** Only for a popup: closes it. */
  closePopup(): Promise<void>;
  /** Processor seconds of the main thread of the process that shows this address. */
  readMainThread(address: string): Promise<number>;
}

/** One page of Firefox, driven over WebDriver BiDi. */
export class FirefoxTabPort implements TabPort {
  readonly context: string;
  readonly isPopup: boolean;
  readonly #connection: Connection;
  readonly #chrome: ChromeScope;
  readonly #front: { context: string | undefined };

  /** @param front Shared by all tabs of the browser: the one that is in front. */
  constructor(
    connection: Connection,
    chrome: ChromeScope,
    context: { id: string; isPopup: boolean },
    front: { context: string | undefined },
  ) {
    this.#connection = connection;
    this.#chrome = chrome;
    this.context = context.id;
    this.isPopup = context.isPopup;
    this.#front = front;
  }

  async navigate(url: string): Promise<void> {
    // Of extension pages Firefox reports neither DOMContentLoaded nor load (seen with 153).
    if (/^https?:/.test(url)) {
      await this.#send('browsingContext.navigate', { url, wait: 'interactive' });
      return;
    }
    await this.#expectDocument(() => this.#send('browsingContext.navigate', { url, wait: 'none' }));
  }

  async reload(): Promise<void> {
    await this.#expectDocument(() => this.#send('browsingContext.reload', { wait: 'none' }));
  }

  /** Processor seconds that the main thread of the page's process took, the driver's own in it. */
  async measure(): Promise<{ readonly taskSeconds: number }> {
    const address = await this.evaluate('location.href', 'page');
    return { taskSeconds: await this.#chrome.readMainThread(String(address)) };
  }

  async close(): Promise<void> {
    if (this.isPopup) await this.#chrome.closePopup();
    else await this.#send('browsingContext.close');
    if (this.#front.context === this.context) this.#front.context = undefined;
  }

  async activate(): Promise<void> {
    // A popup is in front by itself.
    const isInFront = this.isPopup || this.#front.context === this.context;
    // A page without it may be behind a tab that the extension opened.
    if (isInFront && (await this.#hasFocus())) return;
    if (!this.isPopup) {
      await this.#send('browsingContext.activate');
      this.#front.context = this.context;
    }
    // BiDi hands keys to the page even while its window's address bar or toolbar has the focus: at
    // first, and after a Tab that left the page. They arrive at what would have the focus, but make no
    // click on a button, and nothing is `:focus` (seen with 153).
    await this.#chrome.focusPage(this.context);
    await until('the page to have the focus', () => this.#hasFocus());
  }

  async #hasFocus(): Promise<boolean> {
    return (await this.evaluate('document.hasFocus()', 'driver')) === true;
  }

  async evaluate(expression: string, world: World): Promise<unknown> {
    return evaluate(this.#connection, this.context, expression, world);
  }

  async evaluateWithClosedRoots(
    functionSource: string,
    args: readonly unknown[],
  ): Promise<unknown> {
    const target = { context: this.context, sandbox: 'driver' };
    const answer = await this.#connection.send<EvaluationAnswer>('script.evaluate', {
      // Elements that can have a shadow root: custom ones, and these (DOM standard, attachShadow).
      expression: `[...document.querySelectorAll('*')].filter((element) => element.localName.includes('-') ||
        /^(article|aside|blockquote|body|div|footer|h[1-6]|header|main|nav|p|section|span)$/.test(element.localName))`,
      target,
      awaitPromise: false,
      serializationOptions: { includeShadowTree: 'all', maxDomDepth: 0 },
    });
    const hosts = (resultOf(answer).value ?? []) as HostValue[];
    const roots = hosts.flatMap(({ value: { shadowRoot } }) =>
      shadowRoot?.value?.mode === 'closed' ? [{ sharedId: shadowRoot.sharedId }] : [],
    );
    const called = await this.#connection.send<EvaluationAnswer>('script.callFunction', {
      functionDeclaration: `(...roots) => (${functionSource})(roots, ${args.map((arg) => JSON.stringify(arg)).join(',')})`,
      arguments: roots,
      target,
      awaitPromise: true,
    });
    return toJson(resultOf(called));
  }

  async moveMouse(x: number, y: number): Promise<void> {
    await this.#mouse([{ type: 'pointerMove', x: Math.round(x), y: Math.round(y) }]);
  }

  async clickMouse(x: number, y: number, button: Button): Promise<void> {
    const code = button === 'left' ? 0 : 2;
    await this.#mouse([
      { type: 'pointerMove', x: Math.round(x), y: Math.round(y) },
      { type: 'pointerDown', button: code },
      { type: 'pointerUp', button: code },
    ]);
  }

  async pressKeys(keys: readonly Key[]): Promise<void> {
    await this.#keyboard([
      ...keys.map(({ webdriver: value }) => ({ type: 'keyDown', value })),
      ...keys.toReversed().map(({ webdriver: value }) => ({ type: 'keyUp', value })),
    ]);
  }

  async typeText(text: string): Promise<void> {
    await this.#keyboard(
      Array.from(text).flatMap((value) => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ]),
    );
  }

  async captureScreenshot(): Promise<Buffer> {
    const { data } = await this.#send<{ data: string }>('browsingContext.captureScreenshot');
    return Buffer.from(data, 'base64');
  }

  setColorScheme(scheme: 'light' | 'dark'): Promise<void> {
    return this.#chrome.setColorScheme(this.context, scheme);
  }

  setForcedColors(isForced: boolean): Promise<void> {
    return this.#chrome.setForcedColors(this.context, isForced);
  }

  async setViewport(width: number, height: number): Promise<void> {
    await this.#send('browsingContext.setViewport', { viewport: { width, height } });
  }

  #send<T>(method: string, params: object = {}): Promise<T> {
    return this.#connection.send<T>(method, { context: this.context, ...params });
  }

  async #mouse(actions: object[]): Promise<void> {
    await this.#send('input.performActions', {
      actions: [{ type: 'pointer', id: 'mouse', actions }],
    });
  }

  async #keyboard(actions: object[]): Promise<void> {
    await this.#send('input.performActions', {
      actions: [{ type: 'key', id: 'keyboard', actions }],
    });
  }

  /** Does `leave` and waits for the document that comes after: one without the old one's mark. */
  async #expectDocument(leave: () => Promise<unknown>): Promise<void> {
    await this.evaluate('globalThis.isLeft = true', 'driver');
    await leave();
    const begin = performance.now();
    while (performance.now() < begin + NAVIGATION_MS) {
      // Between two documents there is nothing to evaluate in.
      const isThere = await this.evaluate(
        "globalThis.isLeft === undefined && document.readyState !== 'loading' && location.href !== 'about:blank'",
        'driver',
      ).catch(() => false);
      if (isThere === true) return;
      await pause(begin);
    }
    throw new Error(`No new document came within ${NAVIGATION_MS} ms`);
  }
}

/** Evaluates an expression in a context and returns its JSON-like value. */
export async function evaluate(
  connection: Connection,
  context: string,
  expression: string,
  world: World,
): Promise<unknown> {
  const answer = await connection.send<EvaluationAnswer>('script.evaluate', {
    expression,
    target: { context, ...(world === 'driver' && { sandbox: 'driver' }) },
    awaitPromise: true,
  });
  return toJson(resultOf(answer));
}

function resultOf({ result, exceptionDetails }: EvaluationAnswer): RemoteValue {
  if (exceptionDetails) throw new Error(exceptionDetails.text);
  return result ?? { type: 'undefined' };
}

function toJson({ type, value }: RemoteValue): unknown {
  switch (type) {
    case 'undefined':
      return undefined;
    case 'null':
      return null;
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number(value);
    case 'array':
      return (value as RemoteValue[]).map(toJson);
    case 'object':
      return Object.fromEntries(
        (value as [string, RemoteValue][]).map(([key, entry]) => [key, toJson(entry)]),
      );
    default:
      // As JSON does with what it has no word for.
      return {};
  }
}
