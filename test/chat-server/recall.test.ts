import { describe, expect, test } from 'vitest';
import {
  arrival,
  codeOf,
  conversation,
  enter,
  enterAll,
  first,
  openServer,
  revocation,
  revocationCount,
} from './town.ts';

describe('a C2C recall', () => {
  test('reaches the peer, who sees the message flagged', async () => {
    const server = await openServer();
    const [alice, bob] = await enterAll(server, 'alice', 'bob');
    const sent = await alice.sendText('C2Cbob', 'oops');
    const received = await arrival(bob, 'oops');
    const answer = await alice.recall(sent);
    expect(answer.isRevoked).toBe(true);
    const notice = await revocation(bob, sent.ID);
    expect(notice).toBe(received);
    expect(notice).toMatchObject({
      isRevoked: true,
      revoker: 'alice',
      revokerInfo: { userID: 'alice', nick: 'Alice A' },
    });
    expect(server.message(sent)).toMatchObject({ isRecalled: true, revoker: 'alice' });
    expect((await conversation(bob, 'C2Calice')).lastMessage.isRevoked).toBe(true);
    expect((await conversation(bob, 'C2Calice')).unreadCount).toBe(0);
  });

  test("reaches the sender's other instance", async () => {
    const server = await openServer({ maxWebInstances: 2 });
    const [here, there] = await enterAll(server, 'alice', 'alice');
    const sent = await here.sendText('C2Cbob', 'oops');
    const copy = await arrival(there, 'oops');
    expect(copy).toMatchObject({ ID: sent.ID, flow: 'out', from: 'alice', to: 'bob' });
    await here.recall(sent);
    expect(await revocation(there, sent.ID)).toMatchObject({ isRevoked: true, revoker: 'alice' });
  });

  test("comes back to the recaller's own connection, once", async () => {
    const server = await openServer();
    const alice = await enter(server, 'alice');
    const sent = await alice.sendText('C2Cbob', 'oops');
    await alice.recall(sent);
    expect(await revocation(alice, sent.ID)).toMatchObject({ revoker: 'alice' });
    await alice.sendText('C2Cbob', 'next');
    expect(revocationCount(alice, sent.ID)).toBe(1);
  });

  test("does not come back to the recaller's own connection when that is switched off", async () => {
    const server = await openServer({ pushRecallToCaller: false, maxWebInstances: 2 });
    const [here, there] = await enterAll(server, 'alice', 'alice');
    const sent = await here.sendText('C2Cbob', 'oops');
    await here.recall(sent);
    await revocation(there, sent.ID);
    await here.sendText('C2Cbob', 'next');
    expect(revocationCount(here, sent.ID)).toBe(0);
  });

  test('of a message the peer does not have in memory gives a bare event', async () => {
    const server = await openServer();
    const alice = await enter(server, 'alice');
    const sent = await alice.sendText('C2Cbob', 'oops');
    const bob = await enter(server, 'bob');
    await server.waitFor(() => askedFor(server, 'bob', 'openim.getmsg'));
    await alice.recall(sent);
    const notice = await revocation(bob, sent.ID);
    expect(notice).toMatchObject({
      conversationID: 'C2Calice',
      sequence: sent.sequence,
      revoker: 'alice',
    });
    expect(notice.isRevoked).toBeUndefined();
  });

  test('each of several recalls gives exactly one event', async () => {
    const server = await openServer();
    const [alice, bob] = await enterAll(server, 'alice', 'bob');
    const sent = [];
    for (const text of ['one', 'two', 'three']) sent.push(await alice.sendText('C2Cbob', text));
    await arrival(bob, 'three');
    for (const message of sent) await alice.recall(message);
    for (const { ID } of sent) await revocation(bob, ID);
    for (const { ID } of sent) expect(revocationCount(bob, ID)).toBe(1);
  });

  test('works for a plain object in place of the SDK message', async () => {
    const server = await openServer();
    const alice = await enter(server, 'alice');
    const sent = await alice.sendText('C2Cbob', 'oops');
    const { conversationType, conversationID, from, to, sequence, time } = sent;
    const { random } = server.message(sent);
    const plain = { conversationType, conversationID, from, to, sequence, random, time };
    await alice.chat.revokeMessage(plain as never);
    expect(server.message(sent).isRecalled).toBe(true);
  });

  test('is refused with 20016 after the time limit', async () => {
    const server = await openServer();
    const alice = await enter(server, 'alice');
    const sent = await alice.sendText('C2Cbob', 'old by then');
    server.switches.clockOffsetSeconds = 119;
    const fresh = await alice.sendText('C2Cbob', 'new');
    server.switches.clockOffsetSeconds = 121;
    expect(await codeOf(alice.recall(sent))).toBe(20016);
    expect(server.message(sent).isRecalled).toBe(false);
    await alice.recall(fresh);
  });

  test('obeys a time limit that is changed while the server runs', async () => {
    const server = await openServer({ recallWindowSeconds: 0 });
    const alice = await enter(server, 'alice');
    const sent = await alice.sendText('C2Cbob', 'oops');
    expect(await codeOf(alice.recall(sent))).toBe(20016);
    server.switches.recallWindowSeconds = 60;
    await alice.recall(sent);
  });

  test('of a message that does not exist is refused with 20022', async () => {
    const server = await openServer();
    const alice = await enter(server, 'alice');
    const sent = await alice.sendText('C2Cbob', 'oops');
    const unknown = { ...sent, random: server.message(sent).random + 1 };
    expect(await codeOf(alice.recall(unknown))).toBe(20022);
  });

  test('by the receiver is refused with 20022', async () => {
    const server = await openServer();
    const [alice, bob] = await enterAll(server, 'alice', 'bob');
    const sent = await alice.sendText('C2Cbob', 'mine');
    const received = await arrival(bob, 'mine');
    expect(await codeOf(bob.recall(received))).toBe(20022);
    expect(server.message(sent).isRecalled).toBe(false);
  });

  test('a second time is refused with 20023', async () => {
    const server = await openServer({ maxWebInstances: 2, pushRecallToCaller: false });
    const alice = await enter(server, 'alice');
    const sent = await alice.sendText('C2Cbob', 'oops');
    const before = { ...sent };
    await alice.recall(sent);
    expect(await codeOf(alice.recall(before))).toBe(20023);
  });
});

describe('a group recall', () => {
  test('reaches every member and the recaller', async () => {
    const server = await openServer();
    const [alice, bob, carol] = await enterAll(server, 'alice', 'bob', 'carol');
    const sent = await carol.sendText('GROUPteam', 'oops');
    const received = await arrival(alice, 'oops');
    await arrival(bob, 'oops');
    await carol.recall(sent);
    expect(await revocation(alice, sent.ID)).toBe(received);
    for (const peer of [alice, bob, carol]) {
      expect(await revocation(peer, sent.ID)).toMatchObject({
        isRevoked: true,
        revoker: 'carol',
        revokerInfo: { nick: 'Carol C' },
      });
    }
    expect(server.message(sent)).toMatchObject({ isRecalled: true, revoker: 'carol' });
  });

  test('does not reach the recaller when that is switched off', async () => {
    const server = await openServer({ pushRecallToCaller: false });
    const [alice, carol] = await enterAll(server, 'alice', 'carol');
    const sent = await carol.sendText('GROUPteam', 'oops');
    await carol.recall(sent);
    await revocation(alice, sent.ID);
    await carol.sendText('GROUPteam', 'next');
    expect(revocationCount(carol, sent.ID)).toBe(0);
  });

  test.each(['alice', 'bob'])(
    "of a member's message by %s, owner or admin, is allowed",
    async (id) => {
      const server = await openServer();
      const [moderator, carol] = await enterAll(server, id, 'carol');
      const sent = await carol.sendText('GROUPteam', 'rude');
      await moderator.recall(await arrival(moderator, 'rude'));
      expect(await revocation(carol, sent.ID)).toMatchObject({ isRevoked: true, revoker: id });
    },
  );

  test('of the message of another by a plain member is refused with 10007', async () => {
    const server = await openServer();
    const [alice, carol] = await enterAll(server, 'alice', 'carol');
    const sent = await alice.sendText('GROUPteam', 'stays');
    const received = await arrival(carol, 'stays');
    expect(await codeOf(carol.recall(received))).toBe(10007);
    expect(server.message(sent).isRecalled).toBe(false);
  });

  test('is refused with 10031 after the time limit', async () => {
    const server = await openServer();
    const carol = await enter(server, 'carol');
    const sent = await carol.sendText('GROUPteam', 'old');
    server.switches.clockOffsetSeconds = 121;
    expect(await codeOf(carol.recall(sent))).toBe(10031);
  });

  test('of a message that does not exist is refused with 10030', async () => {
    const server = await openServer();
    const carol = await enter(server, 'carol');
    const sent = await carol.sendText('GROUPteam', 'here');
    expect(await codeOf(carol.recall({ ...sent, sequence: 99 }))).toBe(10030);
  });

  test('a second time is refused with 10030', async () => {
    const server = await openServer({ pushRecallToCaller: false });
    const carol = await enter(server, 'carol');
    const sent = await carol.sendText('GROUPteam', 'oops');
    const before = { ...sent };
    await carol.recall(sent);
    expect(await codeOf(carol.recall(before))).toBe(10030);
  });

  test('of a message kind without recall is refused with 10032', async () => {
    const server = await openServer();
    const alice = await enter(server, 'alice');
    server.post({ from: 'bob', to: 'GROUPteam', text: 'carved in stone', isRecallable: false });
    expect(await codeOf(alice.recall(await arrival(alice, 'carved in stone')))).toBe(10032);
  });

  test('in a group that is not mine or not there is refused with 10007 or 10010', async () => {
    const server = await openServer();
    server.addGroup({ id: 'private', name: 'Private', owner: 'bob', members: ['carol'] });
    const alice = await enter(server, 'alice');
    const recallIn = (to: string) =>
      alice.chat.revokeMessage({
        conversationType: 'GROUP',
        conversationID: `GROUP${to}`,
        to,
        sequence: 1,
      } as never);
    server.seed([{ from: 'bob', to: 'GROUPprivate', text: 'secret' }]);
    expect(await codeOf(recallIn('private'))).toBe(10007);
    expect(await codeOf(recallIn('nowhere'))).toBe(10010);
  });
});

describe('a recall by the server', () => {
  test('has no time limit, carries a reason and is told to both sides', async () => {
    const server = await openServer();
    const [old] = server.seed([{ from: 'alice', to: 'C2Cbob', text: 'old', ageSeconds: 86_400 }]);
    const [alice, bob] = await enterAll(server, 'alice', 'bob');
    await bob.history('C2Calice');
    if (old === undefined) throw new Error('nothing was seeded');
    server.recall(old, { by: 'alice', reason: 'spam' });
    for (const peer of [alice, bob]) {
      expect(await revocation(peer, old.id)).toMatchObject({
        revoker: 'alice',
        revokeReason: 'spam',
      });
    }
  });

  test('carries its reason in groups too', async () => {
    const server = await openServer();
    const carol = await enter(server, 'carol');
    const sent = await carol.sendText('GROUPteam', 'spam');
    server.recall(sent, { by: 'alice', reason: 'house rules' });
    expect(await revocation(carol, sent.ID)).toMatchObject({
      revoker: 'alice',
      revokeReason: 'house rules',
    });
  });

  test('made silently shows in history only', async () => {
    const server = await openServer();
    const [alice, bob] = await enterAll(server, 'alice', 'bob');
    const direct = await alice.sendText('C2Cbob', 'quiet');
    const inGroup = await alice.sendText('GROUPteam', 'quiet too');
    await arrival(bob, 'quiet too');
    server.recallSilently(direct);
    server.recallSilently(inGroup, { by: 'bob' });
    const known = await bob.history('C2Calice');
    expect(known.map(({ isRevoked }) => isRevoked)).toEqual([false]);
    expect(first(await bob.history('C2Calice', { isFresh: true }))).toMatchObject({
      isRevoked: true,
      revoker: 'alice',
    });
    expect(first(await bob.history('GROUPteam', { isFresh: true }))).toMatchObject({
      isRevoked: true,
      revoker: 'bob',
    });
    server.dropConnections('bob');
    await server.waitFor(() => server.onlineCount('bob') === 1);
    await alice.sendText('C2Cbob', 'later');
    await arrival(bob, 'later');
    expect(bob.events.filter(({ name }) => name === 'onMessageRevoked')).toEqual([]);
  });
});

function askedFor(
  server: Awaited<ReturnType<typeof openServer>>,
  userId: string,
  servcmd: string,
): boolean {
  return server.requests.some((each) => each.userId === userId && each.servcmd === servcmd);
}
