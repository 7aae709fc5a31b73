/**
 * Closes something once, whoever asks: what this gives, or a signal, after which the process ends with
 * `code`. A second signal changes nothing, since one often comes twice: without a terminal, `timeout` and
 * Ctrl+C of a shell's job reach the whole process group, and begin.mjs passes on what it was told itself.
 */
export function closedOnce(close: () => Promise<void>, code: number): () => Promise<void> {
  let closing: Promise<void> | undefined;
  const closed = (): Promise<void> => (closing ??= close());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      void closed()
        .catch((error: unknown) => {
          console.error(error);
        })
        .finally(() => process.exit(code));
    });
  }
  return closed;
}
