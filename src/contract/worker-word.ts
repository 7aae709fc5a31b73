import { runtime, type Runtime } from '../platform/runtime.ts';

/** Takes what the worker says, if it is for it; true where it answers, now or later. */
export type WordListener = (
  message: Readonly<Record<string, unknown>>,
  sendResponse: (answer: unknown) => void,
) => true | undefined;

/** Hears what the worker says to a page, until `signal` aborts. Others' messages are none of ours. */
export function hearWorker(take: WordListener, signal: AbortSignal): void {
  const { onMessage } = runtime();
  const listener = ((
    message: unknown,
    sender: Runtime.MessageSender,
    sendResponse: (answer: unknown) => void,
  ) => {
    // The worker has no tab; our own scripts in other pages never speak to this one.
    if (sender.id !== runtime().id || sender.tab !== undefined) return undefined;
    if (typeof message !== 'object' || message === null) return undefined;
    return take(message as Readonly<Record<string, unknown>>, sendResponse);
  }) as Parameters<typeof onMessage.addListener>[0];
  onMessage.addListener(listener);
  signal.addEventListener('abort', () => {
    onMessage.removeListener(listener);
  });
}
