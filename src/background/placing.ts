import type { ChatLink } from '../chat/link.ts';
import {
  userOf,
  type AccountId,
  type Entry,
  type MessageId,
  type Role,
} from '../message/message.ts';
import type { RecallOutcome } from '../message/recall.ts';
import type { Windows } from '../message/window.ts';
import type { Line } from './line.ts';
import { newOrder } from './new-order.ts';
import { isOrder, noteSent, placeOrders, readOrders, type Order } from './orders.ts';
import { keepWords } from './reedit.ts';

/** What is asked about a message before its recall is ordered. */
export interface PlacingWorld {
  readonly account: AccountId;
  readonly link: ChatLink;
  /** Where questions wait for their departure. */
  readonly line: Pick<Line, 'isFree'>;
  readonly find: (id: MessageId) => Promise<Entry | undefined>;
  /** Server ms. */
  readonly now: () => number;
  readonly windows: () => Promise<Windows>;
  readonly roleIn: (entry: Entry) => Promise<Role | undefined>;
  /** How many others are known to have read a message; 0 says nothing. */
  readonly readersOf: (message: Pick<Entry, 'conversation' | 'id' | 'time'>) => Promise<number>;
}

/** The order that stands for a message, or why there is none. */
export type Placed = Order | RecallOutcome;

/**
 * Stores orders before anything is sent. Somebody waits for it: what does not need one another is
 * read and written at the same time.
 */
export class Placing {
  readonly #world: PlacingWorld;
  /** Orders that were stored as leaving when they were placed. */
  readonly #leaving = new WeakSet<Order>();

  constructor(world: PlacingWorld) {
    this.#world = world;
  }

  /** Orders the recall of one message that somebody asked for alone; `isMine`: only if it is mine. */
  async placeOne(id: MessageId, isMine = false): Promise<Placed> {
    const [placed = { ok: false, why: 'too-many' } as const] = await this.#place([id], { isMine });
    return placed;
  }

  /** Orders those of a sweep, all stored in one. */
  placeAll(ids: readonly MessageId[], sweep: string): Promise<readonly Placed[]> {
    return this.#place(ids, { sweep });
  }

  /**
   * Notes that the question is about to leave, where that is not stored yet. Resolves with how the order
   * stands; undefined when there is no such order any more.
   */
  async noteSent(order: Order): Promise<Order | undefined> {
    if (this.#leaving.delete(order)) return order;
    return noteSent(order, await this.#readersOf(order));
  }

  async #place(
    ids: readonly MessageId[],
    { sweep, isMine = false }: { readonly sweep?: string; readonly isMine?: boolean },
  ): Promise<readonly Placed[]> {
    const { account, find, line, link, now, roleIn } = this.#world;
    const finding = ids.map((id) => find(id));
    // Of what was recalled before nobody needs to know whether it is found.
    for (const one of finding) one.catch(() => undefined);
    const [windows, all] = await Promise.all([this.#world.windows(), readOrders()]);
    const ours = all.filter((order) => order.account === account && (order.outcome?.ok ?? true));
    // It leaves at once: noted together with the order, as each writing takes milliseconds.
    const isStanding = ours.some(({ id }) => ids.includes(id));
    const isConnected = link.state.name === 'connected';
    const leaves = sweep === undefined && !isStanding && isConnected && line.isFree;
    const ordered: Entry[] = [];
    const wishes = await Promise.all(
      ids.map(async (id, at): Promise<Placed> => {
        const done = ours.find((order) => order.id === id)?.outcome;
        if (done) return done;
        const entry = await finding[at];
        const isMeant = entry && (!isMine || entry.author === userOf(account));
        if (!isMeant) return { ok: false, why: 'not-found' };
        const [role, readBy] = await Promise.all([
          roleIn(entry),
          leaves ? this.#readersOf(entry) : 0,
        ]);
        const knowsTime = link.serverTime() !== undefined;
        const made = newOrder({ account, entry, role, windows, now: now(), knowsTime, sweep });
        if (!isOrder(made)) return made;
        ordered.push(entry);
        return leaves ? { ...made, isSent: true, ...(readBy > 0 && { readBy }) } : made;
      }),
    );
    const orders = wishes.filter(isOrder);
    const [standing] = await Promise.all([placeOrders(orders), keepWords(ordered)]);
    return wishes.map((one): Placed => {
      if (!isOrder(one)) return one;
      const order = standing[orders.indexOf(one)];
      if (!order) return { ok: false, why: 'too-many' };
      if (order.outcome) return order.outcome;
      if (!leaves) return order;
      // Whoever dies before it left has a successor that looks first; this worker knows better.
      const leaving: Order = { ...order, isSent: false };
      this.#leaving.add(leaving);
      return leaving;
    });
  }

  #readersOf(message: Pick<Entry, 'conversation' | 'id' | 'time'>): Promise<number> {
    return this.#world.readersOf(message).catch(() => 0);
  }
}
