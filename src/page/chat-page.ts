/**
 * One kind of chat page, as selectors: where its rows are and what is in them. A row is the
 * element that stands for one message, alive or recalled. A page is this kind's when something
 * in it matches `rows`; one page may hold rows of several kinds.
 *
 * Published kits put a hash or a component's name into their class names and change them between
 * versions, so selectors match attributes, ids and the end of a class name, never all of it.
 */
export interface ChatPage {
  /** Our own name for the kind: lower case, fit for an attribute's value. */
  readonly name: string;
  readonly rows: string;
  /**
   * The attribute that holds the message's id, on the row itself or on the first element in it;
   * undefined where only the page's own world knows which message a row is.
   */
  readonly idAttribute: 'data-message-id' | 'id' | undefined;
  /** What stands before the id in the attribute. */
  readonly idPrefix: string;
  /** In a row: the visible message, beside which our control goes. */
  readonly bubble: string;
  /** In a row: what stays when the message is replaced by a placeholder, such as time dividers. */
  readonly kept: string | undefined;
  /** The page's own placeholder of a recalled message: the row itself, or an element in it. */
  readonly placeholder: string | undefined;
  /** In the page's own placeholder: the button that puts the recalled words back into the composer. */
  readonly reedit: string | undefined;
  /**
   * In a row: the words of the message it quotes, where the page goes on showing them after that was
   * recalled.
   */
  readonly quote?: string;
  /** What scrolls the rows. */
  readonly scroller: string | undefined;
  /** Where somebody writes. */
  readonly composer: string | undefined;
  readonly menu: MessageMenu | undefined;
}

/**
 * The page's own menu of one message, there only while it is open. Where it lies in a row it is that
 * row's; else it hangs at the end of the body, and is that of the row of the last `contextmenu` event.
 */
export interface MessageMenu {
  /** The element whose children are the items. */
  readonly list: string;
  /** In the list: one item. A copy of it without its icon looks like the page's own. */
  readonly item: string;
  /** In the item: what holds its words, and nothing else; undefined where that is the item. */
  readonly label: string | undefined;
}

/** The kind a row is of: the first that claims it. */
export function kindOf(row: Element, pages: readonly ChatPage[]): ChatPage | undefined {
  return pages.find((page) => row.matches(page.rows));
}

/** The page's own placeholder in this row. */
export function findPlaceholder(row: Element, page: ChatPage): Element | undefined {
  if (page.placeholder === undefined) return;
  return row.matches(page.placeholder) ? row : (row.querySelector(page.placeholder) ?? undefined);
}

/** The page's own Re-edit button in its placeholder. */
export function findReedit(placeholder: Element, page: ChatPage): Element | undefined {
  if (page.reedit === undefined) return;
  return placeholder.querySelector(page.reedit) ?? undefined;
}

/** What the page's own placeholder says, without its button. */
export function sentenceOf(placeholder: Element, page: ChatPage): string {
  const button = findReedit(placeholder, page)?.textContent ?? '';
  return placeholder.textContent.replace(button, '').replace(/\s+/gu, ' ').trim();
}

/** The visible message in this row, or the row itself. */
export function findBubble(row: Element, page: ChatPage): Element {
  return row.querySelector(page.bubble) ?? row;
}
