/**
 * What is being stored of an account. Whoever ends that waits until it is stored, so that nothing of an
 * account that was left comes after its deletion.
 */
export class Storing {
  readonly #running = new Set<Promise<unknown>>();
  #isOver = false;

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Does something that stores what was not there before; undefined, and nothing done, after the end. */
  async do<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.#isOver) return undefined;
    const storing = work();
    this.#running.add(storing);
    try {
      return await storing;
    } finally {
      this.#running.delete(storing);
    }
  }

  /** Lets nothing more begin. Resolves when nothing is being stored any more. */
  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.allSettled(this.#running);
  }
}
