/** How long (ms) the pointer stays on a row before that counts: it may only cross it. */
const dwell = 50;
/** How long (ms) a row is kept that was left for none: on the way to its control there may be a gap. */
const grace = 300;

export interface AttentionOptions {
  readonly document: Document;
  /** The row around this node, where it has something to offer. */
  readonly rowAt: (node: Node) => Element | undefined;
  /** Whether rows are scrolled past the pointer, which is then at none of them. */
  readonly isScrolled: () => boolean;
  /** Somebody turned to other rows. `isByKey`: they are about to go on by keyboard, so it is now or never. */
  readonly onChange: (isByKey: boolean) => void;
  readonly signal: AbortSignal;
}

/** At which rows of a page somebody is. */
export interface Attention {
  /**
   * Whether somebody may act on this row: their pointer is on it; they go through the page by keyboard,
   * so that it is among what they reach; or they have only fingers, which rest on nothing.
   */
  isOn(row: Element): boolean;
  /** Whether they may act on every row in sight. */
  isOnAll(): boolean;
  /** Finds out where the pointer is now, after what was scrolled; it is heard of again from then on. */
  catchUp(): void;
}

/** Watches where the person is; what the page does itself is not heard. */
export function watchAttention(options: AttentionOptions): Attention {
  const { document, rowAt, isScrolled, onChange, signal } = options;
  const window = document.defaultView ?? globalThis;
  const capture = { capture: true, passive: true, signal } as const;
  const fingers = window.matchMedia('(hover: none) and (pointer: coarse)');
  /** Where the pointer is, as the browser knows without being told of any movement. */
  const pointed = (): Node | undefined => [...document.querySelectorAll(':hover')].at(-1);
  /** What it has been on for long enough. */
  let at = pointed();
  /** What it has come to since, the row of that, and when (ms) that counts. */
  let next = at;
  let nextRow: Element | undefined;
  let due = 0;
  /** When it is looked whether that is so: by then or before. */
  let lookAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let keys: AbortController | undefined;
  /** Whether nobody hears of it, as rows are scrolled past it. */
  let isDeaf = false;

  const rowOf = (node: Node | undefined): Element | undefined => node && rowAt(node);
  const arrive = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const before = rowOf(at);
    at = next;
    if (rowOf(at) !== before) onChange(false);
  };
  const look = (): void => {
    timer = undefined;
    if (due > performance.now()) lookThen();
    else arrive();
  };
  // Set anew for each row that is scrolled past the pointer, a timer costs more than all else here.
  const lookThen = (): void => {
    if (timer !== undefined && lookAt <= due) return;
    clearTimeout(timer);
    lookAt = due;
    timer = setTimeout(look, due - performance.now());
  };
  const go = (node: Node | undefined, isNow = false): void => {
    const row = rowOf(node);
    // Moved about within a row, or elsewhere than in rows, it is on its way there all the same.
    const isUnderWay = timer !== undefined && row === nextRow;
    next = node;
    nextRow = row;
    if (isNow) arrive();
    else if (!isUnderWay) {
      due = performance.now() + (row ? dwell : grace);
      lookThen();
    }
  };
  const hear = ({ target, pointerType, isTrusted }: PointerEvent): void => {
    if (!isTrusted) return;
    if (isScrolled()) {
      // It would be told in every frame, and that costs more than all else of Unsay.
      isDeaf = true;
      window.removeEventListener('pointerover', hear, capture);
      return;
    }
    // A finger that is lifted is nowhere, and what it touched stays.
    if (target instanceof Node) go(target, pointerType === 'touch');
  };
  window.addEventListener('pointerover', hear, capture);
  // Told when it leaves the window, and not at each step from one element to the next.
  document.documentElement.addEventListener(
    'pointerleave',
    ({ pointerType, isTrusted }) => {
      if (isTrusted && pointerType !== 'touch') go(undefined);
    },
    { passive: true, signal },
  );

  const leaveKeys = (event: PointerEvent): void => {
    // The browser itself tells of a pointer that rests, when what is below it moves.
    const isMoved = event.type !== 'pointermove' || event.movementX !== 0 || event.movementY !== 0;
    if (!event.isTrusted || !isMoved) return;
    keys?.abort();
    keys = undefined;
    onChange(false);
  };
  window.addEventListener(
    'keydown',
    ({ key, isTrusted }) => {
      if (!isTrusted || key !== 'Tab') return;
      if (!keys) {
        keys = new AbortController();
        const both = { ...capture, signal: AbortSignal.any([signal, keys.signal]) };
        for (const type of ['pointermove', 'pointerdown'] as const) {
          window.addEventListener(type, leaveKeys, both);
        }
      }
      onChange(true);
    },
    capture,
  );
  fingers.addEventListener(
    'change',
    () => {
      onChange(false);
    },
    { signal },
  );
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
  });

  const isOnAll = (): boolean => keys !== undefined || fingers.matches;
  return {
    isOnAll,
    catchUp() {
      if (!isDeaf) return;
      isDeaf = false;
      window.addEventListener('pointerover', hear, capture);
      // What it is on by then it has been on for as long as the list has rested.
      go(pointed(), true);
    },
    isOn: (row) => isOnAll() || (at !== undefined && row.contains(at)),
  };
}
