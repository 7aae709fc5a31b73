import type { ChatPage } from './chat-page.ts';
import type { Tools } from './tools/door.ts';
import type { MenuEntries, MenuEntriesOptions, MenuOffer } from './tools/menu-entries.ts';

export interface MenusOptions extends Omit<MenuEntriesOptions, 'onLeave'> {
  /** The kinds of pages there are. */
  readonly pages: readonly ChatPage[];
  /** What puts entries into menus; it comes with the first one that is to have any. */
  readonly tools: () => Promise<Tools>;
  /** What is offered on the row that holds this node, as of now. */
  readonly offerAt: (node: Node) => MenuOffer | undefined;
  /**
   * These menus are open, over which nothing of ours may lie. `isInRows`: one of them lies among the
   * rows.
   */
  readonly onOpen: (lists: readonly Element[], isInRows: boolean) => void;
  readonly signal: AbortSignal;
}

export interface Menus {
  /** Something in the page changed: there may be a menu now, or none any more. */
  look(): void;
  /** Whether there may be one, as somebody touched what opens menus. */
  isExpecting(): boolean;
  /** Whether what may be chosen in a menu concerns this row. */
  holds(row: Element): boolean;
}

/** How long (ms) after somebody touched a row its menu is looked for. */
const expecting = 3000;
/** What opens a menu: a right click or its key, a click on an icon, a long press. */
const openers = ['contextmenu', 'click', 'touchstart'] as const;

/**
 * Looks for menus the page opens, and has an entry of ours put into that of a message. The message is
 * the one whose row was touched, as it was then, and no menu is looked for unless a person touched
 * something: looking costs time, and a page's word is not enough.
 */
export function startMenus(options: MenusOptions): Menus {
  const { document, pages, offerAt, onOpen, signal } = options;
  let touched: { offer: MenuOffer | undefined; isContextMenu: boolean; until: number } | undefined;
  let frame: number | undefined;
  let entries: MenuEntries | undefined;
  let isBringing = false;
  const lists = pages.flatMap(({ menu }) => menu?.list ?? []).join(',');
  const rows = pages.map((page) => page.rows).join(',');

  const onLeave = (): void => {
    touched = undefined;
    onOpen([], false);
  };
  const bring = (): void => {
    if (isBringing) return;
    isBringing = true;
    options.tools().then(
      ({ startMenuEntries }) => {
        entries = startMenuEntries({ ...options, onLeave });
        look();
      },
      // No worker, for now: there is none to recall either.
      () => {
        isBringing = false;
      },
    );
  };

  const look = (): void => {
    if (!touched) return;
    const { offer, isContextMenu, until } = touched;
    const open =
      lists === ''
        ? []
        : [...document.querySelectorAll(lists)].filter((list) => list.checkVisibility());
    const isInRows = open.some((list) => list.closest(rows) !== null);
    onOpen(open, isInRows);
    if (offer && open.length > 0 && !entries) bring();
    const isBusy = entries ? entries.look(offer, isContextMenu) : isBringing;
    if (!isBusy && !isInRows && performance.now() > until) touched = undefined;
  };

  const onTouch = ({ target, type, isTrusted }: Event): void => {
    if (!isTrusted || !(target instanceof Node)) return;
    const isContextMenu = type === 'contextmenu';
    const offer = offerAt(target);
    // A right click elsewhere opens another menu; other clicks may well be inside this one.
    if (offer || isContextMenu || !touched?.offer) {
      if (isContextMenu) entries?.drop();
      touched = { offer, isContextMenu, until: performance.now() + expecting };
    }
    // A menu that is used again may change nothing but its place.
    frame ??= requestAnimationFrame(() => {
      frame = undefined;
      look();
    });
  };
  for (const type of openers) {
    document.addEventListener(type, onTouch, { capture: true, passive: true, signal });
  }
  signal.addEventListener('abort', () => {
    touched = undefined;
    entries?.drop();
    if (frame !== undefined) cancelAnimationFrame(frame);
  });
  return {
    look,
    isExpecting: () => touched !== undefined,
    holds: (row) => touched?.offer?.element === row,
  };
}
