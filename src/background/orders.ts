import * as v from 'valibot';
import { AccountId, ConversationId, MessageId } from '../message/message.ts';
import { RecallOutcome } from '../message/recall.ts';
import { storedList } from '../platform/stored.ts';

/**
 * A recall somebody asked for. It holds no words of the message. It stands in `storage.local`,
 * because a browser that is killed can take its whole database with it, and an order must not be
 * lost.
 */
const Order = v.object({
  account: AccountId,
  conversation: ConversationId,
  id: MessageId,
  author: v.string(),
  sequence: v.number(),
  random: v.number(),
  /** The message's own, server seconds. */
  time: v.number(),
  /** Server ms. */
  askedAt: v.number(),
  /** Server ms until which the service takes it, as far as is known. */
  until: v.number(),
  /** Server ms up to which it is sent all the same, as the service may still take it. */
  askUntil: v.optional(v.number()),
  /** `until` is not the end of the window, or not surely. */
  isEstimate: v.optional(v.boolean()),
  /** Whether the question may have left this computer: then only the service knows the outcome. */
  isSent: v.boolean(),
  /** Final. */
  outcome: v.optional(RecallOutcome),
  /** Server ms. */
  endedAt: v.optional(v.number()),
  /** Accepted by the service, but history could not be told yet: kept until it was. */
  isUntold: v.optional(v.boolean()),
});
export type Order = v.InferOutput<typeof Order>;

const book = storedList('local', 'orders', Order);

/** How long a finished order is still told, ms. */
const toldFor = 10 * 60_000;

function isSame(one: Pick<Order, 'account' | 'id'>, other: Pick<Order, 'account' | 'id'>): boolean {
  return one.account === other.account && one.id === other.id;
}

/** All orders: unfinished ones, and those that ended a short while ago. */
export function readOrders(): Promise<readonly Order[]> {
  return book.read();
}

/**
 * Stores an order before anything is sent. One for the same message that is unfinished or was
 * accepted stays as it is: a message is never ordered twice. Returns the order that stands.
 */
export async function placeOrder(order: Order): Promise<Order> {
  const orders = await book.change((all) => {
    const standing = all.find((other) => isSame(other, order) && (other.outcome?.ok ?? true));
    return standing ? all : [...all.filter((other) => !isSame(other, order)), order];
  });
  return orders.find((other) => isSame(other, order)) ?? order;
}

/** Notes that the question is about to leave. */
export async function noteSent(order: Pick<Order, 'account' | 'id'>): Promise<void> {
  await book.change((all) =>
    all.map((other) => (isSame(other, order) ? { ...other, isSent: true } : other)),
  );
}

/** Ends an order for good; forgets what ended long ago. `now`: server ms. */
export async function endOrder(
  order: Pick<Order, 'account' | 'id'>,
  end: Required<Pick<Order, 'outcome' | 'isUntold'>>,
  now: number,
): Promise<void> {
  await book.change((all) =>
    all
      .map((other) =>
        isSame(other, order) && !other.outcome ? { ...other, ...end, endedAt: now } : other,
      )
      .filter(
        ({ endedAt, isUntold }) =>
          endedAt === undefined || isUntold === true || now - endedAt < toldFor,
      ),
  );
}

/** History knows of this accepted recall now. */
export async function noteTold(order: Pick<Order, 'account' | 'id'>): Promise<void> {
  await book.change((all) =>
    all.map((other) => (isSame(other, order) ? { ...other, isUntold: false } : other)),
  );
}

/** Forgets every order of an account. */
export async function dropOrders(account: AccountId): Promise<void> {
  await book.change((all) => all.filter((other) => other.account !== account));
}
