import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { contract, type Asked } from '../../../src/contract/contract.ts';
import { alice, message, recallOf, sealedIn, team } from '../history/fixtures.ts';
import { eachWithAlice } from './in-world.ts';
import { deferred, keepSignedIn, pass, settle, wake, type Life, type World } from './life.ts';
import type { Service } from './service.ts';

let service: Service;
let world: World;
eachWithAlice((made) => {
  ({ service, world } = made);
});

const own = { kind: 'own', path: '/popup.html' } as const;
const now = (): number => Math.floor(service.time() / 1000);
const day = 86_400;

const search = (life: Life, words: string, more: Partial<Asked<'search'>> = {}) =>
  life.answers.search({ words, most: 20, ...more }, own);

describe('a search', () => {
  it('tells who wrote what where, and where in it the words stand', async () => {
    service.send('m1', { body: { text: 'See the Notes' } });
    const long = `${'Before. '.repeat(30)}The notes 好的 again ${'After. '.repeat(30)}`;
    service.send('m2', {
      author: 'bob',
      authorName: 'Bob B.',
      conversation: team,
      body: { text: long },
    });
    const life = await wake(world);
    await life.keepers.memory.learn({
      account: alice,
      conversations: [{ id: team, name: 'The Team', unread: 0, lastTime: now() }],
    });
    const { hits, since } = await search(life, 'notes');
    expect(since).toBe(0);
    const byId = new Map(hits.map((hit) => [hit.id, hit]));
    expect(byId.get('m1')).toMatchObject({
      account: alice,
      conversationName: 'bob',
      author: 'Alice',
      isMine: true,
      excerpt: 'See the Notes',
      spots: [[8, 13]],
    });
    const hit = byId.get('m2');
    expect(hit).toMatchObject({ conversationName: 'The Team', author: 'Bob B.', isMine: false });
    expect(hit?.excerpt).toHaveLength(142);
    expect(hit?.excerpt).toMatch(/^….*…$/u);
    expect(hit?.spots.map(([from, to]) => hit.excerpt.slice(from, to))).toEqual(['notes']);
    for (const one of hits) expect(v.is(contract.search.answer, { hits: [one], since })).toBe(true);
  });

  it('has history read ahead once it was announced', async () => {
    const life = await wake(world);
    const used: string[] = [];
    life.hold(({ name }) => {
      used.push(name);
      return undefined;
    });
    await life.answers.warmSearch(undefined, own);
    expect(used).toContain('history.warm');
  });

  it('goes on where it left off', async () => {
    for (let i = 0; i < 5; i += 1) service.send(`m${i}`, { time: now() - 10 + i });
    const life = await wake(world);
    const first = await search(life, 'words', { most: 3 });
    const before = first.hits.at(-1);
    expect(first.hits.map(({ id }) => id)).toEqual(['m4', 'm3', 'm2']);
    const rest = await search(life, 'words', { most: 3, ...(before && { before }) });
    expect(rest.hits.map(({ id }) => id)).toEqual(['m1', 'm0']);
  });

  it('shows nothing that is being recalled this very moment', async () => {
    const sent = service.send('m1', { author: 'bob' });
    service.send('m2', { author: 'bob' });
    const life = await wake(world);
    const held = deferred<undefined>();
    life.hold(({ moment, name }) =>
      moment === 'before' && name === 'history.learn' ? held.promise : undefined,
    );
    const learning = life.keepers.memory.learn({ account: alice, recalls: [recallOf(sent)] });
    await settle();
    expect((await search(life, 'words')).hits.map(({ id }) => id)).toEqual(['m2']);
    held.resolve(undefined);
    await learning;
    expect((await search(life, 'words')).hits.map(({ id }) => id)).toEqual(['m2']);
  });
});

describe('a look into everything that is kept', () => {
  it('finds a text in history, on the disk and in memory, and no more after its recall', async () => {
    const sent = service.send('m1', { body: { text: 'the attic' } });
    const life = await wake(world);
    await fakeBrowser.storage.local.set({ sites: ['https://attic.example'] });
    expect(await life.answers.searchStore('ATTIC', own)).toEqual({
      words: 1,

      names: 0,
      ids: 0,
      disk: 1,
      // The popup's last view.
      session: 1,
    });
    await fakeBrowser.storage.local.remove('sites');
    await life.keepers.memory.learn({ account: alice, recalls: [recallOf(sent)] });
    const nothing = { words: 0, names: 0, ids: 0, disk: 0, session: 0 };
    expect(await life.answers.searchStore('attic', own)).toEqual(nothing);
  });
});

describe('what the user chooses about the data', () => {
  it('is told as it stands', async () => {
    const life = await wake(world);
    expect(await life.answers.dataSettings(undefined, own)).toEqual({
      keepsHistory: false,
      keptDays: 7,
    });
    await life.answers.setKeepsHistory(true, own);
    await life.answers.setKeptDays(3, own);
    expect(await life.answers.dataSettings(undefined, own)).toEqual({
      keepsHistory: true,
      keptDays: 3,
    });
  });

  it('taken back, destroys what was sealed under the key that lay on the disk', async () => {
    service.send('m1', { time: now() - 2 * day });
    service.send('m2');
    const life = await wake(world);
    await life.answers.setKeepsHistory(true, own);
    const before = await sealedIn(world.database);
    expect(before).toHaveLength(2);
    // The service has not got the first one any more.
    service.messages.shift();
    await life.answers.setKeepsHistory(false, own);
    await settle();
    expect(await sealedIn(world.database)).toEqual(['m2']);
    expect((await search(life, 'words')).hits.map(({ id }) => id)).toEqual(['m2']);
    // The fact stays.
    expect(await kept(life)).toEqual(['m1', 'm2']);
  });

  const kept = async (life: Life): Promise<string[]> => {
    const ids = ['m1', 'm2', 'm3', 'm4', 'm5'];
    const found = await life.keepers.memory.use((history) => history.findAll(alice, ids));
    return found.map(({ id }) => id);
  };
  function sendOld(): void {
    service.send('m1', { time: now() - 20 * day });
    service.send('m2', { time: now() - 6 * day });
    service.send('m3', { time: now() - 2 * day });
    service.send('m4', { time: now() - 3600 });
    service.send('m5', { time: now() - 30 });
  }

  it.each([
    [30, ['m1', 'm2', 'm3', 'm4', 'm5']],
    [7, ['m2', 'm3', 'm4', 'm5']],
    [1, ['m4', 'm5']],
    // What can still be recalled is always known.
    [0, ['m5']],
  ])('decides how many days are read and kept (%i)', async (days, ids) => {
    await fakeBrowser.storage.local.set({ 'kept-days': days });
    sendOld();
    expect(await kept(await wake(world))).toEqual(ids);
  });

  it('takes out at once what shall not be kept any longer, and the rest by and by', async () => {
    sendOld();
    const life = await wake(world);
    await life.answers.setKeptDays(1, own);
    expect(await kept(life)).toEqual(['m4', 'm5']);
    await life.answers.setKeptDays(0, own);
    expect(await kept(life)).toEqual(['m5']);
    await pass(180_000, 10_000);
    await life.keepers.tend();
    expect(await kept(life)).toEqual([]);
  });

  describe('without a connection', () => {
    async function lose(): Promise<Life> {
      sendOld();
      (await wake(world)).die();
      service.opens = undefined;
      await fakeBrowser.storage.session.clear();
      await keepSignedIn();
      return wake(world);
    }

    it('takes out at once what the user does not want to be kept any longer', async () => {
      const life = await lose();
      await pass(60_000, 10_000);
      await life.answers.setKeptDays(1, own);
      expect(await kept(life)).toEqual(['m4', 'm5']);
      await pass(120_000, 10_000);
      await life.answers.setKeptDays(0, own);
      expect(await kept(life)).toEqual([]);
    });

    it('takes out nothing for a day, and then what this computer’s clock says', async () => {
      // Both years off: what is counted is what went by.
      service.offset = 3 * 365 * day * 1000;
      const life = await lose();
      await pass(0.9 * day * 1000, 3_600_000);
      await life.keepers.tend();
      expect(await kept(life)).toEqual(['m2', 'm3', 'm4', 'm5']);
      await pass(0.2 * day * 1000, 3_600_000);
      await life.keepers.tend();
      expect(await kept(life)).toEqual(['m3', 'm4', 'm5']);
      vi.setSystemTime(Date.now() - 40 * day * 1000);
      await pass(2 * day * 1000, 3_600_000);
      await life.keepers.tend();
      expect(await kept(life)).toEqual(['m3', 'm4', 'm5']);
    });

    it('counts from the next tending on when it was never told the time', async () => {
      const life = await lose();
      await fakeBrowser.storage.local.remove('server-times');
      await life.keepers.tend();
      await pass(2 * day * 1000, 3_600_000);
      await life.keepers.tend();
      expect(await kept(life)).toEqual(['m3', 'm4', 'm5']);
    });
  });

  it('leaves the fact of a recall', async () => {
    const old = service.send('m1', { time: now() - 3600 });
    service.take(old, 'alice');
    await fakeBrowser.storage.local.set({ 'kept-days': 0 });
    const life = await wake(world);
    expect(await kept(life)).toEqual(['m1']);
    await life.keepers.tend();
    expect(await kept(life)).toEqual(['m1']);
  });
});

it('only a message that fits may be asked for', () => {
  const { ask } = contract.search;
  const before = { ...message('m1'), account: alice };
  expect(v.is(ask, { words: 'x', most: 20, before })).toBe(true);
  expect(v.is(ask, { words: 'x'.repeat(201), most: 20 })).toBe(false);
  expect(v.is(ask, { words: 'x', most: 101 })).toBe(false);
  expect(v.is(ask, { words: 'x', most: 20, account: 'nobody' })).toBe(false);
});
