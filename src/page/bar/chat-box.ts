import type { Box } from '../box.ts';
import type { ChatPage } from '../chat-page.ts';

/**
 * Finds the part of the window in which a page shows the messages of a chat: what scrolls its rows, or,
 * where the whole page does, what the rows lie in. Without rows it is where their kind has them.
 *
 * @returns reads it; undefined where there is none to be seen.
 */
export function makeChatBox(document: Document, pages: readonly ChatPage[]): () => Box | undefined {
  const rows = pages.map((page) => page.rows).join(',');
  const lists = pages.flatMap(({ scroller }) => scroller ?? []).join(',');
  /** Around rows, and what scrolls them: styles are looked up once. */
  let found: { readonly parent: Element; readonly list: Element } | undefined;
  const find = (): Element | null => {
    const parent = document.querySelector(rows)?.parentElement;
    if (!parent) return document.querySelector(lists);
    if (found?.parent !== parent) found = { parent, list: scrollerOf(parent) ?? parent };
    return found.list;
  };
  return () => {
    const { left = 0, top = 0, width = 0, height = 0 } = find()?.getBoundingClientRect() ?? {};
    return width > 0 && height > 0 ? { left, top, width, height } : undefined;
  };
}

function scrollerOf(element: Element): Element | undefined {
  const { body, documentElement } = element.ownerDocument;
  for (let at: Element | null = element; at; at = at.parentElement) {
    // What these scroll is the window.
    if (at === body || at === documentElement) return undefined;
    if (/auto|scroll/u.test(getComputedStyle(at).overflowY)) return at;
  }
  return undefined;
}
