type Listener = (...args: unknown[]) => void;

/** Takes an event of the process from the test runner until the returned function is called. */
function takeOver(event: string, listener: Listener): () => void {
  const before = process.listeners(event as 'uncaughtException') as Listener[];
  process.removeAllListeners(event);
  process.on(event, listener);
  return () => {
    process.off(event, listener);
    for (const each of before) process.on(event, each);
  };
}

/** Collects uncaught errors, which would fail the run, until the returned function is called. */
export function catchUncaught(errors: unknown[]): () => void {
  return takeOver('uncaughtException', (error) => {
    errors.push(error);
  });
}

/**
 * The SDK leaves rejections of its own unhandled when the network goes away (seen with 3.6.6):
 * they say nothing about the link. Others still fail the run.
 */
export function forgiveSdk(): () => void {
  const runners = process.listeners('unhandledRejection') as Listener[];
  return takeOver('unhandledRejection', (reason, ...rest) => {
    const stack = reason instanceof Error ? reason.stack : undefined;
    if (stack?.includes('@tencentcloud/chat') === true) return;
    for (const runner of runners) runner(reason, ...rest);
  });
}
