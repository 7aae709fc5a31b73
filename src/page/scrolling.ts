/** So long (ms) after its last scroll event a list is at rest: frames of a busy page come less often. */
const restAfter = 100;

export interface ScrollingOptions {
  readonly document: Document;
  /** Whether what concerns us moves when this is scrolled. */
  readonly moves: (scroller: Node) => boolean;
  /** Something was scrolled: these or others. */
  readonly onScroll: () => void;
  /** It has come to rest. */
  readonly onRest: () => void;
  readonly signal: AbortSignal;
}

/** Whether somebody, or the page, is scrolling. */
export interface Scrolling {
  isUnderWay(): boolean;
}

/**
 * Watches the page scroll. A browser moves what is scrolled without laying it out or painting it, until
 * something changes in it: then Chromium goes through all that is painted of a list, 15 ms for ten
 * thousand rows. Whoever would change a list waits for it to come to rest.
 */
export function watchScrolling(options: ScrollingOptions): Scrolling {
  const { document, moves, onScroll, onRest, signal } = options;
  let last = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** What is under way: it need not be looked at in each frame. */
  let moving: Node | undefined;

  const look = (): void => {
    const left = last + restAfter - performance.now();
    timer = left > 0 ? setTimeout(look, left) : undefined;
    if (!timer) onRest();
  };
  document.addEventListener(
    'scroll',
    ({ target }) => {
      if (target instanceof Node && ((timer && target === moving) || moves(target))) {
        moving = target;
        last = performance.now();
        timer ??= setTimeout(look, restAfter);
      }
      onScroll();
    },
    { capture: true, passive: true, signal },
  );
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
  });
  return { isUnderWay: () => timer !== undefined };
}
