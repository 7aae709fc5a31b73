import { startFerry, type FerryOptions } from './session/ferry.ts';

export interface StartOptions extends Pick<
  FerryOptions,
  'document' | 'window' | 'ask' | 'answerSeat'
> {
  /** Ends everything when it aborts; aborted here when the page is to be left. */
  readonly life: AbortController;
  /** Decorates the page's rows, once; `onGone` is called when the site was turned off. */
  readonly decorate: (onGone: () => void) => void;
}

/**
 * Starts in a page: its session is carried from the first moment, its rows are decorated when there
 * are any, and only where the worker lets them be. Does nothing in a document without an origin.
 */
export function startPage({
  document,
  window,
  ask,
  answerSeat,
  life,
  decorate,
}: StartOptions): void {
  // In a sandbox: it has the site's address and is not the site.
  if (window.origin === 'null') return;
  let mayDecorate = false;
  let isDecorated = false;
  const leave = (): void => {
    life.abort();
  };
  const begin = (): void => {
    if (!mayDecorate || isDecorated || document.readyState === 'loading') return;
    isDecorated = true;
    decorate(leave);
  };
  document.addEventListener('DOMContentLoaded', begin, { signal: life.signal });
  startFerry({
    document,
    window,
    ask,
    answerSeat,
    signal: life.signal,
    onRefused: leave,
    onAnswer: ({ decorates }) => {
      mayDecorate = decorates;
      begin();
    },
  });
}
