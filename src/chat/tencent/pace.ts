/** Keeps requests below a limit of `count` in any `ms`, letting short bursts pass at once. */
export class Pace {
  readonly #count: number;
  readonly #ms: number;
  readonly #times: number[] = [];
  readonly #wait: (ms: number) => Promise<void>;
  readonly #now: () => number;

  constructor(count: number, ms: number, wait = sleep, now = (): number => performance.now()) {
    this.#count = count;
    this.#ms = ms;
    this.#wait = wait;
    this.#now = now;
  }

  /** Resolves when one more request may go. */
  async next(): Promise<void> {
    for (;;) {
      const now = this.#now();
      const oldest = this.#times[0];
      if (oldest === undefined || this.#times.length < this.#count) break;
      if (now - oldest < this.#ms) {
        await this.#wait(this.#ms - (now - oldest));
        continue;
      }
      this.#times.shift();
    }
    this.#times.push(this.#now());
  }
}

/** Resolves after `ms`. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
