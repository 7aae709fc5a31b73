/** Lets one piece of work begin when the one before it has ended, however that went. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #underWay = 0;

  /** Whether nothing is under way, nor waits. */
  get isIdle(): boolean {
    return this.#underWay === 0;
  }

  take<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    const turn = this.#last.then(work, work).finally(() => {
      this.#underWay -= 1;
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
