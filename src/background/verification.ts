import type { MessageId } from '../message/message.ts';
import { noteVerified, type Order } from './orders.ts';
import { isAmong, pause } from './pursuit.ts';
import { noteSeen } from './recall-log.ts';
import type { Rereads } from './rereads.ts';

/** When an accepted recall is looked for in the service's history, each so many ms later. */
const looks = [2_000, 10_000, 60_000] as const;

/** Looks whether the service's own history has the recalls it accepted. */
export class Verification {
  readonly #parts: {
    readonly rereads: Rereads;
    readonly now: () => number;
    readonly changed: (id: MessageId) => void;
  };
  readonly #underWay = new Set<MessageId>();
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
    if (this.#underWay.has(order.id)) return;
    this.#underWay.add(order.id);
    try {
      for (const ms of looks) {
        await pause(ms);
        if (this.#isOver || (await this.#look(order))) return;
      }
    } catch {
      // A full disk: it stays accepted, which is what was told.
    } finally {
      this.#underWay.delete(order.id);
    }
  }

  async #look(order: Order): Promise<boolean> {
    const { rereads, now, changed } = this.#parts;
    const recalls = await rereads.read(order.conversation, order.time - 1).catch(() => []);
    if (!isAmong(order, recalls)) return false;
    const verifiedAt = now();
    await noteVerified(order, verifiedAt);
    await noteSeen(order, { verifiedAt });
    changed(order.id);
    return true;
  }
}
