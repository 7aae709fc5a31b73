import type { Message } from '@tencentcloud/chat';
import { onTestFinished } from 'vitest';
import { startPeer, type Peer, type PeerOptions } from './peer.ts';
import { startChatServer, type ChatServer, type ChatServerOptions } from './server.ts';

/** What the tests of the chat server start from: three users and a group. */

type Cleanup = (task: () => Promise<void> | void) => void;

/** A server with alice, bob, carol and their group team (owner alice, admin bob). */
export async function openServer(
  options: ChatServerOptions = {},
  cleanup: Cleanup = onTestFinished,
): Promise<ChatServer> {
  const server = await startChatServer(options);
  cleanup(() => server.stop());
  if (server.hasUser('alice')) return server;
  server.addUser({ id: 'alice', nick: 'Alice A', avatar: 'http://127.0.0.1/alice.png' });
  server.addUser({ id: 'bob', nick: 'Bob B' });
  server.addUser({ id: 'carol', nick: 'Carol C' });
  server.addGroup({
    id: 'team',
    name: 'Team',
    owner: 'alice',
    admins: ['bob'],
    members: ['alice', 'bob', 'carol'],
  });
  return server;
}

/** A peer that is gone when the test is over. */
export async function enter(
  server: ChatServer,
  userId: string,
  options: PeerOptions = {},
  cleanup: Cleanup = onTestFinished,
): Promise<Peer> {
  const peer = await startPeer(server, userId, options);
  cleanup(() => {
    peer.kill();
  });
  return peer;
}

/** Enters several users at once. */
export async function enterAll<Ids extends string[]>(
  server: ChatServer,
  ...userIds: Ids
): Promise<{ [Index in keyof Ids]: Peer }> {
  const peers = await Promise.all(userIds.map((userId) => enter(server, userId)));
  return peers as { [Index in keyof Ids]: Peer };
}

/** The first item, which must be there. */
export function first<T>(list: readonly T[]): T {
  const [item] = list;
  if (item === undefined) throw new Error('Expected at least one item');
  return item;
}

/** Resolves with the message of this text when it arrives. */
export async function arrival(peer: Peer, text: string): Promise<Message> {
  const isIt = (message: Message) => textOf(message) === text;
  const { data } = await peer.seen<Message[]>('onMessageReceived', (list) => list.some(isIt));
  return first(data.filter(isIt));
}

/** What MESSAGE_REVOKED tells; fields are missing when the message is not in memory. */
export interface RevokedMessage {
  ID?: string;
  conversationID: string;
  sequence: number;
  isRevoked?: boolean;
  revoker: string;
  revokeReason?: string;
  revokerInfo: { userID: string; nick: string };
}

/** Resolves with what MESSAGE_REVOKED says of the message with this ID, past or future. */
export async function revocation(
  peer: Peer,
  id: string,
  timeoutMs = 30_000,
): Promise<RevokedMessage> {
  const isIt = (message: RevokedMessage) => message.ID === id;
  const { data } = await peer.seen<RevokedMessage[]>(
    'onMessageRevoked',
    (list) => list.some(isIt),
    timeoutMs,
  );
  return first(data.filter(isIt));
}

/** How many MESSAGE_REVOKED events named the message with this ID. */
export function revocationCount(peer: Peer, id: string): number {
  return peer.events.filter(
    ({ name, data }) =>
      name === 'onMessageRevoked' && (data as RevokedMessage[]).some(({ ID }) => ID === id),
  ).length;
}

export function textOf(message: Message): string {
  const { text } = message.payload as { text?: string };
  return text ?? '';
}

/** The code an SDK call was rejected with. */
export async function codeOf(call: Promise<unknown>): Promise<number | undefined> {
  try {
    await call;
  } catch (error) {
    return (error as { code?: number }).code;
  }
  throw new Error('The call was expected to fail');
}

/** What the tests look at of a conversation. */
export interface ListedConversation {
  conversationID: string;
  unreadCount: number;
  lastMessage: { isRevoked: boolean; revoker: string | null; messageForShow: string };
  peerReadTime: number;
}

/** A conversation of the list as the SDK holds it now. */
export async function conversation(peer: Peer, id: string): Promise<ListedConversation> {
  const { data } = (await peer.chat.getConversationList()) as {
    data: { conversationList: ListedConversation[] };
  };
  return first(data.conversationList.filter(({ conversationID }) => conversationID === id));
}
