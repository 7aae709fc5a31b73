/** So long (ms) after its last scroll event a list is at rest: frames of a busy page come less often. */
const restAfter = 100;
/** After one the next are not looked at for so long (ms). */
const deafFor = 60;

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
  /** Told in every frame, and taking a listener away for a while costs more than being told. */
  let isDeaf = false;
  /** What is under way: it need not be looked at each time. */
  let moving: Node | undefined;

  const hear = ({ target }: Event): void => {
    if (target instanceof Node && ((timer && target === moving) || moves(target))) {
      moving = target;
      isDeaf = true;
      clearTimeout(timer);
      timer = setTimeout(listen, deafFor);
    }
    onScroll();
  };
  /** What was not heard may have been scrolled until now. */
  const listen = (): void => {
    isDeaf = false;
    timer = setTimeout(rest, restAfter);
    onScroll();
  };
  const rest = (): void => {
    timer = undefined;
    onRest();
  };
  document.addEventListener(
    'scroll',
    (event) => {
      if (!isDeaf) hear(event);
    },
    { capture: true, passive: true, signal },
  );
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
  });
  return { isUnderWay: () => timer !== undefined };
}
