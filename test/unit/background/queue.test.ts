import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { placeOrders, type Order } from '../../../src/background/orders.ts';
import { readLog } from '../../../src/background/recall-log.ts';
import type { RecallOutcome } from '../../../src/message/recall.ts';
import { alice, recallOf, withBob } from '../history/fixtures.ts';
import {
  beginWorld,
  endWorld,
  keepSignedIn,
  ordersStored,
  pass,
  settle,
  wake,
  worldOf,
  type Life,
  type World,
} from './life.ts';
import { Service } from './service.ts';

let service: Service;
let world: World;
beforeEach(async () => {
  beginWorld();
  service = new Service();
  world = worldOf(service);
  await keepSignedIn();
});
afterEach(endWorld);

const minute = 60_000;
const own = { kind: 'own' } as const;
const ref = (id: string) => ({ account: alice, conversation: withBob, id });
const lost: RecallOutcome = { ok: false, why: 'waiting', code: 2801 };

/** Asks for a recall; gives its answers as they come. */
function ask(life: Life, id: string): RecallOutcome[] {
  const answers: RecallOutcome[] = [];
  void life.answers.recall(ref(id), own).then((answer) => {
    answers.push(answer);
  });
  return answers;
}

/** The service hands a message out as it does to every session. */
function deliver(life: Life, id: string): void {
  life.link.tell({ kind: 'messages', messages: [service.send(id)] });
}

describe('a message that is still being sent', () => {
  it('is recalled once, as soon as it is out', async () => {
    const life = await wake(world);
    const answers = ask(life, 'm1');
    ask(life, 'm1');
    await pass(3_000);
    expect(service.asked).toEqual([]);
    deliver(life, 'm1');
    await settle();
    expect(service.done).toEqual(['m1']);
    expect(answers).toMatchObject([{ ok: true }]);
    await pass(2 * minute, 5_000);
    expect(service.asked).toEqual(['m1']);
  });

  it('is found also when the link missed it', async () => {
    const life = await wake(world);
    const answers = ask(life, 'm1');
    await settle();
    service.send('m1');
    await pass(2_000);
    expect(service.done).toEqual(['m1']);
    expect(answers).toMatchObject([{ ok: true }]);
  });

  it('is recalled by a later worker', async () => {
    const life = await wake(world);
    ask(life, 'm1');
    await settle();
    life.die();
    service.send('m1');
    await wake(world);
    await pass(2_000);
    expect(service.done).toEqual(['m1']);
    expect(await fakeBrowser.storage.local.get('awaited')).toEqual({ awaited: [] });
  });

  it('is answered for honestly when it never comes', async () => {
    const life = await wake(world);
    const early = ask(life, 'm1');
    await pass(21_000);
    expect(early).toEqual([{ ok: false, why: 'waiting' }]);
    const late = ask(life, 'm1');
    await pass(minute);
    expect(late.at(-1)).toMatchObject({ ok: false });
    expect(await readLog()).toMatchObject([{ id: 'm1', outcome: { why: 'never-came' } }]);
    expect(service.asked).toEqual([]);
    expect(await fakeBrowser.storage.local.get('awaited')).toEqual({ awaited: [] });
    // It came after all: nobody recalls it behind anybody's back.
    deliver(life, 'm1');
    await pass(minute, 5_000);
    expect(service.asked).toEqual([]);
  });

  it('of somebody else is not recalled', async () => {
    const life = await wake(world);
    const answers = ask(life, 'm1');
    await settle();
    life.link.tell({ kind: 'messages', messages: [service.send('m1', { author: 'bob' })] });
    await settle();
    expect(answers).toEqual([{ ok: false, why: 'not-allowed' }]);
    expect(service.asked).toEqual([]);
  });
});

describe('the row of a message that is still being sent', () => {
  const page = { kind: 'page', origin: 'https://chat.example', tab: 1, frame: 0 } as const;
  const idOf = (tinyId: string, age = 0): string =>
    `${tinyId}-${Math.floor(service.time() / 1000) - age}-7`;
  const look = async (life: Life, ids: string[], here: string | undefined = withBob) =>
    (await life.answers.look({ ids, ...(here && { here }) }, page)).rows;

  /** A worker that knows by an earlier message which ids are mine. */
  async function wakeKnowing(): Promise<Life> {
    service.send(idOf('144', 500));
    return wake(world);
  }

  it('offers a recall, which is sent when the message is out', async () => {
    const life = await wakeKnowing();
    const id = idOf('144');
    const [row] = await look(life, [id]);
    expect(row).toMatchObject({ id, conversation: withBob, isMine: true, isAtLeast: true });
    expect(row?.until).toBeGreaterThan(service.time());
    void life.answers.recall({ account: alice, conversation: withBob, id }, page);
    await settle();
    expect(await look(life, [id])).toMatchObject([{ id, progress: { state: 'waiting' } }]);
    // It may take its time, once it is waited for.
    await pass(20_000);
    expect(await look(life, [id])).toMatchObject([{ id, progress: { state: 'waiting' } }]);
    expect(service.asked).toEqual([]);
    deliver(life, id);
    await settle();
    expect(service.done).toEqual([id]);
    expect(await look(life, [id])).toMatchObject([{ id, placeholder: { key: 'you' } }]);
  });

  it('offers none for what somebody else, or nobody known, sends', async () => {
    const life = await wakeKnowing();
    expect(await look(life, [idOf('145'), 'draft-1', idOf('144x'), '1-2-3'])).toEqual([]);
    expect(await look(life, [idOf('144')], '')).toEqual([]);
  });

  it('offers none once it takes too long, nor for what is to be sent in the future', async () => {
    const life = await wakeKnowing();
    expect(await look(life, [idOf('144', 16), idOf('144', -10)])).toEqual([]);
  });

  it('offers one also when all I wrote before was recalled', async () => {
    const life = await wakeKnowing();
    const [before] = service.messages;
    service.windowSeconds = 3_600;
    expect(await life.keeper.recall(before?.id ?? '')).toMatchObject({ ok: true });
    expect(await look(life, [idOf('144')])).toHaveLength(1);
  });

  it('offers none before a message of mine was seen', async () => {
    const life = await wake(world);
    expect(await look(life, [idOf('144')])).toEqual([]);
  });

  it('has what history knows of it as soon as it knows it', async () => {
    const life = await wakeKnowing();
    const id = idOf('144');
    deliver(life, id);
    await settle();
    const rows = await look(life, [id]);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.until).toBeGreaterThan(service.time() + 100_000);
  });
});

describe('a recall nobody answers, of a conversation nobody can read', () => {
  it('ends, and is said to be open', async () => {
    service.recall = (target) => {
      service.asked.push(target.id);
      return Promise.resolve(lost);
    };
    service.send('m1');
    const life = await wake(world);
    service.since = () => Promise.reject(new Error('no answer'));
    ask(life, 'm1');
    await pass(13 * minute, 5_000);
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: false, why: 'unanswered' } }]);
    const asked = service.asked.length;
    await pass(2 * minute, 5_000);
    expect(service.asked).toHaveLength(asked);
  });

  it('is not called too late when it may have been done in time', async () => {
    const real = service.recall;
    service.recall = async (target) => {
      await real(target);
      return lost;
    };
    service.send('m1');
    const life = await wake(world);
    const { since } = service;
    service.since = () => Promise.reject(new Error('no answer'));
    ask(life, 'm1');
    await settle();
    service.recall = () => Promise.resolve({ ok: false, why: 'too-late', code: 20016 });
    await pass(2_000);
    expect(await ordersStored()).toMatchObject([
      { outcome: { ok: false, why: 'unanswered', code: 20016 } },
    ]);
    // The service's history tells the truth as soon as it can be read.
    service.since = since;
    await life.keeper.catchUp();
    const { sent } = await life.answers.glance(undefined, own);
    expect(sent).toMatchObject([{ id: 'm1', placeholder: { key: 'you' } }]);
  });

  it('ends within a day when there is no connection any more', async () => {
    service.recall = () => Promise.resolve(lost);
    service.send('m1');
    const life = await wake(world);
    ask(life, 'm1');
    await settle();
    life.link.become({ name: 'reconnecting' });
    await pass(3_000);
    life.die();
    service.opens = undefined;
    await pass(25 * 60 * minute, 10 * minute);
    await wake(world);
    await pass(minute);
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: false, why: 'unanswered' } }]);
  });
});

describe('an accepted recall', () => {
  it('is verified when the service’s history has it', async () => {
    service.send('m1');
    const life = await wake(world);
    await life.keeper.recall('m1');
    expect((await ordersStored())[0]).not.toHaveProperty('verifiedAt');
    await pass(3_000);
    const [order] = await ordersStored();
    expect(order?.verifiedAt).toBeGreaterThan(0);
    expect(await readLog()).toMatchObject([{ id: 'm1', verifiedAt: order?.verifiedAt }]);
  });

  it('is verified by a later worker', async () => {
    service.send('m1');
    const life = await wake(world);
    await life.keeper.recall('m1');
    life.die();
    await wake(world);
    await pass(3_000);
    expect((await ordersStored())[0]?.verifiedAt).toBeGreaterThan(0);
  });

  it('is not called verified as long as the service’s history does not have it', async () => {
    service.send('m1');
    const life = await wake(world);
    service.recall = () => Promise.resolve({ ok: true, at: service.time() });
    await life.keeper.recall('m1');
    await pass(5 * minute, 5_000);
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: true } }]);
    expect((await ordersStored())[0]).not.toHaveProperty('verifiedAt');
    expect(service.read.length).toBeLessThan(10);
  });

  it('is noted to have been echoed, also when the notice is quicker than the answer', async () => {
    const sent = service.send('m1');
    const other = service.send('m2');
    const life = await wake(world);
    const real = service.recall;
    service.recall = async (target) => {
      const answer = await real(target);
      const recalls = [recallOf(sent, { by: 'alice' }), recallOf(other, { by: 'bob' })];
      life.link.tell({ kind: 'recalls', recalls });
      await settle();
      return answer;
    };
    await life.keeper.recall('m1');
    service.recall = real;
    expect((await readLog())[0]?.noticedAt).toBe(service.time());
  });

  it('is written down without a word, by whom and of whom', async () => {
    service.send('m1', { body: { text: 'the secret words' } });
    const life = await wake(world);
    await life.keeper.recall('m1');
    const log = await readLog();
    expect(JSON.stringify(log)).not.toContain('secret');
    expect(log).toMatchObject([
      { ...ref('m1'), kind: 'text', askedAt: service.time(), outcome: { ok: true } },
    ]);
  });
});

it('keeps five hundred orders, and gives up none that is not over', async () => {
  const order = (i: number): Order => ({
    ...{ account: alice, conversation: withBob, id: `m${i}`, author: 'alice', sequence: i },
    ...{ random: i, time: 1, askedAt: 1, until: 2, isSent: false },
  });
  const done = { ...order(0), outcome: { ok: true, at: 1 }, endedAt: 1 } as const;
  await fakeBrowser.storage.local.set({
    orders: [...Array.from({ length: 498 }, (_, i) => order(i + 1)), done],
  });
  expect(await placeOrders([order(500)])).toMatchObject([{ id: 'm500' }]);
  expect(await placeOrders([order(501)])).toMatchObject([{ id: 'm501' }]);
  expect((await ordersStored()).some(({ id }) => id === 'm0')).toBe(false);
  expect(await placeOrders([order(502)])).toEqual([undefined]);
  expect(await ordersStored()).toHaveLength(500);
});
