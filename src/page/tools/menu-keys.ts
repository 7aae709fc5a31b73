export interface MenuKeysOptions {
  readonly list: Element;
  /** The page's own items of it, in order, as of now. */
  readonly items: () => readonly HTMLElement[];
  readonly entry: HTMLElement;
  /** Somebody wants the menu closed. */
  readonly onLeave: () => void;
}

/**
 * Makes our entry the last item for the arrow keys of a page's own menu, which know the page's items
 * only. Returns what ends that.
 */
export function joinKeys({ list, items, entry, onLeave }: MenuKeysOptions): () => void {
  const move = (event: KeyboardEvent, to: HTMLElement | undefined): void => {
    if (!to) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    to.focus();
  };

  // Before the page's own listener, wherever in the page that is.
  const onListKey = (event: Event): void => {
    if (!(event instanceof KeyboardEvent) || !event.isTrusted || event.target === null) return;
    const all = items();
    const at = all.findIndex((one) => one.contains(event.target as Node));
    const isOurs =
      event.key === 'End' ||
      (event.key === 'ArrowDown' && at >= 0 && at === all.length - 1) ||
      (event.key === 'ArrowUp' && at <= 0);
    if (!isOurs || event.composedPath().includes(entry)) return;
    move(event, entry);
  };
  const onEntryKey = (event: KeyboardEvent): void => {
    if (!event.isTrusted) return;
    if (event.key === 'ArrowDown' || event.key === 'Home') move(event, items()[0]);
    else if (event.key === 'ArrowUp') move(event, items().at(-1));
    else if (event.key === 'Escape') onLeave();
    else if (event.key === 'Tab') event.preventDefault();
  };
  list.addEventListener('keydown', onListKey, { capture: true });
  entry.addEventListener('keydown', onEntryKey);
  return () => {
    list.removeEventListener('keydown', onListKey, { capture: true });
    entry.removeEventListener('keydown', onEntryKey);
  };
}
