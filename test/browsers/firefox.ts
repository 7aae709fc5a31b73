import { join } from 'node:path';
import { createInterface } from 'node:readline';
import WebSocket from 'ws';
import { findFirefox } from '../setup/installed-browsers.mjs';
import type { BrowserOptions, Tab, TestBrowser } from './browser.ts';
import { BrowserProcess } from './browser-process.ts';
import { Connection } from './connection.ts';
import * as chromeScope from './firefox-chrome.ts';
import { EXTENSION_UUID, fillProfile } from './firefox-profile.ts';
import { evaluate, FirefoxTabPort } from './firefox-tab.ts';
import { parseKeys } from './keys.ts';
import { localizeExtension } from './localized-extension.ts';
import { firefoxIdOf, popupPath, shortcutOf } from './manifest.ts';
import { NetworkSwitch } from './network-switch.ts';
import { manageFirefox } from './policy.ts';
import { createProfile, removeProfile, searchProfile } from './profile.ts';
import { callExpression, DrivenTab } from './tab.ts';
import { until } from './until.ts';

/** A click after which nothing has changed for this long hit nothing. */
const LOST_CLICK_MS = 6_000;

interface Context {
  context: string;
  url: string;
}

/** Firefox over raw WebDriver BiDi, and its own privileged window for what BiDi cannot say. */
export class FirefoxBrowser implements TestBrowser {
  readonly name = 'firefox';
  readonly profile: string;
  readonly #command: string;
  readonly #options: BrowserOptions;
  readonly #network: NetworkSwitch;
  readonly #extension: string;
  readonly #front: { context: string | undefined } = { context: undefined };
  readonly #extensionId: string;
  #hasStarted = false;
  #process!: BrowserProcess;
  #connection!: Connection;
  #chromeContext = '';
  #isFirstTabFree = true;

  private constructor(
    command: string,
    id: string,
    options: BrowserOptions,
    network: NetworkSwitch,
  ) {
    this.#command = command;
    this.#extensionId = id;
    this.#options = options;
    this.#network = network;
    this.profile = options.profile ?? createProfile('firefox');
    this.#extension = localizeExtension(options, this.profile);
  }

  /** Starts Firefox and resolves when the extension's background has run. */
  static async start(options: BrowserOptions): Promise<FirefoxBrowser> {
    const command = findFirefox();
    if (command === undefined) throw new Error('Firefox was not found. Set UNSAY_FIREFOX.');
    const id = firefoxIdOf(options.extension);
    const browser = new FirefoxBrowser(command, id, options, await NetworkSwitch.start());
    try {
      await browser.#launch();
    } catch (error) {
      await browser.#process.crash();
      browser.#clean();
      throw error;
    }
    return browser;
  }

  get exited(): Promise<void> {
    return this.#process.ended;
  }

  extensionUrl(path: string): string {
    return `moz-extension://${EXTENSION_UUID}/${path.replace(/^\//, '')}`;
  }

  async open(url: string): Promise<Tab> {
    return this.#openIn(await this.#newTab(), url);
  }

  async openInWindow(url: string): Promise<Tab> {
    return this.#openIn(await this.#create('window'), url);
  }

  async #openIn(context: string, url: string): Promise<Tab> {
    const tab = this.#tab(context, false);
    await tab.activate();
    await tab.goto(url);
    return tab;
  }

  async openPopup(over?: Tab): Promise<Tab> {
    await over?.activate();
    await this.#inChrome(chromeScope.triggerAction, this.#extensionId);
    return this.waitForPopup();
  }

  async waitForPopup(): Promise<Tab> {
    const context = await until('the popup', () => this.#inChrome(chromeScope.drivePopup));
    const tab = this.#tab(context, true);
    await tab.waitFor(() => document.readyState !== 'loading', { what: 'the popup to be read' });
    return tab;
  }

  async waitForTab(address: string): Promise<Tab> {
    const { context } = await until(`a tab at ${address}`, async () =>
      (await this.#contexts('content')).find(({ url }) => url.startsWith(address)),
    );
    return this.#tab(context, false);
  }

  openPopupAsTab(query = ''): Promise<Tab> {
    return this.open(this.extensionUrl(popupPath(this.#extension) + query));
  }

  async killWorker(): Promise<void> {
    await this.#inChrome(chromeScope.terminateBackground, this.#extensionId);
  }

  async isWorkerAlive(): Promise<boolean> {
    return (await this.#backgroundState()) === 'running';
  }

  async evaluateInWorker<T, A extends unknown[]>(
    fn: (...args: A) => T | Promise<T>,
    ...args: A
  ): Promise<T> {
    const context = await until("the extension's background", () =>
      this.#inChrome(chromeScope.driveBackground, this.#extensionId),
    );
    const expression = callExpression(fn.toString(), args);
    return (await evaluate(this.#connection, context, expression, 'page')) as T;
  }

  async grantSite(origin: string, clickTurnOn: () => Promise<void>): Promise<void> {
    await this.#withoutPrompts(async () => {
      await clickTurnOn();
      let clickedAt = performance.now();
      await until(`the permission for ${origin}`, async () => {
        const may = await this.#inChrome(chromeScope.mayAccess, this.#extensionId, origin);
        if (may || performance.now() - clickedAt < LOST_CLICK_MS) return may;
        // It is answered without being asked, so the click was lost, as where the popup grows under it.
        clickedAt = performance.now();
        await clickTurnOn();
        return false;
      });
    });
  }

  async grantPermission(name: string, click: () => Promise<void>): Promise<void> {
    await this.#withoutPrompts(async () => {
      await click();
      await until(`the permission ${name}`, () =>
        this.#inChrome(chromeScope.hasPermission, this.#extensionId, name),
      );
    });
  }

  async #withoutPrompts(work: () => Promise<void>): Promise<void> {
    const prompts = 'extensions.webextOptionalPermissionPrompts';
    await this.#inChrome(chromeScope.setPreference, prompts, false);
    await work();
    await this.#inChrome(chromeScope.setPreference, prompts, true);
  }

  async pressCommand(name: string): Promise<void> {
    const keys = parseKeys(shortcutOf(this.#extension, name));
    await this.#inChrome(
      chromeScope.pressKeys,
      keys.map(({ key, code, keyCode }) => ({ key, code, keyCode })),
    );
  }

  async chooseInMenu(entry: string): Promise<void> {
    await until(`${entry} in the menu`, () =>
      this.#inChrome(chromeScope.chooseInMenu, this.#extensionId, entry),
    );
  }

  async setOffline(isOffline: boolean): Promise<void> {
    // Firefox alone would leave open sockets to this machine open (seen with 153).
    this.#network.setOff(isOffline);
    await this.#inChrome(chromeScope.setOffline, isOffline);
  }

  async reloadExtension(): Promise<void> {
    await this.#inChrome(chromeScope.reloadExtension, this.#extensionId);
    await until(
      'the reloaded extension',
      async () => (await this.#backgroundState()) === 'running',
    );
  }

  searchProfile(text: string): Promise<string[]> {
    return searchProfile(this.profile, text);
  }

  async restart(options: { isCrash?: boolean } = {}): Promise<void> {
    if (options.isCrash) await this.#process.crash();
    else await this.#quit();
    await this.#launch();
  }

  async close(): Promise<void> {
    await this.#quit();
    this.#clean();
  }

  #clean(): void {
    this.#network.close();
    if (this.#options.profile === undefined) removeProfile(this.profile);
  }

  async #launch(): Promise<void> {
    const { locale = 'en-US', isHeadless = true, policy } = this.#options;
    // It reads what its manager set from the user's home.
    const home = join(this.profile, 'home');
    if (policy) manageFirefox(home, this.#extensionId, policy);
    fillProfile(this.profile, this.#extension, {
      id: this.#extensionId,
      locale,
      proxyPort: this.#network.port,
    });
    this.#process = new BrowserProcess(
      this.#command,
      [
        ...(isHeadless ? ['--headless'] : []),
        '--no-remote',
        '--profile',
        this.profile,
        '--remote-debugging-port=0',
        // Without it extension pages and the privileged window are out of reach (seen with 153).
        '--remote-allow-system-access',
      ],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: {
          MOZ_HEADLESS_WIDTH: '1280',
          MOZ_HEADLESS_HEIGHT: '900',
          MOZ_CRASHREPORTER_DISABLE: '1',
          ...(policy && { HOME: home }),
        },
      },
    );
    this.#connection = await connect(this.#process);
    this.#front.context = undefined;
    this.#isFirstTabFree = true;
    await this.#connection.send('session.new', { capabilities: {} });
    this.#chromeContext = await until("Firefox's window", async () => {
      const contexts = await this.#contexts('chrome');
      return contexts.find(({ url }) => url.endsWith('/browser.xhtml'))?.context;
    });
    // At a later start the background comes up only when an event asks for it.
    await until('the extension', async () => {
      const state = await this.#backgroundState();
      return state === 'running' || (this.#hasStarted && state === 'stopped');
    });
    this.#hasStarted = true;
  }

  async #quit(): Promise<void> {
    await this.#process.quit(() => this.#connection.send('browser.close'));
  }

  #tab(id: string, isPopup: boolean): DrivenTab {
    const chrome = {
      setColorScheme: (context: string, scheme: 'light' | 'dark') =>
        this.#inChrome(chromeScope.setColorScheme, context, scheme),
      setForcedColors: (context: string, isForced: boolean) =>
        this.#inChrome(chromeScope.setForcedColors, context, isForced),
      focusPage: (context: string) => this.#inChrome(chromeScope.focusPage, context),
      closePopup: () => this.#inChrome(chromeScope.closePopup),
      readMainThread: (address: string) => this.#inChrome(chromeScope.readMainThread, address),
    };
    return new DrivenTab(
      new FirefoxTabPort(this.#connection, chrome, { id, isPopup }, this.#front),
    );
  }

  async #newTab(): Promise<string> {
    if (this.#isFirstTabFree) {
      this.#isFirstTabFree = false;
      const first = (await this.#contexts('content')).find(({ url }) => url === 'about:blank');
      if (first) return first.context;
    }
    return this.#create('tab');
  }

  async #create(type: 'tab' | 'window'): Promise<string> {
    const { context } = await this.#connection.send<Context>('browsingContext.create', { type });
    return context;
  }

  async #contexts(scope: 'chrome' | 'content'): Promise<Context[]> {
    const { contexts } = await this.#connection.send<{ contexts: Context[] }>(
      'browsingContext.getTree',
      { maxDepth: 0, ...(scope === 'chrome' && { 'moz:scope': 'chrome' }) },
    );
    return contexts;
  }

  #backgroundState(): Promise<string> {
    return this.#inChrome(chromeScope.readBackgroundState, this.#extensionId);
  }

  /** Runs one of the functions of firefox-chrome.ts in Firefox's own window. */
  #inChrome<T, A extends unknown[]>(fn: (...args: A) => T | Promise<T>, ...args: A): Promise<T> {
    const expression = `(() => { ${chromeScope.prelude()}; return ${callExpression(fn.toString(), args)}; })()`;
    return evaluate(this.#connection, this.#chromeContext, expression, 'page') as Promise<T>;
  }
}

/** Waits for the address Firefox prints and connects to it. */
async function connect({ child, ended }: BrowserProcess): Promise<Connection> {
  if (!child.stderr) throw new Error('Firefox was started without a pipe for its words.');
  const lines = createInterface({ input: child.stderr });
  const seen: string[] = [];
  const address = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      seen.push(line);
      const found = /WebDriver BiDi listening on (ws:\S+)/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    void ended.then(() => {
      reject(new Error(`Firefox ended before it could be driven:\n${seen.join('\n')}`));
    });
  });
  const socket = new WebSocket(`${address}/session`, { perMessageDeflate: false });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const connection = new Connection((text) => {
    socket.send(text);
  });
  socket.on('message', (data: Buffer) => {
    connection.receive(data.toString('utf8'));
  });
  // A killed browser breaks the socket; what waits for an answer hears of it by `close`.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    connection.end('Firefox has ended');
  });
  return connection;
}
