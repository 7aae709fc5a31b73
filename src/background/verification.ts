import type { MessageId } from '../message/message.ts';
import { noteVerified, type Order } from './orders.ts';
import { isAmong, pause } from './pursuit.ts';
import { noteSeen } from './recall-log.ts';
import type { Rereads } from './rereads.ts';

/** When an accepted recall is looked for in the service's history, each so many ms later. */
const looks = [2_000, 10_000, 60_000] as const;
/** How long after a recall's end a worker still begins to look for it, ms. */
const lookedFor = 600_000;

/** Looks whether the service's own history has the recalls it accepted. */
export class Verification {
  readonly #parts: {
    readonly rereads: Rereads;
    readonly now: () => number;
    readonly changed: (id: MessageId) => void;
  };
  /** Orders that are looked for, or were. */
  readonly #begun = new Set<string>();
  #isOver = false;

  /** `now`: server ms. */
  constructor(parts: {
    readonly rereads: Rereads;
    readonly now: () => number;
    readonly changed: (id: MessageId) => void;
  }) {
    this.#parts = parts;
  }

  stop(): void {
    this.#isOver = true;
  }

  /** Looks a few times at most for one order's message; notes when it was seen as recalled. */
  async of(order: Order): Promise<void> {
    const { id, askedAt, endedAt, verifiedAt } = order;
    const name = `${askedAt} ${id}`;
    const isOld = endedAt !== undefined && this.#parts.now() - endedAt > lookedFor;
    if (verifiedAt !== undefined || isOld || this.#begun.has(name)) return;
    this.#begun.add(name);
    // The service may never show it: then looking for ever would help nobody.
    if (!(await this.#isLookedFor(order))) this.#begun.delete(name);
  }

  /** Whether enough was looked; what could not be read may be looked for once more. */
  async #isLookedFor(order: Order): Promise<boolean> {
    let isRead = true;
    try {
      for (const ms of looks) {
        await pause(ms);
        if (this.#isOver) return true;
        const recalls = await this.#parts.rereads
          .read(order.conversation, order.time - 1)
          .catch(() => undefined);
        isRead = recalls !== undefined;
        if (!recalls || !isAmong(order, recalls)) continue;
        await this.#note(order);
        return true;
      }
    } catch {
      // A full disk: it stays accepted, which is what was told.
    }
    return isRead;
  }

  async #note(order: Order): Promise<void> {
    const { now, changed } = this.#parts;
    const verifiedAt = now();
    await noteVerified(order, verifiedAt);
    await noteSeen(order, { verifiedAt });
    changed(order.id);
  }
}
