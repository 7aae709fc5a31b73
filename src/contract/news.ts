import * as v from 'valibot';
import { MessageId } from '../message/message.ts';
import { runtime, type Runtime } from '../platform/runtime.ts';
import { identify, type Asker, type IsOn } from './asker.ts';
import { hearWayBack } from './way-back.ts';

const portName = 'unsay-news';

/** What the worker tells open pages; each says only *what* changed, and whoever cares asks again. */
export const News = v.variant('kind', [
  /** Something in the glance, or a setting, changed (own pages only). */
  v.object({ kind: v.literal('glance') }),
  /** These messages changed: recalled, in the middle of a recall, or new. */
  v.object({ kind: v.literal('rows'), ids: v.array(MessageId) }),
  /** The account, its connection or its window changed: everything must be looked up again. */
  v.object({ kind: v.literal('account') }),
  /** The site was turned off: take everything out of the page and leave. */
  v.object({ kind: v.literal('leave') }),
]);
export type News = v.InferOutput<typeof News>;

type Listener = Exclude<Asker, { kind: 'frame' }>;

/** Tells every listening page what changed. */
export interface Teller {
  tell(news: News): void;
  /** Whether whoever asked can still hear what came of it, as far as the browser tells. */
  isThere(asker: Asker): boolean;
  /** Closes the ports of pages whose site was turned off; their scripts then leave. */
  dismiss(origin: string): void;
}

/**
 * Opens the worker's end. Must be called in the worker's first turn. Own pages hear everything;
 * pages hear what concerns rows and the account.
 */
export function openNews(isOn: IsOn): Teller {
  const ports = new Map<Runtime.Port, Listener>();
  runtime().onConnect.addListener((port) => {
    if (port.name !== portName || !port.sender) return;
    port.onDisconnect.addListener(() => {
      ports.delete(port);
    });
    identify(port.sender, isOn).then(
      (asker) => {
        if (!asker || asker.kind === 'frame') {
          post(port, { kind: 'leave' }, ports);
          port.disconnect();
          return;
        }
        ports.set(port, asker);
        // What was told before the port was known is caught up by asking again.
        post(port, { kind: 'account' }, ports);
      },
      () => {
        // It could not be found out, for now: the page comes again.
        port.disconnect();
      },
    );
  });
  return {
    tell(news) {
      for (const [port, { kind }] of ports) {
        if (kind !== 'own' && news.kind === 'glance') continue;
        post(port, news, ports);
      }
    },
    isThere(asker) {
      return [...ports.values()].some((one) => isSame(one, asker));
    },
    dismiss(origin) {
      for (const [port, of] of ports) {
        if (of.kind === 'own' || of.origin !== origin) continue;
        post(port, { kind: 'leave' }, ports);
        ports.delete(port);
        port.disconnect();
      }
    },
  };
}

/** Whether it is the page that asked; two of ours at one address tell the same. */
function isSame(one: Listener, asker: Asker): boolean {
  if (one.kind === 'own') return asker.kind === 'own' && one.path === asker.path;
  if (asker.kind === 'own') return false;
  return one.tab === asker.tab && one.frame === asker.frame && one.origin === asker.origin;
}

function post(port: Runtime.Port, news: News, ports: Map<Runtime.Port, Listener>): void {
  try {
    port.postMessage(news);
  } catch {
    // The page went away between two turns; its disconnect is on the way.
    ports.delete(port);
  }
}

/** What a page does with news. */
export interface Hearer {
  /** Something changed. `account` comes on every (re)connect: ask again for everything shown. */
  readonly onNews: (news: Exclude<News, { kind: 'leave' }>) => void;
  /** The extension was removed or updated, or the site turned off: clean up and leave. */
  readonly onGone: () => void;
  /** Nobody looks at the page, and nothing is heard until somebody does. */
  readonly onDeaf?: () => void;
}

/**
 * Hears the worker until `signal` aborts. When the worker dies the port drops; connecting again
 * wakes it, so a page nobody looks at waits until it is looked at. A browser closes the port of a page
 * that it keeps for the way back, and does not tell the page. When the extension itself is gone
 * `connect` throws, and `onGone` is called once.
 */
export function hear({ onNews, onGone, onDeaf }: Hearer, signal: AbortSignal): void {
  /** Null once there is nothing more to hear. */
  let current: Runtime.Port | null | undefined;
  const connect = (): void => {
    if (signal.aborted || current !== undefined) return;
    if (document.hidden) {
      onDeaf?.();
      document.addEventListener('visibilitychange', connect, { once: true, signal });
      return;
    }
    try {
      current = runtime().connect({ name: portName });
    } catch {
      current = null;
      onGone();
      return;
    }
    const port = current;
    port.onMessage.addListener((message: unknown) => {
      const news = v.safeParse(News, message);
      if (!news.success || signal.aborted) return;
      if (news.output.kind === 'leave') {
        current = null;
        onGone();
      } else onNews(news.output);
    });
    port.onDisconnect.addListener(() => {
      if (current === port) current = undefined;
      // A worker that cannot start would otherwise be woken without a pause.
      setTimeout(connect, 200);
    });
  };
  signal.addEventListener('abort', () => {
    current?.disconnect();
  });
  const connectAnew = (): void => {
    if (!current) return;
    try {
      current.disconnect();
    } catch {
      // The extension is gone, as connecting finds out.
    }
    current = undefined;
    connect();
  };
  hearWayBack(window, connectAnew, signal);
  connect();
}
