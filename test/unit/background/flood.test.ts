import { afterEach, describe, expect, it, vi } from 'vitest';
import { Flood, RefusedRecalls, Weir } from '../../../src/background/flood.ts';
import { pageAccountId } from '../../../src/message/message.ts';
import { message, withBob } from '../history/fixtures.ts';
import { allowSites, ChatPages } from './chat-pages.ts';
import { eachInWorld } from './in-world.ts';
import { pass, settle, wake, type Life, type World } from './life.ts';
import type { Service } from './service.ts';

const chat = 'https://chat.example';
const app = 1_400_000_001;
const seat = 'seat-1-0123456789';
const alice = pageAccountId(chat, app, 'alice');
const at = { kind: 'page', origin: chat, tab: 1, frame: 0 } as const;

let service: Service;
let world: World;
let pages: ChatPages;

eachInWorld(async (made) => {
  ({ service, world } = made);
  pages = new ChatPages(service);
  await allowSites(chat);
  // The clock that only runs goes with the one that people set.
  vi.spyOn(performance, 'now').mockImplementation(() => Date.now());
});
afterEach(() => {
  vi.restoreAllMocks();
});

const now = (): number => Math.floor(service.time() / 1000);
const tellEvents = (life: Life, name: string, data: unknown) =>
  life.answers.pageEvents({ seat, events: [{ name, data }] }, at);

interface Raw {
  readonly ID: string;
  readonly conversationID: string;
  readonly from: string;
  readonly time: number;
  readonly sequence: number;
  isRevoked?: boolean;
  revoker?: string;
}
const raw = (sequence: number, conversationID: string, from: string, time: number): Raw => ({
  ...{ ID: `1-${time}-${sequence}`, conversationID, from, nick: '', nameCard: '' },
  ...{ sequence, random: 1, time, type: 'TIMTextElem', payload: { text: `words ${sequence}` } },
});

/** A page whose service has these messages, in so many conversations; and what it was asked. */
function openPage(all: readonly Raw[], count = 1) {
  const listed = (): unknown[] =>
    Array.from({ length: count }, (_, n) => {
      const conversationID = count === 1 ? withBob : `C2Cp${n}`;
      const last = all.filter((one) => one.conversationID === conversationID).at(-1);
      const lastMessage = {
        lastTime: last?.time ?? now() - 100_000 - n,
        fromAccount: last?.from ?? `p${n}`,
        lastSequence: last?.sequence ?? 0,
      };
      return { conversationID, unreadCount: 0, lastMessage, userProfile: { nick: `P${n}` } };
    });
  const calls = pages.open(1, ({ method, argument }) => {
    const of = argument as { conversationID?: string } | undefined;
    if (method === 'getConversationList') {
      return { ok: { data: { conversationList: listed(), isSyncCompleted: true } } };
    }
    if (method === 'getMessageListHopping') {
      const messageList = all.filter((one) => one.conversationID === of?.conversationID);
      return { ok: { data: { messageList, isCompleted: true } } };
    }
    return method === 'revokeMessage' ? { ok: true } : undefined;
  });
  const catchUps = (): number =>
    calls.filter(({ method }) => method === 'getConversationList').length;
  const revoked = (): unknown[] =>
    calls
      .filter(({ method }) => method === 'revokeMessage')
      .map(({ argument }) => (argument as Raw).ID);
  return { calls, listed, catchUps, revoked };
}

async function begin(): Promise<Life> {
  const life = await wake(world);
  const session = { isFound: true, app, user: 'alice', isReady: true };
  await life.answers.pageSession({ seat, session, isVisible: true }, at);
  await settle();
  await pass(20_000);
  return life;
}

it('that the page’s SDK lost its connection is heard, whatever it told before', async () => {
  openPage([]);
  const life = await begin();
  const state = (): string | undefined => life.keepers.of(alice)?.link.state.name;
  expect(state()).toBe('connected');
  const noise = Array.from({ length: 500 }, () => ({ name: 'onMessageReceived', data: [] }));
  const lost = { name: 'netStateChange', data: { state: 'disconnected' } };
  await life.answers.pageEvents({ seat, events: [...noise, lost] }, at);
  expect(state()).toBe('reconnecting');
});

it('a page that says so again and again has one of them heard at a time', () => {
  const taken: string[] = [];
  const weir = new Weir({ take: (name) => taken.push(name), miss: () => undefined });
  const events = Array.from({ length: 500 }, () => ({ name: 'netStateChange', data: {} }));
  weir.pass(events);
  expect(taken.length).toBeLessThan(130);
  taken.length = 0;
  weir.pass(events);
  expect(taken).toHaveLength(1);
});

describe('what a page tells faster than it is taken', () => {
  it('is found by catching up: no words stay of what was recalled', async () => {
    const all = Array.from({ length: 400 }, (_, n) => raw(n + 1, withBob, 'bob', now() - 60));
    openPage(all);
    const life = await begin();
    const messages = all.map(({ ID, sequence, time }) =>
      message(ID, { author: 'bob', sequence, random: 1, time }),
    );
    await life.keepers.memory.learn({ account: alice, messages });
    const shown = async (): Promise<number> => {
      const kept = await life.keepers.memory.use((history) => history.page(alice, withBob, 1_000));
      return kept.filter(({ body }) => body !== undefined).length;
    };
    expect(await shown()).toBe(400);
    // As Unsay's own sweep asks for them, elsewhere.
    for (const one of all) {
      vi.advanceTimersByTime(50);
      one.isRevoked = true;
      one.revoker = 'bob';
      const { ID, conversationID, sequence, time, revoker } = one;
      const data = [{ ID, conversationID, sequence, time, revoker }];
      await tellEvents(life, 'onMessageRevoked', data);
    }
    await settle();
    expect(await shown()).toBeGreaterThan(0);
    await pass(15_000);
    expect(await shown()).toBe(0);
  });

  it('is found also of messages older than what is caught up with, by a few marks of each', async () => {
    // What is read back ends after them.
    openPage([raw(1_000, withBob, 'bob', now() - 60)]);
    const life = await begin();
    const old = Array.from({ length: 400 }, (_, n) => raw(n + 1, withBob, 'bob', now() - 400_000));
    const messages = old.map(({ ID, sequence, time }) =>
      message(ID, { author: 'bob', sequence, random: 1, time }),
    );
    await life.keepers.memory.learn({ account: alice, messages });
    const kept = () => life.keepers.memory.use((history) => history.page(alice, withBob, 1_000));
    const shown = async (): Promise<number> =>
      (await kept()).filter(({ id, body }) => body !== undefined && id !== `1-${now()}-1000`)
        .length;
    const before = await shown();
    for (const { ID, conversationID, sequence, time } of old) {
      vi.advanceTimersByTime(10);
      const names = { revokerInfo: { nick: 'Bob', reason: 'oops' }, payload: { text: 'words' } };
      const data = [{ ID, conversationID, sequence, time, revoker: 'bob', ...names }];
      await tellEvents(life, 'onMessageRevoked', data);
    }
    await settle();
    expect(await shown()).toBeGreaterThan(before - 400);
    await pass(15_000);
    expect(await shown()).toBe(before - 400);
    expect((await kept()).at(-1)?.recall).toMatchObject({ by: 'bob' });
  });

  it('is found also when its page is left right after it', async () => {
    openPage([raw(1_000, withBob, 'bob', now() - 60)]);
    const life = await begin();
    const old = Array.from({ length: 300 }, (_, n) => raw(n + 1, withBob, 'bob', now() - 400_000));
    const messages = old.map(({ ID, sequence, time }) =>
      message(ID, { author: 'bob', sequence, random: 1, time }),
    );
    await life.keepers.memory.learn({ account: alice, messages });
    for (const { ID, conversationID, sequence } of old) {
      await tellEvents(life, 'onMessageRevoked', [{ ID, conversationID, sequence }]);
    }
    await life.answers.pageLeft({ seat }, at);
    await pass(1_000);
    const kept = await life.keepers.memory.use((history) => history.page(alice, withBob, 1_000));
    expect(kept.filter(({ id, body }) => body && old.some(({ ID }) => ID === id))).toEqual([]);
  });

  it('is caught up with also where the page’s own script had to leave something out', async () => {
    const { catchUps } = openPage([raw(1, withBob, 'bob', now() - 60)]);
    const life = await begin();
    const before = catchUps();
    await tellEvents(life, 'missed', 0);
    await pass(15_000);
    expect(catchUps() - before).toBe(1);
  });

  it('is caught up with once in a while, however much it is', async () => {
    const { catchUps } = openPage([raw(1, withBob, 'bob', now() - 60)]);
    const life = await begin();
    const before = catchUps();
    for (let n = 0; n < 60; n += 1) {
      const events = Array.from({ length: 100 }, () => ({ name: 'onMessageReceived', data: [] }));
      await life.answers.pageEvents({ seat, events }, at);
      await pass(1_000);
    }
    expect(catchUps() - before).toBe(1);
    await pass(120_000);
    expect(catchUps() - before).toBe(2);
    await pass(300_000);
    expect(catchUps() - before).toBe(2);
  });

  it('is asked for before my last message is recalled', async () => {
    const all = [raw(1, withBob, 'alice', now() - 60)];
    const { listed, revoked } = openPage(all);
    const life = await begin();
    const { LastMessage } = await import('../../../src/background/last.ts');
    const last = new LastMessage(life.keepers);
    // Which is what it reads for the first time, and goes by from then on.
    const first = last.recall();
    await pass(5_000);
    await first;
    const noise = Array.from({ length: 500 }, () => ({ name: 'netStateChange', data: {} }));
    await life.answers.pageEvents({ seat, events: noise }, at);
    const mine = raw(2, withBob, 'alice', now());
    all.push(raw(3, withBob, 'alice', now() - 30), mine);
    await tellEvents(life, 'onConversationListUpdated', listed());
    const second = last.recall();
    await pass(5_000);
    expect((await second).sent?.id).toBe(mine.ID);
    expect(revoked()).toEqual([all[0]?.ID, mine.ID]);
  });
});

it('a list of a thousand conversations that is told with every message is taken each time', async () => {
  const all = [raw(1, 'C2Cp0', 'alice', now() - 50)];
  const { listed, catchUps } = openPage(all, 1_000);
  const life = await begin();
  const before = catchUps();
  for (let n = 0; n < 20; n += 1) {
    all.push(raw(2 + n, 'C2Cp1', 'p1', now()));
    await tellEvents(life, 'onConversationListUpdated', listed());
  }
  all.push(raw(99, 'C2Cp2', 'alice', now()));
  await tellEvents(life, 'onConversationListUpdated', listed());
  await pass(2_000);
  const found = await life.keepers.memory.use((history) => history.mine(alice, 0, 1));
  expect(found).toMatchObject([{ sequence: 99 }]);
  await pass(30_000);
  expect(catchUps()).toBe(before);
});

describe('what is remembered of refused recalls', () => {
  it('is bounded, and holds no words', () => {
    const taken: unknown[] = [];
    const refused = new RefusedRecalls((marks) => taken.push(...marks));
    const conversationID = withBob;
    for (let n = 0; n < 1_500; n += 1) {
      const said = { payload: { text: 'words' }, nick: 'Bob', revokerInfo: { reason: 'words' } };
      refused.add([{ conversationID, sequence: n, revoker: 'bob', ...said }, { sequence: n }, n]);
      refused.add('none');
    }
    refused.flush();
    expect(taken).toHaveLength(1_000);
    expect(taken[0]).toEqual({ conversationID, sequence: 0, revoker: 'bob' });
  });
});

describe('the guard', () => {
  const listOf = (length: number, more: string) =>
    Array.from({ length }, (_, n) => ({ id: n, of: n === 0 ? more : '' }));

  it('counts of a list that is told whole what is new in it', () => {
    const flood = new Flood();
    for (let n = 0; n < 100; n += 1) {
      expect(flood.admits('onConversationListUpdated', listOf(1_000, `news ${n}`))).toBe(n <= 70);
    }
  });

  it('counts all of what is told once only', () => {
    const flood = new Flood();
    const admitted = [1, 2, 3].map(() => flood.admits('onMessageReceived', listOf(1_000, '')));
    expect(admitted).toEqual([true, true, false]);
  });

  it('knows nothing of a list that it refused', () => {
    const flood = new Flood();
    flood.admits('onGroupListUpdated', listOf(2_000, ''));
    const others = listOf(1_000, '').map((one) => ({ ...one, of: 'others' }));
    expect(flood.admits('onGroupListUpdated', others)).toBe(false);
    vi.advanceTimersByTime(1_000);
    expect(flood.admits('onGroupListUpdated', others)).toBe(false);
  });
});
