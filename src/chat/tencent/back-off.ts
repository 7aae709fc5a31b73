/** Seconds between attempts; the last one is repeated. */
const steps = [1, 2, 4, 8, 16, 30];

/** One thing to be done again, later and later. */
export class BackOff {
  #attempts = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #act: (() => void) | undefined;
  /** Somebody was in a hurry while nothing was scheduled. */
  #isHurried = false;

  /** How often something was scheduled since `reset()`. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Does `act` after the next pause, in place of whatever was scheduled before. */
  schedule(act: () => void): void {
    this.#clear();
    const seconds = steps[Math.min(this.#attempts, steps.length - 1)] ?? 30;
    this.#attempts += 1;
    this.#act = act;
    // Spread a little, so that a service that comes back is not met by everybody at once.
    const pause = this.#isHurried ? 0 : seconds * 1_000 * (0.9 + Math.random() * 0.2);
    this.#isHurried = false;
    this.#timer = setTimeout(() => {
      this.hurry();
    }, pause);
  }

  /** Does what is scheduled now; with nothing scheduled, the next thing will not wait. */
  hurry(): void {
    const act = this.#act;
    this.#clear();
    if (act) act();
    else this.#isHurried = true;
  }

  /** Forgets what is scheduled and begins with the shortest pause again. */
  reset(): void {
    this.#clear();
    this.#attempts = 0;
    this.#isHurried = false;
  }

  #clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#act = undefined;
  }
}
