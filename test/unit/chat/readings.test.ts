import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  groupsWithNewRoles,
  readConversations,
  readMessages,
  readRecalls,
  readRoles,
} from '../../../src/chat/tencent/readings.ts';
import { readReads } from '../../../src/chat/tencent/reads.ts';

/** As SDK 3.6.6 hands it out, without what nobody reads. */
const message = {
  ID: '144115-1795000000-77',
  conversationID: 'GROUPteam',
  conversationType: 'GROUP',
  from: 'bob',
  to: 'team',
  nick: 'Bob',
  nameCard: '',
  sequence: 12,
  random: 77,
  time: 1_795_000_001,
  type: 'TIMTextElem',
  payload: { text: 'hello' },
  _elements: [{ type: 'TIMTextElem', content: { text: 'hello' } }],
  cloudCustomData: '',
  isRevoked: false,
  isDeleted: false,
  revoker: '',
  revokerInfo: { userID: '', nick: '', avatar: '' },
  revokeReason: '',
};
const at = 1_795_000_100_000;

describe('messages', () => {
  test('are read with a name card before a nick', () => {
    const { messages, recalls, malformed } = readMessages(
      [message, { ...message, nameCard: 'Bobby' }],
      'event',
      at,
    );
    expect(messages.map(({ authorName }) => authorName)).toEqual(['Bob', 'Bobby']);
    expect({ recalls, malformed }).toEqual({ recalls: [], malformed: 0 });
    expect(messages[0]).toEqual({
      id: '144115-1795000000-77',
      conversation: 'GROUPteam',
      author: 'bob',
      authorName: 'Bob',
      sequence: 12,
      random: 77,
      time: 1_795_000_001,
      kind: 'text',
      body: { text: 'hello' },
    });
  });

  test('are read with whom they mention, in groups', () => {
    const users = ['carol', '__kImSDK_MesssageAtALL__', 'carol'];
    const read = (more: object): unknown =>
      readMessages([{ ...message, ...more }], 'event', at).messages[0]?.mentions;
    expect(read({ atUserList: users })).toEqual(users);
    expect(read({ atUserList: ['', 7, null, {}, 'x'.repeat(201), 'bob'] })).toEqual(['bob']);
    expect(read({ atUserList: Array(60).fill('bob') })).toHaveLength(50);
    for (const atUserList of [[], [''], 'carol', null]) {
      expect(read({ atUserList })).toBeUndefined();
    }
    expect(read({ atUserList: users, conversationID: 'C2Cbob' })).toBeUndefined();
  });

  test('that are recalled become recalls without a word, from whatever source', () => {
    const recalled = {
      ...message,
      cloudCustomData: '{"messageReply":{"messageID":"1-1-1","messageAbstract":"hello"}}',
      atUserList: ['carol'],
      isRevoked: true,
      revoker: 'alice',
      revokerInfo: { revoker: 'alice', reason: 'rude' },
    };
    for (const witness of ['event', 'history'] as const) {
      const { messages, recalls } = readMessages([recalled], witness, at);
      expect(messages).toEqual([]);
      expect(recalls).toEqual([
        {
          conversation: 'GROUPteam',
          id: '144115-1795000000-77',
          author: 'bob',
          authorName: 'Bob',
          sequence: 12,
          random: 77,
          time: 1_795_000_001,
          kind: 'text',
          by: 'alice',
          reason: 'rude',
          at,
          witness,
        },
      ]);
      expect(JSON.stringify(recalls)).not.toContain('hello');
    }
  });

  test('that I deleted, and the service’s own notices, are neither told nor counted', () => {
    const reading = readMessages(
      [
        { ...message, isDeleted: true },
        { ...message, type: 'TIMGroupTipElem', payload: { operationType: 1 }, _elements: [] },
        { ...message, conversationID: '@TIM#SYSTEM', type: 'TIMGroupSystemNoticeElem' },
        { conversationID: '@TIM#SYSTEM' },
      ],
      'event',
      at,
    );
    expect(reading).toEqual({ messages: [], recalls: [], malformed: 0 });
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'hello'],
    ['no id', { ...message, ID: undefined }],
    ['an id with a script', { ...message, ID: '<script>' }],
    ['no author', { ...message, from: null }],
    ['another kind of conversation', { ...message, conversationID: 'TOPICx' }],
    ['a sequence that is a text', { ...message, sequence: '12' }],
    ['a negative random', { ...message, random: -1 }],
    ['a time that is none', { ...message, time: Number.NaN }],
    ['a time beyond numbers', { ...message, time: 1e300 }],
  ])('made of %s are left out and counted', (_, item) => {
    expect(readMessages([item, message], 'event', at)).toMatchObject({
      messages: [{ id: message.ID }],
      malformed: 1,
    });
  });

  test('keep names short', () => {
    const { messages } = readMessages([{ ...message, nick: 'x'.repeat(1_000_000) }], 'event', at);
    expect(messages[0]?.authorName).toHaveLength(256);
  });

  test('of anything at all do not throw', () => {
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        readMessages(anything, 'event', at);
        readMessages([anything, { ...message, payload: anything }], 'event', at);
        readRecalls([anything], at);
        readConversations([anything], 'alice', new Map());
        readRoles([anything]);
        groupsWithNewRoles([anything]);
      }),
    );
  });
});

describe('recalls', () => {
  const bare = {
    conversationID: 'C2Cbob',
    sequence: 5,
    ID: '144115-1795000000-77',
    time: 1_795_000_001,
    revoker: 'bob',
    revokeReason: '',
    revokerInfo: { userID: 'bob', nick: 'Bob', avatar: '' },
  };

  test('of messages in memory know their author', () => {
    const { recalls } = readRecalls([{ ...message, isRevoked: true, revoker: 'bob' }], at);
    expect(recalls).toMatchObject([{ author: 'bob', by: 'bob', kind: 'text', witness: 'event' }]);
    expect(JSON.stringify(recalls)).not.toContain('hello');
  });

  test('of others know what the notice says', () => {
    expect(readRecalls([bare], at)).toEqual({
      recalls: [
        {
          conversation: 'C2Cbob',
          id: '144115-1795000000-77',
          sequence: 5,
          random: 77,
          time: 1_795_000_001,
          by: 'bob',
          byName: 'Bob',
          at,
          witness: 'event',
        },
      ],
      malformed: 0,
    });
  });

  test('may name no more than a sequence', () => {
    const { recalls } = readRecalls(
      [{ conversationID: 'GROUPteam', sequence: 7, revoker: undefined, revokerInfo: null }],
      at,
    );
    expect(recalls).toEqual([{ conversation: 'GROUPteam', sequence: 7, at, witness: 'event' }]);
  });

  test('that name nothing are left out and counted', () => {
    const nothing = [{ conversationID: 'GROUPteam' }, { sequence: 5 }, null];
    expect(readRecalls(nothing, at)).toEqual({ recalls: [], malformed: 3 });
    expect(readRecalls('all', at)).toEqual({ recalls: [], malformed: 0 });
  });
});

describe('what others have read', () => {
  test('is told of one to one by the newest that was read, of groups by message', () => {
    const { reads, malformed } = readReads([
      { conversationID: 'C2Cbob', time: 5 },
      { userID: 'bob', messageID: '1-2-3', isPeerRead: true, timestamp: 9 },
      { groupID: 'team', messageID: '1-2-4', readCount: 2, unreadCount: 1 },
    ]);
    expect(reads).toEqual([
      { conversation: 'C2Cbob', upTo: 5 },
      { conversation: 'C2Cbob', id: '1-2-3', by: 1 },
      { conversation: 'GROUPteam', id: '1-2-4', by: 2 },
    ]);
    expect(malformed).toBe(0);
  });

  test('is nothing where nobody has read, and nothing malformed', () => {
    const nothing = [
      { userID: 'bob', messageID: '1-2-3', isPeerRead: false },
      { groupID: 'team', messageID: '1-2-4', readCount: 0 },
      { conversationID: 'GROUPteam', time: 5 },
    ];
    expect(readReads(nothing)).toEqual({ reads: [], malformed: 0 });
    const broken = [null, { conversationID: 'elsewhere', time: 5 }, { userID: 'bob' }, 7];
    expect(readReads(broken)).toEqual({ reads: [], malformed: 4 });
    expect(readReads('all')).toEqual({ reads: [], malformed: 0 });
  });
});

describe('conversations', () => {
  test('say how far the other party has read, also by my newest message alone', () => {
    const lastMessage = { lastTime: 9, fromAccount: 'alice', isPeerRead: true };
    const { conversations } = readConversations(
      [
        { conversationID: 'C2Cbob', peerReadTime: 5, lastMessage },
        { conversationID: 'C2Ccarol', lastMessage: { ...lastMessage, fromAccount: 'carol' } },
        { conversationID: 'GROUPteam', lastMessage },
      ],
      'alice',
      new Map(),
    );
    expect(conversations.map(({ peerReadTime }) => peerReadTime)).toEqual([
      9,
      undefined,
      undefined,
    ]);
  });

  test('have a remark, nick or group name, and my role', () => {
    const { conversations, malformed } = readConversations(
      [
        {
          conversationID: 'C2Cbob',
          unreadCount: 2,
          remark: '',
          userProfile: { nick: 'Bob' },
          lastMessage: { lastTime: 5, messageForShow: 'secret', payload: { text: 'secret' } },
        },
        { conversationID: 'C2Ccarol', remark: 'Sis', userProfile: { nick: 'Carol' } },
        {
          conversationID: 'GROUPteam',
          groupProfile: { name: 'Team' },
          lastMessage: { lastTime: '' },
        },
        { conversationID: '@TIM#SYSTEM' },
        { conversationID: 5 },
      ],
      'alice',
      new Map([['team', 'admin']]),
    );
    expect(conversations).toEqual([
      { id: 'C2Cbob', name: 'Bob', unread: 2, lastTime: 5 },
      { id: 'C2Ccarol', name: 'Sis', unread: 0, lastTime: 0 },
      { id: 'GROUPteam', name: 'Team', unread: 0, lastTime: 0, role: 'admin' },
    ]);
    expect(malformed).toBe(1);
  });

  test('know only roles that exist', () => {
    const group = (groupID: string, role: string) => ({ groupID, selfInfo: { role } });
    const groups = [
      group('a', 'Owner'),
      group('b', 'Admin'),
      group('c', 'Custom'),
      group('d', 'God'),
    ];
    expect([...readRoles([...groups, { groupID: 'e' }])]).toEqual([
      ['a', 'owner'],
      ['b', 'admin'],
      ['c', 'member'],
    ]);
  });
});

test('tips and notices about admins and owners name their groups, others do not', () => {
  const tip = (operationType: number) => ({
    type: 'TIMGroupTipElem',
    to: 'team',
    payload: { operationType, groupProfile: { groupID: 'team' } },
  });
  const notice = (operationType: number) => ({
    ...tip(operationType),
    type: 'TIMGroupSystemNoticeElem',
  });
  expect([4, 5, 6].every((type) => groupsWithNewRoles([tip(type)]).has('team'))).toBe(true);
  expect([9, 10].every((type) => groupsWithNewRoles([notice(type)]).has('team'))).toBe(true);
  expect(groupsWithNewRoles([tip(1), notice(4), message, null]).size).toBe(0);
});
