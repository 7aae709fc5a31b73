import { until } from '../browsers/until.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { makePageLink, type PageLink } from '../../src/chat/tencent/page-link.ts';
import { pageAccountId } from '../../src/message/message.ts';
import { compareSent } from '../../src/message/sent-order.ts';
import { startPeer, type Peer } from '../chat-server/peer.ts';
import type { ChatServer } from '../chat-server/server.ts';
import { Ears } from './ears.ts';
import { proveChatLink, targetOf } from './link.contract.ts';
import { seatPage, type SeatedPage } from './page-seat.ts';
import { openTown, type Town } from './town.ts';
import { forgiveSdk } from './uncaught.ts';

let restore: () => void;
beforeAll(() => {
  restore = forgiveSdk();
});
afterAll(() => {
  restore();
});

/** Alice's page: the real SDK, as a page has it, by way of the town's network. */
async function openPage(town: Town, options: { logsIn?: boolean } = {}): Promise<Peer> {
  const { server, relay } = town;
  const reached = {
    url: relay.url,
    sdkAppId: server.sdkAppId,
    userSig: (userId: string) => server.userSig(userId),
  };
  return startPeer(reached, 'alice', options);
}

function accountIn(server: ChatServer): string {
  return pageAccountId('https://chat.example', server.sdkAppId, 'alice');
}

function sit(link: PageLink, page: Peer, server: ChatServer): SeatedPage {
  const seated = seatPage(link, 'alice', () => ({
    chat: page.chat,
    sdkAppId: server.sdkAppId,
    userId: String(page.chat.getLoginUser()) || undefined,
    signature: () => undefined,
  }));
  seated.rider.look();
  link.sit(seated.seat);
  return seated;
}

proveChatLink('the page link', async () => {
  // Two, for the tests in which Alice has another device; the page itself is one.
  const town = await openTown({ maxWebInstances: 2 });
  const page = await openPage(town, { logsIn: false });
  return {
    server: town.server,
    account: accountIn(town.server),
    makeLink() {
      const link = makePageLink(accountIn(town.server));
      const { rider, seat } = sit(link, page, town.server);
      // The page signs in when the link is wanted, as its visitor would come just then.
      const open = link.open.bind(link);
      link.open = () => {
        open();
        if (page.chat.isReady()) return;
        void page.logIn().then(() => {
          rider.look();
          link.sit(seat);
        });
      };
      return link;
    },
    setOnline(isOnline) {
      town.relay.setOnline(isOnline);
    },
    async end() {
      page.kill();
      await town.end();
    },
  };
});

describe('the page link', () => {
  let town: Town;
  let server: ChatServer;
  let page: Peer;
  let link: PageLink;
  let ears: Ears;

  beforeEach(async () => {
    town = await openTown({ maxWebInstances: 1 });
    server = town.server;
    page = await openPage(town);
    link = makePageLink(accountIn(server));
    ears = new Ears(link);
  });
  afterEach(async () => {
    await link.close();
    page.kill();
    await town.end();
  });

  const connect = async (): Promise<SeatedPage> => {
    const seated = sit(link, page, server);
    link.open();
    await link.ready(5_000);
    return seated;
  };

  test('signs nobody in: with one sign-in allowed the page stays', async () => {
    await connect();
    await page.sendText('C2Cbob', 'from the page');
    await link.close();
    link.open();
    await link.ready(5_000);
    expect(server.onlineCount('alice')).toBe(1);
    expect(page.events.filter(({ name }) => name === 'kickedOut')).toEqual([]);
  });

  test('hears what the page itself sends', async () => {
    await connect();
    const sent = await page.sendText('C2Cbob', 'from the page');
    expect(await ears.message('from the page')).toMatchObject({
      id: sent.ID,
      author: 'alice',
      conversation: 'C2Cbob',
    });
    const grouped = await page.sendText('GROUPteam', 'to all');
    expect((await ears.message('to all')).id).toBe(grouped.ID);
  });

  test('tells what was sent last of what the page sends within a second, to whomever', async () => {
    await connect();
    for (const to of ['C2Cbob', 'GROUPteam', 'C2Ccarol'] as const) {
      await page.sendText(to, `to ${to}`);
    }
    const [first, second, third] = await Promise.all(
      (['C2Cbob', 'GROUPteam', 'C2Ccarol'] as const).map(async (conversation) => {
        const { messages } = await link.since(conversation, 0, 15);
        const found = messages.find(({ body }) => body.text === `to ${conversation}`);
        if (!found) throw new Error('It was not read.');
        // As if all had been taken in one second.
        return { ...found, time: 1_790_000_000, id: '1-1790000000-1' };
      }),
    );
    if (!first || !second || !third) throw new Error('They were not read.');
    expect(compareSent(second, first)).toBeGreaterThan(0);
    expect(compareSent(third, second)).toBeGreaterThan(0);
    expect(compareSent(first, third)).toBeLessThan(0);
  });

  test('recalls what the page sent, by the page’s own object, and the page knows', async () => {
    await connect();
    const sent = await page.sendText('C2Cbob', 'oops');
    await ears.message('oops');
    const stored = server.message(sent.ID);
    expect(await link.recall(targetOf('C2Cbob', stored))).toMatchObject({ ok: true });
    expect(server.message(sent.ID)).toMatchObject({ isRecalled: true, revoker: 'alice' });
    expect(page.chat.findMessage(sent.ID)?.isRevoked).toBe(true);
  });

  test('recalls nothing where the page holds another message under the id', async () => {
    await connect();
    const named = await page.sendText('C2Cbob', 'take this back');
    const other = await page.sendText('C2Cbob', 'keep this');
    const stored = server.message(other.ID);
    // The page says that the message with the id of the one is the other.
    const lie = { ...targetOf('C2Cbob', stored), id: named.ID };
    expect(await link.recall(lie)).toMatchObject({ ok: false, why: 'not-found' });
    expect(server.message(named.ID).isRecalled).toBe(false);
    expect(server.message(other.ID).isRecalled).toBe(false);
  });

  test('without a page says so, and goes on when there is one', async () => {
    link.open();
    expect(link.state).toEqual({ name: 'page-closed' });
    expect(await link.recall(targetOf('C2Cbob', nobody))).toEqual({ ok: false, why: 'waiting' });
    sit(link, page, server);
    await link.ready(5_000);
    link.sit(undefined);
    expect(link.state).toEqual({ name: 'page-closed' });
    expect(ears.states).toEqual(['page-closed', 'connecting', 'connected', 'page-closed']);
  });

  test('waits for a page that is not ready yet', async () => {
    page.kill();
    page = await startPeer(server, 'alice', { logsIn: false });
    const seated = sit(link, page, server);
    link.open();
    await ears.state('connecting');
    await page.logIn();
    seated.rider.look();
    expect(seated.sessions.at(-1)).toMatchObject({ user: 'alice', isReady: true });
    link.sit(seated.seat);
    await ears.state('connected');
  });

  test('is told at once that the page signs out and in, by the SDK', async () => {
    const { sessions } = await connect();
    await page.logout();
    await until('nobody to be signed in', () =>
      Promise.resolve(sessions.at(-1)?.user === undefined),
    );
    await page.logIn();
    await until('alice to be back', () => Promise.resolve(sessions.at(-1)?.isReady === true));
    expect(sessions.at(-1)?.user).toBe('alice');
  });

  test('asks nothing of a page that is signed in as somebody else by now', async () => {
    const seated = await connect();
    await page.logout();
    const sent = server.post({ from: 'alice', to: 'C2Cbob', text: 'hers' });
    const outcome = await link.recall(targetOf('C2Cbob', sent));
    expect(outcome).toEqual({ ok: false, why: 'signed-out', code: 2024 });
    expect(seated.sessions.at(-1)?.isReady).toBe(false);
    expect(seated.sessions.at(-1)?.user).toBeUndefined();
    expect(server.message(sent.id).isRecalled).toBe(false);
  });

  test('what leaves the page holds no word of a recalled message, and no credential', async () => {
    const { crossed } = await connect();
    const sent = server.post({ from: 'bob', to: 'C2Calice', text: 'a slip' });
    await ears.message('a slip');
    const before = crossed.length;
    server.recall(sent);
    await ears.recall(sent);
    await link.since('C2Cbob', 0, 100);
    const text = crossed.slice(before).join('\n');
    expect(text).toContain(sent.id);
    expect(text).not.toContain('a slip');
    expect(crossed.join('\n')).not.toContain(server.userSig('alice').slice(0, 40));
  });

  test('does not vouch for its time once this computer’s clock was set', async () => {
    await connect();
    expect(link.isTimeSure).toBe(true);
    const now = Date.now.bind(Date);
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() - 3_600_000);
    try {
      expect(link.isTimeSure).toBe(false);
      // It begins anew; what the page then says is by the clock that was set.
      link.poke();
      expect(link.state.name).toBe('reconnecting');
      await link.ready(5_000);
      expect(link.isTimeSure).toBe(false);
    } finally {
      clock.mockRestore();
    }
  });

  test('leaves the page’s SDK with as many ears as it had', async () => {
    const seated = await connect();
    await link.close();
    seated.rider.leave();
    const before = seated.crossed.length;
    server.post({ from: 'bob', to: 'C2Calice', text: 'nobody listens' });
    await page.seen('onMessageReceived');
    expect(seated.crossed).toHaveLength(before);
  });

  test('takes nothing from a page that is malformed, and counts it', async () => {
    await connect();
    const told = ears.events.length;
    link.take('onMessageReceived', [null, 7, { ID: 'x' }, { ...malformedMessage, sequence: -1 }]);
    link.take('onMessageRevoked', 'no list');
    link.take('onConversationListUpdated', [{ conversationID: 'elsewhere' }]);
    link.take('__proto__', [malformedMessage]);
    link.take('netStateChange', { state: 7 });
    expect(ears.events).toHaveLength(told);
    expect(link.malformed).toBeGreaterThan(0);
    expect(link.state).toEqual({ name: 'connected' });
  });
});

const nobody = { id: '1-1-1', from: 'alice', sequence: 999, random: 1, time: 1_700_000_000 };

const malformedMessage = {
  ID: '1-2-3',
  conversationID: 'C2Cbob',
  from: 'bob',
  sequence: 1,
  random: 3,
  time: 1_700_000_000,
  type: 'TIMTextElem',
  payload: { text: 'hi' },
};
