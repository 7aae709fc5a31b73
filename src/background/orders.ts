import * as v from 'valibot';
import { AccountId, ConversationId, kinds, MessageId } from '../message/message.ts';
import { RecallOutcome } from '../message/recall.ts';
import { enduringList } from '../platform/stored.ts';

/**
 * A recall somebody asked for. It holds no words of the message. It stands in `storage.local`,
 * because a browser that is killed can take its whole database with it, and an order must not be
 * lost. On a full disk it is as safe as the browser is from being killed.
 */
const Order = v.object({
  account: AccountId,
  conversation: ConversationId,
  id: MessageId,
  author: v.string(),
  kind: v.optional(v.picklist(kinds)),
  sequence: v.number(),
  random: v.number(),
  /** The message's own, server seconds. */
  time: v.number(),
  /** Server ms; tells an order from an earlier one for the same message. */
  askedAt: v.number(),
  /** Server ms until which the service takes it, as far as is known. */
  until: v.number(),
  /** Server ms up to which it is sent all the same, as the service may still take it. */
  askUntil: v.optional(v.number()),
  /**
   * When it is given up by this computer's clock, ms, if it was never sent and the service does not
   * tell the time; missing from older versions.
   */
  givenUpAt: v.optional(v.number()),
  /** `until` is not the end of the window, or not surely. */
  isEstimate: v.optional(v.boolean()),
  /** The sweep that placed it, as long as nobody asked for this message alone. */
  sweep: v.optional(v.string()),
  /** Whether the question may have left this computer: then only the service knows the outcome. */
  isSent: v.boolean(),
  /** A question left, and nobody answered it in time; it is asked again. */
  isUnanswered: v.optional(v.boolean()),
  /** How many others were known to have read it when it was sent; missing says nothing. */
  readBy: v.optional(v.number()),
  /** Final. */
  outcome: v.optional(RecallOutcome),
  /** Server ms. */
  endedAt: v.optional(v.number()),
  /** Accepted by the service, but history could not be told yet: kept until it was. */
  isUntold: v.optional(v.boolean()),
  /** Accepted, and seen as recalled in the service's own history after that; server ms. */
  verifiedAt: v.optional(v.number()),
});
export type Order = v.InferOutput<typeof Order>;

/** Names one order among all there were for a message. */
export type OrderName = Pick<Order, 'account' | 'id' | 'askedAt'>;

/** Tells an order from the reason why there is none. */
export function isOrder(one: Order | RecallOutcome): one is Order {
  return !('ok' in one);
}

const book = enduringList('orders', Order);

/** How long a finished order is still told, ms. */
const toldFor = 10 * 60_000;
/** Orders kept at most: more than a person asks for, and little to write. */
const mostOrders = 500;

function isSame(one: Pick<Order, 'account' | 'id'>, other: Pick<Order, 'account' | 'id'>): boolean {
  return one.account === other.account && one.id === other.id;
}

function isThis(one: OrderName, other: OrderName): boolean {
  return isSame(one, other) && one.askedAt === other.askedAt;
}

/** All orders: unfinished ones, and those that ended a short while ago. */
export function readOrders(): Promise<readonly Order[]> {
  return book.read();
}

/** Whether a recall of this account has not ended. */
export async function isRecalling(account: AccountId): Promise<boolean> {
  return (await readOrders()).some((order) => order.account === account && !order.outcome);
}

/** How an order stands. */
export async function findOrder(name: OrderName): Promise<Order | undefined> {
  return (await readOrders()).find((order) => isThis(order, name));
}

/**
 * Stores orders before anything is sent, all in one. One for the same message that is unfinished or
 * was accepted stays as it is: a message is never ordered twice. Asked for alone, it is no more its
 * sweep's. Returns the orders that stand, one for each; undefined where there is no room for more.
 */
export async function placeOrders(
  wanted: readonly Order[],
): Promise<readonly (Order | undefined)[]> {
  const orders = await book.change((all) => wanted.reduce(place, all));
  return wanted.map((order) => orders.find((other) => isSame(other, order)));
}

function place(all: readonly Order[], order: Order): readonly Order[] {
  const standing = all.find((other) => isSame(other, order));
  if (standing && (standing.outcome?.ok ?? true)) {
    if (order.sweep !== undefined || standing.sweep === undefined) return all;
    return all.map((other) => (other === standing ? withoutSweep(other) : other));
  }
  const others = all.filter((other) => other !== standing);
  const room = mostOrders - 1;
  if (others.length > room) {
    // What is over and told makes room; what is not is never given up for something new.
    const oldest = others.find(({ outcome, isUntold }) => outcome && isUntold !== true);
    if (!oldest) return all;
    others.splice(others.indexOf(oldest), 1);
  }
  const askedAt = Math.max(order.askedAt, (standing?.askedAt ?? 0) + 1);
  return [...others, { ...order, askedAt }];
}

/** Changes one order; resolves with how it stands then, undefined when it is not there any more. */
async function change(name: OrderName, how: (order: Order) => Order): Promise<Order | undefined> {
  const orders = await book.change((all) =>
    all.map((other) => (isThis(other, name) ? how(other) : other)),
  );
  return orders.find((other) => isThis(other, name));
}

/**
 * Notes that the question is about to leave, unless the order has ended meanwhile, and the first
 * time how many others are known to have read the message. Resolves with how it stands.
 */
export function noteSent(name: OrderName, readBy: number): Promise<Order | undefined> {
  return change(name, (order) => {
    if (order.outcome) return order;
    // Reading it later may have shown nobody anything.
    const isFirst = !order.isSent && readBy > 0;
    return { ...order, isSent: true, ...(isFirst && { readBy }) };
  });
}

/** Notes that a question got no answer. */
export async function noteUnanswered(name: OrderName): Promise<void> {
  await change(name, (order) => ({ ...order, isUnanswered: true }));
}

/**
 * Ends an order for good, unless it has ended already; forgets what ended long ago of its account,
 * whose clock says nothing of others. Resolves with how it stands. `now`: server ms.
 */
export async function endOrder(
  name: OrderName,
  end: Required<Pick<Order, 'outcome' | 'isUntold'>> & Pick<Order, 'verifiedAt'>,
  now: number,
): Promise<Order | undefined> {
  const orders = await book.change((all) =>
    all
      .map((other) =>
        isThis(other, name) && !other.outcome ? { ...other, ...end, endedAt: now } : other,
      )
      .filter((other) => !isOver(other, name.account, now)),
  );
  return orders.find((other) => isThis(other, name));
}

/**
 * Forgets what ended long ago of an account, also when nothing else of it ends. `now`: server ms by
 * that account's clock.
 */
export async function sweepOrders(account: AccountId, now: number): Promise<void> {
  const isGone = (order: Order): boolean => isOver(order, account, now);
  if (!(await readOrders()).some(isGone)) return;
  await book.change((all) => all.filter((order) => !isGone(order)));
}

/** Whether an order of this account has ended, and was told for long enough. */
function isOver({ account, endedAt, isUntold }: Order, of: AccountId, now: number): boolean {
  if (account !== of || endedAt === undefined || isUntold === true) return false;
  // Also when the clock was set back: nobody knows how long ago that was.
  return Math.abs(now - endedAt) >= toldFor;
}

/** Somebody asked for this message alone: it is no more its sweep's to stop. */
export async function adoptOrder(account: AccountId, id: MessageId): Promise<void> {
  const isSwept = (order: Order): boolean =>
    order.account === account && order.id === id && order.sweep !== undefined;
  if (!(await readOrders()).some(isSwept)) return;
  await book.change((all) => all.map((order) => (isSwept(order) ? withoutSweep(order) : order)));
}

function withoutSweep(order: Order): Order {
  return { ...order, sweep: undefined };
}

/**
 * Ends what a sweep of this account placed and what cannot have left this computer yet. Resolves
 * with the orders it ended. `now`: server ms.
 */
export async function stopOrders(
  account: AccountId,
  sweep: string,
  now: number,
): Promise<readonly Order[]> {
  const outcome: RecallOutcome = { ok: false, why: 'stopped' };
  const stopped: Order[] = [];
  await book.change((all) =>
    all.map((order) => {
      const isIts = order.account === account && order.sweep === sweep;
      if (!isIts || order.isSent || order.outcome) return order;
      const ended = { ...order, outcome, isUntold: false, endedAt: now };
      stopped.push(ended);
      return ended;
    }),
  );
  return stopped;
}

/** History knows of this accepted recall now. */
export async function noteTold(name: OrderName): Promise<void> {
  await change(name, (order) => ({ ...order, isUntold: false }));
}

/** The service's history has it recalled, seen after it was accepted. `at`: server ms. */
export async function noteVerified(name: OrderName, at: number): Promise<void> {
  await change(name, (order) => ({ ...order, verifiedAt: order.verifiedAt ?? at }));
}

/** Tells ended orders of one account as another's, which it turned out to be. */
export async function carryOrders(from: AccountId, to: AccountId): Promise<void> {
  await book.change((all) =>
    all.map((order) => {
      const moved = { ...order, account: to };
      const isFree = !all.some((other) => isSame(other, moved));
      return order.account === from && order.outcome && isFree ? moved : order;
    }),
  );
}

/** Forgets every order of an account. Rejects as long as the disk holds one. */
export async function dropOrders(account: AccountId): Promise<void> {
  await book.remove((order) => order.account === account);
}

/** Forgets every order that has ended, of all accounts. Rejects as long as the disk holds one. */
export async function dropEnded(): Promise<void> {
  await book.remove(({ outcome }) => outcome !== undefined);
}

/** Brings to the disk what did not fit there before, as far as it does now. */
export function settleOrders(): Promise<void> {
  return book.settle();
}
