import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { Runtime } from '../../../src/platform/runtime.ts';

type Listener<A extends unknown[]> = (...args: A) => unknown;

/** An event of the browser, and who listens. */
export class FakeEvent<A extends unknown[]> {
  readonly #listeners = new Set<Listener<A>>();
  readonly addListener = (listener: Listener<A>): void => {
    this.#listeners.add(listener);
  };
  readonly removeListener = (listener: Listener<A>): void => {
    this.#listeners.delete(listener);
  };
  /** Tells everybody; what they return. */
  tell(...args: A): unknown[] {
    return [...this.#listeners].map((listener) => listener(...args));
  }
}

/** One end of a port. What crosses is a copy, and nothing crosses a closed one. */
export class FakePort {
  readonly name: string;
  readonly sender: Runtime.MessageSender | undefined;
  readonly onMessage = new FakeEvent<[unknown]>();
  readonly onDisconnect = new FakeEvent<[FakePort]>();
  /** What was posted at this end. */
  readonly posted: unknown[] = [];
  isOpen = true;
  other: FakePort | undefined;

  constructor(name: string, sender?: Runtime.MessageSender) {
    this.name = name;
    this.sender = sender;
  }

  readonly postMessage = (message: unknown): void => {
    if (!this.isOpen) throw new Error('Attempting to use a disconnected port object');
    const copy: unknown = JSON.parse(JSON.stringify(message));
    this.posted.push(copy);
    this.other?.onMessage.tell(copy);
  };

  /** Closes both ends; only the other one hears of it. */
  readonly disconnect = (): void => {
    if (!this.isOpen) return;
    this.isOpen = false;
    if (!this.other) return;
    this.other.isOpen = false;
    this.other.onDisconnect.tell(this.other);
  };
}

export const extensionId = 'unsay-test-id';
export const ownUrl = (path: string): string => `chrome-extension://${extensionId}/${path}`;
export const popup: Runtime.MessageSender = { id: extensionId, url: ownUrl('popup.html') };

/** A sender as the browser stamps it for the top frame of a page. */
export function pageSender(url: string, more: object = {}): Runtime.MessageSender {
  const tab = {
    id: 7,
    index: 0,
    highlighted: false,
    active: true,
    pinned: false,
    incognito: false,
  };
  return { id: extensionId, url, frameId: 0, tab, ...more };
}

/** The messaging of a browser, put under the fake browser. */
export class FakeMessaging {
  readonly onMessage = new FakeEvent<[unknown, Runtime.MessageSender, (reply: unknown) => void]>();
  readonly onConnect = new FakeEvent<[FakePort]>();
  /** Ports that pages opened, newest last: the worker's ends. */
  readonly ports: FakePort[] = [];
  /** Whom the browser sees behind `sendMessage` and `connect`. */
  sender: Runtime.MessageSender = popup;
  /** Whether the extension was removed or updated under its pages. */
  isGone = false;

  constructor() {
    Object.assign(fakeBrowser.runtime, {
      id: extensionId,
      getURL: ownUrl,
      onMessage: this.onMessage,
      onConnect: this.onConnect,
      sendMessage: (message: unknown) => this.send(message),
      connect: ({ name }: { name: string }) => this.connect(name),
    });
  }

  /** Sends as Chrome does: nobody answers when no listener says that it will. */
  send(message: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.isGone) throw new Error('Extension context invalidated.');
      const copy: unknown = JSON.parse(JSON.stringify(message));
      const kept = this.onMessage.tell(copy, this.sender, resolve);
      if (kept.length === 0) reject(new Error('Receiving end does not exist.'));
      else if (!kept.includes(true)) resolve(undefined);
    });
  }

  connect(name: string): FakePort {
    if (this.isGone) throw new Error('Extension context invalidated.');
    const here = new FakePort(name);
    const there = new FakePort(name, this.sender);
    here.other = there;
    there.other = here;
    this.ports.push(there);
    this.onConnect.tell(there);
    return here;
  }
}

/** The window of a page, as far as the way back to it goes. */
export class FakeFrame {
  readonly #listeners = new Set<(event: object) => void>();
  readonly addEventListener = (
    name: string,
    listener: (event: object) => void,
    { signal }: { signal: AbortSignal },
  ): void => {
    if (name !== 'pageshow' || signal.aborted) return;
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener));
  };
  /** How many wait for the way back. */
  get waiting(): number {
    return this.#listeners.size;
  }
  /** The page is shown, by the browser or only by its own word. */
  show(persisted: boolean, isTrusted = true): void {
    for (const listener of [...this.#listeners]) listener({ persisted, isTrusted });
  }
}
