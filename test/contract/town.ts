import type { Credentials } from '../../src/chat/link.ts';
import { ChatServer, startChatServer, type ChatServerOptions } from '../chat-server/server.ts';
import { startRelay, type Relay } from './relay.ts';

/** A server with people in it, and a network on the way to it. */
export interface Town {
  readonly server: ChatServer;
  readonly relay: Relay;
  /** Alice's, good for a week, by way of the relay. */
  credentials(): Credentials & { readonly server: string };
  /** A UserSig of this app, signed with another key. */
  foreignSignature(userId: string): string;
  end(): Promise<void>;
}

/** An app of its own for every town: the SDK knows one user per app and realm. */
let lastApp = 1_400_000_000;

/** Alice, Bob and Carol, and their group `team`: Alice its owner, Bob an admin. */
export async function openTown(options: ChatServerOptions = {}): Promise<Town> {
  lastApp += 1;
  const server = await startChatServer({ sdkAppId: lastApp, ...options });
  for (const nick of ['Alice', 'Bob', 'Carol']) server.addUser({ id: nick.toLowerCase(), nick });
  server.addGroup({
    id: 'team',
    name: 'Team',
    owner: 'alice',
    admins: ['bob'],
    members: ['carol'],
  });
  const relay = await startRelay(server.url);
  return {
    server,
    relay,
    credentials: () => ({
      sdkAppId: server.sdkAppId,
      userId: 'alice',
      userSig: server.userSig('alice'),
      server: relay.url,
    }),
    foreignSignature: (userId) => new ChatServer({ sdkAppId: server.sdkAppId }).userSig(userId),
    async end() {
      await relay.stop();
      await server.stop();
    },
  };
}
