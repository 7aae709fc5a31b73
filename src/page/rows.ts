import type { MessageId } from '../message/message.ts';
import { findPlaceholder, kindOf, type ChatPage } from './chat-page.ts';
import { readId } from './message-id.ts';

/** One message's element in the page. */
export interface PageRow {
  readonly element: Element;
  readonly page: ChatPage;
  /** The message's id as the page claims it; missing where nobody knows it. */
  id: MessageId | undefined;
  /** The message as which it is counted among those that the page shows; `Presence` keeps it. */
  counted?: MessageId | undefined;
}

export interface RowsOptions {
  readonly document: Document;
  readonly pages: readonly ChatPage[];
  /** The page's own word on an element that names no message. */
  readonly claim: (element: Element) => MessageId | undefined;
  /** Nodes we added ourselves, which are no news. */
  readonly isOurs: (node: Node) => boolean;
  /** A row is new, or something in it changed. Called before the page is drawn. */
  readonly onRow: (row: PageRow) => void;
  /** A row left the page. */
  readonly onLeft: (row: PageRow) => void;
  /** Something in the page changed, which may have moved rows; `isBeyond`: not only rows did. */
  readonly onMoved: (isBeyond: boolean) => void;
  readonly signal: AbortSignal;
}

export interface Rows {
  /** The row in which this node lies. */
  rowAt(node: Node): PageRow | undefined;
  /** Which message this row is at this moment, asked anew. */
  nameOf(row: PageRow): MessageId | undefined;
  /** Asks the page once more for the messages of rows that name none. */
  retry(): void;
}

/** `Node.ELEMENT_NODE`: to look up a global such as that, or `Element`, costs Firefox 1 µs in a content script. */
const elementType = 1;
const isElement = (node: Node): node is Element => node.nodeType === elementType;

/** Visits every row once, and again when something in it changes. */
export function watchRows(options: RowsOptions): Rows {
  const { document, pages, claim, isOurs, onRow, onLeft, onMoved, signal } = options;
  const anyRow = pages.map((page) => page.rows).join(',');
  /** Where no list is around them any more. */
  const bareRow = pages
    .map(({ rows, scroller }) => (scroller ? rows.replaceAll(`${scroller} `, '') : rows))
    .join(',');
  const rows = new WeakMap<Element, PageRow>();
  const nameless = new Set<PageRow>();
  /** Rows whose kind writes no ids: the page may use them for another message without a trace. */
  const asked = new Set<PageRow>();

  const nameOf = (row: PageRow): MessageId | undefined =>
    readId(row.element, row.page) ?? claim(findPlaceholder(row.element, row.page) ?? row.element);

  /**
   * The kinds of rows that an element can have for children: a kind's rows lie in its scroller. Asked
   * once for ten thousand new rows, of which each would else be compared with every kind.
   */
  const kinds = new Map<Element | null, readonly ChatPage[]>();
  const kindsIn = (parent: Element | null): readonly ChatPage[] => {
    const known = kinds.get(parent);
    if (known) return known;
    const found = pages.filter(
      ({ scroller }) => scroller === undefined || parent?.closest(scroller),
    );
    kinds.set(parent, found);
    return found;
  };

  const makeRow = (element: Element, page: ChatPage): PageRow => {
    const row: PageRow = { element, page, id: undefined };
    rows.set(element, row);
    return row;
  };
  const rowOf = (element: Element): PageRow | undefined => {
    const known = rows.get(element);
    if (known) return known;
    const page = kindOf(element, kindsIn(element.parentElement));
    return page && makeRow(element, page);
  };

  const settle = (row: PageRow, id: MessageId | undefined): void => {
    row.id = id;
    if (row.page.idAttribute === undefined) asked.add(row);
    if (id === undefined) nameless.add(row);
    else nameless.delete(row);
    onRow(row);
  };

  /**
   * Visits rows; `vacated` are the ids of rows that left the page in the same change. `areAllThere`: none
   * of these can have left it, which need not be looked up ten thousand times.
   */
  const visit = (
    found: Iterable<PageRow>,
    vacated: ReadonlySet<MessageId>,
    areAllThere = false,
  ): void => {
    const left = new Set(vacated);
    const unnamed: PageRow[] = [];
    for (const row of found) {
      if (!areAllThere && !row.element.isConnected) continue;
      const id = nameOf(row);
      if (id !== undefined) {
        left.delete(id);
        settle(row, id);
      } else unnamed.push(row);
    }
    // chat-uikit-react 3 to 6 put a placeholder without an id where the row was (seen with 6.1.7):
    // when one came and one went, it is that one's. A placeholder keeps the id it was given.
    const [heir] = left.size === 1 && unnamed.length === 1 ? left : [];
    for (const row of unnamed) {
      const isPlaceholder = findPlaceholder(row.element, row.page) === row.element;
      settle(row, isPlaceholder ? (row.id ?? heir) : undefined);
    }
  };

  /** Rows are never inside rows: what looks like one there is a quote or the like. */
  const outermost = (element: Element): Element | undefined => {
    let found: Element | undefined;
    for (let at = element.closest(anyRow); at; at = at.parentElement?.closest(anyRow) ?? null) {
      found = at;
    }
    return found;
  };

  /** Gathers the rows in an element of this parent; true when it is one itself. */
  const collect = (root: Element, parent: Element | null, into: Set<PageRow>): boolean => {
    const page = kindOf(root, kindsIn(parent));
    if (page) {
      into.add(rows.get(root) ?? makeRow(root, page));
      return true;
    }
    if (!root.firstElementChild) return false;
    // In document order, so what lies in a row comes right after it.
    let last: Element | undefined;
    for (const element of root.querySelectorAll(anyRow)) {
      if (last?.contains(element)) continue;
      const row = rowOf(element);
      if (row) into.add(row);
      last = element;
    }
    return false;
  };

  /** Whether this is a list of rows that are keyed by their place. */
  const holdsAsked = (list: Node): boolean => {
    for (const { element } of asked) if (list.contains(element)) return true;
    return false;
  };

  const onMutations = (records: readonly MutationRecord[]): void => {
    const present = new Set<PageRow>();
    const removed = new Set<PageRow>();
    const rowsAt = new Map<Node, Element | undefined>();
    let isNews = false;
    let isBeyond = false;
    let isShifted = false;
    let isAnyGone = false;
    for (const record of records) {
      const { target, addedNodes, removedNodes } = record;
      const added = Array.from(addedNodes);
      isAnyGone ||= removedNodes.length > 0;
      // What the page took of ours must be noticed, so only our own additions are passed over.
      if (added.length > 0 && removedNodes.length === 0 && added.every(isOurs)) continue;
      isNews = true;
      const at = isElement(target) ? target : target.parentElement;
      if (!rowsAt.has(target)) rowsAt.set(target, at ? outermost(at) : undefined);
      const around = rowsAt.get(target);
      if (around) {
        const row = rowOf(around);
        if (row) present.add(row);
        continue;
      }
      isBeyond ||= record.type === 'attributes';
      isShifted ||= added.length + removedNodes.length > 0 && holdsAsked(target);
      for (const node of removedNodes) {
        if (!isElement(node)) continue;
        // By itself it matches no selector that begins with its list.
        const row = rows.get(node);
        if (!row) isBeyond = true;
        for (const element of row ? [node] : node.querySelectorAll(bareRow)) {
          const left = rows.get(element);
          if (left) removed.add(left);
        }
      }
      for (const node of added) {
        if (isElement(node) && !collect(node, at, present)) isBeyond = true;
      }
    }
    const vacated = new Set<MessageId>();
    for (const row of removed) {
      if (row.element.isConnected) continue;
      if (row.id !== undefined) vacated.add(row.id);
      nameless.delete(row);
      asked.delete(row);
      onLeft(row);
    }
    if (isShifted) for (const row of asked) present.add(row);
    visit(present, vacated, !isAnyGone);
    // Where a list lies may be another place next time.
    kinds.clear();
    if (isNews) onMoved(isBeyond);
  };

  const observer = new MutationObserver(onMutations);
  observer.observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    characterData: true,
    attributeFilter: ['id', 'data-message-id'],
  });
  signal.addEventListener('abort', () => {
    observer.disconnect();
  });
  const first = new Set<PageRow>();
  const root = document.documentElement as Element | null;
  if (root) collect(root, null, first);
  visit(first, new Set());
  kinds.clear();
  return {
    rowAt(node) {
      const at = isElement(node) ? node : node.parentElement;
      const element = at && outermost(at);
      return element ? rows.get(element) : undefined;
    },
    nameOf,
    retry() {
      visit([...nameless], new Set());
    },
  };
}
