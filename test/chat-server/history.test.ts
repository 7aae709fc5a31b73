import type { Message } from '@tencentcloud/chat';
import { describe, expect, test, vi } from 'vitest';
import type { ConversationId } from './peer.ts';
import type { Seed } from './seeds.ts';
import { arrival, enter, enterAll, first, openServer, textOf } from './town.ts';

const CONVERSATIONS: [string, ConversationId, Seed['to']][] = [
  ['C2C', 'C2Calice', 'C2Cbob'],
  ['group', 'GROUPteam', 'GROUPteam'],
];

/** Fifty messages of alice, `m1` the oldest, one per ten seconds. */
function fifty(to: Seed['to']): Seed[] {
  return Array.from({ length: 50 }, (_unused, index) => ({
    from: 'alice',
    to,
    text: `m${index + 1}`,
    ageSeconds: (50 - index) * 10,
  }));
}

const expected = Array.from({ length: 50 }, (_unused, index) => `m${index + 1}`);

describe.each(CONVERSATIONS)('%s history', (_kind, conversationId, to) => {
  test('comes page by page, complete and in order', async () => {
    const server = await openServer();
    server.seed(fifty(to));
    const bob = await enter(server, 'bob');
    expect((await bob.history(conversationId)).map(textOf)).toEqual(expected);
  });

  test('is complete when many messages share a second', async () => {
    const server = await openServer();
    server.seed(fifty(to).map((seed) => ({ ...seed, ageSeconds: 60 })));
    const bob = await enter(server, 'bob');
    expect((await bob.history(conversationId)).map(textOf)).toEqual(expected);
  });

  test('can be read in both directions from a message in the middle', async () => {
    const server = await openServer();
    const seeded = server.seed(fifty(to));
    const middle = seeded[24];
    const bob = await enter(server, 'bob');
    const read = async (direction: 0 | 1): Promise<string[]> => {
      const { data } = (await bob.chat.getMessageListHopping({
        conversationID: conversationId,
        direction,
        ...(middle?.isGroup === true ? { sequence: middle.sequence } : { time: middle?.time ?? 0 }),
      })) as { data: { messageList: Message[] } };
      return data.messageList.map(textOf);
    };
    const older = await read(0);
    const newer = await read(1);
    expect(older).toEqual(expected.slice(expected.indexOf(older[0] ?? ''), 25));
    expect(older.at(-1)).toBe('m25');
    expect(newer).toEqual(expected.slice(24, 24 + newer.length));
    expect(newer.length).toBeGreaterThanOrEqual(5);
  });

  test('shows recalled messages flagged, with who recalled and why', async () => {
    const server = await openServer();
    server.seed([
      { from: 'alice', to, text: 'kept', ageSeconds: 20 },
      {
        from: 'alice',
        to,
        text: 'gone',
        ageSeconds: 10,
        recalledBy: 'alice',
        recallReason: 'spam',
      },
    ]);
    const bob = await enter(server, 'bob');
    const [kept, gone] = await bob.history(conversationId);
    expect(kept).toMatchObject({ isRevoked: false });
    expect(gone).toMatchObject({
      isRevoked: true,
      revoker: 'alice',
      revokerInfo: { userID: 'alice', nick: 'Alice A' },
      revokeReason: 'spam',
    });
  });

  test('mixes what was seeded and what was sent', async () => {
    const server = await openServer();
    server.seed([{ from: 'alice', to, text: 'old', ageSeconds: 9999 }]);
    const [alice, bob] = await enterAll(server, 'alice', 'bob');
    const sent = await alice.sendText(to, 'new');
    await arrival(bob, 'new');
    server.seed([{ from: 'alice', to: 'C2Cbob', text: 'middle', ageSeconds: 100 }]);
    // Of a group the SDK reads up to what its list of conversations says, which may hear of it later.
    const history = await vi.waitFor(async () => {
      const read = await bob.history(conversationId, { isFresh: true });
      const texts = read.map(textOf);
      expect(texts).toEqual(to === 'C2Cbob' ? ['old', 'middle', 'new'] : ['old', 'new']);
      return read;
    }, 5_000);
    expect(history.at(-1)?.ID).toBe(sent.ID);
    expect(first(history).time).toBeLessThan(server.time - 9990);
  });

  test('of an empty conversation is empty', async () => {
    const server = await openServer();
    const bob = await enter(server, 'bob');
    expect(await bob.history(conversationId)).toEqual([]);
  });
});
