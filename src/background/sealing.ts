import { HistoryError } from '../history/history.ts';
import {
  hasRetiredKey,
  noteDestroyed,
  renewProfileKey,
  writeKeepsHistory,
} from '../platform/profile-key.ts';
import { Turns } from '../platform/turns.ts';
import type { Memory } from './memory.ts';

/** Goes on under another key, and destroys what an older one opened; one after the other. */
export class Sealing {
  readonly #memory: Memory;
  readonly #turns = new Turns();

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** Finishes what a worker before could not: what an older key opened is destroyed. */
  tidy(): Promise<void> {
    return this.#turns.take(async () => {
      if (await hasRetiredKey()) await this.#destroy();
    });
  }

  /** The user's choice whether history outlives the browser. True: it goes on under a new key. */
  choose(keeps: boolean): Promise<boolean> {
    return this.#turns.take(async () => {
      const isRenewed = await writeKeepsHistory(keeps);
      if (isRenewed) {
        await this.#memory.rebuild(() => Promise.resolve());
        await this.#destroy();
      }
      return isRenewed;
    });
  }

  /** Forgets all of history. A database that cannot be used is thrown away as a whole. */
  forgetAll(destroyHistory: () => Promise<void>): Promise<void> {
    return this.#turns.take(async () => {
      // First: whatever fails after it, no key is left that opens what was kept. On a full disk that
      // cannot be noted, and the words go all the same.
      const [renewing] = await Promise.allSettled([renewProfileKey()]);
      const isEmpty = await this.#memory.forget().then(
        () => true,
        (error: unknown) => {
          if (!(error instanceof HistoryError)) throw error;
          return false;
        },
      );
      await this.#memory.rebuild(isEmpty ? () => Promise.resolve() : destroyHistory);
      await this.#destroy();
      if (renewing.status === 'rejected') throw renewing.reason;
    });
  }

  async #destroy(): Promise<void> {
    await this.#memory.use((history) => history.forgetUnreadable());
    await noteDestroyed();
  }
}
