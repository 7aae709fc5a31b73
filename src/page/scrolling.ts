/** So long (ms) after its last scroll event a list is at rest: frames of a busy page come less often. */
const restAfter = 100;
/** After one nobody listens for so long (ms): in Chromium each costs some 0.1 ms, in every frame. */
const deafFor = 80;

export interface ScrollingOptions {
  readonly document: Document;
  /** Whether what concerns us moves when this is scrolled. */
  readonly moves: (scroller: Node) => boolean;
  /** Something was scrolled, or may have been: these or others. */
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
  let timer: ReturnType<typeof setTimeout> | undefined;
  const how = { capture: true, passive: true, signal } as const;
  /** What is under way: it need not be looked at each time. */
  let moving: Node | undefined;

  const hear = ({ target }: Event): void => {
    if (target instanceof Node && ((timer && target === moving) || moves(target))) {
      moving = target;
      document.removeEventListener('scroll', hear, how);
      clearTimeout(timer);
      timer = setTimeout(listen, deafFor);
    }
    onScroll();
  };
  /** What was not heard may have been scrolled until now. */
  const listen = (): void => {
    document.addEventListener('scroll', hear, how);
    timer = setTimeout(rest, restAfter);
    onScroll();
  };
  const rest = (): void => {
    timer = undefined;
    onRest();
  };
  document.addEventListener('scroll', hear, how);
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
  });
  return { isUnderWay: () => timer !== undefined };
}
