import { describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { LastMessage, LastRecall } from '../../../src/background/last.ts';
import { pause } from '../../../src/background/pursuit.ts';
import type { SeatCall } from '../../../src/contract/seat.ts';
import { pageAccountId } from '../../../src/message/message.ts';
import { alice, message, recallOf, team, withBob } from '../history/fixtures.ts';
import { allowSites, ChatPages } from './chat-pages.ts';
import { eachWithAlice } from './in-world.ts';
import { begin, ordersStored, pass, settle, wake, type Life, type World } from './life.ts';
import type { Service } from './service.ts';

let service: Service;
let world: World;

eachWithAlice((made) => {
  ({ service, world } = made);
});

/** The modules are each worker's own. */
async function lastOf(life: Life): Promise<LastMessage> {
  const { LastMessage } = await import('../../../src/background/last.ts');
  return new LastMessage(life.keepers);
}

async function recallIn(life: Life): Promise<LastRecall> {
  const recalling = (await lastOf(life)).recall();
  await settle();
  return recalling;
}

describe('recalling my last message', () => {
  it('takes the newest over all conversations', async () => {
    const now = Math.floor(service.time() / 1000);
    service.send('m1', { time: now - 10 });
    service.send('m2', { time: now - 5, conversation: team });
    service.send('m3', { time: now - 8 });
    const life = await wake(world);
    expect(await recallIn(life)).toMatchObject({ sent: { id: 'm2' }, outcome: { ok: true } });
    expect(service.done).toEqual(['m2']);
  });

  it('takes an older one where more than the popup shows were recalled after it', async () => {
    const now = Math.floor(service.time() / 1000);
    const sent = Array.from({ length: 20 }, (_, n) => service.send(`m${n}`, { time: now - n }));
    service.send('older', { time: now - 30 });
    const life = await wake(world);
    life.link.tell({ kind: 'recalls', recalls: sent.map((one) => recallOf(one, { by: 'alice' })) });
    await settle();
    expect(await recallIn(life)).toMatchObject({ sent: { id: 'older' }, outcome: { ok: true } });
    expect(service.done).toEqual(['older']);
  });

  it('takes what was sent while the worker slept, not the newest it knew', async () => {
    service.send('m1', { time: Math.floor(service.time() / 1000) - 1 });
    (await wake(world)).die();
    service.send('m2', { conversation: team });
    const life = await begin(world);
    expect(await recallIn(life)).toMatchObject({ sent: { id: 'm2' }, outcome: { ok: true } });
    expect(service.done).toEqual(['m2']);
  });

  it('takes a second message of the very second it knew', async () => {
    service.send('m1', { conversation: team, sequence: 98 });
    (await wake(world)).die();
    service.send('m2', { conversation: team, sequence: 99 });
    expect(await recallIn(await begin(world))).toMatchObject({ sent: { id: 'm2' } });
  });

  it('takes the one that the client counted last of two in one second', async () => {
    const [time, conversation] = [Math.floor(service.time() / 1000) - 5, team];
    service.send('m1', { time, sequence: 2_152_150_002 });
    service.send('m2', { time, conversation, sequence: 7, clientSequence: 2_152_150_003 });
    const life = await wake(world);
    expect(
      (await life.answers.glance(undefined, { kind: 'own', path: '/popup.html' })).sent,
    ).toMatchObject([{ id: 'm2' }, { id: 'm1' }]);
    const last = await lastOf(life);
    for (const id of ['m2', 'm1']) {
      const recalling = last.recall();
      await settle();
      expect(await recalling).toMatchObject({ sent: { id }, outcome: { ok: true } });
    }
  });

  it('recalls neither of two in one second where nothing tells which was the last', async () => {
    const time = Math.floor(service.time() / 1000) - 5;
    service.send('m1', { time });
    service.send('m2', { time, conversation: team, sequence: 7 });
    const life = await wake(world);
    const last = await lastOf(life);
    const recalling = last.recall();
    await settle();
    expect(await recalling).toEqual({ areTwo: true });
    expect(service.asked).toEqual([]);
    // One was chosen by hand: only the other can be meant from now on.
    void life.keepers.recall(alice, 'm1');
    await settle();
    const second = last.recall();
    await settle();
    expect(await second).toMatchObject({ sent: { id: 'm2' }, outcome: { ok: true } });
  });

  it('takes the one before when asked once more after it has ended', async () => {
    const now = Math.floor(service.time() / 1000);
    service.send('m1', { time: now - 10 });
    service.send('m2', { time: now - 5 });
    const life = await wake(world);
    const last = await lastOf(life);
    for (const id of ['m2', 'm1']) {
      const recalling = last.recall();
      await settle();
      expect(await recalling).toMatchObject({ sent: { id }, outcome: { ok: true } });
    }
    expect(service.done).toEqual(['m2', 'm1']);
  });

  it('is one recall, however many ask while it runs', async () => {
    service.send('m1');
    service.send('m0', { time: Math.floor(service.time() / 1000) - 20 });
    const last = await lastOf(await wake(world));
    const all = Promise.all([last.recall(), last.recall(), last.recall()]);
    await settle();
    await all;
    expect(service.asked).toEqual(['m1']);
  });

  it('waits for the connection, and does not go on to an older message meanwhile', async () => {
    service.send('m1');
    service.send('m0', { time: Math.floor(service.time() / 1000) - 20 });
    (await wake(world)).die();
    service.opens = undefined;
    const life = await begin(world);
    const last = await lastOf(life);
    const first = last.recall();
    await pass(30_000);
    expect(await first).toMatchObject({ sent: { id: 'm1', progress: { state: 'waiting' } } });
    expect(await first).not.toHaveProperty('outcome');
    const second = last.recall();
    await pass(10_000);
    expect(await second).toMatchObject({ sent: { id: 'm1' } });
    expect(await second).not.toHaveProperty('outcome');
    service.opens = { name: 'connected' };
    life.link.become({ name: 'connected' });
    await settle();
    expect(service.done).toEqual(['m1']);
  });

  it('says of what got no answer that it is asked for, not that there is no connection', async () => {
    service.send('m1');
    const last = await lastOf(await begin(world));
    service.recall = () => {
      service.since = () => Promise.reject(new Error('no answer'));
      return Promise.resolve({ ok: false, why: 'waiting', code: 2801 });
    };
    const recalling = last.recall();
    await pass(25_000, 1_000);
    expect(await recalling).toEqual({
      sent: expect.objectContaining({
        id: 'm1',
        progress: expect.objectContaining({ state: 'asking', why: 'unanswered' }) as unknown,
      }) as unknown,
    });
  });

  it('is under way also where history cannot be read any more to say how far', async () => {
    service.send('m1');
    const life = await begin(world);
    const last = await lastOf(life);
    service.recall = () => {
      life.obstruct(({ name }) => (name.startsWith('history.find') ? 'unavailable' : undefined));
      return new Promise(() => undefined);
    };
    const recalling = last.recall();
    await pass(25_000, 1_000);
    expect(await recalling).toMatchObject({ sent: { id: 'm1' } });
    expect(await recalling).not.toHaveProperty('outcome');
  });

  it('reads the service anew after the connection was lost', async () => {
    service.send('m1', { time: Math.floor(service.time() / 1000) - 5 });
    const life = await wake(world);
    const last = await lastOf(life);
    const first = last.recall();
    await settle();
    await first;
    const reads = service.read.length;
    life.link.become({ name: 'reconnecting' });
    life.link.become({ name: 'connected' });
    service.send('m2');
    const second = last.recall();
    await settle();
    expect(await second).toMatchObject({ sent: { id: 'm2' } });
    expect(service.read.length).toBeGreaterThan(reads);
  });

  it('waits for a slow service to say what was sent while the worker slept', async () => {
    const now = Math.floor(service.time() / 1000);
    service.send('m1', { time: now - 30 });
    (await wake(world)).die();
    service.send('m2', { time: now });
    const { since } = service;
    service.since = async (...asked) => {
      await pause(5_000);
      return since(...asked);
    };
    const slow = vi.fn();
    const recalling = (await lastOf(await begin(world))).recall(slow);
    await pass(2_500);
    expect(slow).not.toHaveBeenCalled();
    await pass(17_500);
    expect(slow).toHaveBeenCalledTimes(1);
    expect(await recalling).toMatchObject({ sent: { id: 'm2' }, outcome: { ok: true } });
    expect(service.done).toEqual(['m2']);
  });

  it('waits for a slow sign-in, and recalls what was sent while the worker slept', async () => {
    const now = Math.floor(service.time() / 1000);
    service.send('m1', { time: now - 30 });
    (await wake(world)).die();
    service.send('m2', { time: now });
    service.opens = undefined;
    const life = await begin(world);
    const recalling = (await lastOf(life)).recall();
    await pass(8_000);
    expect(service.asked).toEqual([]);
    life.link.become({ name: 'connected' });
    await settle();
    expect(await recalling).toMatchObject({ sent: { id: 'm2' }, outcome: { ok: true } });
    await pass(1_000);
    expect(service.done).toEqual(['m2']);
  });

  it('tries again where the service could not say it', async () => {
    const now = Math.floor(service.time() / 1000);
    service.send('m1', { time: now - 30 });
    (await wake(world)).die();
    service.send('m2', { time: now });
    const { since } = service;
    let fails = 3;
    service.since = (...asked) =>
      fails-- > 0 ? Promise.reject(new Error('No answer.')) : since(...asked);
    const recalling = (await lastOf(await begin(world))).recall();
    await pass(10_000);
    expect(await recalling).toMatchObject({ sent: { id: 'm2' }, outcome: { ok: true } });
  });

  it('recalls nothing where the service does not say what was sent last', async () => {
    const now = Math.floor(service.time() / 1000);
    service.send('m1', { time: now - 30 });
    (await wake(world)).die();
    service.send('m2', { time: now });
    service.since = () => new Promise<never>(() => undefined);
    const recalling = (await lastOf(await begin(world))).recall();
    await pass(25_000);
    expect(await recalling).toEqual({ isUnsure: true });
    expect(service.asked).toEqual([]);
    expect(await ordersStored()).toEqual([]);
  });

  it('is not kept from it by a conversation the service does not let me read', async () => {
    const now = Math.floor(service.time() / 1000);
    service.send('m1', { time: now - 30 });
    (await wake(world)).die();
    service.send('gone', { author: 'bob', time: now, conversation: team });
    const life = await begin(world);
    // The modules are each worker's own.
    const links = await import('../../../src/chat/link.ts');
    const { since } = service;
    service.since = (conversation, ...asked) =>
      conversation === team
        ? Promise.reject(new links.LinkError(10007))
        : since(conversation, ...asked);
    expect(await recallIn(life)).toMatchObject({ sent: { id: 'm1' } });
  });

  it('does not wait for conversations in which nothing came since, and finds theirs when it is next', async () => {
    const now = Math.floor(service.time() / 1000);
    service.send('m0', { time: now - 90 });
    (await wake(world)).die();
    service.send('m1', { time: now - 60, conversation: 'C2Ccarol' });
    service.send('m2', { time: now - 5, conversation: team });
    const { since } = service;
    service.since = (conversation, ...asked) =>
      conversation === team ? since(conversation, ...asked) : new Promise<never>(() => undefined);
    const life = await begin(world);
    const last = await lastOf(life);
    // The page told it, while the others are still being read.
    await life.keepers.memory.learn({ account: alice, ...(await since(team, 0, 9)) });
    const first = last.recall();
    await settle();
    expect(await first).toMatchObject({ sent: { id: 'm2' }, outcome: { ok: true } });
    service.since = since;
    const second = last.recall();
    await settle();
    expect(await second).toMatchObject({ sent: { id: 'm1' }, outcome: { ok: true } });
  });

  it('reads what a conversation tells to be new, though its message has not come yet', async () => {
    const now = Math.floor(service.time() / 1000);
    service.send('m1', { time: now - 30 });
    service.send('m0', { time: now - 20, conversation: team });
    const life = await wake(world);
    const last = await lastOf(life);
    const first = last.recall();
    await settle();
    expect(await first).toMatchObject({ sent: { id: 'm0' } });
    service.send('m2', { time: now, conversation: team });
    life.link.tell({ kind: 'conversations', conversations: await service.conversations() });
    await pass(1_500);
    const second = last.recall();
    await settle();
    expect(await second).toMatchObject({ sent: { id: 'm2' } });
    expect(service.done).toEqual(['m0', 'm2']);
  });

  it('reads nothing more while it knows all that there is', async () => {
    const now = Math.floor(service.time() / 1000);
    for (const id of ['m1', 'm2', 'm3']) service.send(id, { time: now - 10 });
    // Its newest is nothing that history keeps, as a notice of who joined.
    const { conversations } = service;
    service.conversations = async () => [
      ...(await conversations()),
      { id: team, name: '', unread: 0, lastTime: now },
    ];
    const last = await lastOf(await wake(world));
    const first = last.recall();
    await settle();
    await first;
    const reads = service.read.length;
    const second = last.recall();
    await settle();
    expect(await second).toMatchObject({ outcome: { ok: true } });
    expect(service.read).toHaveLength(reads);
  });

  it('asks the service about one whose time may be over, but not about one of long ago', async () => {
    const now = Math.floor(service.time() / 1000);
    service.send('m1', { time: now - 300 });
    expect(await recallIn(await wake(world))).toMatchObject({
      sent: { id: 'm1' },
      outcome: { why: 'too-late' },
    });
  });

  it('does not mean one of long ago while nobody has told the service’s time', async () => {
    service.send('m1', { time: Math.floor(service.time() / 1000) - 3_000 });
    (await wake(world)).die();
    // As after the browser was started anew, with its words still readable.
    await fakeBrowser.storage.session.remove('server-offsets');
    service.opens = undefined;
    const recalling = (await lastOf(await begin(world))).recall();
    await pass(30_000);
    expect(await recalling).toEqual({});
    expect(service.asked).toEqual([]);
  });

  it('says that there is none, and asks for nothing', async () => {
    service.send('m1', { time: Math.floor(service.time() / 1000) - 3_000 });
    service.send('m2', { author: 'bob' });
    expect(await recallIn(await wake(world))).toEqual({});
    expect(service.asked).toEqual([]);
  });
});

describe('recalling my last message while one is on its way', () => {
  const own = { kind: 'own', path: '/popup.html' } as const;
  const page = { kind: 'page', origin: 'https://chat.example', tab: 1, frame: 0 } as const;
  const second = (age = 0): number => Math.floor(service.time() / 1000) - age;
  const idOf = (tinyId: string, age = 0): string => `${tinyId}-${second(age)}-7`;
  /** The service hands a message out as it does to every session. */
  const deliver = (life: Life, id: string, more = {}): void => {
    life.link.tell({ kind: 'messages', messages: [service.send(id, more)] });
  };
  const wait = (life: Life, id: string): void => {
    void life.answers.recall({ account: alice, conversation: withBob, id }, own);
  };
  /** A page shows the row of a message that is being sent. */
  const show = (life: Life, id: string) => life.answers.look({ ids: [id], here: withBob }, page);

  it('means the one whose recall waits for it, and nothing before it', async () => {
    service.send(idOf('144', 30), { time: second(30), conversation: team });
    const life = await wake(world);
    const id = idOf('144');
    wait(life, id);
    await pass(1_000);
    expect(await recallIn(life)).toEqual({ isSending: true });
    expect(service.asked).toEqual([]);
    deliver(life, id);
    await settle();
    expect(service.done).toEqual([id]);
  });

  it('means it also where nothing tells whose it is, nor when it was made', async () => {
    service.send('m1', { time: second(30), conversation: team });
    const life = await wake(world);
    wait(life, 'm2');
    await pass(1_000);
    expect(await recallIn(life)).toEqual({ isSending: true });
    expect(service.asked).toEqual([]);
  });

  it('means the one before again once it has not come', async () => {
    service.send('m1', { time: second(10), conversation: team });
    const life = await wake(world);
    wait(life, 'm2');
    await pass(65_000, 1_000);
    expect(await recallIn(life)).toMatchObject({ sent: { id: 'm1' }, outcome: { ok: true } });
  });

  it('means one that was sent later, not one that is stuck', async () => {
    service.send(idOf('144', 30), { time: second(30) });
    const life = await wake(world);
    wait(life, idOf('144'));
    await pass(2_000);
    const later = idOf('144');
    deliver(life, later, { conversation: team });
    await settle();
    expect(await recallIn(life)).toMatchObject({ sent: { id: later }, outcome: { ok: true } });
    expect(service.done).toEqual([later]);
  });

  it('is not held up by what somebody else sends', async () => {
    const mine = idOf('144', 30);
    service.send(mine, { time: second(30) });
    const life = await wake(world);
    wait(life, idOf('145'));
    await pass(1_000);
    expect(await recallIn(life)).toMatchObject({ sent: { id: mine }, outcome: { ok: true } });
  });

  it('waits for one that a page showed as being sent', async () => {
    service.send(idOf('144', 30), { time: second(30), conversation: team });
    const life = await wake(world);
    const id = idOf('144');
    await show(life, id);
    const recalling = (await lastOf(life)).recall();
    await pass(3_000);
    expect(service.asked).toEqual([]);
    deliver(life, id);
    await pass(1_000);
    expect(await recalling).toMatchObject({ sent: { id }, outcome: { ok: true } });
    expect(service.done).toEqual([id]);
  });

  it('finds it also when only the service tells that it came', async () => {
    service.send(idOf('144', 30), { time: second(30), conversation: team });
    const life = await wake(world);
    const id = idOf('144');
    await show(life, id);
    const recalling = (await lastOf(life)).recall();
    await pass(3_000);
    service.send(id);
    await pass(20_000);
    expect(await recalling).toMatchObject({ sent: { id }, outcome: { ok: true } });
    expect(service.done).toEqual([id]);
  });

  it('recalls nothing where that never came, and the one before only when asked anew', async () => {
    const before = idOf('144', 30);
    service.send(before, { time: second(30), conversation: team });
    const life = await wake(world);
    await show(life, idOf('144'));
    const last = await lastOf(life);
    const first = last.recall();
    await pass(25_000);
    expect(await first).toEqual({ isUnsure: true });
    expect(service.asked).toEqual([]);
    const again = last.recall();
    await settle();
    expect(await again).toMatchObject({ sent: { id: before }, outcome: { ok: true } });
  });

  it('does not go on to the one before where it was recalled by hand meanwhile', async () => {
    service.send(idOf('144', 30), { time: second(30), conversation: team });
    const life = await wake(world);
    const id = idOf('144');
    await show(life, id);
    const recalling = (await lastOf(life)).recall();
    await settle();
    deliver(life, id);
    await settle();
    expect(await life.keepers.recall(alice, id)).toMatchObject({ ok: true });
    await pass(20_000);
    expect(await recalling).toEqual({ isUnsure: true });
    expect(service.done).toEqual([id]);
  });
});

describe('recalling my last message, with an account that is still connecting', () => {
  const site = 'https://chat.example';
  const [carol, place] = [
    pageAccountId(site, 1_400_000_001, 'carol'),
    { kind: 'page', origin: site, tab: 1, frame: 0 } as const,
  ];
  let calls: SeatCall[];

  /** Carol’s page is connected, and knows a message of hers; Alice’s own sign-in takes its time. */
  async function beginBoth(): Promise<Life> {
    await allowSites(site);
    const now = Math.floor(service.time() / 1000);
    // Found by nobody who asks Alice’s service only.
    const older = message('144-1-1', { author: 'carol', time: now - 30 });
    service.opens = undefined;
    calls = new ChatPages(service).open(1);
    const life = await wake(world);
    const session = { isFound: true, app: 1_400_000_001, user: 'carol', isReady: true };
    await life.answers.pageSession({ seat: 'seat-1-0123456789', session, isVisible: true }, place);
    await settle();
    await life.keepers.memory.learn({ account: carol, messages: [older] });
    return life;
  }
  const revoked = (): number => calls.filter(({ method }) => method === 'revokeMessage').length;

  it('waits for it, and recalls what was sent there while the worker slept', async () => {
    const life = await beginBoth();
    service.send('m2');
    const recalling = (await lastOf(life)).recall();
    await pass(8_000);
    expect(revoked()).toBe(0);
    life.link.become({ name: 'connected' });
    await settle();
    await pass(1_000);
    expect(await recalling).toMatchObject({ sent: { id: 'm2' }, outcome: { ok: true } });
    expect([service.done, revoked()]).toEqual([['m2'], 0]);
  });

  it('recalls nothing where that does not come to an end', async () => {
    const recalling = (await lastOf(await beginBoth())).recall();
    await pass(25_000);
    expect(await recalling).toEqual({ isUnsure: true });
    expect(revoked()).toBe(0);
  });

  it('does not wait for a page that the browser froze', async () => {
    await allowSites(site);
    service.send('m1');
    calls = new ChatPages(service).open(1, () => new Promise(() => undefined));
    const life = await wake(world);
    const session = { isFound: true, app: 1_400_000_001, user: 'carol', isReady: true };
    await life.answers.pageSession({ seat: 'seat-1-0123456789', session, isVisible: true }, place);
    await settle();
    const recalling = (await lastOf(life)).recall();
    await pass(8_000);
    expect(await recalling).toMatchObject({ sent: { id: 'm1' }, outcome: { ok: true } });
  });

  it('does not wait for one that cannot reach its service', async () => {
    const life = await beginBoth();
    life.link.become({ name: 'reconnecting' });
    const recalling = (await lastOf(life)).recall();
    await pass(5_000);
    expect(await recalling).toMatchObject({ sent: { id: '144-1-1' } });
    expect(revoked()).toBe(1);
  });
});

describe('recalling one message, as its notice offers', () => {
  it('recalls it however many were sent since', async () => {
    for (let n = 1; n <= 21; n += 1) service.send(`m${n}`);
    const life = await wake(world);
    const recalling = (await lastOf(life)).recallThis(alice, 'm1');
    await settle();
    expect(await recalling).toMatchObject({ sent: { id: 'm1' }, outcome: { ok: true } });
    expect(service.done).toEqual(['m1']);
  });

  it('says of one whose recall failed late that it did, however many were sent since', async () => {
    for (let n = 1; n <= 21; n += 1) service.send(`m${n}`);
    service.recall = () => Promise.resolve({ ok: false, why: 'too-late', code: 20016 });
    const life = await wake(world);
    const last = await lastOf(life);
    void life.keepers.recall(alice, 'm1');
    await settle();
    expect(await last.failed(['m1', 'm2'])).toMatchObject([
      { sent: { id: 'm1' }, outcome: { ok: false, why: 'too-late' } },
    ]);
  });

  it.each([
    ['has it no more', (life: Life) => life.keepers.memory.forget(alice)],
    [
      'cannot be read',
      (life: Life) => {
        life.obstruct(({ name }) => (name.startsWith('history.') ? 'unavailable' : undefined));
        return Promise.resolve();
      },
    ],
  ])('says so also where history %s, and nothing of what others sent', async (_, happens) => {
    const time = Math.floor(service.time() / 1000);
    service.send('m1');
    service.recall = () => Promise.resolve({ ok: false, why: 'too-late', code: 20016 });
    const life = await wake(world);
    const last = await lastOf(life);
    const theirs = message('m2', { author: 'bob', conversation: team, time });
    await life.keepers.memory.learn({ account: alice, messages: [theirs] });
    void life.keepers.recall(alice, 'm1');
    await settle();
    const [order] = (await ordersStored()) as [object];
    await fakeBrowser.storage.local.set({ orders: [order, { ...order, id: 'm2', author: 'bob' }] });
    await happens(life);
    const failed = await last.failed(['m1', 'm2', 'm3']);
    expect(failed).toHaveLength(1);
    expect(failed).toMatchObject([
      { sent: { conversation: withBob }, outcome: { ok: false, why: 'too-late', code: 20016 } },
    ]);
  });
});
