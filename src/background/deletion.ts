import * as v from 'valibot';
import { stored } from '../platform/stored.ts';
import { dropEnded } from './orders.ts';
import { dropLog } from './recall-log.ts';
import { dropReads } from './reads.ts';
import { dropAllWords } from './reedit.ts';
import type { Sealing } from './sealing.ts';

/** Written first and taken away last: whoever finds it has a deletion to finish. */
const begun = stored('local', 'deleting', v.boolean(), false);

/** What deleting everything works with. */
export interface DeletionParts {
  readonly sealing: Sealing;
  /** Deletes a database that cannot be used. */
  readonly destroyHistory: () => Promise<void>;
  /** Makes every stored view true to what is left. */
  readonly deleted: () => Promise<void>;
  readonly report: (error: unknown) => void;
}

/** Forgets everything this computer remembers of every account. */
export class Deletion {
  readonly #parts: DeletionParts;
  #hasLooked = false;

  constructor(parts: DeletionParts) {
    this.#parts = parts;
  }

  /**
   * Goes on where a worker before died in the middle of it, or could not. To be called before anything
   * is learnt anew. What fails is done by the next worker.
   */
  async finish(): Promise<void> {
    if (this.#hasLooked) return;
    this.#hasLooked = true;
    if (await begun.read()) await this.all().catch(this.#parts.report);
  }

  /**
   * Forgets everything but recalls that were asked for and have not ended, which hold no words. Any
   * number of times over, it leaves the same.
   */
  async all(): Promise<void> {
    const { sealing, destroyHistory, deleted } = this.#parts;
    try {
      await deleteAll(sealing, destroyHistory);
    } finally {
      // What is gone is shown to nobody, whatever could not be deleted beside it.
      await deleted();
    }
  }
}

async function deleteAll(sealing: Sealing, destroyHistory: () => Promise<void>): Promise<void> {
  // A disk that is too full for the note must not keep anything from being deleted.
  await begun.write(true).catch(() => undefined);
  // Nor must one thing that cannot be deleted keep the others; whoever asked for it hears of it.
  const results = await Promise.allSettled([
    ...[dropEnded(), dropLog(), dropReads(), dropAllWords()],
    sealing.forgetAll(destroyHistory),
  ]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  await begun.clear();
}
