import type { ChatPage, MessageMenu } from './chat-page.ts';
import type { GuardClicks } from './click-guard.ts';
import type { Tools } from './tools/door.ts';
import type { MenuEntry } from './tools/menu-entry.ts';

/** A message on whose menu there may be an entry of ours. */
export interface MenuOffer {
  readonly element: Element;
  readonly page: ChatPage;
  /** Whether the row still shows that message, and it may be recalled. */
  readonly isOpen: () => boolean;
  readonly text: () => string;
  readonly label: () => string;
  /** A person wants it recalled; what they did not surely see is asked about. */
  readonly onPress: (isSeen: boolean) => void;
}

export interface MenusOptions {
  readonly document: Document;
  /** The kinds of pages there are. */
  readonly pages: readonly ChatPage[];
  readonly guardClicks: GuardClicks;
  /** What makes an entry; it comes with the first menu that is to have one. */
  readonly tools: () => Promise<Tools>;
  /** Says on an element which language the sentences are in. */
  readonly setLanguage: (element: HTMLElement) => void;
  /** What is offered on the row that holds this node, as of now. */
  readonly offerAt: (node: Node) => MenuOffer | undefined;
  /**
   * These menus are open, over which nothing of ours may lie. `isInRows`: one of them lies among the
   * rows.
   */
  readonly onOpen: (lists: readonly Element[], isInRows: boolean) => void;
  /** A node of ours is in the page. */
  readonly onAdded: (node: Node) => void;
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
/** The kits' own entry, in the languages they speak (chat-uikit-react 6.1.7, -vue 3.0.2, -vue3 6.1.8). */
const ownWords = ['recall', '撤回', '收回', '取り消す', '회수'];

/**
 * Puts an entry of ours into the page's own menu of a message, where the page offers no recall there
 * itself. The message is the one whose row was touched, as it was then, and no menu is looked for
 * unless a person touched such a row: looking costs time, and a page's word is not enough.
 */
export function startMenus(options: MenusOptions): Menus {
  const { document, pages, guardClicks, setLanguage, offerAt, onOpen, onAdded, signal } = options;
  let touched: { offer: MenuOffer | undefined; isContextMenu: boolean; until: number } | undefined;
  let shown: { list: Element; entry: MenuEntry } | undefined;
  let frame: number | undefined;
  let tools: Tools | undefined;
  let bringing: Promise<void> | undefined;

  const bring = (): void => {
    bringing ??= options.tools().then(
      (them) => {
        tools = them;
        look();
      },
      // No worker, for now: there is none to recall either.
      () => {
        bringing = undefined;
      },
    );
  };

  const drop = (): void => {
    shown?.entry.remove();
    shown = undefined;
  };

  const look = (): void => {
    if (!touched) return;
    const { offer, isContextMenu, until } = touched;
    const open = findOpen();
    const isInRows = open.some((list) => list.closest(anyRow) !== null);
    onOpen(open, isInRows);
    const isShown = shown?.entry.host.isConnected === true;
    if (!isShown) drop();
    const menu = offer?.page.menu;
    const list = menu && offer.isOpen() ? findList(offer, menu, isContextMenu) : undefined;
    if (!isShown && !isInRows && !list && performance.now() > until) touched = undefined;
    const itemsNow = (): readonly HTMLElement[] =>
      [...(list?.children ?? [])].filter(
        (one): one is HTMLElement => one instanceof HTMLElement && one.matches(menu?.item ?? ''),
      );
    const items = itemsNow();
    const hasOwn = items.some((one) => ownWords.includes(one.textContent.trim().toLowerCase()));
    if (!list || items.length === 0 || hasOwn || shown?.list !== list) drop();
    if (!offer || !menu || !list || items.length === 0 || hasOwn || shown) return;
    if (!tools) {
      bring();
      return;
    }
    const leave = (): void => {
      drop();
      touched = undefined;
      close(list, offer.page);
      onOpen([], false);
    };
    const entry = tools.makeMenuEntry({
      document,
      list,
      items: itemsNow,
      menu,
      guardClicks,
      setLanguage,
      text: offer.text(),
      label: offer.label(),
      onPress: (isSeen) => {
        leave();
        if (offer.isOpen()) offer.onPress(isSeen);
      },
      onLeave: leave,
    });
    onAdded(entry.host);
    shown = { list, entry };
  };

  const anyList = pages.flatMap(({ menu }) => menu?.list ?? []).join(',');
  const anyRow = pages.map(({ rows }) => rows).join(',');
  const findOpen = (): Element[] =>
    anyList === '' ? [] : [...document.querySelectorAll(anyList)].filter(isSeen);

  const findList = (
    { element, page }: MenuOffer,
    menu: MessageMenu,
    isContextMenu: boolean,
  ): Element | undefined => {
    const inRow = [...element.querySelectorAll(menu.list)].find(isSeen);
    if (inRow || !isContextMenu) return inRow;
    return [...document.querySelectorAll(menu.list)]
      .filter((list) => isSeen(list) && list.closest(page.rows) === null)
      .at(-1);
  };

  const onTouch = (event: Event): void => {
    const { target, type, isTrusted } = event;
    if (!isTrusted || !(target instanceof Node)) return;
    const isContextMenu = type === 'contextmenu';
    const offer = offerAt(target);
    // A right click elsewhere opens another menu; other clicks may well be inside this one.
    if (offer || isContextMenu || !touched?.offer) {
      if (isContextMenu) drop();
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
    drop();
    if (frame !== undefined) cancelAnimationFrame(frame);
  });
  return {
    look,
    isExpecting: () => touched !== undefined,
    holds: (row) => touched?.offer?.element === row,
  };
}

function isSeen(list: Element): boolean {
  return list.checkVisibility();
}

/** Has the page close its menu as it does for people: by Escape, or by a press beside the messages. */
function close(list: Element, { scroller }: ChatPage): void {
  const { ownerDocument } = list;
  const beside = (scroller === undefined ? null : list.closest(scroller)) ?? ownerDocument.body;
  const how = { bubbles: true, composed: true, cancelable: true };
  list.dispatchEvent(new KeyboardEvent('keydown', { ...how, key: 'Escape', code: 'Escape' }));
  for (const type of ['mousedown', 'mouseup', 'click']) {
    if (list.isConnected) beside.dispatchEvent(new MouseEvent(type, how));
  }
}
