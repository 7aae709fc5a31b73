import { expect, test } from 'vitest';
import type { Peer } from './peer.ts';
import type { ChatServer } from './server.ts';
import {
  arrival,
  conversation,
  enter,
  enterAll,
  openServer,
  type ListedConversation,
} from './town.ts';

/** Resolves when the list that the SDK tells of satisfies `predicate`. */
async function listed(
  peer: Peer,
  predicate: (list: ListedConversation[]) => boolean,
): Promise<ListedConversation[]> {
  const { data } = await peer.seen<ListedConversation[]>('onConversationListUpdated', predicate);
  return data;
}

const unreadOf = (list: ListedConversation[], id: string) =>
  list.find(({ conversationID }) => conversationID === id)?.unreadCount;

function seedTown(server: ChatServer): void {
  server.seed([
    { from: 'bob', to: 'C2Calice', text: 'one', ageSeconds: 300 },
    { from: 'bob', to: 'C2Calice', text: 'two', ageSeconds: 200 },
    { from: 'carol', to: 'C2Calice', text: 'from carol', ageSeconds: 100 },
    { from: 'bob', to: 'GROUPteam', text: 'hello', ageSeconds: 50 },
    { from: 'alice', to: 'GROUPteam', text: 'mine', ageSeconds: 40 },
    { from: 'carol', to: 'GROUPteam', text: 'last', ageSeconds: 30 },
  ]);
}

test('the conversation list has last messages, names and unread counts', async () => {
  const server = await openServer();
  seedTown(server);
  const alice = await enter(server, 'alice');
  const list = await listed(alice, (all) => unreadOf(all, 'C2Cbob') === 2);
  expect(list.map(({ conversationID }) => conversationID)).toEqual([
    'GROUPteam',
    'C2Ccarol',
    'C2Cbob',
  ]);
  expect(await conversation(alice, 'GROUPteam')).toMatchObject({
    unreadCount: 2,
    lastMessage: { messageForShow: 'last', fromAccount: 'carol', isRevoked: false },
    groupProfile: { name: 'Team' },
  });
  expect(await conversation(alice, 'C2Ccarol')).toMatchObject({
    unreadCount: 1,
    lastMessage: { messageForShow: 'from carol' },
    userProfile: { nick: 'Carol C' },
  });
});

test('a message that arrives between login and the first sync counts once', async () => {
  const server = await openServer();
  server.seed([{ from: 'bob', to: 'C2Calice', text: 'long before', ageSeconds: 60 }]);
  const entering = enter(server, 'alice');
  await server.waitFor(() => server.onlineCount('alice') === 1);
  expect(server.requests.some(({ servcmd }) => servcmd === 'openim.getmsg')).toBe(false);
  server.post({ from: 'bob', to: 'C2Calice', text: 'right in between' });
  const alice = await entering;
  await listed(alice, (all) => unreadOf(all, 'C2Cbob') === 2);
  server.post({ from: 'bob', to: 'C2Calice', text: 'and another' });
  await listed(alice, (all) => unreadOf(all, 'C2Cbob') === 3);
});

test('a recalled last message is flagged in the list of a new login', async () => {
  const server = await openServer();
  const [, gone] = server.seed([
    { from: 'bob', to: 'C2Calice', text: 'stays', ageSeconds: 60 },
    { from: 'bob', to: 'C2Calice', text: 'goes', ageSeconds: 50 },
    { from: 'bob', to: 'GROUPteam', text: 'goes too', ageSeconds: 40, recalledBy: 'alice' },
  ]);
  if (gone === undefined) throw new Error('nothing was seeded');
  server.recall(gone, { by: 'bob' });
  const alice = await enter(server, 'alice');
  await listed(alice, (all) => unreadOf(all, 'C2Cbob') === 1);
  expect(await conversation(alice, 'C2Cbob')).toMatchObject({
    unreadCount: 1,
    lastMessage: { isRevoked: true },
  });
  expect(await conversation(alice, 'GROUPteam')).toMatchObject({
    unreadCount: 0,
    lastMessage: { isRevoked: true },
  });
});

test('a long list comes page by page', async () => {
  const server = await openServer();
  for (let number = 0; number < 130; number++) {
    const id = `user${number}`;
    server.addUser({ id });
    server.seed([{ from: id, to: 'C2Calice', text: 'hi', ageSeconds: 1000 + number }]);
  }
  const alice = await enter(server, 'alice');
  const list = await listed(alice, (all) => all.length >= 131);
  const pages = server.requests.filter(({ servcmd }) => servcmd === 'recentcontact.page_get');
  expect(new Set(list.map(({ conversationID }) => conversationID)).size).toBe(131);
  expect(pages.length).toBeGreaterThanOrEqual(2);
});

test('reading a C2C conversation is told to the peer and to my other instance', async () => {
  const server = await openServer({ maxWebInstances: 2 });
  const [alice, here, there] = await enterAll(server, 'alice', 'bob', 'bob');
  const sent = await alice.sendText('C2Cbob', 'read me');
  await arrival(here, 'read me');
  await arrival(there, 'read me');
  await here.chat.setMessageRead({ conversationID: 'C2Calice' });
  await alice.seen<{ ID: string }[]>('onMessageReadByPeer', (list) =>
    list.some(({ ID }) => ID === sent.ID),
  );
  await there.seen<ListedConversation[]>(
    'onConversationListUpdated',
    (all) => unreadOf(all, 'C2Calice') === 0,
  );
  const later = await enter(server, 'alice');
  await listed(later, (all) => all.some(({ conversationID }) => conversationID === 'C2Cbob'));
  expect((await conversation(later, 'C2Cbob')).peerReadTime).toBe(sent.time);
});

test('reading a group is told to my other instance and kept for the next login', async () => {
  const server = await openServer({ maxWebInstances: 2 });
  const [alice, here, there] = await enterAll(server, 'alice', 'bob', 'bob');
  await alice.sendText('GROUPteam', 'read me');
  await arrival(here, 'read me');
  await arrival(there, 'read me');
  const cleared = there.next<ListedConversation[]>(
    'onConversationListUpdated',
    (all) => unreadOf(all, 'GROUPteam') === 0,
  );
  await here.chat.setMessageRead({ conversationID: 'GROUPteam' });
  await cleared;
  const later = await enter(server, 'bob');
  await listed(later, (all) => unreadOf(all, 'GROUPteam') === 0);
});

test('everything can be read at once', async () => {
  const server = await openServer();
  seedTown(server);
  const alice = await enter(server, 'alice');
  await listed(alice, (all) => unreadOf(all, 'C2Cbob') === 2);
  await alice.chat.setAllMessageRead({ scope: 'readAllMessage' as never });
  const later = await enter(server, 'alice');
  const list = await listed(later, (all) => all.length === 3);
  expect(list.map(({ unreadCount }) => unreadCount)).toEqual([0, 0, 0]);
});

test('a conversation can be pinned, muted and removed', async () => {
  const server = await openServer({ maxWebInstances: 2 });
  seedTown(server);
  const alice = await enter(server, 'alice');
  await listed(alice, (all) => all.length === 3);
  await alice.chat.pinConversation({ conversationID: 'C2Cbob', isPinned: true });
  await alice.chat.setMessageRemindType({
    userIDList: ['bob'],
    messageRemindType: 'AcceptNotNotify' as never,
  });
  await alice.chat.deleteConversation('C2Ccarol');
  const later = await enter(server, 'alice');
  const list = await listed(later, (all) => all.length === 2);
  expect(list[0]).toMatchObject({ conversationID: 'C2Cbob', isPinned: true });
  server.post({ from: 'carol', to: 'C2Calice', text: 'here I am again' });
  await listed(later, (all) => all.length === 3);
  expect((await later.history('C2Ccarol')).length).toBe(1);
});

test('groups and their members are listed with their roles', async () => {
  const server = await openServer();
  const [alice] = await enterAll(server, 'alice', 'bob');
  const { data: groups } = (await alice.chat.getGroupList()) as {
    data: { groupList: unknown[] };
  };
  expect(groups.groupList).toMatchObject([
    { groupID: 'team', name: 'Team', type: 'Public', ownerID: 'alice', memberCount: 3 },
  ]);
  const { data } = (await alice.chat.getGroupMemberList({ groupID: 'team' })) as {
    data: { memberList: unknown[] };
  };
  expect(data.memberList).toMatchObject([
    { userID: 'alice', role: 'Owner', nick: 'Alice A' },
    { userID: 'bob', role: 'Admin', nick: 'Bob B' },
    { userID: 'carol', role: 'Member', nick: 'Carol C' },
  ]);
  const profile = (await alice.chat.getGroupMemberProfile({
    groupID: 'team',
    userIDList: ['carol'],
  })) as { data: { memberList: unknown[] } };
  expect(profile.data.memberList).toMatchObject([{ userID: 'carol', role: 'Member' }]);
  const online = (await alice.chat.getGroupOnlineMemberCount('team')) as {
    data: { memberCount: number };
  };
  expect(online.data.memberCount).toBe(2);
});

test('a group made after login is found when somebody writes in it', async () => {
  const server = await openServer();
  const [alice, bob] = await enterAll(server, 'alice', 'bob');
  server.addGroup({ id: 'new', name: 'New', owner: 'alice', members: ['bob'] });
  await alice.sendText('GROUPnew', 'first words');
  await arrival(bob, 'first words');
  expect(await conversation(bob, 'GROUPnew')).toMatchObject({ unreadCount: 1 });
});

test('profiles can be read and changed, and unknown users have none', async () => {
  const server = await openServer();
  const [alice, bob] = await enterAll(server, 'alice', 'bob');
  await bob.chat.updateMyProfile({ nick: 'Bobby', selfSignature: 'hi' });
  const { data } = (await alice.chat.getUserProfile({ userIDList: ['bob', 'nobody'] })) as {
    data: unknown[];
  };
  expect(data).toMatchObject([{ userID: 'bob', nick: 'Bobby', selfSignature: 'hi' }]);
});
