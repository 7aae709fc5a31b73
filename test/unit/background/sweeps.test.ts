import { describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { Asked, Question } from '../../../src/contract/contract.ts';
import { readKept } from '../../../src/background/reedit.ts';
import type { RecallOutcome } from '../../../src/message/recall.ts';
import { alice, recallOf, team, withBob } from '../history/fixtures.ts';
import { eachWithAlice } from './in-world.ts';
import {
  begin,
  knowWindow,
  ordersStored,
  pass,
  settle,
  wake,
  type Life,
  type World,
} from './life.ts';
import type { Service } from './service.ts';

let service: Service;
let world: World;
eachWithAlice((made) => {
  ({ service, world } = made);
});

const minute = 60_000;
const own = { kind: 'own', path: '/popup.html' } as const;
const ago = (seconds: number): number => Math.floor(service.time() / 1000) - seconds;
/** The name of a sweep, as whoever asks for it makes one. */
const asked = '6a7b1c3e-58d2-4f0a-9b6c-2d1e4f5a7b8c';
const ref = (id: string, conversation = withBob) => ({ account: alice, conversation, id });

function list(life: Life, wish: Asked<'sweepList' & Question>) {
  return life.answers.sweepList(wish, own);
}
/** Starts a sweep of a name of its own. */
async function start(life: Life, ...ids: readonly string[]): Promise<string> {
  const sweep = crypto.randomUUID();
  await startAs(life, sweep, ...ids);
  return sweep;
}
function startAs(life: Life, sweep: string, ...ids: readonly string[]) {
  return life.answers.sweepStart({ sweep, refs: ids.map((id) => ref(id)) }, own);
}
async function states(life: Life, sweep: string) {
  const view = await life.answers.sweepState({ sweep }, own);
  return view?.items.map(({ id, progress }) => [id, progress?.why ?? progress?.state]);
}

describe('what a sweep would take', () => {
  it('is all I sent in the last seconds, over all conversations, the nearest deadline first', async () => {
    service.send('m1', { time: ago(10) });
    service.send('m2', { time: ago(50), conversation: 'C2Ccarol' });
    service.send('m3', { time: ago(61) });
    service.send('m4', { time: ago(20), author: 'bob' });
    service.send('m5', { time: ago(30), conversation: team });
    service.take(service.send('m6', { time: ago(5) }));
    const life = await wake(world);
    const items = await list(life, { of: 'time', accounts: [alice], seconds: 60 });
    expect(items.map(({ id }) => id)).toEqual(['m2', 'm5', 'm1']);
    expect(items[0]).toMatchObject({
      account: alice,
      conversationName: 'carol',
      excerpt: 'words of m2',
      until: (ago(50) + 120) * 1000,
    });
  });

  it('is in the order I sent it, also within one second', async () => {
    const time = ago(10);
    for (const n of [1, 2, 4]) service.send(`m${n}`, { time, sequence: 2_152_150_000 + n });
    // Numbered by its group; its place is what the client counted.
    const grouped = { conversation: team, sequence: 7, clientSequence: 2_152_150_003 };
    service.send('m3', { time, ...grouped });
    const life = await wake(world);
    const items = await list(life, { of: 'time', accounts: [alice], seconds: 60 });
    expect(items.map(({ id }) => id)).toEqual(['m1', 'm2', 'm3', 'm4']);
  });

  it('has nothing of accounts that were not asked for, nor of ones that are not there', async () => {
    service.send('m1');
    const life = await wake(world);
    expect(await list(life, { of: 'time', accounts: ['1:mallory'], seconds: 60 })).toEqual([]);
    expect(await list(life, { of: 'time', accounts: [], seconds: 60 })).toEqual([]);
  });

  it('counts how far back from when its list was opened', async () => {
    service.send('m1', { time: ago(70) });
    service.send('m2', { time: ago(50) });
    const life = await wake(world);
    const wish: Asked<'sweepList' & Question> = { of: 'time', accounts: [alice], seconds: 60 };
    expect((await list(life, wish)).map(({ id }) => id)).toEqual(['m2']);
    expect((await list(life, { ...wish, openFor: 15 })).map(({ id }) => id)).toEqual(['m1', 'm2']);
  });

  it('tells of what was listed also what became of it, and nothing of others’ messages', async () => {
    await knowWindow(120);
    service.send('m1', { time: ago(200) });
    service.send('m2', { time: ago(50) });
    service.send('m3', { time: ago(40) });
    service.send('m4', { time: ago(30), author: 'bob' });
    const life = await wake(world);
    await life.answers.recall(ref('m3'), own);
    const items = await list(life, {
      of: 'listed',
      refs: ['m1', 'm2', 'm3', 'm4'].map((id) => ref(id)),
    });
    expect(items.map(({ id }) => id).sort()).toEqual(['m1', 'm2', 'm3']);
    const of = (id: string) => items.find((item) => item.id === id);
    expect(of('m1')?.until).toBeUndefined();
    expect(of('m2')?.until).toBe((ago(50) + 120) * 1000);
    expect(of('m3')).toMatchObject({ excerpt: '', placeholder: { key: 'you' } });
  });

  it('has nothing that is certainly too late', async () => {
    await knowWindow(120);
    service.send('m1', { time: ago(200) });
    service.send('m2', { time: ago(100) });
    const life = await wake(world);
    const items = await list(life, { of: 'refs', refs: [ref('m1'), ref('m2'), ref('m9')] });
    expect(items.map(({ id }) => id)).toEqual(['m2']);
  });

  it('groups what says the same in different conversations, and nothing else', async () => {
    const same = { body: { text: 'the same words' } };
    service.send('m1', { time: ago(10), ...same });
    service.send('m2', { time: ago(9), ...same, conversation: team });
    service.send('m3', { time: ago(8), body: { text: 'other words' }, conversation: team });
    service.send('m4', { time: ago(7), body: { text: 'twice here' } });
    service.send('m5', { time: ago(6), body: { text: 'twice here' } });
    service.send('m6', { time: ago(5), kind: 'file', body: { text: 'a.pdf' } });
    service.send('m7', { time: ago(4), kind: 'file', body: { text: 'a.pdf' }, conversation: team });
    const life = await wake(world);
    const items = await list(life, { of: 'time', accounts: [alice], seconds: 60 });
    expect(items.map(({ id, twins }) => [id, twins])).toEqual([
      ['m1', 0],
      ['m2', 0],
      ['m3', undefined],
      ['m4', undefined],
      ['m5', undefined],
      ['m6', undefined],
      ['m7', undefined],
    ]);
  });

  it('groups pictures, files and forwarded messages that are the same, as far as that is told', async () => {
    const file = (identity?: string) =>
      ({ kind: 'file', body: { text: 'a.pdf' }, ...(identity && { identity }) }) as const;
    service.send('m1', { time: ago(10), ...file('one') });
    service.send('m2', { time: ago(9), ...file('one'), conversation: team });
    service.send('m3', { time: ago(8), ...file('two'), conversation: team });
    service.send('m4', { time: ago(7), ...file(), conversation: team });
    const life = await wake(world);
    const wish: Asked<'sweepList' & Question> = { of: 'time', accounts: [alice], seconds: 60 };
    const found = (await list(life, wish)).map(({ id, twins }) => [id, twins]);
    expect(found.slice(0, 2)).toEqual([
      ['m1', 0],
      ['m2', 0],
    ]);
    expect(found.slice(2).every(([, twins]) => twins === undefined)).toBe(true);
    const copies = await list(life, { of: 'twins', ref: ref('m1'), accounts: [alice] });
    expect(copies.map(({ id }) => id)).toEqual(['m2']);
    // Also in the next worker; never on the disk; and not after the recall.
    life.die();
    const next = await wake(world);
    expect((await list(next, wish)).filter(({ twins }) => twins === 0)).toHaveLength(2);
    expect(JSON.stringify(await fakeBrowser.storage.local.get())).not.toContain('"one"');
    await next.keeper.recall('m1');
    await next.keeper.recall('m2');
    expect(JSON.stringify(await fakeBrowser.storage.session.get())).not.toContain('"one"');
    expect(JSON.stringify(await fakeBrowser.storage.session.get())).toContain('"two"');
    await next.answers.forgetAll(undefined, own);
    expect(JSON.stringify(await fakeBrowser.storage.session.get())).not.toContain('"two"');
  });

  it('can be the copies of one message in other conversations', async () => {
    const same = { body: { text: 'the same words' } };
    service.send('m1', { time: ago(10), ...same });
    service.send('m2', { time: ago(9), ...same });
    service.send('m3', { time: ago(8), ...same, conversation: team });
    service.send('m4', { time: ago(7), ...same, conversation: team, author: 'bob' });
    const life = await wake(world);
    const copies = await list(life, { of: 'twins', ref: ref('m1'), accounts: [alice] });
    expect(copies.map(({ id }) => id)).toEqual(['m3']);
    // Nothing of the comparison stays anywhere.
    const kept = JSON.stringify(await fakeBrowser.storage.local.get());
    expect(kept).not.toContain('same words');
  });
});

describe('a sweep', () => {
  it('recalls each message once, and tells how each ended', async () => {
    for (const id of ['m1', 'm2', 'm3']) service.send(id);
    service.send('m4', { author: 'bob' });
    const life = await wake(world);
    const real = service.recall;
    service.recall = (target) =>
      target.id === 'm2'
        ? Promise.resolve({ ok: false, why: 'switched-off', code: 10041 })
        : real(target);
    const sweep = await start(life, 'm1', 'm2', 'm3', 'm3', 'm4');
    await pass(1_000);
    expect(await states(life, sweep)).toEqual([
      ['m1', 'accepted'],
      ['m2', 'switched-off'],
      ['m3', 'accepted'],
      ['m4', 'not-allowed'],
    ]);
    expect(await life.answers.sweepState({ sweep }, own)).toMatchObject({
      isOver: true,
      isStopped: false,
    });
    expect(service.done).toEqual(['m1', 'm3']);
  });

  it('of twenty messages sends the tightest first', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => `m${i + 1}`);
    ids.forEach((id, i) => service.send(id, { time: ago((i * 7) % 20) }));
    const life = await wake(world);
    await start(life, ...ids);
    await pass(5_000, 50);
    const times = service.asked.map((id) => service.messages.find((one) => one.id === id)?.time);
    expect(times).toEqual([...times].sort((one, other) => (one ?? 0) - (other ?? 0)));
    expect(service.done).toHaveLength(20);
  });

  it('keeps the words of all of them in one writing, before the first is sent', async () => {
    const ids = Array.from({ length: 20 }, (_, n) => `m${n}`);
    for (const id of ids) service.send(id);
    service.send('b1', { author: 'bob' });
    const life = await wake(world);
    const steps: string[] = [];
    life.hold(({ name, args: [items], moment }) => {
      const areWords = name === 'session.set' && Object.hasOwn(items as object, 'reedit');
      if (moment === 'before' && areWords) steps.push('words');
      if (moment === 'before' && name === 'link.recall') steps.push('asked');
      return undefined;
    });
    await start(life, ...ids, 'b1');
    await pass(20_000);
    expect(steps).toEqual(['words', ...ids.map(() => 'asked')]);
    const kept = await readKept(service.time());
    expect(kept.map(({ id, text }) => [id, text]).sort()).toEqual(
      ids.map((id) => [id, `words of ${id}`]).sort(),
    );
  });

  it('asks once, however many sweeps and clicks want the same', async () => {
    for (const id of ['m1', 'm2']) service.send(id);
    const life = await wake(world);
    const held: (() => void)[] = [];
    const real = service.recall;
    service.recall = async (target) => {
      await new Promise<void>((resolve) => held.push(resolve));
      return real(target);
    };
    const click = life.answers.recall(ref('m1'), own);
    const sweeps = [await start(life, 'm1', 'm2'), await start(life, 'm2', 'm1')];
    const other = life.answers.recall(ref('m2'), own);
    await settle();
    held.forEach((go) => {
      go();
    });
    expect(await Promise.all([click, other])).toMatchObject([{ ok: true }, { ok: true }]);
    await settle();
    expect(service.asked).toHaveLength(2);
    for (const sweep of sweeps) {
      expect((await states(life, sweep))?.map(([, state]) => state)).toEqual([
        'accepted',
        'accepted',
      ]);
    }
  });

  it('that is stopped sends nothing more; what was sent comes to its end', async () => {
    const ids = ['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7'];
    ids.forEach((id, i) => service.send(id, { time: ago(20 - i) }));
    const life = await wake(world);
    const held: ((outcome: RecallOutcome) => void)[] = [];
    service.recall = (target) => {
      service.asked.push(target.id);
      return new Promise((resolve) => held.push(resolve));
    };
    const sweep = await start(life, ...ids);
    await pass(1_000);
    expect(service.asked).toEqual(['m1', 'm2', 'm3', 'm4']);
    await life.answers.sweepStop({ sweep }, own);
    held.forEach((answer) => {
      answer({ ok: true, at: service.time() });
    });
    await pass(minute, 1_000);
    expect(service.asked).toEqual(['m1', 'm2', 'm3', 'm4']);
    expect(await states(life, sweep)).toEqual([
      ...['m1', 'm2', 'm3', 'm4'].map((id) => [id, 'accepted']),
      ...['m5', 'm6', 'm7'].map((id) => [id, 'stopped']),
    ]);
    expect(await life.answers.sweepState({ sweep }, own)).toMatchObject({
      isOver: true,
      isStopped: true,
    });
  });

  it('that is stopped leaves alone what somebody also asked for by itself', async () => {
    for (const id of ['m1', 'm2']) service.send(id);
    const life = await wake(world);
    life.link.become({ name: 'reconnecting' });
    const sweep = await start(life, 'm1', 'm2');
    void life.answers.recall(ref('m2'), own);
    await settle();
    await life.answers.sweepStop({ sweep }, own);
    life.link.become({ name: 'connected' });
    await pass(12_000);
    expect(service.done).toEqual(['m2']);
    expect(await states(life, sweep)).toEqual([
      ['m1', 'stopped'],
      ['m2', 'accepted'],
    ]);
  });

  it('says of what somebody also asked for by itself that it failed, and of nothing else', async () => {
    for (const id of ['m1', 'm2']) service.send(id);
    const life = await wake(world);
    life.link.become({ name: 'reconnecting' });
    await start(life, 'm1', 'm2');
    const answer = life.answers.recall(ref('m1'), own);
    await pass(6_000);
    expect(await answer).toMatchObject({ ok: false, why: 'waiting' });
    service.recall = () => Promise.resolve({ ok: false, why: 'not-allowed', code: 10007 });
    life.link.become({ name: 'connected' });
    await pass(6_000);
    const told = life.told.flatMap((change) =>
      change !== 'account' && change.hasFailedLate ? [...change.ids] : [],
    );
    expect(told).toEqual(['m1']);
  });

  it('that was stopped can be asked for again, message by message', async () => {
    service.send('m1');
    const life = await wake(world);
    life.link.become({ name: 'reconnecting' });
    const sweep = await start(life, 'm1');
    await life.answers.sweepStop({ sweep }, own);
    void life.answers.recall(ref('m1'), own);
    await settle();
    life.link.become({ name: 'connected' });
    await pass(12_000);
    expect(service.asked).toEqual(['m1']);
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: true } }]);
  });

  it('goes on in the next worker, also with what was never ordered', async () => {
    for (const id of ['m1', 'm2']) service.send(id);
    const life = await wake(world);
    life.dies(({ moment, name, args }) => {
      const [set] = args as [{ readonly orders?: unknown }?];
      return moment === 'before' && name === 'local.set' && set?.orders !== undefined;
    });
    void startAs(life, asked, 'm1', 'm2');
    await settle();
    expect(life.isDead).toBe(true);
    expect(await ordersStored()).toEqual([]);
    const next = await wake(world);
    await pass(1_000);
    expect(service.done).toEqual(['m1', 'm2']);
    expect(await states(next, asked)).toEqual([
      ['m1', 'accepted'],
      ['m2', 'accepted'],
    ]);
  });

  it.each([
    ['before it was stored', 'session.set'],
    ['before its orders were', 'local.set'],
  ])('whose answer was lost with its worker, %s, can be asked for again', async (_, step) => {
    for (const id of ['m1', 'm2']) service.send(id);
    const life = await wake(world);
    life.dies(({ moment, name, args }) => {
      const [set] = args as [{ readonly orders?: unknown; readonly sweeps?: unknown }?];
      const isIts = set?.orders !== undefined || set?.sweeps !== undefined;
      return moment === 'before' && name === step && isIts;
    });
    void startAs(life, asked, 'm1', 'm2');
    await settle();
    expect(life.isDead).toBe(true);
    // Asked for while it takes up what the worker before left.
    const next = await begin(world);
    void next.keepers.wake().then(() => next.sweeps.resume());
    await Promise.all([startAs(next, asked, 'm1', 'm2'), startAs(next, asked, 'm1', 'm2')]);
    await pass(1_000);
    expect(service.asked).toEqual(['m1', 'm2']);
    expect(await states(next, asked)).toEqual([
      ['m1', 'accepted'],
      ['m2', 'accepted'],
    ]);
  });

  it('that is asked for again asks nothing again, however it ended', async () => {
    for (const id of ['m1', 'm2']) service.send(id);
    const life = await wake(world);
    const real = service.recall;
    service.recall = (target) => {
      if (target.id === 'm1') return real(target);
      service.asked.push(target.id);
      return Promise.resolve({ ok: false, why: 'switched-off', code: 10041 });
    };
    await Promise.all([startAs(life, asked, 'm1', 'm2'), startAs(life, asked, 'm1', 'm2')]);
    await pass(1_000);
    await startAs(life, asked, 'm1', 'm2');
    await pass(1_000);
    expect(service.asked).toEqual(['m1', 'm2']);
    expect(await states(life, asked)).toEqual([
      ['m1', 'accepted'],
      ['m2', 'switched-off'],
    ]);
  });

  it('that was stopped before its start came sends nothing, also in the next worker', async () => {
    for (const id of ['m1', 'm2']) service.send(id);
    const life = await wake(world);
    await life.answers.sweepStop({ sweep: asked }, own);
    const nothing = { isOver: true, isStopped: true, items: [] };
    expect(await life.answers.sweepState({ sweep: asked }, own)).toEqual(nothing);
    life.die();
    const next = await wake(world);
    await startAs(next, asked, 'm1', 'm2');
    await pass(1_000);
    expect(service.asked).toEqual([]);
    const view = await next.answers.sweepState({ sweep: asked }, own);
    expect(view).toMatchObject({ isOver: true, isStopped: true });
    expect(await states(next, asked)).toEqual([
      ['m1', 'stopped'],
      ['m2', 'stopped'],
    ]);
  });

  it('that was stopped by a worker that died at it sends nothing more', async () => {
    for (const id of ['m1', 'm2']) service.send(id);
    const life = await wake(world);
    life.link.become({ name: 'reconnecting' });
    const sweep = await start(life, 'm1', 'm2');
    expect(await ordersStored()).toHaveLength(2);
    life.dies(
      ({ moment, name, args: [items] }) =>
        moment === 'after' && name === 'session.set' && Object.hasOwn(items as object, 'sweeps'),
    );
    void life.answers.sweepStop({ sweep }, own);
    await settle();
    expect(life.isDead).toBe(true);
    const next = await wake(world);
    await pass(1_000);
    expect(service.asked).toEqual([]);
    expect(await states(next, sweep)).toEqual([
      ['m1', 'stopped'],
      ['m2', 'stopped'],
    ]);
  });

  it('that is stopped while it is being ordered says of each what became of it', async () => {
    for (const id of ['m1', 'm2']) service.send(id);
    const life = await wake(world);
    const starting = startAs(life, asked, 'm1', 'm2');
    await life.answers.sweepStop({ sweep: asked }, own);
    await starting;
    await pass(1_000);
    const become = (id: string): string => (service.done.includes(id) ? 'accepted' : 'stopped');
    expect(await states(life, asked)).toEqual(['m1', 'm2'].map((id) => [id, become(id)]));
  });

  it('tells its results also when the orders are forgotten', async () => {
    service.send('m1');
    const life = await wake(world);
    const sweep = await start(life, 'm1');
    await pass(11 * minute, 10_000);
    service.send('m2');
    life.link.tell({ kind: 'messages', messages: service.messages.slice(-1) });
    await settle();
    await life.keeper.recall('m2');
    expect((await ordersStored()).map(({ id }) => id)).toEqual(['m2']);
    expect(await states(life, sweep)).toEqual([['m1', 'accepted']]);
  });

  it('tells what somebody else has recalled, whatever became of it before', async () => {
    service.windowSeconds = 1;
    const sent = service.send('m1', { time: ago(30) });
    const life = await wake(world);
    const sweep = await start(life, 'm1');
    await settle();
    expect(await states(life, sweep)).toEqual([['m1', 'too-late']]);
    life.link.tell({ kind: 'recalls', recalls: [recallOf(sent, { by: 'boss' })] });
    await settle();
    expect(await states(life, sweep)).toEqual([['m1', 'already-recalled']]);
  });

  it('nobody knows has no state', async () => {
    const life = await wake(world);
    expect(await life.answers.sweepState({ sweep: asked }, own)).toBeUndefined();
  });
});

describe('the receipt and the log', () => {
  it('tell what was seen of each recall, and no word', async () => {
    service.send('m1', { body: { text: 'the secret words' } });
    service.send('m2', { time: ago(300) });
    const life = await wake(world);
    const facts = { id: withBob, name: 'Bob', unread: 0, lastTime: ago(0) };
    life.link.tell({
      kind: 'conversations',
      conversations: [{ ...facts, peerReadTime: ago(0) }],
    });
    await settle();
    await life.keeper.recall('m1');
    await life.keeper.recall('m2');
    await pass(3_000);
    expect(await life.answers.receiptOf(ref('m1'), own)).toMatchObject({
      outcome: { ok: true },
      wasRead: true,
      verifiedAt: service.time() - 1_000,
    });
    const refused = await life.answers.receiptOf(ref('m2'), own);
    expect(refused).toMatchObject({ outcome: { ok: false, why: 'too-late', code: 20016 } });
    expect(refused).not.toHaveProperty('wasRead');
    expect(await life.answers.receiptOf(ref('m3'), own)).toBeUndefined();
    const log = await life.answers.recallLog(undefined, own);
    expect(log).toMatchObject([
      { id: 'm2', conversationName: 'Bob', kind: 'text', time: ago(303) },
      { id: 'm1', conversationName: 'Bob' },
    ]);
    expect(JSON.stringify(log)).not.toContain('secret');
  });

  it('tell whose it was by the name they have elsewhere, also when it was not recalled', async () => {
    const facts = { id: team, name: 'Team', unread: 0, lastTime: ago(0), role: 'owner' } as const;
    const theirs = { conversation: team, author: 'carol' } as const;
    service.send('m1', { ...theirs, authorName: 'Carol' });
    service.send('m2', { ...theirs, authorName: 'Carol' });
    service.send('m3', { ...theirs, authorName: '' });
    service.send('m4', { conversation: team });
    const life = await wake(world);
    life.link.tell({ kind: 'conversations', conversations: [facts] });
    await settle();
    for (const id of ['m1', 'm3', 'm4']) await life.keeper.recall(id);
    service.recall = () => Promise.resolve({ ok: false, why: 'switched-off', code: 10041 });
    await life.keeper.recall('m2');
    const log = [await life.answers.recallLog(undefined, own)].flat();
    expect(log.map((one) => one !== 'off' && [one.id, one.of])).toEqual([
      ['m2', 'Carol'],
      ['m4', undefined],
      ['m3', 'carol'],
      ['m1', 'Carol'],
    ]);
    // The log itself keeps no name.
    const stored = await fakeBrowser.storage.local.get('recall-log');
    expect(JSON.stringify(stored)).not.toContain('Carol');
  });

  it('tell who had read it before, as far as the service said until it was sent', async () => {
    for (const id of ['m1', 'm2', 'm3']) service.send(id);
    service.send('g1', { conversation: team });
    const life = await wake(world);
    const read = (upTo: number): void => {
      life.link.tell({
        kind: 'reads',
        reads: [
          { conversation: withBob, upTo },
          { conversation: team, id: 'g1', by: 2 },
        ],
      });
    };
    await life.keeper.recall('m1');
    read(ago(0));
    await settle();
    // Told to a worker that died since.
    life.die();
    const next = await wake(world);
    await next.keeper.recall('m2');
    await next.keeper.recall('g1');
    const receipt = (id: string) => next.answers.receiptOf(ref(id), own);
    expect(await receipt('m1')).not.toHaveProperty('wasRead');
    expect(await receipt('m2')).toMatchObject({ wasRead: true });
    expect(await receipt('g1')).toMatchObject({ readBy: 2 });
    expect(await receipt('g1')).not.toHaveProperty('wasRead');
  });

  it('do not count what was read after it may have been recalled', async () => {
    service.send('m1');
    const life = await wake(world);
    const real = service.recall;
    service.recall = () => Promise.resolve({ ok: false, why: 'waiting', code: 2801 });
    void life.keeper.recall('m1');
    await settle();
    life.link.tell({ kind: 'reads', reads: [{ conversation: withBob, upTo: ago(0) }] });
    service.recall = real;
    await pass(3_000);
    const receipt = await life.answers.receiptOf(ref('m1'), own);
    expect(receipt).toMatchObject({ outcome: { ok: true } });
    expect(receipt).not.toHaveProperty('wasRead');
  });

  it('go with the account, and with all that is kept of chats', async () => {
    service.send('m1');
    const life = await wake(world);
    await life.keeper.recall('m1');
    await life.answers.forgetAll(undefined, own);
    expect(await life.answers.recallLog(undefined, own)).toEqual([]);
    service.send('m2');
    life.link.tell({ kind: 'messages', messages: service.messages.slice(-1) });
    await settle();
    await life.keeper.recall('m2');
    expect(await life.answers.recallLog(undefined, own)).toHaveLength(1);
    await life.answers.signOut(undefined, own);
    expect(await life.answers.recallLog(undefined, own)).toEqual([]);
  });
});
