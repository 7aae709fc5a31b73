import type { Connection } from './connection.ts';
import { keyOf, modifierBits, type Key } from './keys.ts';
import type { Button, TabPort, World } from './tab.ts';

interface RemoteObject {
  value?: unknown;
  objectId?: string;
  description?: string;
}

interface EvaluationAnswer {
  result: RemoteObject;
  exceptionDetails?: { text: string; exception?: RemoteObject };
}

interface DomNode {
  backendNodeId: number;
  shadowRootType?: 'closed' | 'open' | 'user-agent';
  shadowRoots?: DomNode[];
  children?: DomNode[];
}

/** The targets behind one page, as CDP names them. */
export interface PageTargets {
  /** The page itself. */
  page: string;
  /** The tab that holds the page; a popup has none. */
  tab: string | undefined;
  /** The attached CDP session of the page. */
  session: string;
}

/** What is in front, as far as the driver put it there. */
export interface Front {
  page: string | undefined;
  tab: string | undefined;
}

/** What a page costs, extensions' scripts in it included. */
export interface PageMeasures {
  /**
   * Seconds of processor time its main thread took; what else the computer does is not in it, nor what
   * the driver asked of the page.
   */
  readonly taskSeconds: number;
  /** Bytes of script memory. */
  readonly heap: number;
}

/** One page of Chromium, driven through a CDP session of its own. */
export class ChromiumTabPort implements TabPort {
  readonly targets: PageTargets;
  readonly #connection: Connection;
  readonly #front: Front;
  /** What media queries are answered with, by their names. */
  readonly #media = new Map<string, string>();

  /** @param front Shared by all tabs of the browser. */
  constructor(connection: Connection, targets: PageTargets, front: Front) {
    this.#connection = connection;
    this.targets = targets;
    this.#front = front;
  }

  /** Switches on what the port relies on; call it once, before anything else. */
  async prepare(): Promise<void> {
    await Promise.all([
      this.#send('Page.enable'),
      this.#send('Page.setLifecycleEventsEnabled', { enabled: true }),
    ]);
  }

  async navigate(url: string): Promise<void> {
    const ready = this.#nextDocument();
    ready.promise.catch(() => undefined);
    const { errorText, loaderId } = await this.#send<{ errorText?: string; loaderId?: string }>(
      'Page.navigate',
      { url },
    );
    // A chat page has its credentials in the fragment.
    if (errorText !== undefined) throw new Error(`${url.replace(/#.*/u, '')}: ${errorText}`);
    // Only the fragment changed: the document is the same.
    if (loaderId === undefined) ready.cancel();
    else await ready.promise;
  }

  async reload(): Promise<void> {
    const ready = this.#nextDocument();
    await this.#send('Page.reload');
    await ready.promise;
  }

  async close(): Promise<void> {
    await this.#connection.send('Target.closeTarget', { targetId: this.targets.page });
    if (this.#front.page === this.targets.page) this.#front.page = this.#front.tab = undefined;
  }

  async activate(): Promise<void> {
    // A popup is in front by itself, and anything brought to the front would close it.
    if (this.targets.tab === undefined) return;
    // The extension may have opened a tab over this one.
    const isVisible = "document.visibilityState === 'visible'";
    const isInFront = this.#front.page === this.targets.page;
    if (isInFront && (await this.evaluate(isVisible, 'driver')) === true) return;
    await this.#send('Page.bringToFront');
    this.#front.page = this.targets.page;
    this.#front.tab = this.targets.tab;
  }

  async evaluate(expression: string, world: World): Promise<unknown> {
    const answer = await this.#send<EvaluationAnswer>('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
      ...(world === 'driver' && { contextId: await this.#driverWorld() }),
    });
    return valueOf(answer);
  }

  async evaluateWithClosedRoots(
    functionSource: string,
    args: readonly unknown[],
  ): Promise<unknown> {
    const executionContextId = await this.#driverWorld();
    const { root } = await this.#send<{ root: DomNode }>('DOM.getDocument', {
      depth: -1,
      pierce: true,
    });
    const roots = await Promise.all(
      closedRootsIn(root).map(async ({ backendNodeId }) => {
        const { object } = await this.#send<{ object: RemoteObject }>('DOM.resolveNode', {
          backendNodeId,
          executionContextId,
        });
        return { objectId: object.objectId };
      }),
    );
    const count = args.length;
    const answer = await this.#send<EvaluationAnswer>('Runtime.callFunctionOn', {
      executionContextId,
      functionDeclaration: `(...all) => (${functionSource})(all.slice(${count}), ...all.slice(0, ${count}))`,
      arguments: [...args.map((value) => ({ value })), ...roots],
      awaitPromise: true,
      returnByValue: true,
    });
    return valueOf(answer);
  }

  async moveMouse(x: number, y: number): Promise<void> {
    await this.#send('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y, button: 'none' });
  }

  async clickMouse(x: number, y: number, button: Button): Promise<void> {
    await this.moveMouse(x, y);
    const buttons = button === 'left' ? 1 : 2;
    const press = { x, y, button, clickCount: 1 };
    await this.#send('Input.dispatchMouseEvent', { ...press, type: 'mousePressed', buttons });
    await this.#send('Input.dispatchMouseEvent', { ...press, type: 'mouseReleased', buttons: 0 });
  }

  async pressKeys(keys: readonly Key[]): Promise<void> {
    const held: Key[] = [];
    for (const key of keys) {
      const types = key.text !== undefined && modifierBits(held) === 0;
      held.push(key);
      await this.#key(types ? 'keyDown' : 'rawKeyDown', key, held, types ? key.text : undefined);
    }
    for (const key of keys.toReversed()) {
      held.pop();
      await this.#key('keyUp', key, held, undefined);
    }
  }

  async typeText(text: string): Promise<void> {
    for (const character of text) {
      const key = keyOf(character);
      if (key) await this.pressKeys([key]);
      else await this.#send('Input.insertText', { text: character });
    }
  }

  async captureScreenshot(): Promise<Buffer> {
    const { data } = await this.#send<{ data: string }>('Page.captureScreenshot');
    return Buffer.from(data, 'base64');
  }

  setColorScheme(scheme: 'light' | 'dark'): Promise<void> {
    return this.#emulate('prefers-color-scheme', scheme);
  }

  setForcedColors(isForced: boolean): Promise<void> {
    return this.#emulate('forced-colors', isForced ? 'active' : 'none');
  }

  async setViewport(width: number, height: number): Promise<void> {
    await this.#send('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
    });
  }

  /** Has the page collect its garbage, which costs time of its own. */
  async collectGarbage(): Promise<void> {
    await this.#send('HeapProfiler.collectGarbage');
  }

  /** Freezes the page, as the browser does with tabs that nobody looks at: nothing in it runs any more. */
  async freeze(): Promise<void> {
    await this.#send('Page.setWebLifecycleState', { state: 'frozen' });
  }

  /** What the page has cost up to now. */
  async measure(): Promise<PageMeasures> {
    await this.#send('Performance.enable', { timeDomain: 'threadTicks' });
    const { metrics } = await this.#send<{ metrics: { name: string; value: number }[] }>(
      'Performance.getMetrics',
    );
    const find = (name: string): number =>
      metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    return {
      taskSeconds: find('TaskDuration') - find('DevToolsCommandDuration'),
      heap: find('JSHeapUsedSize'),
    };
  }

  async #emulate(feature: string, value: string): Promise<void> {
    this.#media.set(feature, value);
    const features = [...this.#media].map(([name, value]) => ({ name, value }));
    await this.#send('Emulation.setEmulatedMedia', { features });
  }

  #send<T>(method: string, params: object = {}): Promise<T> {
    return this.#connection.send<T>(method, params, this.targets.session);
  }

  /** The isolated world of the current document; asking again gives the same one. */
  async #driverWorld(): Promise<number> {
    const { executionContextId } = await this.#send<{ executionContextId: number }>(
      'Page.createIsolatedWorld',
      { frameId: this.targets.page, worldName: 'driver' },
    );
    return executionContextId;
  }

  /** Resolves when a document that is not there yet has its DOM ready. */
  #nextDocument(): { promise: Promise<void>; cancel: () => void } {
    let isNew = false;
    let cancel = (): void => undefined;
    const promise = new Promise<void>((resolve) => {
      cancel = this.#connection.listen(({ method, params, session }) => {
        if (session !== this.targets.session || method !== 'Page.lifecycleEvent') return;
        const { frameId, name } = params as { frameId: string; name: string };
        if (frameId !== this.targets.page) return;
        if (name === 'init') isNew = true;
        if (name !== 'DOMContentLoaded' || !isNew) return;
        cancel();
        resolve();
      });
    });
    return { promise, cancel };
  }

  #key(type: string, key: Key, held: readonly Key[], text: string | undefined): Promise<unknown> {
    return this.#send('Input.dispatchKeyEvent', {
      type,
      key: key.key,
      code: key.code,
      windowsVirtualKeyCode: key.keyCode,
      modifiers: modifierBits(held),
      ...(text !== undefined && { text }),
    });
  }
}

/**
 * The value an evaluation came to.
 *
 * @throws {Error} With what was thrown inside.
 */
export function valueOf({ result, exceptionDetails }: EvaluationAnswer): unknown {
  if (exceptionDetails) {
    const { exception, text } = exceptionDetails;
    // What is thrown without being an Error has a value and no description.
    throw new Error(exception?.description ?? `${text} ${JSON.stringify(exception?.value)}`);
  }
  return result.value;
}

function closedRootsIn(node: DomNode): DomNode[] {
  return [...(node.shadowRoots ?? []), ...(node.children ?? [])].flatMap((inner) => [
    ...(inner.shadowRootType === 'closed' ? [inner] : []),
    ...closedRootsIn(inner),
  ]);
}
