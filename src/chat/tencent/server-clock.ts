/** The two clocks of a computer: the one people set, and one that only runs. Milliseconds. */
export interface Clocks {
  wall(): number;
  steady(): number;
}

const clocks: Clocks = { wall: () => Date.now(), steady: () => performance.now() };

/** More than what a clock is adjusted by in passing, less than what matters to a recall window. */
const longestDrift = 2_000;

/**
 * The server's time, held against a clock that nobody can set. Neither clock alone is enough: the
 * wall clock can be stepped, the steady one may stand still while the computer sleeps (Chromium on
 * Linux and macOS). So the steady one counts, and when the two disagree the time is to be asked
 * again.
 */
export class ServerClock {
  readonly #clocks: Clocks;
  #known: { server: number; wall: number; steady: number } | undefined;

  constructor(given: Clocks = clocks) {
    this.#clocks = given;
  }

  /** The service says it is `server` (ms) now. */
  set(server: number): void {
    this.#known = { server, wall: this.#clocks.wall(), steady: this.#clocks.steady() };
  }

  /** Server milliseconds now; undefined before `set`. */
  now(): number | undefined {
    if (!this.#known) return undefined;
    return Math.round(this.#known.server + this.#clocks.steady() - this.#known.steady);
  }

  /** Whether this computer slept or its clock was set since `set`. */
  isDoubtful(): boolean {
    if (!this.#known) return false;
    const wall = this.#clocks.wall() - this.#known.wall;
    const steady = this.#clocks.steady() - this.#known.steady;
    return Math.abs(wall - steady) > longestDrift;
  }
}
