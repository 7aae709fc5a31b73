import type { ask } from '../../contract/channel.ts';
import type { Asked } from '../../contract/contract.ts';
import type { BarView } from '../../contract/views.ts';
import { openDoor, type Bar, type BarWorld } from './door.ts';

/** News is gathered this long (ms), so that a burst of it is one question. */
const gathering = 120;

export interface LookoutOptions {
  readonly document: Document;
  readonly ask: typeof ask;
  readonly world: BarWorld;
  /** What the page says of itself. */
  readonly self: () => Asked<'bar'>;
  /** What the worker said, before it is shown. */
  readonly onView: (view: BarView) => void;
  readonly signal: AbortSignal;
}

export interface Lookout {
  /** Something may have changed. */
  lookSoon: () => void;
}

/**
 * Looks whether there is something for an undo bar, and has its script put into the page the first
 * time there is. A page nobody looks at asks nothing.
 */
export function startLookout(options: LookoutOptions): Lookout {
  const { document, ask, world, self, onView, signal } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let bar: Bar | undefined;
  let latest: BarView | undefined;
  let isSummoned = false;
  let isStale = false;

  const look = async (): Promise<void> => {
    try {
      const view = await ask('bar', self());
      if (signal.aborted) return;
      latest = view;
      onView(view);
      if (bar) bar.show(view);
      else if (view.messages.length > 0) await summon();
    } catch {
      // No worker, for now or for good: it tells when it is back.
    }
  };

  const summon = async (): Promise<void> => {
    if (isSummoned) return;
    isSummoned = true;
    openDoor({
      world,
      enter(entered) {
        bar = entered;
        if (latest) bar.show(latest);
      },
    });
    try {
      await ask('summonBar');
    } catch {
      isSummoned = false;
    }
  };

  const lookSoon = (): void => {
    if (signal.aborted) return;
    isStale = document.hidden;
    if (isStale) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      void look();
    }, gathering);
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
  return { lookSoon };
}
