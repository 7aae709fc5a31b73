import type { AccountId } from '../message/message.ts';
import {
  clearAccount,
  noteLeaving,
  noteLeft,
  readLeaving,
  readOwner,
} from '../platform/accounts.ts';
import { dropSitesOf } from '../platform/own-sites.ts';
import { dropServerOffset } from '../platform/settings.ts';
import { forgetWindows } from '../platform/windows.ts';
import { dropAwaited } from './awaited.ts';
import type { Memory } from './memory.ts';
import { dropOrders } from './orders.ts';
import { dropLog } from './recall-log.ts';
import { dropReads } from './reads.ts';
import { dropAllWords } from './reedit.ts';

/**
 * Deletes what is kept of accounts that were left. It waits for nobody's turn, so that whoever has
 * one may wait for it.
 */
export class Leaving {
  readonly #memory: Memory;
  #deleting: Promise<void> = Promise.resolve();

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** Notes that everything kept of these accounts is to be deleted, by this worker or the next. */
  note(accounts: readonly AccountId[]): Promise<void> {
    return noteLeaving(accounts);
  }

  /** Deletes what is left of them; what cannot be deleted is tried again on waking. */
  finish(): Promise<void> {
    const deleting = this.#deleting.then(() => this.#deleteAll());
    this.#deleting = deleting.catch(() => undefined);
    return deleting;
  }

  /** Resolves when nothing of an account is being deleted any more. */
  async isOver(account: AccountId): Promise<void> {
    if ((await readLeaving()).includes(account)) await this.finish();
  }

  async #deleteAll(): Promise<void> {
    for (const account of await readLeaving()) {
      if ((await readOwner()) === account) await clearAccount();
      await Promise.all([
        dropOrders(account),
        dropAwaited(account),
        dropLog(account),
        dropReads(account),
        dropAllWords(account),
        dropServerOffset(account),
        dropSitesOf(account),
        forgetWindows(account),
      ]);
      try {
        await this.#memory.forget(account);
        await noteLeft(account);
      } catch {
        // Noted by the memory; the account stays among the leaving.
      }
    }
  }
}
