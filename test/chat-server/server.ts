import { C2C_COMMANDS, deliverC2C } from './c2c.ts';
import { makeClock } from './clock.ts';
import type { World } from './command.ts';
import { CONVERSATION_COMMANDS } from './conversations.ts';
import { readDataFile, writeDataFile } from './data-file.ts';
import { Dispatcher } from './dispatch.ts';
import { deliverGroup, GROUP_MESSAGE_COMMANDS } from './group-messages.ts';
import { GROUP_COMMANDS } from './groups.ts';
import { Journal, type RequestRecord } from './journal.ts';
import { IdSchema, type Group, type GroupType } from './model.ts';
import { PROFILE_COMMANDS } from './profiles.ts';
import { RECALL_COMMANDS, recallC2CMessage, recallGroupMessage } from './recall.ts';
import { storeSeed, type Seed } from './seeds.ts';
import { KICK, Sessions } from './sessions.ts';
import { findStored, showStored, type MessageKey, type StoredMessage } from './stored-message.ts';
import { STARTUP_COMMANDS } from './startup.ts';
import { Store } from './store.ts';
import { makeSwitches, type Switches } from './switches.ts';
import { SYNC_COMMANDS } from './sync.ts';
import { Transport } from './transport.ts';
import { uploadCommands, Uploads, type StoredFile } from './uploads.ts';
import { issueUserSig } from './usersig.ts';
import * as v from 'valibot';

/**
 * A local chat server for development and tests: speaks the wire protocol of
 * `@tencentcloud/chat` 3.6.6 on 127.0.0.1. It guards nothing and is not meant to.
 */

export interface ChatServerOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  sdkAppId?: number;
  /** Signs UserSigs and tickets; random by default. A data file keeps its own. */
  secretKey?: string;
  recallWindowSeconds?: number;
  maxWebInstances?: number;
  clockOffsetSeconds?: number;
  pushRecallToCaller?: boolean;
  /** Keeps everything over restarts; memory only when absent. */
  dataFile?: string;
}

export interface NewGroup {
  id: string;
  name: string;
  type?: GroupType;
  owner: string;
  admins?: string[];
  /** All members; owner and admins may be left out. */
  members: string[];
}

/** A conversation: the two users of a C2C one, or a group ID. */
export type ConversationKey = readonly [string, string] | string;

const DEFAULT_APP = 1400000001;
const DEFAULT_LIFETIME_SECONDS = 7 * 24 * 3600;
const SAVE_DELAY_MS = 100;

const BANNER =
  'Chat server for development on loopback: no security, nothing here is private or kept safe.\n';

const COMMANDS = {
  ...C2C_COMMANDS,
  ...GROUP_MESSAGE_COMMANDS,
  ...GROUP_COMMANDS,
  ...RECALL_COMMANDS,
  ...SYNC_COMMANDS,
  ...CONVERSATION_COMMANDS,
  ...PROFILE_COMMANDS,
  ...STARTUP_COMMANDS,
};

/** Starts a server; resolves when it listens. */
export async function startChatServer(options: ChatServerOptions = {}): Promise<ChatServer> {
  const server = new ChatServer(options);
  await server.start();
  return server;
}

export class ChatServer {
  readonly sdkAppId: number;
  /** What tests may change while the server runs. */
  readonly switches: Switches;
  private readonly journal = new Journal();
  private readonly dataFile: string | null;
  private readonly store: Store;
  private readonly files = new Map<string, StoredFile>();
  private readonly transport: Transport;
  private readonly world: World;
  private dispatcher: Dispatcher;
  private port: number;
  private saving: NodeJS.Timeout | null = null;

  constructor(options: ChatServerOptions) {
    const { port = 0, sdkAppId = DEFAULT_APP, secretKey, dataFile, ...initial } = options;
    this.port = port;
    this.sdkAppId = sdkAppId;
    this.dataFile = dataFile ?? null;
    this.switches = makeSwitches(initial);
    this.store = new Store(secretKey);
    this.load();
    this.store.onChange = () => {
      this.scheduleSave();
      this.journal.notify();
    };
    const clock = makeClock(() => this.switches.clockOffsetSeconds);
    const sessions = new Sessions(this.store, this.switches, clock);
    const uploads = new Uploads(this.files, this.store.onChange);
    this.world = { store: this.store, sessions, switches: this.switches, clock, uploads, sdkAppId };
    this.dispatcher = this.makeDispatcher();
    this.transport = new Transport(this.switches, {
      opened: () => {
        this.journal.notify();
      },
      closed: (connection) => {
        sessions.disconnected(connection);
        this.journal.notify();
      },
      frame: (connection, bytes, isText) => {
        this.dispatcher.receive(connection, bytes, isText);
      },
      http: (request, response) => {
        const path = request.url ?? '/';
        if (path.startsWith('/files/')) uploads.handle(request, response, path);
        else response.writeHead(200, { 'Content-Type': 'text/plain' }).end(BANNER);
      },
    });
  }

  /** Where `create({ proxyServer })` of the SDK finds it. */
  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** Every command that arrived since the start, oldest first; no message text in it. */
  get requests(): readonly Readonly<RequestRecord>[] {
    return this.journal.requests;
  }

  /** Number of open sockets, logged in or not. */
  get connectionCount(): number {
    return this.transport.connections.size;
  }

  /** Server time in seconds, as clients are told it. */
  get time(): number {
    return this.world.clock.seconds();
  }

  /** Listens. Part of {@link startChatServer}. */
  async start(): Promise<void> {
    this.port = await this.transport.listen(this.port);
  }

  /** Ends it: connections dropped, port free, data file written. */
  async stop(): Promise<void> {
    await this.transport.close();
    this.save();
  }

  /**
   * As if the process had died and come back on the same port: with a data file everything is read
   * from it anew, without one the memory is kept. UserSigs and tickets stay valid.
   */
  async restart(): Promise<void> {
    await this.stop();
    this.load();
    this.dispatcher = this.makeDispatcher();
    await this.start();
  }

  /** A UserSig this server accepts. A negative lifetime gives one that has expired. */
  userSig(userId: string, lifetimeSeconds = DEFAULT_LIFETIME_SECONDS): string {
    const claims = { userId, sdkAppId: this.sdkAppId, issued: this.time, lifetimeSeconds };
    return issueUserSig(claims, this.store.secretKey);
  }

  /** Adds a user, or changes nick and avatar of a known one. */
  addUser({ id, nick = '', avatar = '' }: { id: string; nick?: string; avatar?: string }): void {
    this.store.addUser(v.parse(IdSchema, id), nick, avatar);
    this.store.onChange();
  }

  hasUser(id: string): boolean {
    return this.store.users.has(id);
  }

  /** Adds a group of known users, or replaces members and name of a known one. */
  addGroup({ id, name, type = 'Public', owner, admins = [], members }: NewGroup): void {
    v.parse(IdSchema, id);
    const known = this.store.groups.get(id);
    const now = this.time;
    const group: Group = {
      id,
      name,
      type,
      owner,
      createdAt: known?.createdAt ?? now,
      members: new Map(),
      messages: known?.messages ?? [],
      lastSeq: known?.lastSeq ?? 0,
    };
    for (const userId of new Set([owner, ...admins, ...members])) {
      this.store.user(userId);
      group.members.set(userId, {
        id: userId,
        role: userId === owner ? 'Owner' : admins.includes(userId) ? 'Admin' : 'Member',
        joinedAt: known?.members.get(userId)?.joinedAt ?? now,
        readSeq: known?.members.get(userId)?.readSeq ?? 0,
        nameCard: '',
        mutedUntil: 0,
      });
    }
    this.store.groups.set(id, group);
    this.store.onChange();
  }

  /** Puts messages into history without telling anyone; in groups give the oldest first. */
  seed(messages: readonly Seed[]): StoredMessage[] {
    const stored = messages.map((seed) => showStored(this.store, storeSeed(this.world, seed)));
    this.store.onChange();
    return stored;
  }

  /** Stores a message and pushes it, as if its author had sent it from a device elsewhere. */
  post(seed: Seed): StoredMessage {
    const message = storeSeed(this.world, seed);
    if ('groupId' in message) {
      const group = this.store.groups.get(message.groupId);
      if (group !== undefined) deliverGroup(this.world, group, message, 0);
    } else deliverC2C(this.world, message, 0);
    this.store.onChange();
    return showStored(this.store, message);
  }

  /** What the server has stored of a conversation, oldest first. */
  messages(conversation: ConversationKey): StoredMessage[] {
    const stored =
      typeof conversation === 'string'
        ? (this.store.groups.get(conversation)?.messages ?? [])
        : this.store.c2cMessages(...conversation);
    return stored.map((each) => showStored(this.store, each));
  }

  /** The stored message with this SDK message ID. */
  message(key: MessageKey): StoredMessage {
    return showStored(this.store, findStored(this.store, key));
  }

  /** Recalls as the service's REST API does: no time limit, with a reason, told to everybody. */
  recall(key: MessageKey, { by, reason = '' }: { by?: string; reason?: string } = {}): void {
    this.recallByServer(key, by, reason, false);
  }

  /** Flags a message as recalled in history, and tells nobody, now or later. */
  recallSilently(
    key: MessageKey,
    { by, reason = '' }: { by?: string; reason?: string } = {},
  ): void {
    this.recallByServer(key, by, reason, true);
  }

  /** Cuts connections as a lost network does: all, or those a user is logged in on. */
  dropConnections(userId?: string): void {
    const own = new Set(
      userId === undefined ? [] : this.world.sessions.online(userId).map(({ number }) => number),
    );
    for (const connection of this.transport.connections) {
      if (userId === undefined || own.has(connection.instanceNumber)) connection.drop();
    }
  }

  /** Throws a user out everywhere. The default is what an administrator's kick looks like. */
  kick(userId: string, kickType: (typeof KICK)[keyof typeof KICK] = KICK.restApi): void {
    for (const { number } of this.world.sessions.online(userId)) {
      this.world.sessions.kick(number, kickType);
    }
  }

  /** From now on the sessions a user has count as expired: the next request gets 70001. */
  expireTickets(userId: string): void {
    this.store.ticketsExpiredBefore.set(userId, this.world.clock.now());
    this.store.onChange();
  }

  /** Tells a user's clients that a command is overloaded; the SDK then refuses it with 60022. */
  announceOverload(userId: string, servcmd: string, seconds: number): void {
    this.world.sessions.command(userId, 'OverLoadPush.notify2', {
      OverLoadServCmd: servcmd,
      DelaySecs: seconds,
    });
  }

  /** How many logged-in connections a user has. */
  onlineCount(userId: string): number {
    return this.world.sessions.online(userId).length;
  }

  /**
   * Resolves with the first truthy value of `condition`, asked now and after every event at the
   * server (frame, connection, disconnection, change).
   */
  async waitFor<T>(
    condition: () => T,
    options: { timeoutMs?: number; what?: string } = {},
  ): Promise<T> {
    return this.journal.waitFor(condition, options);
  }

  private makeDispatcher(): Dispatcher {
    const origin = () => this.url.replace(/^ws/, 'http');
    const commands = new Map(Object.entries({ ...COMMANDS, ...uploadCommands(origin) }));
    return new Dispatcher(this.world, commands, this.journal);
  }

  private recallByServer(
    key: MessageKey,
    by: string | undefined,
    reason: string,
    isSilent: boolean,
  ): void {
    const message = findStored(this.store, key);
    const recaller = { by: by ?? message.from, reason, isSilent };
    if ('groupId' in message) {
      const group = this.store.groups.get(message.groupId);
      if (group !== undefined) recallGroupMessage(this.world, group, message, recaller);
    } else recallC2CMessage(this.world, message, recaller);
    this.store.onChange();
  }

  private load(): void {
    if (this.dataFile !== null) readDataFile(this.dataFile, this.store, this.files);
  }

  private scheduleSave(): void {
    if (this.dataFile === null) return;
    this.saving ??= setTimeout(() => {
      this.save();
    }, SAVE_DELAY_MS);
  }

  private save(): void {
    if (this.saving !== null) clearTimeout(this.saving);
    this.saving = null;
    if (this.dataFile !== null) writeDataFile(this.dataFile, this.store, this.files);
  }
}
