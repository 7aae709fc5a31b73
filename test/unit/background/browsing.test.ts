import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { contract, type Asked } from '../../../src/contract/contract.ts';
import { alice, recallOf, team, withBob } from '../history/fixtures.ts';
import { eachWithAlice } from './in-world.ts';
import { deferred, settle, wake, type Life, type World } from './life.ts';
import type { Service } from './service.ts';

let service: Service;
let world: World;
eachWithAlice((made) => {
  ({ service, world } = made);
});

const own = { kind: 'own', path: '/popup.html' } as const;
const now = (): number => Math.floor(service.time() / 1000);
const pageOf = (life: Life, more: Partial<Asked<'historyPage'>> = {}) =>
  life.answers.historyPage({ account: alice, conversation: withBob, most: 20, ...more }, own);
const listOf = (life: Life) => life.answers.conversations(undefined, own);

describe('the list of conversations', () => {
  it('names each one of which something is kept, the liveliest first, with its last message', async () => {
    service.send('m1', { time: now() - 60, body: { text: 'to Bob' } });
    service.send('m2', { conversation: team, author: 'bob', authorName: 'Bob B.' });
    const life = await wake(world);
    await life.keepers.memory.learn({
      account: alice,
      conversations: [
        { id: team, name: 'The Team', unread: 0, lastTime: now() },
        { id: 'C2Cnobody', name: 'Never wrote', unread: 0, lastTime: 0 },
      ],
    });
    const list = await listOf(life);
    expect(list.map(({ conversationName }) => conversationName)).toEqual(['The Team', 'bob']);
    expect(list[0]?.last).toMatchObject({ author: 'Bob B.', isMine: false });
    expect(list[1]?.last).toMatchObject({ isMine: true, text: 'to Bob' });
    expect(v.is(contract.conversations.answer, list)).toBe(true);
  });

  it('has those that were not read yet, and none of which nothing would be kept', async () => {
    service.opens = undefined;
    const life = await wake(world);
    await life.keepers.memory.learn({
      account: alice,
      conversations: [
        { id: team, name: 'The Team', unread: 3, lastTime: now() - 60 },
        { id: 'C2Cold', name: 'Long ago', unread: 0, lastTime: now() - 8 * 86_400 },
      ],
    });
    const list = await listOf(life);
    expect(list.map(({ conversationName }) => conversationName)).toEqual(['The Team']);
    expect(list[0]).not.toHaveProperty('last');
    expect(v.is(contract.conversations.answer, list)).toBe(true);
  });

  it('shows no words in discreet mode', async () => {
    service.send('m1', { body: { text: 'for few eyes' } });
    const life = await wake(world);
    const manners = await life.answers.manners(undefined, own);
    await life.answers.setManners({ ...manners, isDiscreet: true }, own);
    expect(JSON.stringify(await listOf(life))).not.toContain('few eyes');
    // Whoever opens it wants to read it.
    expect((await pageOf(life)).lines[0]?.text).toBe('for few eyes');
  });
});

describe('a page of history', () => {
  it('goes on where the one before ended, to the oldest that is kept', async () => {
    for (let i = 0; i < 5; i += 1) service.send(`m${i}`, { time: now() - 10 + i });
    const life = await wake(world);
    const first = await pageOf(life, { most: 3 });
    expect(first.lines.map(({ id }) => id)).toEqual(['m4', 'm3', 'm2']);
    expect(first.isEnd).toBe(false);
    const before = first.lines.at(-1);
    const rest = await pageOf(life, { most: 3, ...(before && { before }) });
    expect(rest.lines.map(({ id }) => id)).toEqual(['m1', 'm0']);
    expect(rest.isEnd).toBe(true);
    expect(v.is(contract.historyPage.answer, rest)).toBe(true);
  });

  it('begins with a message that was found, when asked for what is before the next place', async () => {
    for (let i = 0; i < 4; i += 1) service.send(`m${i}`, { time: now() - 10 + i });
    const life = await wake(world);
    const { hits } = await life.answers.search({ words: 'words', most: 20 }, own);
    const hit = hits.find(({ id }) => id === 'm1');
    const before = { id: 'm1', time: hit?.time ?? 0, sequence: (hit?.sequence ?? 0) + 1 };
    expect((await pageOf(life, { before })).lines.map(({ id }) => id)).toEqual(['m1', 'm0']);
  });

  it('says of my own messages only how long they can be recalled', async () => {
    service.send('mine');
    service.send('theirs', { author: 'bob', authorName: 'Bob' });
    const { lines } = await pageOf(await wake(world));
    const byId = new Map(lines.map((line) => [line.id, line]));
    expect(byId.get('mine')?.until).toBeDefined();
    expect(byId.get('theirs')?.until).toBeUndefined();
  });

  it('has a placeholder and no words where a message was recalled', async () => {
    const sent = service.send('m1', { author: 'bob', body: { text: 'regretted' } });
    service.take(sent);
    const life = await wake(world);
    await life.keepers.memory.learn({ account: alice, recalls: [recallOf(sent)] });
    const page = await pageOf(life);
    expect(page.lines[0]?.placeholder?.key).toBe('otherParty');
    expect(JSON.stringify([page, await listOf(life)])).not.toContain('regretted');
  });

  it('has no words of a message that is being recalled this very moment', async () => {
    const sent = service.send('m1', { author: 'bob', body: { text: 'regretted' } });
    const life = await wake(world);
    const held = deferred<undefined>();
    life.hold(({ moment, name }) =>
      moment === 'before' && name === 'history.learn' ? held.promise : undefined,
    );
    const learning = life.keepers.memory.learn({ account: alice, recalls: [recallOf(sent)] });
    await settle();
    const seen = JSON.stringify([await pageOf(life), await listOf(life)]);
    expect(seen).toContain('m1');
    expect(seen).not.toContain('regretted');
    held.resolve(undefined);
    await learning;
  });

  it('of an account nobody is signed in as is empty', async () => {
    service.send('m1');
    const life = await wake(world);
    expect(await pageOf(life, { account: '1400000001:mallory' })).toEqual({
      lines: [],
      isEnd: true,
      since: 0,
      keptFor: 0,
    });
  });
});

it('only our own pages may ask for it', () => {
  expect(contract.conversations.from).toEqual(['own']);
  expect(contract.historyPage.from).toEqual(['own']);
});
