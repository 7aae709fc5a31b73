import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LinkError, type ChatLink, type RecallTarget, type Stretch } from '../../src/chat/link.ts';
import type { Edge, Message } from '../../src/message/message.ts';
import { startPeer, type Peer } from '../chat-server/peer.ts';
import type { ChatServer } from '../chat-server/server.ts';
import type { MessageElement } from '../chat-server/model.ts';
import type { StoredMessage } from '../chat-server/stored-message.ts';
import { Ears } from './ears.ts';
import { catchUncaught } from './uncaught.ts';

/**
 * Where a link is proved: a server that knows alice, bob, carol and the group `team` (alice owner,
 * bob admin, carol member).
 */
export interface LinkWorld {
  readonly server: ChatServer;
  /** Alice's, as this kind of link names it. */
  readonly account: string;
  /** A closed link of alice's. */
  makeLink(): ChatLink;
  /** The network between the link and the service. */
  setOnline(isOnline: boolean): void;
  end(): Promise<void>;
}

/** What `ChatLink` promises, proved for one implementation of it. */
export function proveChatLink(name: string, openWorld: () => Promise<LinkWorld>): void {
  describe(`${name}, as a chat link,`, () => {
    let world: LinkWorld;
    let server: ChatServer;
    let link: ChatLink;
    let ears: Ears;
    const peers: Peer[] = [];

    const meet = async (userId: string): Promise<Peer> => {
      const peer = await startPeer(server, userId);
      peers.push(peer);
      return peer;
    };
    const connect = async (): Promise<void> => {
      link.open();
      await link.ready(10_000);
    };

    beforeEach(async () => {
      world = await openWorld();
      server = world.server;
      link = world.makeLink();
      ears = new Ears(link);
    });

    afterEach(async () => {
      await link.close();
      for (const peer of peers.splice(0)) peer.kill();
      await world.end();
    });

    test('is closed at first, and says why nothing can be asked of it', async () => {
      expect(link.state).toEqual({ name: 'signed-out' });
      await expect(link.ready(1_000)).rejects.toBeInstanceOf(LinkError);
      await expect(link.conversations()).rejects.toBeInstanceOf(LinkError);
      await expect(link.since('C2Cbob', 0, 10)).rejects.toBeInstanceOf(LinkError);
      expect(await link.recall(targetOf('C2Cbob', nobody))).toEqual({
        ok: false,
        why: 'signed-out',
      });
      expect(link.serverTime()).toBeUndefined();
    });

    test('tells every state on the way to being connected, once', async () => {
      await connect();
      link.open();
      expect(ears.states).toEqual(['connecting', 'connected']);
      expect(link.account).toBe(world.account);
    });

    test('is silent once it is closed', async () => {
      await connect();
      await link.close();
      expect(link.state).toEqual({ name: 'signed-out' });
      const told = ears.events.length;
      server.post({ from: 'bob', to: 'C2Calice', text: 'nobody is here' });
      const bob = await meet('bob');
      await bob.sendText('C2Calice', 'nor now');
      expect(ears.events).toHaveLength(told);
    });

    test('can be opened again after it was closed', async () => {
      await connect();
      await link.close();
      await connect();
      server.post({ from: 'bob', to: 'C2Calice', text: 'welcome back' });
      await ears.message('welcome back');
    });

    test('a message one to one arrives with all that is known of it', async () => {
      await connect();
      const sent = server.post({ from: 'bob', to: 'C2Calice', text: 'hello' });
      expect(await ears.message('hello')).toEqual({
        id: sent.id,
        conversation: 'C2Cbob',
        author: 'bob',
        authorName: 'Bob',
        sequence: sent.sequence,
        random: sent.random,
        time: sent.time,
        kind: 'text',
        body: { text: 'hello' },
      });
    });

    test('a message in a group arrives', async () => {
      await connect();
      const sent = server.post({ from: 'carol', to: 'GROUPteam', text: 'hello all' });
      const { id, conversation, author, sequence } = await ears.message('hello all');
      expect({ id, conversation, author, sequence }).toEqual({
        id: sent.id,
        conversation: 'GROUPteam',
        author: 'carol',
        sequence: 1,
      });
    });

    test('a message of mine from another device arrives as mine', async () => {
      await connect();
      const other = await meet('alice');
      await other.sendText('C2Cbob', 'from my phone');
      const { author, conversation } = await ears.message('from my phone');
      expect({ author, conversation }).toEqual({ author: 'alice', conversation: 'C2Cbob' });
    });

    test('an edited message is told again under the same id', async () => {
      await connect();
      const bob = await meet('bob');
      const sent = await bob.sendText('C2Calice', 'teh first');
      await ears.message('teh first');
      (sent.payload as { text: string }).text = 'the first';
      await bob.chat.modifyMessage(sent);
      expect((await ears.message('the first')).id).toBe(sent.ID);
    });

    test('a reply says which message it quotes', async () => {
      await connect();
      const first = server.post({ from: 'bob', to: 'C2Calice', text: 'the question' });
      const reply = { messageID: first.id, messageAbstract: 'the question', messageSender: 'bob' };
      const cloudCustomData = JSON.stringify({ messageReply: reply });
      server.post({ from: 'bob', to: 'C2Calice', text: 'an answer', cloudCustomData });
      const { quote } = await ears.message('an answer');
      expect(quote).toEqual({ id: first.id });
    });

    test('messages that carry the same are told to, and others not', async () => {
      await connect();
      const image = (uuid: string, size: number): MessageElement => ({
        MsgType: 'TIMImageElem',
        MsgContent: {
          UUID: uuid,
          ImageFormat: 1,
          ImageInfoArray: [1, 2, 3].map((type) => ({
            ...{ Type: type, Size: size, Width: 30, Height: 20, URL: 'http://127.0.0.1/secret' },
          })),
        },
      });
      const file = (name: string): MessageElement => ({
        MsgType: 'TIMFileElem',
        MsgContent: {
          ...{
            UUID: name,
            FileName: name,
            FileSize: 9,
            Download_Flag: 2,
            Url: 'http://127.0.0.1/',
          },
        },
      });
      const forwarded = (random: number): MessageElement => ({
        MsgType: 'TIMRelayElem',
        MsgContent: {
          ...{
            Title: 'Chat history',
            AbstractList: ['x'],
            CompatibleText: 'old',
            LayersOverLimit: 0,
          },
          MsgList: [
            {
              ...{ From_Account: 'bob', To_Account: 'alice', MsgTimeStamp: 1, MsgClientTime: 1 },
              ...{
                MsgSeq: 1,
                MsgRandom: random,
                MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'x' } }],
              },
            },
          ],
        },
      });
      const post = async (to: 'C2Cbob' | 'GROUPteam', element: MessageElement) => {
        const { id } = server.post({ from: 'alice', to, body: [element] });
        await ears.until(id, () => ears.messages.find((one) => one.id === id));
        return ears.messages.find((one) => one.id === id)?.identity;
      };
      for (const [same, again, other] of [
        [image('one', 5_000), image('uploaded anew', 5_000), image('two', 5_001)],
        [file('a.pdf'), file('a.pdf'), file('b.pdf')],
        [forwarded(7), forwarded(7), forwarded(8)],
      ] as const) {
        const first = await post('C2Cbob', same);
        expect(first).toBeDefined();
        expect(await post('GROUPteam', again)).toBe(first);
        expect(await post('GROUPteam', other)).not.toBe(first);
      }
      expect(JSON.stringify(ears.messages)).not.toContain('127.0.0.1');
      const text = server.post({ from: 'alice', to: 'C2Cbob', text: 'words' });
      await ears.message('words');
      expect(ears.messages.find(({ id }) => id === text.id)).not.toHaveProperty('identity');
    });

    test("a peer's recall one to one is told, with who did it", async () => {
      await connect();
      const bob = await meet('bob');
      const sent = await bob.sendText('C2Calice', 'a slip');
      await ears.message('a slip');
      await bob.recall(sent);
      expect(await ears.recall(sent)).toMatchObject({
        conversation: 'C2Cbob',
        id: sent.ID,
        author: 'bob',
        random: server.message(sent.ID).random,
        time: sent.time,
        by: 'bob',
        byName: 'Bob',
      });
    });

    test("an admin's recall in a group is told, with who did it", async () => {
      await connect();
      const bob = await meet('bob');
      const [sent] = server.seed([{ from: 'carol', to: 'GROUPteam', text: 'a slip' }]);
      const [known] = await bob.history('GROUPteam');
      if (!sent || !known) throw new Error('There is no message');
      await bob.recall(known);
      expect(await ears.recall(sent)).toMatchObject({
        conversation: 'GROUPteam',
        sequence: sent.sequence,
        by: 'bob',
        byName: 'Bob',
      });
    });

    test('a recall of a message this link never saw is told with what the service says', async () => {
      const [sent] = server.seed([{ from: 'bob', to: 'C2Calice', text: 'before my time' }]);
      if (!sent) throw new Error('There is no message');
      await connect();
      server.recall(sent, { reason: 'moderation' });
      expect(await ears.recall(sent)).toMatchObject({
        conversation: 'C2Cbob',
        id: sent.id,
        sequence: sent.sequence,
        random: sent.random,
        time: sent.time,
        by: 'bob',
        reason: 'moderation',
        witness: 'event',
      });
    });

    test('what the other party has read is told, and known when the link is opened later', async () => {
      await connect();
      const bob = await meet('bob');
      const sent = server.post({ from: 'alice', to: 'C2Cbob', text: 'read me' });
      await ears.message('read me');
      // The SDK reports nothing where it counts nothing as unread.
      await bob.seen<readonly { unreadCount: number }[]>('onConversationListUpdated', (list) =>
        list.some(({ unreadCount }) => unreadCount > 0),
      );
      await bob.chat.setMessageRead({ conversationID: 'C2Calice' });
      const upTo = (): number | undefined =>
        ears.reads.flatMap((read) => ('upTo' in read ? read.upTo : [])).at(-1);
      expect(await ears.until('the reading', upTo)).toBeGreaterThanOrEqual(sent.time);
      expect(ears.reads.every(({ conversation }) => conversation === 'C2Cbob')).toBe(true);
      await link.close();
      await connect();
      const listed = (await link.conversations()).find(({ id }) => id === 'C2Cbob');
      expect(listed?.peerReadTime).toBeGreaterThanOrEqual(sent.time);
    });

    test('receipts of a message that asked for them are told, with how many', async () => {
      await connect();
      const [bob, carol] = [await meet('bob'), await meet('carol')];
      const other = await meet('alice');
      const message = other.chat.createTextMessage({
        to: 'team',
        conversationType: 'GROUP' as never,
        payload: { text: 'read me, all' },
        needReadReceipt: true,
      });
      const sent = await other.send(message);
      await ears.message('read me, all');
      for (const [n, reader] of [bob, carol].entries()) {
        const received = await reader.seen<readonly unknown[]>('onMessageReceived');
        await reader.chat.sendMessageReadReceipt(received.data as never[]);
        const read = { conversation: 'GROUPteam', id: sent.ID, by: n + 1 };
        await ears.until(`reader ${n + 1}`, () =>
          ears.reads.find((one) => JSON.stringify(one) === JSON.stringify(read)),
        );
      }
    });

    test('no recall holds a word of its message', async () => {
      await connect();
      const bob = await meet('bob');
      const sent = await bob.sendText('C2Calice', 'unspeakable');
      await ears.message('unspeakable');
      await bob.recall(sent);
      await ears.recall(sent);
      const { recalls, messages } = await link.since('C2Cbob', 0, 100);
      expect(recalls.map(({ id }) => id)).toEqual([sent.ID]);
      expect(messages).toEqual([]);
      expect(JSON.stringify([ears.recalls, recalls])).not.toContain('unspeakable');
    });

    test('what the session has in memory can be looked at without asking the service', async () => {
      await connect();
      const sent = server.post({ from: 'bob', to: 'C2Calice', text: 'seen' });
      const [old] = server.seed([{ from: 'bob', to: 'C2Calice', text: 'never seen' }]);
      await ears.message('seen');
      const asked = server.requests.length;
      const found = await link.peek([sent.id, old?.id ?? '', '1-1-1']);
      expect(found.messages.map(textOf)).toEqual(['seen']);
      expect(found.recalls).toEqual([]);
      expect(server.requests).toHaveLength(asked);
      server.recall(sent);
      await ears.recall(sent);
      const then = await link.peek([sent.id]);
      expect(then.messages).toEqual([]);
      expect(then.recalls).toMatchObject([{ id: sent.id, author: 'bob', witness: 'history' }]);
      expect(JSON.stringify(then)).not.toContain('seen');
      await link.close();
      expect(await link.peek([sent.id])).toEqual({ messages: [], recalls: [] });
    });

    describe('recalling', () => {
      test('one to one, it is done and told', async () => {
        await connect();
        const sent = server.post({ from: 'alice', to: 'C2Cbob', text: 'oops' });
        const outcome = await link.recall(targetOf('C2Cbob', sent));
        expect(outcome).toEqual({ ok: true, at: expect.any(Number) as number });
        expect(server.message(sent.id)).toMatchObject({ isRecalled: true, revoker: 'alice' });
        const mine = ears.recalls.filter(({ witness }) => witness === 'request');
        expect(mine).toEqual([
          {
            conversation: 'C2Cbob',
            id: sent.id,
            author: 'alice',
            sequence: sent.sequence,
            random: sent.random,
            time: sent.time,
            by: 'alice',
            at: expect.any(Number) as number,
            witness: 'request',
          },
        ]);
      });

      test('in a group, an owner recalls what a member wrote', async () => {
        await connect();
        const sent = server.post({ from: 'carol', to: 'GROUPteam', text: 'oops' });
        expect(await link.recall(targetOf('GROUPteam', sent))).toMatchObject({ ok: true });
        expect(server.message(sent.id)).toMatchObject({ isRecalled: true, revoker: 'alice' });
      });

      test('too late, it is refused', async () => {
        await connect();
        server.switches.recallWindowSeconds = 60;
        const [direct, grouped] = server.seed([
          { from: 'alice', to: 'C2Cbob', text: 'old', ageSeconds: 61 },
          { from: 'alice', to: 'GROUPteam', text: 'old', ageSeconds: 61 },
        ]);
        if (!direct || !grouped) throw new Error('There is no message');
        expect(await link.recall(targetOf('C2Cbob', direct))).toEqual(refused('too-late', 20016));
        expect(await link.recall(targetOf('GROUPteam', grouped))).toEqual(
          refused('too-late', 10031),
        );
        expect(ears.recalls).toEqual([]);
      });

      test('what was recalled before is refused as such', async () => {
        await connect();
        const sent = server.post({ from: 'alice', to: 'C2Cbob', text: 'oops' });
        server.recallSilently(sent);
        expect(await link.recall(targetOf('C2Cbob', sent))).toEqual(
          refused('already-recalled', 20023),
        );
      });

      test('what others wrote one to one is refused', async () => {
        await connect();
        const sent = server.post({ from: 'bob', to: 'C2Calice', text: 'his' });
        expect(await link.recall(targetOf('C2Cbob', sent))).toEqual(refused('not-found', 20022));
      });

      test('what nobody wrote is refused', async () => {
        await connect();
        expect(await link.recall(targetOf('C2Cbob', nobody))).toEqual(refused('not-found', 20022));
        expect(await link.recall(targetOf('GROUPteam', nobody))).toEqual(
          refused('not-found', 10030),
        );
      });

      test.each([
        ['openim.msgwithdraw', 'C2Cbob', 20016, 'too-late'],
        ['openim.msgwithdraw', 'C2Cbob', 20022, 'not-found'],
        ['openim.msgwithdraw', 'C2Cbob', 20023, 'already-recalled'],
        ['openim.msgwithdraw', 'C2Cbob', 60022, 'too-many'],
        ['openim.msgwithdraw', 'C2Cbob', 12345, 'unknown'],
        ['group_open_http_svc.group_msg_recall', 'GROUPteam', 10007, 'not-allowed'],
        ['group_open_http_svc.group_msg_recall', 'GROUPteam', 10010, 'group-gone'],
        ['group_open_http_svc.group_msg_recall', 'GROUPteam', 10030, 'not-found'],
        ['group_open_http_svc.group_msg_recall', 'GROUPteam', 10031, 'too-late'],
        ['group_open_http_svc.group_msg_recall', 'GROUPteam', 10032, 'kind-cannot'],
        ['group_open_http_svc.group_msg_recall', 'GROUPteam', 10033, 'group-cannot'],
        ['group_open_http_svc.group_msg_recall', 'GROUPteam', 10041, 'switched-off'],
        ['openim.msgwithdraw', 'C2Cbob', 60008, 'waiting'],
        ['openim.msgwithdraw', 'C2Cbob', 60007, 'too-many'],
        ['group_open_http_svc.group_msg_recall', 'GROUPteam', 10002, 'waiting'],
      ] as const)('refused by %s in %s with %i it is %s', async (command, to, code, why) => {
        await connect();
        server.switches.refuse.set(command, code);
        const sent = server.post({ from: 'alice', to, text: 'oops' });
        expect(await link.recall(targetOf(to, sent))).toEqual(refused(why, code));
        expect(link.state).toEqual({ name: 'connected' });
      });

      test('without a network, it waits and is not told as done', async () => {
        await connect();
        const sent = server.post({ from: 'alice', to: 'C2Cbob', text: 'oops' });
        world.setOnline(false);
        await ears.state('reconnecting');
        expect(await link.recall(targetOf('C2Cbob', sent))).toMatchObject(refused('waiting'));
        expect(server.message(sent.id).isRecalled).toBe(false);
        expect(ears.recalls).toEqual([]);
      });
    });

    describe('reading a conversation back', () => {
      const ages = Array.from({ length: 40 }, (_, index) => 400 - 10 * index);

      test.each(['C2Calice', 'GROUPteam'] as const)(
        'the newest come first, page after page, through %s',
        async (to) => {
          server.seed(
            ages.map((ageSeconds) => ({ from: 'bob', to, text: `${ageSeconds}`, ageSeconds })),
          );
          await connect();
          const stretch = await link.since(to === 'C2Calice' ? 'C2Cbob' : to, 0, 1_000);
          expect(stretch.messages.map(textOf)).toEqual(ages.toReversed().map(String));
          expect(stretch.isComplete).toBe(true);
        },
      );

      test.each(['C2Calice', 'GROUPteam'] as const)(
        'it stops at the time and at the number asked for, through %s',
        async (to) => {
          server.seed(
            ages.map((ageSeconds) => ({ from: 'bob', to, text: `${ageSeconds}`, ageSeconds })),
          );
          await connect();
          const conversation = to === 'C2Calice' ? 'C2Cbob' : to;
          const all = await link.since(conversation, 0, 1_000);
          const twentieth = all.messages[19];
          if (!twentieth) throw new Error('There is no message');

          const recent = await link.since(conversation, twentieth.time, 1_000);
          expect(recent.messages).toEqual(all.messages.slice(0, 20));
          expect(recent.isComplete).toBe(true);

          const few = await link.since(conversation, 0, 17);
          expect(few.messages).toEqual(all.messages.slice(0, 17));
          expect(few.isComplete).toBe(false);
        },
      );

      test.each(['C2Calice', 'GROUPteam'] as const)(
        'it goes on where it stopped, and leaves nothing out, through %s',
        async (to) => {
          // Three of each second: a reading stops in the middle of one.
          const seeded = server.seed(
            ages.map((_, index) => ({
              ...{ from: 'bob', to, text: `${index}`, ageSeconds: 400 - Math.floor(index / 3) },
              ...(index === 9 && { recalledBy: 'bob' }),
            })),
          );
          await connect();
          const conversation = to === 'C2Calice' ? 'C2Cbob' : to;
          const read = new Set<string>();
          let from: Edge | undefined;
          for (let isEnd = false; !isEnd;) {
            const stretch: Stretch = await link.since(conversation, 0, 11, from);
            const ids = [...stretch.messages, ...stretch.recalls].map(({ id }) => id ?? '');
            expect(ids.some((id) => !read.has(id))).toBe(true);
            if (from) expect(ids).not.toContain(seeded.at(-1)?.id);
            for (const id of ids) read.add(id);
            expect(stretch.messages.map(textOf)).not.toContain('9');
            isEnd = stretch.isComplete;
            expect(stretch.edge === undefined).toBe(isEnd);
            from = stretch.edge;
            // Somebody reads the newest in between, as the page does.
            await link.since(conversation, 0, 3);
          }
          expect([...read].sort()).toEqual(seeded.map(({ id }) => id).sort());
        },
      );

      test('recalled messages come as recalls, with who wrote and who recalled them', async () => {
        const [mine, theirs] = server.seed([
          { from: 'carol', to: 'GROUPteam', text: 'hers', recalledBy: 'carol' },
          {
            from: 'carol',
            to: 'GROUPteam',
            text: 'hers too',
            recalledBy: 'bob',
            recallReason: 'rude',
          },
        ]);
        await connect();
        const { recalls, messages, isComplete } = await link.since('GROUPteam', 0, 10);
        expect({ messages, isComplete }).toEqual({ messages: [], isComplete: true });
        expect(recalls).toEqual([
          recallOf(theirs, { by: 'bob', byName: 'Bob', reason: 'rude' }),
          recallOf(mine, { by: 'carol' }),
        ]);
      });

      test('silent recalls are seen, whatever was heard before', async () => {
        await connect();
        const direct = server.post({ from: 'bob', to: 'C2Calice', text: 'secret' });
        const grouped = server.post({ from: 'bob', to: 'GROUPteam', text: 'secret' });
        await ears.until('both', () => ears.messages.length === 2 || undefined);
        server.recallSilently(direct);
        server.recallSilently(grouped, { by: 'bob' });
        for (const [conversation, sent] of [
          ['C2Cbob', direct],
          ['GROUPteam', grouped],
        ] as const) {
          const { messages, recalls } = await link.since(conversation, 0, 10);
          expect(messages).toEqual([]);
          expect(recalls.map(({ id }) => id)).toEqual([sent.id]);
        }
      });

      test('an empty conversation is complete', async () => {
        await connect();
        expect(await link.since('C2Ccarol', 0, 10)).toEqual({
          messages: [],
          recalls: [],
          isComplete: true,
        });
      });

      test('many at once do not run into the limit of the SDK', async () => {
        server.seed(
          ages.map((ageSeconds) => ({ from: 'bob', to: 'C2Calice', text: 'x', ageSeconds })),
        );
        server.seed(
          ages.map((ageSeconds) => ({ from: 'bob', to: 'GROUPteam', text: 'x', ageSeconds })),
        );
        await connect();
        const stretches = await Promise.all(
          Array.from({ length: 6 }).flatMap(() => [
            link.since('C2Cbob', 0, 1_000),
            link.since('GROUPteam', 0, 1_000),
          ]),
        );
        for (const { messages, isComplete } of stretches) {
          expect({ count: messages.length, isComplete }).toEqual({ count: 40, isComplete: true });
        }
      });
    });

    describe('the conversations', () => {
      test('are all there, with names, unread counts and my role', async () => {
        server.seed([
          { from: 'bob', to: 'C2Calice', text: 'one' },
          { from: 'carol', to: 'GROUPteam', text: 'two' },
        ]);
        server.addGroup({
          id: 'other',
          name: 'Other',
          owner: 'bob',
          admins: ['alice'],
          members: [],
        });
        server.addGroup({ id: 'third', name: 'Third', owner: 'bob', members: ['alice'] });
        server.seed([
          { from: 'bob', to: 'GROUPother', text: 'three' },
          { from: 'bob', to: 'GROUPthird', text: 'four' },
        ]);
        await connect();
        const conversations = await link.conversations();
        expect(conversations.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([
          { id: 'C2Cbob', name: 'Bob', unread: 1, lastTime: lastTime('bob') },
          {
            id: 'GROUPother',
            name: 'Other',
            unread: 1,
            lastTime: lastTime('other'),
            role: 'admin',
          },
          { id: 'GROUPteam', name: 'Team', unread: 1, lastTime: lastTime('team'), role: 'owner' },
          {
            id: 'GROUPthird',
            name: 'Third',
            unread: 1,
            lastTime: lastTime('third'),
            role: 'member',
          },
        ]);
      });

      test('are told when they change, without a word of any message', async () => {
        await connect();
        server.post({ from: 'bob', to: 'C2Calice', text: 'unspeakable' });
        const told = await ears.until('the conversation', () =>
          ears.events.findLast(
            (event) =>
              event.kind === 'conversations' &&
              event.conversations.some(({ unread }) => unread === 1),
          ),
        );
        expect(JSON.stringify(told)).not.toContain('unspeakable');
      });

      const lastTime = (key: string): number =>
        server.messages(key === 'bob' ? ['alice', 'bob'] : key).at(-1)?.time ?? 0;
    });

    test('the server time is the server’s, not this computer’s', async () => {
      server.switches.clockOffsetSeconds = 3_600;
      await connect();
      const difference = (link.serverTime() ?? 0) - Date.now();
      expect(Math.abs(difference - 3_600_000)).toBeLessThan(1_500);
    });

    describe('when the connection is lost', () => {
      test('it says so, and is back by itself', async () => {
        await connect();
        server.dropConnections('alice');
        await ears.state('reconnecting');
        await ears.state('connected');
        server.post({ from: 'bob', to: 'C2Calice', text: 'back again' });
        await ears.message('back again');
      });

      test('it keeps trying, and a poke makes it try at once', async () => {
        await connect();
        world.setOnline(false);
        await ears.state('reconnecting');
        world.setOnline(true);
        link.poke();
        await ears.state('connected', 800);
      });

      test('it says so at once when somebody knows it first, and sends nothing', async () => {
        await connect();
        const sent = server.post({ from: 'alice', to: 'C2Cbob', text: 'too late to send' });
        world.setOnline(false);
        link.doubt();
        expect(link.state).toEqual({ name: 'reconnecting' });
        expect(await link.recall(targetOf('C2Cbob', sent))).toEqual({ ok: false, why: 'waiting' });
        world.setOnline(true);
        link.poke();
        await ears.state('connected');
        expect(server.message(sent).isRecalled).toBe(false);
        expect(await link.recall(targetOf('C2Cbob', sent))).toMatchObject({ ok: true });
      });

      test('and it is not, what was doubted is connected as soon as the service answers', async () => {
        await connect();
        link.doubt();
        expect(link.state).toEqual({ name: 'reconnecting' });
        await ears.state('connected', 800);
        server.post({ from: 'bob', to: 'C2Calice', text: 'still here' });
        await ears.message('still here');
      });

      test('it comes back without being poked', async () => {
        await connect();
        world.setOnline(false);
        await ears.state('reconnecting');
        world.setOnline(true);
        await ears.state('connected', 4_000);
      });

      test('messages and recalls made meanwhile are found', async () => {
        await connect();
        const [before] = [server.post({ from: 'bob', to: 'GROUPteam', text: 'before' })];
        await ears.message('before');
        world.setOnline(false);
        await ears.state('reconnecting');
        // The recall of a group message that newer ones follow raises no event in the SDK.
        server.recall(before, { by: 'bob' });
        server.post({ from: 'bob', to: 'GROUPteam', text: 'after' });
        const direct = server.post({ from: 'bob', to: 'C2Calice', text: 'direct' });
        server.recall(direct);
        world.setOnline(true);
        link.poke();
        await ears.state('connected');
        const grouped = await link.since('GROUPteam', 0, 10);
        expect(grouped.messages.map(textOf)).toEqual(['after']);
        expect(grouped.recalls.map(({ id }) => id)).toEqual([before.id]);
        const directly = await link.since('C2Cbob', 0, 10);
        expect(directly.recalls.map(({ id }) => id)).toEqual([direct.id]);
      });
    });

    test('a listener that fails disturbs nobody', async () => {
      const errors: unknown[] = [];
      const restore = catchUncaught(errors);
      const hush = link.hear(() => {
        throw new Error('a bug of the listener');
      });
      const later = new Ears(link);
      await connect();
      server.post({ from: 'bob', to: 'C2Calice', text: 'hello' });
      await later.message('hello');
      hush();
      await vi.waitFor(() => {
        expect(errors.length).toBeGreaterThan(2);
      });
      restore();
    });
  });
}

const nobody = { id: '1-1-1', from: 'alice', sequence: 999, random: 1, time: 1_700_000_000 };

/** What has to be known of a message to recall it. */
export function targetOf(
  conversation: RecallTarget['conversation'],
  sent: Pick<StoredMessage, 'id' | 'from' | 'sequence' | 'random' | 'time'>,
): RecallTarget {
  const { id, from, sequence, random, time } = sent;
  return { conversation, id, author: from, sequence, random, time };
}

function refused(why: string, code?: number): object {
  return { ok: false, why, ...(code !== undefined && { code }) };
}

function textOf(message: Message): string {
  return message.body.text;
}

function recallOf(sent: StoredMessage | undefined, how: object): object {
  if (!sent) throw new Error('There is no message');
  return {
    conversation: 'GROUPteam',
    id: sent.id,
    author: 'carol',
    authorName: 'Carol',
    sequence: sent.sequence,
    random: sent.random,
    time: sent.time,
    kind: 'text',
    at: expect.any(Number) as number,
    witness: 'history',
    ...how,
  };
}
