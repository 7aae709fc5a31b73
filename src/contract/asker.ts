import { runtime, type Runtime } from '../platform/runtime.ts';

/** Where a page asks from. */
interface Place {
  readonly origin: string;
  readonly tab: number;
  /** 0 is the tab's own page. */
  readonly frame: number;
}

/** Who asked, as the browser stamped it. `frame`: inside of a page whose site is not on. */
export type Asker =
  | {
      readonly kind: 'own';
      /** Which of our pages, as the path of its address. */
      readonly path: string;
    }
  | ({ readonly kind: 'page' } & Place)
  | ({ readonly kind: 'frame' } & Place);

/** Decides whether a page of this origin may speak at all. */
export type IsOn = (origin: string) => Promise<boolean>;

/**
 * Who is asking, by what the browser stamped on the message only. Not our extension: nobody. One
 * of our own pages: `own`, also when opened in a tab (there `sender.tab` is set). A frame of an
 * origin the user turned on: `page`, if the page it lies in is of such an origin, too; else `frame`,
 * because whoever frames a chat could lay it under a hand. A document that is kept in a sandbox has
 * the site's address and none of its rights: nobody. The browser may say so by `sender.origin`; where
 * it does not, our script in it has left by itself (`page/start.ts`).
 */
export async function identify(
  sender: Runtime.MessageSender,
  isOn: IsOn,
): Promise<Asker | undefined> {
  if (sender.id !== runtime().id) return;
  const { url, origin: stamped } = sender as Runtime.MessageSender & { readonly origin?: unknown };
  if (url === undefined || stamped === 'null') return;
  if (url.startsWith(runtime().getURL(''))) return { kind: 'own', path: new URL(url).pathname };
  const tab = sender.tab?.id;
  const frame = sender.frameId;
  const origin = originAt(url);
  if (tab === undefined || frame === undefined || origin === undefined) return;
  if (!(await isOn(origin))) return;
  // The browser tells a tab's address only where the user gave access to it.
  const top = frame === 0 ? origin : originAt(sender.tab?.url);
  const isAmongOwn = top !== undefined && (top === origin || (await isOn(top)));
  const place = { origin, tab, frame };
  return isAmongOwn ? { kind: 'page', ...place } : { kind: 'frame', ...place };
}

function originAt(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return;
  const { origin } = new URL(url);
  return origin === 'null' ? undefined : origin;
}
