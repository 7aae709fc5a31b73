import type { ChatPage, MessageMenu } from '../chat-page.ts';
import type { GuardClicks } from '../click-guard.ts';
import type { Control } from '../control.ts';
import { makeMenuEntry, type MenuEntry } from './menu-entry.ts';

/** A message on whose menu there may be an entry of ours. */
export interface MenuOffer {
  readonly element: Element;
  readonly page: ChatPage;
  /** Its control, as long as the row shows that message. */
  readonly control: () => Pick<Control, 'mayRecall' | 'label'> | undefined;
  readonly text: () => string;
  /** A person wants it recalled; what they did not surely see is asked about. */
  readonly onPress: (isSeen: boolean) => void;
}

export interface MenuEntriesOptions {
  readonly document: Document;
  readonly guardClicks: GuardClicks;
  /** Says on an element which language the sentences are in. */
  readonly setLanguage: (element: HTMLElement) => void;
  /** A node of ours is in the page. */
  readonly onAdded: (node: Node) => void;
  /** A person is done with the menu; the page was told to close it. */
  readonly onLeave: () => void;
}

export interface MenuEntries {
  /**
   * Something in the page changed: gives the menu of this message the entry it should have now. False
   * where none of its menus is open. `isContextMenu`: of the page's menus only that one hangs elsewhere
   * than in the row.
   */
  look(offer: MenuOffer | undefined, isContextMenu: boolean): boolean;
  /** Takes the entry away. */
  drop(): void;
}

/** The kits' own entry, in the languages they speak (chat-uikit-react 6.1.7, -vue 3.0.2, -vue3 6.1.8). */
const ownWords = ['recall', '撤回', '收回', '取り消す', '회수'];

/** Puts an entry of ours into the page's own menu of a message, where the page has no such itself. */
export function startMenuEntries(options: MenuEntriesOptions): MenuEntries {
  const { document, guardClicks, setLanguage, onAdded, onLeave } = options;
  let shown: { list: Element; entry: MenuEntry } | undefined;

  const drop = (): void => {
    shown?.entry.remove();
    shown = undefined;
  };

  const put = (list: Element, items: () => readonly HTMLElement[], offer: MenuOffer): void => {
    const { menu } = offer.page;
    if (!menu) return;
    const leave = (): void => {
      drop();
      close(list, offer.page);
      onLeave();
    };
    const entry = makeMenuEntry({
      document,
      list,
      items,
      menu,
      guardClicks,
      setLanguage,
      text: offer.text(),
      label: offer.control()?.label() ?? '',
      onPress: (isSeen) => {
        leave();
        if (isOpen(offer)) offer.onPress(isSeen);
      },
      onLeave: leave,
    });
    onAdded(entry.host);
    shown = { list, entry };
  };

  return {
    look(offer, isContextMenu) {
      const isShown = shown?.entry.host.isConnected === true;
      if (!isShown) drop();
      const menu = offer?.page.menu;
      const list = menu && isOpen(offer) ? findList(offer, menu, isContextMenu) : undefined;
      const itemsNow = (): readonly HTMLElement[] =>
        [...(list?.children ?? [])].filter(
          (one): one is HTMLElement => one instanceof HTMLElement && one.matches(menu?.item ?? ''),
        );
      const items = itemsNow();
      const hasOwn = items.some(isOwnEntry);
      const isFit = items.length > 0 && !hasOwn;
      if (!isFit || shown?.list !== list) drop();
      if (isFit && offer && list && !shown) put(list, itemsNow, offer);
      return isShown || list !== undefined;
    },
    drop,
  };
}

/** Whether a kit's entry recalls. Its picture may bear words, too (the title of an SVG in vue3 6). */
function isOwnEntry(item: Element): boolean {
  return [item, ...item.querySelectorAll('*')].some(({ textContent }) =>
    ownWords.includes(textContent.trim().toLowerCase()),
  );
}

/** Whether its message may be recalled. */
function isOpen({ control }: MenuOffer): boolean {
  return control()?.mayRecall() === true;
}

function findList(
  { element, page }: MenuOffer,
  menu: MessageMenu,
  isContextMenu: boolean,
): Element | undefined {
  const inRow = [...element.querySelectorAll(menu.list)].find((list) => list.checkVisibility());
  if (inRow || !isContextMenu) return inRow;
  return [...element.ownerDocument.querySelectorAll(menu.list)]
    .filter((list) => list.checkVisibility() && list.closest(page.rows) === null)
    .at(-1);
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
