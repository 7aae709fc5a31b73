import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import vm from 'node:vm';
import type TencentCloudChat from '@tencentcloud/chat';
import { WebSocket } from 'ws';

/**
 * The unmodified SDK in a V8 context of its own. `create()` gives one instance per SDKAppID and
 * JavaScript realm, so two users in one process need two contexts.
 */
export interface SdkRealm {
  readonly sdk: typeof TencentCloudChat;
  /** False cuts every connection and lets none be made, as a lost network does. */
  setOnline(isOnline: boolean): void;
  /** Stops it between two lines, as a killed worker stops: sockets cut, timers gone, no goodbye. */
  kill(): void;
}

const SDK_FILE = createRequire(import.meta.url).resolve('@tencentcloud/chat');
let script: vm.Script | undefined;

/** Nothing listens on port 1 of loopback: connections are refused at once. */
const NOWHERE = 'ws://127.0.0.1:1/';

type Callback = (...args: unknown[]) => void;

/** Timers that can all be cleared at once. */
function makeTimers() {
  const running = new Set<NodeJS.Timeout>();
  const track = (timer: NodeJS.Timeout) => {
    running.add(timer);
    return Number(timer);
  };
  const clear = (id: unknown) => {
    for (const timer of running) {
      if (Number(timer) !== id) continue;
      clearTimeout(timer);
      running.delete(timer);
    }
  };
  return {
    globals: {
      setTimeout: (task: Callback, ms?: number, ...args: unknown[]) => {
        const timer = setTimeout(() => {
          running.delete(timer);
          task(...args);
        }, ms);
        return track(timer);
      },
      setInterval: (task: Callback, ms?: number, ...args: unknown[]) =>
        track(setInterval(task, ms, ...args)),
      clearTimeout: clear,
      clearInterval: clear,
    },
    clearAll() {
      for (const timer of running) clearTimeout(timer);
      running.clear();
    },
  };
}

const silent = () => undefined;
const SILENT_CONSOLE = { log: silent, info: silent, warn: silent, error: silent, debug: silent };

/**
 * SDK 3.6.6 leaves some rejected promises of its own unhandled, e.g. after a login refused with
 * 70001. A browser only logs that; Node and the test runner make it a failure. Whoever awaits a
 * promise of the SDK still sees it rejected.
 */
const HANDLE_ALL_REJECTIONS = `{
  const Native = Promise;
  let isHandling = false;
  globalThis.Promise = class Promise extends Native {
    constructor(executor) {
      super(executor);
      // Handling makes a promise itself, which needs no handling.
      if (isHandling) return;
      isHandling = true;
      Native.prototype.then.call(this, undefined, () => undefined);
      isHandling = false;
    }
  };
}`;

/** `globals` are put into the context besides WebSocket, timers and a console that says nothing. */
export function openSdkRealm(globals: Record<string, unknown> = {}): SdkRealm {
  const timers = makeTimers();
  const sockets = new Set<WebSocket>();
  let isOnline = true;
  let isKilled = false;

  class RealmWebSocket extends WebSocket {
    constructor(url: string) {
      super(isOnline && !isKilled ? url : NOWHERE);
      sockets.add(this);
      this.addEventListener('close', () => sockets.delete(this));
      // The SDK takes its own listener away before closing; an error without one would end Node.
      this.on('error', silent);
    }
  }

  const cut = () => {
    for (const socket of sockets) socket.terminate();
  };
  const context = vm.createContext({
    console: SILENT_CONSOLE,
    WebSocket: RealmWebSocket,
    ...timers.globals,
    ...globals,
  });
  vm.runInContext(HANDLE_ALL_REJECTIONS, context);
  script ??= new vm.Script(readFileSync(SDK_FILE, 'utf8'), { filename: SDK_FILE });
  script.runInContext(context);
  return {
    sdk: (context as unknown as { TencentCloudChat: typeof TencentCloudChat }).TencentCloudChat,
    setOnline(value) {
      isOnline = value;
      if (!value) cut();
    },
    kill() {
      isKilled = true;
      for (const socket of sockets) {
        socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
      }
      timers.clearAll();
      cut();
    },
  };
}
