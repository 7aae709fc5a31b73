import type { ChatSDK, Message } from '@tencentcloud/chat';
import { openSdkRealm, type SdkRealm } from './sdk-realm.ts';
import type { ChatServer } from './server.ts';

/** A user with the real SDK, in a V8 context of its own. */

/** A conversation as the SDK names it: `C2Cbob`, `GROUPteam`. */
export type ConversationId = `C2C${string}` | `GROUP${string}`;

/** What every SDK event hands over. `data` is whatever the event documents. */
export interface SdkEvent<T = unknown> {
  name: string;
  data: T;
}

export interface PeerOptions {
  /** Default: a fresh one of the server. */
  userSig?: string;
  /** More globals for the SDK's context, e.g. those of a page. */
  globals?: Record<string, unknown>;
  /** False: only the SDK is created, `logIn()` is left to the caller. */
  logsIn?: boolean;
}

/** An API call that the SDK rejected: `code` as given by server or SDK. */
export class SdkFailure extends Error {
  readonly code: number | undefined;

  constructor(api: string, error: unknown) {
    const { code, message } = error as { code?: number; message?: string };
    super(`${api} failed with ${code ?? 'no code'}: ${message ?? ''}`, { cause: error });
    this.name = 'SdkFailure';
    this.code = code;
  }
}

interface Answer<T> {
  code: number;
  data: T;
}

const EVENT_TIMEOUT_MS = 30_000;

/** Logs a user in and resolves when the SDK is ready. */
export async function startPeer(
  server: Pick<ChatServer, 'url' | 'sdkAppId' | 'userSig'>,
  userId: string,
  options: PeerOptions = {},
): Promise<Peer> {
  const peer = new Peer(server, userId, options);
  if (options.logsIn === false) return peer;
  try {
    await peer.logIn();
  } catch (error) {
    peer.kill();
    throw error;
  }
  return peer;
}

export class Peer {
  readonly userId: string;
  /** The SDK object. */
  readonly chat: ChatSDK;
  readonly realm: SdkRealm;
  /** Every event since the start, oldest first. */
  readonly events: SdkEvent[] = [];
  private readonly userSig: string;
  private readonly listeners = new Set<(event: SdkEvent) => void>();

  constructor(
    server: Pick<ChatServer, 'url' | 'sdkAppId' | 'userSig'>,
    userId: string,
    options: PeerOptions,
  ) {
    this.userId = userId;
    this.userSig = options.userSig ?? server.userSig(userId);
    this.realm = openSdkRealm(options.globals);
    const { sdk } = this.realm;
    this.chat = sdk.create({
      SDKAppID: server.sdkAppId,
      proxyServer: server.url,
      // Otherwise list events come at most once a second, and every test waits for that.
      eventThrottling: false,
    } as never);
    this.chat.setLogLevel(4);
    for (const name of Object.values(sdk.EVENT) as string[]) {
      this.chat.on(name, (event: SdkEvent) => {
        const seen = { name, data: event.data };
        this.events.push(seen);
        for (const listener of [...this.listeners]) listener(seen);
      });
    }
  }

  /** Resolves at SDK_READY; rejects with {@link SdkFailure}. */
  async logIn(): Promise<void> {
    const ready = this.next('sdkStateReady');
    // Whichever fails first is reported; the other must not become an unhandled rejection.
    ready.catch(() => undefined);
    await this.call('login', this.chat.login({ userID: this.userId, userSig: this.userSig }));
    await ready;
  }

  async sendText(to: ConversationId, text: string): Promise<Message> {
    return this.send(this.chat.createTextMessage({ ...this.target(to), payload: { text } }));
  }

  async sendCustom(
    to: ConversationId,
    payload: { data: string; description: string; extension: string },
  ): Promise<Message> {
    return this.send(this.chat.createCustomMessage({ ...this.target(to), payload }));
  }

  async sendFace(to: ConversationId, index: number, data: string): Promise<Message> {
    const payload = { index, data };
    return this.send(this.chat.createFaceMessage({ ...this.target(to), payload }));
  }

  /**
   * Sends a message made with `peer.chat.create…Message`. When the SDK is not ready those return a
   * rejected promise in place of a message, whatever their type says (seen with SDK 3.6.6).
   */
  async send(created: Message | Promise<Message>): Promise<Message> {
    const message = await this.call<Message>('create…Message', created);
    const { data } = await this.call<Answer<{ message: Message }>>(
      'sendMessage',
      this.chat.sendMessage(message),
    );
    return data.message;
  }

  /** Makes the SDK talk to the server: after a disconnection it tries only when it has to. */
  async poke(): Promise<void> {
    await this.call('setSelfStatus', this.chat.setSelfStatus({ customStatus: '' }));
  }

  /** Recalls a message of this instance's memory, given as object or by ID. */
  async recall(message: Message | { id: string } | { ID: string }): Promise<Message> {
    const id = 'ID' in message ? message.ID : message.id;
    const known = 'conversationID' in message ? message : this.chat.findMessage(id);
    if (known === null) throw new Error(`${this.userId} has no message ${id} in memory`);
    const { data } = await this.call<Answer<{ message: Message }>>(
      'revokeMessage',
      this.chat.revokeMessage(known),
    );
    return data.message;
  }

  /**
   * The whole history, oldest first, as the SDK shows it: what it has in memory it keeps.
   * `isFresh` makes it forget first, so that everything comes from the server.
   */
  async history(
    conversationID: ConversationId,
    { isFresh = false }: { isFresh?: boolean } = {},
  ): Promise<Message[]> {
    if (isFresh) {
      await this.chat.callExperimentalAPI('clearLocalMessage', conversationID);
    }
    const all: Message[] = [];
    let nextReqMessageID = '';
    for (;;) {
      const { data } = await this.call<
        Answer<{ messageList: Message[]; nextReqMessageID: string; isCompleted: boolean }>
      >('getMessageList', this.chat.getMessageList({ conversationID, nextReqMessageID }));
      all.unshift(...data.messageList);
      if (data.isCompleted || data.nextReqMessageID === '') return all;
      nextReqMessageID = data.nextReqMessageID;
    }
  }

  /** The next event of this name, counted from now, that satisfies `predicate`. */
  async next<T = unknown>(
    name: string,
    predicate: (data: T) => boolean = () => true,
    timeoutMs = EVENT_TIMEOUT_MS,
  ): Promise<SdkEvent<T>> {
    return new Promise((resolve, reject) => {
      const listener = (event: SdkEvent) => {
        if (event.name !== name || !predicate(event.data as T)) return;
        clearTimeout(timer);
        this.listeners.delete(listener);
        resolve(event as SdkEvent<T>);
      };
      const timer = setTimeout(() => {
        this.listeners.delete(listener);
        const last = this.events.slice(-6).map((event) => event.name);
        const words = `${this.userId} waited ${timeoutMs} ms in vain for ${name}`;
        reject(new Error(`${words}; the last it heard: ${last.join(', ') || 'nothing'}`));
      }, timeoutMs);
      this.listeners.add(listener);
    });
  }

  /** As {@link next}, but an event that has been seen before counts as well. */
  async seen<T = unknown>(
    name: string,
    predicate: (data: T) => boolean = () => true,
    timeoutMs = EVENT_TIMEOUT_MS,
  ): Promise<SdkEvent<T>> {
    const past = this.events.find((each) => each.name === name && predicate(each.data as T));
    return past === undefined ? this.next(name, predicate, timeoutMs) : (past as SdkEvent<T>);
  }

  async logout(): Promise<void> {
    await this.call('logout', this.chat.logout());
  }

  /** Logs out as far as that is possible and takes everything down. */
  async stop(): Promise<void> {
    try {
      if (this.chat.isReady()) await this.logout();
    } finally {
      this.kill();
    }
  }

  /** Ends it without a word to the server, as when a worker or a page is killed. */
  kill(): void {
    this.realm.kill();
  }

  private target(to: ConversationId): { to: string; conversationType: never } {
    const conversationType = to.startsWith('GROUP') ? 'GROUP' : 'C2C';
    // The SDK's typings want members of a namespace that exists at run time only inside the realm.
    return { to: to.slice(conversationType.length), conversationType: conversationType as never };
  }

  private async call<T = unknown>(api: string, promise: unknown): Promise<T> {
    try {
      return (await promise) as T;
    } catch (error) {
      throw new SdkFailure(api, error);
    }
  }
}
