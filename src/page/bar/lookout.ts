import type { ask } from '../../contract/page-ask.ts';
import type { Asked } from '../../contract/contract.ts';
import type { BarView } from '../../contract/views.ts';

/** News is gathered this long (ms), so that a burst of it is one question. */
const gathering = 120;
/** Where nothing speaks for news it is looked for this long (ms) after. */
const idling = 1000;

export interface LookoutOptions {
  readonly document: Document;
  readonly ask: typeof ask;
  /** What the page says of itself. */
  readonly self: () => Asked<'bar'>;
  readonly onView: (view: BarView) => void;
  readonly signal: AbortSignal;
}

export interface Lookout {
  /** Something may have changed. */
  readonly lookSoon: () => void;
  /** Rows came of which nothing is known; they hardly change anything. */
  readonly lookLater: () => void;
}

/** Looks whether there is something for an undo bar. A page nobody looks at asks nothing. */
export function startLookout({ document, ask, self, onView, signal }: LookoutOptions): Lookout {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** When it looks, by the clock of `performance`. */
  let due = Infinity;
  let isStale = false;
  /** What was due before this, by the same clock, is not shown any more. */
  let oldest = 0;

  const lookSoon = (): void => {
    isStale = document.hidden;
    if (isStale) {
      // What it said, or is about to, may be recalled by the time somebody looks at the page again.
      oldest = performance.now();
      due = Infinity;
      clearTimeout(timer);
      onView({ messages: [] });
      return;
    }
    lookWithin(gathering);
  };

  const lookWithin = (delay: number): void => {
    const wanted = performance.now() + delay;
    if (due <= wanted || signal.aborted) return;
    due = wanted;
    clearTimeout(timer);
    timer = setTimeout(() => {
      due = Infinity;
      ask('bar', self()).then(
        (view) => {
          if (wanted < oldest || signal.aborted) return;
          oldest = wanted;
          onView(view);
        },
        // No worker, for now or for good: it tells when it is back.
        () => undefined,
      );
    }, delay);
  };

  document.addEventListener(
    'visibilitychange',
    () => {
      if (isStale) lookSoon();
    },
    { signal },
  );
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
  });
  return {
    lookSoon,
    lookLater() {
      if (document.hidden) isStale = true;
      else lookWithin(idling);
    },
  };
}
