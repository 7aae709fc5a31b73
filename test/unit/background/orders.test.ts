import { beforeEach, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import {
  dropOrders,
  endOrder,
  noteSent,
  noteTold,
  placeOrders,
  readOrders,
  sweepOrders,
  type Order,
} from '../../../src/background/orders.ts';
import { alice, bob, withBob } from '../history/fixtures.ts';

beforeEach(() => {
  fakeBrowser.reset();
});

const start = 1_790_000_000_000;
const minute = 60_000;
const order = (id: string, more: Partial<Order> = {}): Order => ({
  account: alice,
  conversation: withBob,
  id,
  author: 'alice',
  sequence: 1,
  random: 1,
  time: start / 1000,
  askedAt: start,
  until: start + 2 * minute,
  isSent: false,
  ...more,
});
const placeOrder = async (one: Order): Promise<Order | undefined> => (await placeOrders([one]))[0];
const accepted = { outcome: { ok: true, at: start }, isUntold: false } as const;
const refused = { outcome: { ok: false, why: 'switched-off' }, isUntold: false } as const;

it('leaves an order that stands as it is when it is placed again', async () => {
  await placeOrder(order('m1'));
  await noteSent(order('m1'), 0);
  expect(await placeOrder(order('m1', { askedAt: start + 1 }))).toEqual(
    order('m1', { isSent: true }),
  );
  expect(await readOrders()).toEqual([order('m1', { isSent: true })]);
});

it('leaves an accepted order as it is when it is placed again', async () => {
  await placeOrder(order('m1'));
  await endOrder(order('m1'), accepted, start);
  expect(await placeOrder(order('m1'))).toMatchObject(accepted);
  expect(await readOrders()).toHaveLength(1);
});

it('places a refused order anew', async () => {
  await placeOrder(order('m1', { isSent: true }));
  await endOrder(order('m1'), refused, start);
  expect(await placeOrder(order('m1', { askedAt: start + 1 }))).toEqual(
    order('m1', { askedAt: start + 1 }),
  );
  expect(await readOrders()).toHaveLength(1);
});

it('keeps orders of one message id apart by their accounts', async () => {
  await placeOrder(order('m1'));
  await placeOrder(order('m1', { account: bob }));
  await endOrder(order('m1'), accepted, start);
  expect(await readOrders()).toEqual([
    { ...order('m1'), ...accepted, endedAt: start },
    order('m1', { account: bob }),
  ]);
  await dropOrders(alice);
  expect(await readOrders()).toEqual([order('m1', { account: bob })]);
});

it('ends an order once', async () => {
  await placeOrder(order('m1'));
  await endOrder(order('m1'), accepted, start);
  await endOrder(order('m1'), refused, start + 1);
  expect(await readOrders()).toMatchObject([{ ...accepted, endedAt: start }]);
});

it('forgets an order ten minutes after its end, when another one ends', async () => {
  for (const id of ['m1', 'm2', 'm3']) await placeOrder(order(id));
  await endOrder(order('m1'), refused, start);
  await endOrder(order('m2'), refused, start + 10 * minute - 1);
  expect((await readOrders()).map(({ id }) => id)).toEqual(['m1', 'm2', 'm3']);
  await endOrder(order('m3'), refused, start + 10 * minute);
  expect((await readOrders()).map(({ id }) => id)).toEqual(['m2', 'm3']);
});

it('does not forget what history was not told of, nor what has not ended', async () => {
  for (const id of ['m1', 'm2', 'm3', 'm4']) await placeOrder(order(id));
  await endOrder(order('m1'), { ...accepted, isUntold: true }, start);
  await endOrder(order('m3'), refused, start + 60 * minute);
  expect((await readOrders()).map(({ id }) => id)).toEqual(['m1', 'm2', 'm3', 'm4']);
  await noteTold(order('m1'));
  await endOrder(order('m4'), refused, start + 60 * minute);
  expect((await readOrders()).map(({ id }) => id)).toEqual(['m2', 'm3', 'm4']);
});

it('forgets an order ten minutes after its end, also when no other ends', async () => {
  for (const id of ['m1', 'm2', 'm3', 'm4']) await placeOrder(order(id));
  await placeOrder(order('m1', { account: bob }));
  await endOrder(order('m1'), refused, start);
  await endOrder(order('m1', { account: bob }), refused, start);
  await endOrder(order('m2'), { ...accepted, isUntold: true }, start);
  await endOrder(order('m3'), refused, start + 1);
  await sweepOrders(alice, start + 10 * minute - 1);
  expect(await readOrders()).toHaveLength(5);
  await sweepOrders(alice, start + 10 * minute);
  // Not what history was not told of, what has not ended, or what another clock speaks of.
  expect((await readOrders()).map(({ account, id }) => [account, id])).toEqual([
    [alice, 'm2'],
    [alice, 'm3'],
    [alice, 'm4'],
    [bob, 'm1'],
  ]);
});

it('forgets an order that ended in what is the future now', async () => {
  await placeOrder(order('m1'));
  await endOrder(order('m1'), refused, start + 60 * minute);
  await sweepOrders(alice, start);
  expect(await readOrders()).toEqual([]);
});
