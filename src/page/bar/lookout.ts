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

  const look = async (): Promise<void> => {
    try {
      const view = await ask('bar', self());
      if (!signal.aborted) onView(view);
    } catch {
      // No worker, for now or for good: it tells when it is back.
    }
  };

  const lookSoon = (): void => {
    if (signal.aborted) return;
    isStale = document.hidden;
    if (isStale) {
      // What it said may be recalled by the time somebody looks at the page again.
      onView({ messages: [] });
      return;
    }
    lookWithin(gathering);
  };

  const lookWithin = (delay: number): void => {
    const wanted = performance.now() + delay;
    if (due <= wanted) return;
    due = wanted;
    clearTimeout(timer);
    timer = setTimeout(() => {
      due = Infinity;
      void look();
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
      if (signal.aborted) return;
      if (document.hidden) isStale = true;
      else lookWithin(idling);
    },
  };
}
