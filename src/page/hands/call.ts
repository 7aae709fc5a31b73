import type { ask as AskWorker } from '../../contract/page-ask.ts';
import type { Asked } from '../../contract/contract.ts';

export interface CallOptions {
  readonly ask: typeof AskWorker;
  readonly script: Asked<'summon'>;
  readonly signal: AbortSignal;
}

/** How long (ms) until a script is called again when nobody heard it. */
const pause = 1000;

/** Returns what has a script of ours put into the page, once, however often it is called. */
export function makeCall({ ask, script, signal }: CallOptions): () => void {
  let isCalled = false;
  let again: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener('abort', () => {
    clearTimeout(again);
  });
  const call = (): void => {
    if (isCalled || signal.aborted) return;
    isCalled = true;
    ask('summon', script).catch(() => {
      // No worker, for now.
      isCalled = false;
      again = setTimeout(call, pause);
    });
  };
  return call;
}
