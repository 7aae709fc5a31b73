import { describe, expect, test } from 'vitest';
import {
  arrival,
  conversation,
  enter,
  enterAll,
  first,
  openServer,
  revocation,
  revocationCount,
  textOf,
} from './town.ts';
import type { Peer } from './peer.ts';
import type { ChatServer } from './server.ts';

/** Takes a user's network away and waits until the server has noticed. */
async function goOffline(server: ChatServer, peer: Peer): Promise<void> {
  peer.realm.setOnline(false);
  await server.waitFor(() => server.onlineCount(peer.userId) === 0);
}

/** Gives it back and makes the SDK notice, which on its own it would only after a minute. */
async function comeBack(server: ChatServer, peer: Peer): Promise<void> {
  peer.realm.setOnline(true);
  await peer.poke();
  await server.waitFor(() => server.onlineCount(peer.userId) === 1);
}

describe('after an outage', () => {
  test('missed C2C messages arrive once and in order', async () => {
    const server = await openServer();
    const [alice, bob] = await enterAll(server, 'alice', 'bob');
    await alice.sendText('C2Cbob', 'before');
    await arrival(bob, 'before');
    await goOffline(server, bob);
    for (const text of ['one', 'two', 'three']) await alice.sendText('C2Cbob', text);
    await comeBack(server, bob);
    await arrival(bob, 'three');
    await alice.sendText('C2Cbob', 'after');
    await arrival(bob, 'after');
    const texts = bob.events
      .filter(({ name }) => name === 'onMessageReceived')
      .flatMap(({ data }) => (data as Parameters<typeof textOf>[0][]).map(textOf));
    expect(texts).toEqual(['before', 'one', 'two', 'three', 'after']);
  });

  test('a missed message of somebody new arrives too', async () => {
    const server = await openServer();
    const [alice, bob] = await enterAll(server, 'alice', 'bob');
    await goOffline(server, bob);
    await alice.sendText('C2Cbob', 'first contact');
    await comeBack(server, bob);
    await arrival(bob, 'first contact');
  });

  test('a missed C2C recall arrives', async () => {
    const server = await openServer();
    const [alice, bob] = await enterAll(server, 'alice', 'bob');
    const sent = await alice.sendText('C2Cbob', 'oops');
    await arrival(bob, 'oops');
    await goOffline(server, bob);
    await alice.recall(sent);
    await comeBack(server, bob);
    expect(await revocation(bob, sent.ID)).toMatchObject({ isRevoked: true, revoker: 'alice' });
  });

  test('a message that was sent and recalled meanwhile never shows its text as valid', async () => {
    const server = await openServer();
    const [alice, bob] = await enterAll(server, 'alice', 'bob');
    await goOffline(server, bob);
    const sent = await alice.sendText('C2Cbob', 'you never saw this');
    await alice.recall(sent);
    await comeBack(server, bob);
    await revocation(bob, sent.ID);
    const received = bob.events.filter(({ name }) => name === 'onMessageReceived');
    expect(received).toEqual([]);
  });

  test('a missed group recall arrives', async () => {
    const server = await openServer();
    const [alice, bob] = await enterAll(server, 'alice', 'bob');
    const sent = await alice.sendText('GROUPteam', 'oops');
    await arrival(bob, 'oops');
    await goOffline(server, bob);
    await alice.recall(sent);
    await comeBack(server, bob);
    expect(await revocation(bob, sent.ID)).toMatchObject({ isRevoked: true, revoker: 'alice' });
  });

  test('missed group messages arrive when the group has one in memory', async () => {
    const server = await openServer();
    const [alice, bob] = await enterAll(server, 'alice', 'bob');
    await alice.sendText('GROUPteam', 'before');
    await arrival(bob, 'before');
    await goOffline(server, bob);
    await alice.sendText('GROUPteam', 'missed');
    await comeBack(server, bob);
    await arrival(bob, 'missed');
  });

  test('a request that was not answered is sent again and carried out once', async () => {
    const server = await openServer();
    const [alice, bob] = await enterAll(server, 'alice', 'bob');
    server.switches.silent.set('openim.sendmsg', 'done');
    const sending = alice.sendText('C2Cbob', 'once');
    await server.waitFor(() => server.messages(['alice', 'bob']).length === 1);
    server.switches.silent.clear();
    server.dropConnections('alice');
    const sent = await sending;
    await arrival(bob, 'once');
    const requests = server.requests.filter(({ servcmd }) => servcmd === 'openim.sendmsg');
    expect(requests.map(({ isReplay }) => isReplay)).toEqual([false, true]);
    expect(requests[0]?.seq).toBe(requests[1]?.seq);
    expect(server.messages(['alice', 'bob']).map(({ id }) => id)).toEqual([sent.ID]);
  });

  test('a recall that was not answered is carried out once and succeeds', async () => {
    const server = await openServer();
    const [alice, bob] = await enterAll(server, 'alice', 'bob');
    const sent = await alice.sendText('GROUPteam', 'oops');
    await arrival(bob, 'oops');
    server.switches.silent.set('group_open_http_svc.group_msg_recall', 'done');
    const recalling = alice.recall(sent);
    await revocation(bob, sent.ID);
    server.switches.silent.clear();
    server.dropConnections('alice');
    expect((await recalling).isRevoked).toBe(true);
    await server.waitFor(() => server.onlineCount('alice') === 1);
    expect(revocationCount(bob, sent.ID)).toBe(1);
  });

  test('a message whose answer was lost in a restart of the server is stored once', async () => {
    const server = await openServer();
    const alice = await enter(server, 'alice');
    for (const servcmd of ['openim.sendmsg', 'group_open_http_svc.send_group_msg']) {
      server.switches.silent.set(servcmd, 'done');
    }
    const sending = [alice.sendText('C2Cbob', 'once'), alice.sendText('GROUPteam', 'once')];
    await server.waitFor(
      () => server.messages(['alice', 'bob']).length + server.messages('team').length === 2,
    );
    server.switches.silent.clear();
    await server.restart();
    await alice.poke();
    await Promise.all(sending);
    expect(server.messages(['alice', 'bob'])).toHaveLength(1);
    expect(server.messages('team')).toHaveLength(1);
  });
});

describe('a fresh login', () => {
  test('is told of C2C recalls made before, and finds group recalls in history', async () => {
    const server = await openServer();
    const alice = await enter(server, 'alice');
    const direct = await alice.sendText('C2Cbob', 'oops');
    const inGroup = await alice.sendText('GROUPteam', 'oops');
    await alice.recall(direct);
    await alice.recall(inGroup);
    const bob = await enter(server, 'bob');
    expect(await revocation(bob, direct.ID)).toMatchObject({
      conversationID: 'C2Calice',
      revoker: 'alice',
    });
    expect(first(await bob.history('C2Calice'))).toMatchObject({ isRevoked: true });
    expect(first(await bob.history('GROUPteam'))).toMatchObject({ isRevoked: true });
  });

  test('gets a long backlog in several steps', async () => {
    const server = await openServer();
    server.seed(
      Array.from({ length: 250 }, (_unused, index) => ({
        from: 'alice',
        to: 'C2Cbob' as const,
        text: `m${index}`,
        ageSeconds: 1000 - index,
      })),
    );
    const last = server.messages(['alice', 'bob']).at(-1);
    if (last === undefined) throw new Error('nothing was seeded');
    server.recall(last, { by: 'alice' });
    const bob = await enter(server, 'bob');
    await revocation(bob, last.id);
    await bob.seen<{ unreadCount: number }[]>('onConversationListUpdated', (list) =>
      list.some(({ unreadCount }) => unreadCount === 249),
    );
    const steps = server.requests.filter(({ servcmd }) => servcmd === 'openim.getmsg');
    expect(steps.length).toBeGreaterThanOrEqual(3);
  });
});

describe('lost notices', () => {
  test('do not arrive live, but with the next reconnect', async () => {
    const server = await openServer();
    const [alice, bob] = await enterAll(server, 'alice', 'bob');
    const direct = await alice.sendText('C2Cbob', 'oops');
    const inGroup = await alice.sendText('GROUPteam', 'oops too');
    await arrival(bob, 'oops too');
    server.switches.loseNotices = true;
    await alice.recall(direct);
    await alice.recall(inGroup);
    await alice.sendText('C2Cbob', 'later');
    await arrival(bob, 'later');
    expect(revocationCount(bob, direct.ID) + revocationCount(bob, inGroup.ID)).toBe(0);
    server.switches.loseNotices = false;
    server.dropConnections('bob');
    expect(await revocation(bob, direct.ID)).toMatchObject({ revoker: 'alice' });
    expect(await revocation(bob, inGroup.ID)).toMatchObject({ revoker: 'alice' });
  });

  test('leave the list and history right for a new login', async () => {
    const server = await openServer();
    const alice = await enter(server, 'alice');
    const sent = await alice.sendText('GROUPteam', 'oops');
    server.switches.loseNotices = true;
    await alice.recall(sent);
    const bob = await enter(server, 'bob');
    await bob.seen('onConversationListUpdated');
    expect(await conversation(bob, 'GROUPteam')).toMatchObject({
      lastMessage: { isRevoked: true },
      unreadCount: 0,
    });
  });
});

test('lost messages are fetched with the next reconnect', async () => {
  const server = await openServer();
  const [alice, bob] = await enterAll(server, 'alice', 'bob');
  server.switches.loseMessages = true;
  await alice.sendText('C2Cbob', 'lost');
  server.switches.loseMessages = false;
  await alice.sendText('C2Cbob', 'seen');
  await arrival(bob, 'seen');
  server.dropConnections('bob');
  await arrival(bob, 'lost');
});
