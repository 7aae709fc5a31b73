import { describe, expect, it } from 'vitest';
import { alice, bob, message, recallOf, team, withBob } from '../history/fixtures.ts';
import { readGlance } from '../../../src/contract/glance.ts';
import type { RecallOutcome } from '../../../src/message/recall.ts';
import { defaultManners } from '../../../src/message/manners.ts';
import { writeWindow } from '../../../src/platform/settings.ts';
import { eachWithAlice } from './in-world.ts';
import { knowWindow, settle, wake, type World } from './life.ts';
import type { Service } from './service.ts';

let service: Service;
let world: World;
eachWithAlice((made) => {
  ({ service, world } = made);
});

const now = (): number => Math.floor(service.time() / 1000);
const page = { kind: 'page', origin: 'https://chat.example', tab: 1, frame: 0 } as const;
const own = { kind: 'own', path: '/popup.html' } as const;

describe('the popup’s view', () => {
  it('lists what I sent, newest first, with the time each can be recalled', async () => {
    service.send('m1', { time: now() - 200 });
    service.send('m2', { time: now() - 100 });
    const life = await wake(world);
    const { sent, accounts } = await life.answers.glance(undefined, own);
    expect(sent).toMatchObject([
      { id: 'm2', excerpt: 'words of m2', until: (now() + 20) * 1000 },
      // Only the service knows whether it is too late.
      { id: 'm1', excerpt: 'words of m1', until: (now() - 80) * 1000 },
    ]);
    expect(sent[1]?.askUntil).toBeGreaterThan(service.time());
    expect(accounts).toEqual([
      {
        id: alice,
        state: { name: 'connected' },
        time: { serverNow: service.time(), clock: Date.now() },
      },
    ]);
  });

  it('has the deadline of each message that can be recalled and is not listed, without its words', async () => {
    for (let n = 1; n <= 24; n += 1) service.send(`m${n}`, { time: now() - n });
    service.send('old', { time: now() - 200 });
    const life = await wake(world);
    const { sent, accounts } = await life.answers.glance(undefined, own);
    expect(sent).toHaveLength(20);
    const deadlines = [21, 22, 23, 24].map((age) => (now() - age + 120) * 1000);
    expect(accounts[0]?.unlisted).toEqual(deadlines);
    const kept = await readGlance();
    expect(kept?.accounts[0]?.unlisted).toEqual(deadlines);
    expect(JSON.stringify(kept)).not.toContain('words of m21');
    void life.keepers.recall(alice, 'm22');
    await settle();
    expect((await readGlance())?.accounts[0]?.unlisted).toEqual(
      deadlines.filter((_, n) => n !== 1),
    );
  });

  it('has the deadline of what recalled messages leave no room for', async () => {
    const recalled = Array.from({ length: 20 }, (_, n) =>
      service.send(`m${n}`, { time: now() - n }),
    );
    service.send('older', { time: now() - 30 });
    const life = await wake(world);
    const recalls = recalled.map((one) => recallOf(one, { by: 'alice' }));
    life.link.tell({ kind: 'recalls', recalls });
    await settle();
    const { sent, accounts } = await life.answers.glance(undefined, own);
    expect(sent.every(({ placeholder }) => placeholder !== undefined)).toBe(true);
    expect(accounts[0]?.unlisted).toEqual([(now() + 90) * 1000]);
  });

  it('numbers what says the same in different conversations, and nothing else', async () => {
    service.send('m1', { time: now() - 4, body: { text: 'the same' } });
    service.send('m2', { time: now() - 3, body: { text: 'the same' }, conversation: team });
    service.send('m3', { time: now() - 2, body: { text: 'twice here' } });
    service.send('m4', { time: now() - 1, body: { text: 'twice here' } });
    const life = await wake(world);
    const { sent } = await life.answers.glance(undefined, own);
    expect(sent.map(({ id, twins }) => [id, twins])).toEqual([
      ['m4', undefined],
      ['m3', undefined],
      ['m2', 0],
      ['m1', 0],
    ]);
  });

  it('tells no time for a message that is certainly too old', async () => {
    service.send('m1', { time: now() - 200 });
    await knowWindow(120);
    const life = await wake(world);
    const { sent } = await life.answers.glance(undefined, own);
    expect(sent[0]).not.toHaveProperty('until');
    expect(sent[0]).not.toHaveProperty('askUntil');
  });

  it('holds no words in discreet mode, also in what was stored before', async () => {
    service.send('m1');
    const life = await wake(world);
    expect(JSON.stringify(await readGlance())).toContain('words of m1');
    await life.answers.setManners({ ...defaultManners, isDiscreet: true }, own);
    expect(JSON.stringify(await readGlance())).not.toContain('words of m1');
    const { sent } = await life.answers.glance(undefined, own);
    expect(sent).toMatchObject([{ id: 'm1', excerpt: '' }]);
  });

  it('says until when the words of what I recalled can be had back', async () => {
    service.send('m1');
    const life = await wake(world);
    await life.keepers.recall(alice, 'm1');
    await settle();
    const { sent } = await life.answers.glance(undefined, own);
    expect(sent[0]?.reeditUntil).toBe(service.time() + 5 * 60_000);
    expect(sent[0]?.excerpt).toBe('');
  });

  it('goes by the window the user set', async () => {
    service.send('m1', { time: now() - 200 });
    await writeWindow(alice, 300);
    const life = await wake(world);
    const { sent } = await life.answers.glance(undefined, own);
    expect(sent).toMatchObject([{ until: (now() + 100) * 1000 }]);
  });

  it('cuts words between characters, not in the middle of one', async () => {
    service.send('m1', { body: { text: '😀'.repeat(200) } });
    const life = await wake(world);
    const { sent } = await life.answers.glance(undefined, own);
    expect(sent).toMatchObject([{ excerpt: '😀'.repeat(140) }]);
  });

  it('lists what others recalled, without what I recalled myself', async () => {
    const theirs = service.send('m1', { author: 'bob', authorName: 'Bob' });
    const mine = service.send('m2');
    const life = await wake(world);
    const reason = 'against the rules';
    const recalls = [recallOf(theirs, { reason }), recallOf(mine, { by: 'alice' })];
    life.link.tell({ kind: 'recalls', recalls });
    await settle();
    const { recalled, sent } = await life.answers.glance(undefined, own);
    expect(recalled).toMatchObject([{ id: 'm1', reason, placeholder: { key: 'otherParty' } }]);
    expect(sent).toMatchObject([{ id: 'm2', excerpt: '', placeholder: { key: 'you' } }]);
  });

  it('tells where a recall stands', async () => {
    service.send('m1');
    const life = await wake(world);
    service.recall = () => new Promise(() => undefined);
    void life.keepers.recall(alice, 'm1');
    await settle();
    const { sent } = await life.answers.glance(undefined, own);
    expect(sent).toMatchObject([{ progress: { state: 'asking', until: (now() + 120) * 1000 } }]);
  });

  it.each([
    { what: 'got no answer', code: 2801, why: 'unanswered' },
    { what: 'the service was too busy for', code: 20004, why: undefined },
  ] as const)('tells what $what from what is just asked', async ({ code, why }) => {
    service.send('m1');
    const life = await wake(world);
    service.since = () => Promise.reject(new Error('no answer'));
    let answer: (outcome: RecallOutcome) => void = () => undefined;
    service.recall = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    void life.keepers.recall(alice, 'm1');
    await settle();
    const tellings = life.told.length;
    answer({ ok: false, why: 'waiting', code });
    await settle();
    const { sent } = await life.answers.glance(undefined, own);
    const progress = { state: 'asking', ...(why && { why }), until: (now() + 120) * 1000 };
    expect(sent).toMatchObject([{ progress }]);
    expect(sent[0]?.progress?.why).toBe(why);
    expect(life.told.length > tellings).toBe(why !== undefined);
  });

  it('says that what got no answer waits, while there is no connection', async () => {
    service.send('m1');
    const life = await wake(world);
    service.recall = () => new Promise(() => undefined);
    void life.keepers.recall(alice, 'm1');
    await settle();
    const stands = async (): Promise<unknown> => {
      const { sent } = await life.answers.glance(undefined, own);
      return sent[0]?.progress;
    };
    expect(await stands()).toMatchObject({ state: 'asking' });
    life.link.become({ name: 'reconnecting' });
    // Without a time: it may have been done, and is looked up whenever the connection is back.
    expect(await stands()).toEqual({ state: 'waiting' });
    life.link.become({ name: 'connected' });
    expect(await stands()).toMatchObject({ state: 'asking' });
  });

  it('tells why a recall was refused', async () => {
    service.send('m1');
    const life = await wake(world);
    service.recall = () => Promise.resolve({ ok: false, why: 'unknown', code: 4711 });
    await life.keepers.recall(alice, 'm1');
    const { sent } = await life.answers.glance(undefined, own);
    expect(sent).toMatchObject([{ progress: { state: 'refused', why: 'unknown', code: 4711 } }]);
  });
});

describe('a page', () => {
  it('is told no words, and what may be done with each message', async () => {
    service.send('m1');
    service.send('m2', { author: 'bob', authorName: 'Bob' });
    const life = await wake(world);
    const found = await life.answers.look({ ids: ['m1', 'm2', 'm3'] }, page);
    expect(JSON.stringify(found)).not.toContain('words of');
    expect(found).toMatchObject({
      account: alice,
      rows: [
        { id: 'm1', conversation: withBob, isMine: true, until: (now() + 120) * 1000 },
        { id: 'm2', conversation: withBob, isMine: false, author: 'Bob' },
      ],
    });
    expect(found.rows[1]).not.toHaveProperty('until');
  });

  it('of somebody else is told nothing', async () => {
    service.send('m1');
    const life = await wake(world);
    expect(await life.answers.look({ ids: ['m1'], session: bob }, page)).toMatchObject({
      rows: [],
    });
    expect((await life.answers.look({ ids: ['m1'], session: alice }, page)).rows).toHaveLength(1);
  });

  it('lets a group’s owner recall a member’s message', async () => {
    service.send('m1', { conversation: team, author: 'bob' });
    const facts = { id: team, name: 'Team', unread: 0, lastTime: now() };
    const life = await wake(world);
    expect((await life.answers.look({ ids: ['m1'] }, page)).rows[0]).not.toHaveProperty('until');
    life.link.tell({ kind: 'conversations', conversations: [{ ...facts, role: 'owner' }] });
    await settle();
    expect((await life.answers.look({ ids: ['m1'] }, page)).rows).toMatchObject([
      { id: 'm1', isMine: false, until: (now() + 120) * 1000 },
    ]);
    expect(await life.keepers.recall(alice, 'm1')).toMatchObject({ ok: true });
  });

  it('is told the placeholder of a recalled message', async () => {
    const sent = message('m1', { time: now() });
    service.messages.push(sent);
    const life = await wake(world);
    life.link.tell({ kind: 'recalls', recalls: [recallOf(sent)] });
    await settle();
    const { rows } = await life.answers.look({ ids: ['m1'] }, page);
    expect(rows).toMatchObject([{ placeholder: { key: 'otherParty' } }]);
  });
});

it('a page is told which of its messages quote one that was recalled', async () => {
  const quoted = service.send('m1', { author: 'bob' });
  service.send('m2', { quote: { id: 'm1' } });
  service.send('m3', { quote: { id: 'm9' } });
  const life = await wake(world);
  const ids = ['m2', 'm3'];
  const before = await life.answers.look({ ids, session: alice }, page);
  expect(before.rows.map(({ isQuoteRecalled }) => isQuoteRecalled)).toEqual([undefined, undefined]);
  life.link.tell({ kind: 'recalls', recalls: [recallOf(quoted)] });
  await settle();
  const after = await life.answers.look({ ids, session: alice }, page);
  expect(after.rows.map(({ isQuoteRecalled }) => isQuoteRecalled)).toEqual([true, undefined]);
});

it('a page is told so also where the quoted message was never seen', async () => {
  service.send('m2', { quote: { id: 'm9' } });
  const life = await wake(world);
  const told = life.told.length;
  life.link.tell({ kind: 'recalls', recalls: [recallOf(message('m9', { time: now() - 999 }))] });
  await settle();
  const ids = life.told.slice(told).flatMap((one) => (typeof one === 'string' ? [] : one.ids));
  expect(ids).toContain('m2');
  const { rows } = await life.answers.look({ ids: ['m2'], session: alice }, page);
  expect(rows).toMatchObject([{ id: 'm2', isQuoteRecalled: true }]);
});

it('a page that asks about many messages costs history no more looks than one', async () => {
  const ids = Array.from({ length: 300 }, (_, i) => `m${i + 1000}`);
  for (const id of ids) service.send(id, { quote: { id: `x${id}` } });
  const life = await wake(world);
  const used: string[] = [];
  life.hold(({ name, moment }) => {
    if (moment === 'before' && name.startsWith('history.')) used.push(name);
    return undefined;
  });
  await life.answers.look({ ids: ids.slice(0, 1), session: alice }, page);
  const forOne = used.splice(0);
  await life.answers.look({ ids, session: alice }, page);
  expect(used).toEqual(forOne);
});
