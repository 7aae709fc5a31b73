import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { sweepLog } from '../../../src/background/recall-log.ts';
import { defaultManners } from '../../../src/message/manners.ts';
import { alice, team, withBob } from '../history/fixtures.ts';
import { isOn } from '../../../src/platform/sites.ts';
import { writeOwnSite } from '../../../src/platform/own-sites.ts';
import { eachWithAlice } from './in-world.ts';
import { ordersStored, pass, settle, wake, type Life, type World } from './life.ts';
import type { Service } from './service.ts';

let service: Service;
let world: World;
eachWithAlice(async (made) => {
  ({ service, world } = made);
  fakeBrowser.commands.getAll = () => Promise.resolve([]);
  await writeOwnSite(alice, page.origin, true);
});

const day = 86_400;
const own = { kind: 'own', path: '/popup.html' } as const;
const page = { kind: 'page', origin: 'https://chat.example', tab: 1, frame: 0 } as const;
const ago = (seconds: number): number => Math.floor(service.time() / 1000) - seconds;
const ref = (id: string, conversation = withBob) => ({ account: alice, conversation, id });
const manage = (policy: Readonly<Record<string, unknown>>): Promise<void> =>
  fakeBrowser.storage.managed.set(policy);

async function known(life: Life): Promise<readonly string[]> {
  await life.keeper.sweep();
  const mine = await life.keepers.memory.use((history) => history.mine(alice, 0, 50));
  return mine.map(({ id }) => id).sort();
}
async function logStored(): Promise<readonly unknown[]> {
  const stored = await fakeBrowser.storage.local.get('recall-log');
  return (stored['recall-log'] ?? []) as unknown[];
}

describe('by policy words are kept', () => {
  beforeEach(() => {
    service.send('m1', { time: ago(60) });
    service.send('m2', { time: ago(2 * day) });
    service.send('m3', { time: ago(5 * day) });
  });

  it('no longer than its days, whatever the user chose', async () => {
    const life = await wake(world);
    await life.answers.setKeptDays(30, own);
    expect(await known(life)).toEqual(['m1', 'm2', 'm3']);
    await manage({ retentionDays: 3 });
    expect(await known(life)).toEqual(['m1', 'm2']);
    expect(await life.answers.dataSettings(undefined, own)).toMatchObject({ keptDays: 3 });
  });

  it('as the user chose where that is shorter', async () => {
    await manage({ retentionDays: 30 });
    const life = await wake(world);
    await life.answers.setKeptDays(1, own);
    expect(await known(life)).toEqual(['m1']);
  });

  it('no longer than messages can be recalled by default, also where the user says it is longer', async () => {
    await manage({ retentionDays: 0 });
    const life = await wake(world);
    await life.answers.setWindow({ account: alice, seconds: 604_800 }, own);
    expect(await known(life)).toEqual(['m1']);
  });
});

it('by policy another server is asked to recall from the next question on', async () => {
  service.send('m1', { time: ago(5) });
  const life = await wake(world);
  await manage({ serverAddress: 'wss://im.example' });
  expect(await life.answers.recall(ref('m1'), own)).toMatchObject({ ok: true });
  expect(life.links.map(({ server }) => server)).toEqual([undefined, 'wss://im.example']);
});

describe('by policy a recalled text is not given back', () => {
  it('nor kept', async () => {
    await manage({ allowReEdit: false });
    service.send('m1', { time: ago(5) });
    const life = await wake(world);
    expect(await life.answers.recall(ref('m1'), own)).toMatchObject({ ok: true });
    expect(await fakeBrowser.storage.session.get('reedit')).toEqual({});
    expect(await life.answers.reedit(ref('m1'), own)).toBeUndefined();
  });

  it('and forgotten if it was kept before', async () => {
    service.send('m1', { time: ago(5) });
    const life = await wake(world);
    await life.answers.recall(ref('m1'), own);
    expect(await life.answers.reedit(ref('m1'), own)).toBe('words of m1');
    await manage({ allowReEdit: false });
    await life.keepers.tend();
    await settle();
    expect(await fakeBrowser.storage.session.get('reedit')).toEqual({ reedit: [] });
  });
});

describe('by policy a sweep reaches', () => {
  const spoken = { body: { text: 'the same words' } };
  beforeEach(() => {
    service.send('m1', { time: ago(20), ...spoken });
    service.send('m2', { time: ago(90), ...spoken, conversation: team });
  });
  const lists = (life: Life) =>
    Promise.all([
      life.answers.sweepList({ of: 'time', accounts: [alice], seconds: 120 }, own),
      life.answers.sweepList({ of: 'refs', refs: [ref('m1'), ref('m2')] }, own),
      life.answers.sweepList({ of: 'twins', ref: ref('m1'), accounts: [alice] }, own),
    ]).then((all) => all.map((items) => items.map(({ id }) => id)));

  it('as far as was asked for when nothing is set', async () => {
    expect(await lists(await wake(world))).toEqual([['m2', 'm1'], ['m2', 'm1'], ['m2']]);
  });

  it('no further back than its seconds', async () => {
    await manage({ sweepSeconds: 60 });
    expect(await lists(await wake(world))).toEqual([['m1'], ['m1'], []]);
  });

  it('nothing when it is switched off', async () => {
    await manage({ sweepSeconds: 0 });
    expect(await lists(await wake(world))).toEqual([[], [], []]);
  });

  const refs = [ref('m1'), ref('m2', team)];
  /** How what was listed 40 seconds ago stands, and what a sweep of it recalls. */
  const takenOf = async (life: Life) => {
    const listed = await life.answers.sweepList({ of: 'listed', refs, openFor: 40 }, own);
    const sweep = crypto.randomUUID();
    await life.answers.sweepStart({ sweep, refs, openFor: 40 }, own);
    await pass(1_000);
    const view = await life.answers.sweepState({ sweep }, own);
    return {
      listed: listed.map(({ id, progress }) => [id, progress?.why]),
      ends: view?.items.map(({ id, progress }) => [id, progress?.why ?? progress?.state]),
    };
  };

  it('as far back as its seconds before its list was opened', async () => {
    await manage({ sweepSeconds: 60 });
    expect(await takenOf(await wake(world))).toEqual({
      listed: [
        ['m2', undefined],
        ['m1', undefined],
      ],
      ends: [
        ['m1', 'accepted'],
        ['m2', 'accepted'],
      ],
    });
  });

  it('and recalls nothing beyond them, whoever asks for it', async () => {
    await manage({ sweepSeconds: 45 });
    expect(await takenOf(await wake(world))).toEqual({
      listed: [
        ['m2', 'beyond-sweep'],
        ['m1', undefined],
      ],
      ends: [
        ['m1', 'accepted'],
        ['m2', 'beyond-sweep'],
      ],
    });
    expect(service.done).toEqual(['m1']);
  });

  it('nor anything once it is switched off, by the next worker neither', async () => {
    await manage({ sweepSeconds: 0 });
    const life = await wake(world);
    const { ends } = await takenOf(life);
    life.die();
    await wake(world);
    await pass(1_000);
    expect(ends).toEqual([
      ['m1', 'beyond-sweep'],
      ['m2', 'beyond-sweep'],
    ]);
    expect(service.asked).toEqual([]);
  });
});

it('a policy that cannot be read and never was allows nothing, and has nothing deleted', async () => {
  const kept = { 'recall-log': [{ kept: true }], sites: [page.origin] };
  await fakeBrowser.storage.local.set(kept);
  const failing = vi.spyOn(fakeBrowser.storage.managed, 'get');
  failing.mockRejectedValue(new Error('Not now.'));
  const outcomes = Promise.allSettled([isOn(page.origin), sweepLog(alice, service.time())]);
  await pass(5_000);
  failing.mockRestore();
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await logStored()).toEqual([{ kept: true }]);
});

describe('by policy no log is kept', () => {
  it('of any recall, while each is carried out and told as ever', async () => {
    await manage({ allowLog: false });
    service.send('m1', { time: ago(5) });
    const life = await wake(world);
    expect(await life.answers.recall(ref('m1'), own)).toMatchObject({ ok: true });
    await pass(3_000);
    expect(await logStored()).toEqual([]);
    // Not that nothing was recalled, nor that it was recalled elsewhere.
    expect(await life.answers.recallLog(undefined, own)).toBe('off');
    expect(await life.answers.receiptOf(ref('m1'), own)).toBe('off');
  });

  it('and what was logged before is deleted, without a recall', async () => {
    service.send('m1', { time: ago(5) });
    const life = await wake(world);
    await life.answers.recall(ref('m1'), own);
    expect(await logStored()).toMatchObject([{ id: 'm1' }]);
    await manage({ allowLog: false });
    expect(await life.answers.recallLog(undefined, own)).toBe('off');
    await life.keeper.sweep();
    expect(await logStored()).toEqual([]);
  });

  it('and a sweep of which nothing is known any more is over, and never done again', async () => {
    await manage({ allowLog: false });
    service.send('m1', { time: ago(5) });
    service.recall = (target) => {
      service.asked.push(target.id);
      return Promise.resolve({ ok: false, why: 'switched-off', code: 10041 });
    };
    const life = await wake(world);
    const sweep = crypto.randomUUID();
    await life.answers.sweepStart({ sweep, refs: [ref('m1')] }, own);
    await pass(1_000);
    await fakeBrowser.storage.local.remove('orders');
    life.die();
    const next = await wake(world);
    await pass(1_000);
    expect(service.asked).toEqual(['m1']);
    expect(await ordersStored()).toEqual([]);
    expect(await next.answers.sweepState({ sweep }, own)).toMatchObject({ isOver: true });
  });
});

describe('by policy pages are shown no words', () => {
  const excerptIn = async (life: Life) =>
    (await life.answers.bar({ session: alice, ids: [] }, page)).messages[0]?.own?.excerpt;

  it('whatever the user set, and what they set counts again afterwards', async () => {
    service.send('m1', { time: ago(5) });
    const life = await wake(world);
    expect(await excerptIn(life)).toBe('words of m1');
    await manage({ discreetMode: true });
    expect(await excerptIn(life)).toBe('');
    const manners = await life.answers.manners(undefined, own);
    expect(manners).toEqual({ ...defaultManners, isDiscreet: true });
    // What the policy says is no choice of theirs.
    const rule = { name: 'name', isOn: false } as const;
    await life.answers.setManners({ isDiscreet: true, rule }, own);
    expect(await excerptIn(life)).toBe('');
    await fakeBrowser.storage.managed.clear();
    expect(await excerptIn(life)).toBe('words of m1');
    expect(await life.answers.manners(undefined, own)).toMatchObject({ rulesOff: ['name'] });
  });
});

it('the log forgets what is older than thirty days, also when nothing is recalled', async () => {
  service.send('m1', { time: ago(5) });
  const life = await wake(world);
  await life.answers.recall(ref('m1'), own);
  const [logged] = (await logStored()) as [{ endedAt: number }];
  await fakeBrowser.storage.local.set({
    'recall-log': [{ ...logged, endedAt: logged.endedAt - 30 * day * 1000 }, logged],
  });
  await life.keeper.sweep();
  expect(await logStored()).toEqual([logged]);
});
