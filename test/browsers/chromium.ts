import { resolve } from 'node:path';
import { findChromium } from '../setup/installed-browsers.mjs';
import type { BrowserOptions, Tab, TestBrowser } from './browser.ts';
import { BrowserProcess } from './browser-process.ts';
import { ChromiumTabPort, valueOf, type Front } from './chromium-tab.ts';
import { chromiumArguments } from './chromium-arguments.ts';
import { connectPipe } from './chromium-pipe.ts';
import type { Connection } from './connection.ts';
import { localizeExtension } from './localized-extension.ts';
import { chromiumIdOf, matchPatternFor, optionalPermissionsOf, popupPath } from './manifest.ts';
import { NetworkSwitch } from './network-switch.ts';
import { manageChromium } from './policy.ts';
import { createProfile, rememberPermissions, removeProfile, searchProfile } from './profile.ts';
import { callExpression, DrivenTab } from './tab.ts';
import { until } from './until.ts';

/** What the worker's functions below use of the extension API. */
declare const chrome: {
  permissions: {
    contains(of: { origins?: string[]; permissions?: string[] }): Promise<boolean>;
  };
  tabs: { query(query: { active: boolean; lastFocusedWindow: boolean }): Promise<unknown[]> };
  /** `dispatch` is undocumented: it calls the listeners as the browser would. */
  commands: { onCommand: { dispatch(command: string, tab: unknown): void } };
  contextMenus: { onClicked: { dispatch(chosen: object, tab: unknown): void } };
};

interface TargetInfo {
  targetId: string;
  type: string;
  url: string;
}

/**
 * Chromium over a raw CDP pipe. Nothing stays attached to the extension's worker, because a worker with
 * a debugger never idles out (seen with 156).
 */
export class ChromiumBrowser implements TestBrowser {
  readonly name = 'chromium';
  readonly profile: string;
  readonly #command: string;
  readonly #options: BrowserOptions;
  readonly #extension: string;
  readonly #extensionId: string;
  readonly #front: Front = { page: undefined, tab: undefined };
  #process!: BrowserProcess;
  #connection!: Connection;
  #isFirstTabFree = true;
  readonly #network: NetworkSwitch;
  /** Takes the policy back. */
  readonly #takeBack: (() => void) | undefined;

  private constructor(command: string, options: BrowserOptions, network: NetworkSwitch) {
    this.#command = command;
    this.#options = options;
    this.#network = network;
    this.profile = options.profile ?? createProfile('chromium');
    this.#extension = resolve(localizeExtension(options, this.profile));
    this.#extensionId = chromiumIdOf(this.#extension);
    rememberPermissions(this.profile, this.#extensionId, optionalPermissionsOf(this.#extension));
    if (options.policy) this.#takeBack = manageChromium(this.#extensionId, options.policy);
  }

  /** Starts Chromium and resolves when the extension's worker has run. */
  static async start(options: BrowserOptions): Promise<ChromiumBrowser> {
    const command = findChromium();
    if (command === undefined) throw new Error('Chromium was not found. Set UNSAY_CHROMIUM.');
    // Said before there is a profile to clean up.
    chromiumIdOf(options.extension);
    const browser = new ChromiumBrowser(command, options, await NetworkSwitch.start());
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
    return `chrome-extension://${this.#extensionId}/${path.replace(/^\//, '')}`;
  }

  async open(url: string): Promise<Tab> {
    return this.#openIn(await this.#newTab(), url);
  }

  async openInWindow(url: string): Promise<Tab> {
    return this.#openIn(await this.#createTab({ newWindow: true }), url);
  }

  async #openIn(tabId: string, url: string): Promise<Tab> {
    const tab = await this.#attachTab(tabId);
    await tab.port.activate();
    await tab.goto(url);
    return tab;
  }

  async openPopup(over?: Tab): Promise<Tab> {
    await over?.activate();
    const before = new Set((await this.#targets()).map(({ targetId }) => targetId));
    await this.#connection.send('Extensions.triggerAction', {
      id: this.#extensionId,
      targetId: await this.#tabInFront(),
    });
    return this.#drivePopup(before);
  }

  async waitForPopup(): Promise<Tab> {
    const tabs = await this.#targets({ type: 'tab' });
    const inTabs = tabs.filter(({ url }) => url.startsWith(this.#popupUrl()));
    if (inTabs.length > 0) throw new Error('The popup is open in a tab.');
    return this.#drivePopup(new Set());
  }

  async #drivePopup(others: ReadonlySet<string>): Promise<Tab> {
    const popup = await this.#waitForTarget(
      'the popup',
      ({ type, url, targetId }) =>
        type === 'page' && url.startsWith(this.#popupUrl()) && !others.has(targetId),
    );
    const { sessionId } = await this.#attach(popup.targetId);
    const port = new ChromiumTabPort(
      this.#connection,
      { page: popup.targetId, tab: undefined, session: sessionId },
      this.#front,
    );
    await port.prepare();
    const tab = new DrivenTab(port);
    await tab.waitFor(() => document.readyState !== 'loading', { what: 'the popup to be read' });
    return tab;
  }

  async waitForTab(address: string): Promise<Tab> {
    const { targetId } = await until(`a tab at ${address}`, async () =>
      (await this.#targets({ type: 'tab' })).find(({ url }) => url.startsWith(address)),
    );
    return this.#attachTab(targetId);
  }

  openPopupAsTab(query = ''): Promise<Tab> {
    return this.open(this.#popupUrl() + query);
  }

  async killWorker(): Promise<void> {
    const worker = await this.#findWorker();
    if (!worker) return;
    await this.#connection.send('Target.closeTarget', { targetId: worker.targetId });
    await until('the worker to die', async () => {
      const targets = await this.#targets();
      return !targets.some(({ targetId }) => targetId === worker.targetId);
    });
  }

  async isWorkerAlive(): Promise<boolean> {
    return (await this.#findWorker()) !== undefined;
  }

  async evaluateInWorker<T, A extends unknown[]>(
    fn: (...args: A) => T | Promise<T>,
    ...args: A
  ): Promise<T> {
    const worker = (await this.#findWorker()) ?? (await this.#startWorker());
    const { sessionId } = await this.#attach(worker.targetId);
    try {
      const evaluate = this.#evaluatorIn(sessionId);
      // The bindings come a moment after the worker itself.
      await until('the worker to be ready', () =>
        evaluate('Boolean(globalThis.chrome?.runtime?.id)'),
      );
      return (await evaluate(callExpression(fn.toString(), args))) as T;
    } finally {
      await this.#detach(sessionId);
    }
  }

  /** Bytes of the running worker's script memory after a collection: objects and what they hold. */
  async measureWorkerHeap(): Promise<number> {
    const worker = await this.#findWorker();
    if (!worker) throw new Error('There is no worker to measure.');
    const { sessionId } = await this.#attach(worker.targetId);
    try {
      await this.#connection.send('HeapProfiler.collectGarbage', {}, sessionId);
      const { usedSize, backingStorageSize = 0 } = await this.#connection.send<{
        usedSize: number;
        backingStorageSize?: number;
      }>('Runtime.getHeapUsage', {}, sessionId);
      return usedSize + backingStorageSize;
    } finally {
      await this.#detach(sessionId);
    }
  }

  async grantSite(origin: string, clickTurnOn: () => Promise<void>): Promise<void> {
    // The prompt itself is out of reach. A host that the user has allowed on chrome://extensions is
    // granted without one, to a request that comes from a click (seen with 156).
    const pattern = matchPatternFor(origin);
    await this.#withExtensionsPage(async (evaluate) => {
      await evaluate(
        `chrome.developerPrivate.addHostPermission(${JSON.stringify(this.#extensionId)}, ${JSON.stringify(pattern)})`,
      );
    });
    await clickTurnOn();
    await until(`the permission for ${origin}`, () =>
      this.evaluateInWorker(
        (pattern) => chrome.permissions.contains({ origins: [pattern] }),
        pattern,
      ),
    );
  }

  async grantPermission(name: string, click: () => Promise<void>): Promise<void> {
    // It was asked for once before, as far as the profile knows: Chromium's prompt is a window that no
    // program reaches (seen with 156).
    await click();
    await until(`the permission ${name}`, () =>
      this.evaluateInWorker(
        (permission) => chrome.permissions.contains({ permissions: [permission] }),
        name,
      ),
    );
  }

  async pressCommand(name: string): Promise<void> {
    await this.evaluateInWorker(async (command) => {
      const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
      chrome.commands.onCommand.dispatch(command, tab);
    }, name);
  }

  async chooseInMenu(entry: string): Promise<void> {
    await this.evaluateInWorker(async (menuItemId) => {
      const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
      chrome.contextMenus.onClicked.dispatch({ menuItemId, frameId: 0, editable: false }, tab);
    }, entry);
  }

  setOffline(isOffline: boolean): Promise<void> {
    this.#network.setOff(isOffline);
    return Promise.resolve();
  }

  async reloadExtension(): Promise<void> {
    const before = await this.#findWorker();
    await this.#withExtensionsPage(async (evaluate) => {
      // Outside of developer mode the reload would disable an unpacked extension (seen with 156).
      await evaluate(
        'chrome.developerPrivate.updateProfileConfiguration({ inDeveloperMode: true })',
      );
      await evaluate(`chrome.developerPrivate.reload(${JSON.stringify(this.#extensionId)})`);
    });
    await until('the reloaded worker', async () => {
      const worker = await this.#findWorker();
      return worker && worker.targetId !== before?.targetId;
    });
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
    this.#takeBack?.();
    if (this.#options.profile === undefined) removeProfile(this.profile);
  }

  async #launch(): Promise<void> {
    const { locale = 'en-US', isHeadless = true } = this.#options;
    const child = new BrowserProcess(
      this.#command,
      chromiumArguments({
        extension: this.#extension,
        profile: this.profile,
        proxyPort: this.#network.port,
        locale,
        isHeadless,
      }),
      {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
        // Chromium takes its interface language on Linux from the environment.
        env: { LANGUAGE: locale.replace('-', '_'), LANG: 'C.UTF-8' },
      },
    );
    this.#process = child;
    this.#connection = connectPipe(child);
    this.#front.page = this.#front.tab = undefined;
    this.#isFirstTabFree = true;
    await this.#connection.send('Target.setDiscoverTargets', { discover: true });
    await this.#waitForTarget("the extension's worker", ({ type, url }) =>
      this.#isWorker(type, url),
    );
    // One that is killed before it is activated is started again for that at once.
    await until('the worker to be activated', () =>
      this.evaluateInWorker(
        () =>
          (globalThis as unknown as { registration: ServiceWorkerRegistration }).registration.active
            ?.state === 'activated',
      ),
    );
  }

  async #quit(): Promise<void> {
    await this.#process.quit(() => this.#connection.send('Browser.close'));
  }

  #popupUrl(): string {
    return this.extensionUrl(popupPath(this.#extension));
  }

  #isWorker(type: string, url: string): boolean {
    return type === 'service_worker' && url.startsWith(this.extensionUrl(''));
  }

  async #targets(filter?: { type: string }): Promise<TargetInfo[]> {
    const { targetInfos } = await this.#connection.send<{ targetInfos: TargetInfo[] }>(
      'Target.getTargets',
      filter && { filter: [filter] },
    );
    return targetInfos;
  }

  async #findWorker(): Promise<TargetInfo | undefined> {
    return (await this.#targets()).find(({ type, url }) => this.#isWorker(type, url));
  }

  #waitForTarget(what: string, isMeant: (target: TargetInfo) => boolean): Promise<TargetInfo> {
    return until(what, async () => (await this.#targets()).find(isMeant));
  }

  #attach(targetId: string): Promise<{ sessionId: string }> {
    return this.#connection.send('Target.attachToTarget', { targetId, flatten: true });
  }

  async #detach(sessionId: string): Promise<void> {
    // The target may be gone, and its session with it.
    await this.#connection.send('Target.detachFromTarget', { sessionId }).catch(() => undefined);
  }

  #evaluatorIn(sessionId: string): (expression: string) => Promise<unknown> {
    return async (expression) =>
      valueOf(
        await this.#connection.send(
          'Runtime.evaluate',
          { expression, awaitPromise: true, returnByValue: true },
          sessionId,
        ),
      );
  }

  /** A new blank tab's id; the one the browser started with is used up first. */
  async #newTab(): Promise<string> {
    if (this.#isFirstTabFree) {
      this.#isFirstTabFree = false;
      const first = (await this.#targets({ type: 'tab' })).find(({ url }) => url === 'about:blank');
      if (first) return first.targetId;
    }
    return this.#createTab();
  }

  async #createTab(how: { newWindow?: boolean } = {}): Promise<string> {
    const { targetId } = await this.#connection.send<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
      forTab: true,
      ...how,
    });
    return targetId;
  }

  /** Attaches to the page of a tab; the tab's session tells which page it holds. */
  async #attachTab(tabId: string): Promise<DrivenTab> {
    const { sessionId: tabSession } = await this.#attach(tabId);
    const attached = new Promise<{ sessionId: string; targetInfo: TargetInfo }>((settle) => {
      const stop = this.#connection.listen(({ method, params, session }) => {
        if (method !== 'Target.attachedToTarget' || session !== tabSession) return;
        const event = params as { sessionId: string; targetInfo: TargetInfo };
        if (event.targetInfo.type !== 'page') return;
        stop();
        settle(event);
      });
    });
    await this.#connection.send(
      'Target.setAutoAttach',
      { autoAttach: true, waitForDebuggerOnStart: false, flatten: true },
      tabSession,
    );
    const { sessionId, targetInfo } = await attached;
    const port = new ChromiumTabPort(
      this.#connection,
      { page: targetInfo.targetId, tab: tabId, session: sessionId },
      this.#front,
    );
    await port.prepare();
    return new DrivenTab(port);
  }

  async #tabInFront(): Promise<string> {
    const tab = this.#front.tab ?? (await this.#targets({ type: 'tab' }))[0]?.targetId;
    if (tab === undefined) throw new Error('There is no tab to open the popup over.');
    return tab;
  }

  /** Starts the worker as an event of the browser would. A page to ask for it is needed meanwhile. */
  async #startWorker(): Promise<TargetInfo> {
    const { targetId } = await this.#connection.send<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
      background: true,
    });
    const { sessionId } = await this.#attach(targetId);
    await this.#connection.send('ServiceWorker.enable', {}, sessionId);
    await this.#connection.send(
      'ServiceWorker.startWorker',
      { scopeURL: this.extensionUrl('') },
      sessionId,
    );
    const worker = await this.#waitForTarget("the extension's worker", ({ type, url }) =>
      this.#isWorker(type, url),
    );
    await this.#connection.send('Target.closeTarget', { targetId });
    return worker;
  }

  /** Calls `use` with a way to evaluate on chrome://extensions, open in a background tab meanwhile. */
  async #withExtensionsPage(
    use: (evaluate: (expression: string) => Promise<unknown>) => Promise<void>,
  ): Promise<void> {
    const { targetId } = await this.#connection.send<{ targetId: string }>('Target.createTarget', {
      url: 'chrome://extensions/',
      background: true,
    });
    const { sessionId } = await this.#attach(targetId);
    const evaluate = this.#evaluatorIn(sessionId);
    try {
      await until('chrome://extensions', () => evaluate('Boolean(chrome.developerPrivate)'));
      await use(evaluate);
    } finally {
      await this.#connection.send('Target.closeTarget', { targetId });
    }
  }
}
