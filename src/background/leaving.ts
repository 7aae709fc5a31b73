import type { AccountId } from '../message/message.ts';
import {
  clearAccount,
  noteHistoryLeaving,
  noteLeaving,
  noteLeft,
  readLeaving,
  readLeavingHistory,
  readOwner,
  settleLeaving,
} from '../platform/accounts.ts';
import { dropSitesOf } from '../platform/own-sites.ts';
import { dropReadAnew } from '../platform/profile-key.ts';
import { dropServerOffset, dropWindow } from '../platform/settings.ts';
import { forgetWindows } from '../platform/windows.ts';
import { dropAwaited } from './awaited.ts';
import type { Memory } from './memory.ts';
import { dropOrders } from './orders.ts';
import { dropLog } from './recall-log.ts';
import { dropReads } from './reads.ts';
import { dropAllWords } from './reedit.ts';
import { dropSweepsOf } from './sweep-book.ts';

/** What leaving works with. */
export interface LeavingParts {
  readonly memory: Memory;
  /** An account's history was deleted; it may be there again, and what it learnt since is gone, too. */
  readonly forgotten: (account: AccountId) => void;
  readonly report: (error: unknown) => void;
}

/**
 * Deletes what is kept of accounts that were left. It waits for nobody's turn, so that whoever has
 * one may wait for it. History can be out of use for long, and its account be back before that ends:
 * all else is deleted first, once, so that no recall that was asked for since goes with it.
 */
export class Leaving {
  readonly #parts: LeavingParts;
  #deleting: Promise<void> = Promise.resolve();

  constructor(parts: LeavingParts) {
    this.#parts = parts;
  }

  /** Notes that everything kept of these accounts is to be deleted, by this worker or the next. */
  note(accounts: readonly AccountId[]): Promise<void> {
    return noteLeaving(accounts);
  }

  /** Deletes what is left of them; never rejects. What cannot be deleted is tried again on waking. */
  finish(): Promise<void> {
    this.#deleting = this.#deleting
      .then(() => this.#deleteAll())
      .catch((error: unknown) => {
        this.#parts.report(error);
      });
    return this.#deleting;
  }

  /**
   * Resolves when an account may be there again: nothing of it is being deleted any more, but
   * perhaps its history, when that can be used. Rejects when more could not be deleted.
   */
  async isOver(account: AccountId): Promise<void> {
    const [leaving, ofHistory] = await Promise.all([readLeaving(), readLeavingHistory()]);
    if (![...leaving, ...ofHistory].includes(account)) return;
    await this.finish();
    if ((await readLeaving()).includes(account)) throw new Error('It is still leaving.');
  }

  async #deleteAll(): Promise<void> {
    await settleLeaving();
    for (const account of await readLeaving()) {
      await this.#deleteNotes(account).catch(this.#parts.report);
    }
    for (const account of await readLeavingHistory()) {
      try {
        await this.#parts.memory.forget(account);
        await noteLeft(account);
        this.#parts.forgotten(account);
      } catch {
        // Noted by the memory; its history stays among the leaving.
      }
    }
  }

  async #deleteNotes(account: AccountId): Promise<void> {
    if ((await readOwner()) === account) await clearAccount();
    await Promise.all([
      dropOrders(account),
      dropAwaited(account),
      dropLog(account),
      dropReads(account),
      dropAllWords(account),
      dropSweepsOf(account),
      dropServerOffset(account),
      dropReadAnew(account),
      dropSitesOf(account),
      forgetWindows(account),
      dropWindow(account),
    ]);
    await noteHistoryLeaving(account);
  }
}
