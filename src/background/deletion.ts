import * as v from 'valibot';
import { stored } from '../platform/stored.ts';
import { dropEnded } from './orders.ts';
import { dropLog } from './recall-log.ts';
import { dropReads } from './reads.ts';
import { dropAllWords } from './reedit.ts';
import type { Sealing } from './sealing.ts';

/** Written first and taken away last: whoever finds it has a deletion to finish. */
const begun = stored('local', 'deleting', v.boolean(), false);

/** Whether a worker before died in the middle of deleting everything, or could not. */
export function isDeletionUnfinished(): Promise<boolean> {
  return begun.read();
}

/**
 * Forgets everything this computer remembers of every account, but for recalls that were asked for and
 * have not ended, which hold no words. Any number of times over, it leaves the same. `destroyHistory`
 * deletes a database that cannot be used.
 */
export async function deleteEverything(
  sealing: Sealing,
  destroyHistory: () => Promise<void>,
): Promise<void> {
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
