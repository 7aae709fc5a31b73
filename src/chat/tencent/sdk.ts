/*
 * The SDK, prepared. The ES build and its group module are 621 kB (163 kB gzipped) as published in
 * 3.6.6; the package's main file, ES5 with every module, is 726 kB (174 kB) and reads a friend list
 * at every sign-in. Modules are handed to `create()`.
 *
 * The first import must stay the first: bundlers keep the order of imports inside one module only.
 */
import { giveConsoleBack } from './realm.ts';
import TencentCloudChat from '@tencentcloud/chat/index.es.js';
import GroupModule from '@tencentcloud/chat/modules/group-module.js';

giveConsoleBack();

/** The events of SDK 3.6.6 that are listened to, by their names on the wire of its emitter. */
export const sdkEvents = {
  ready: 'sdkStateReady',
  messageReceived: 'onMessageReceived',
  messageModified: 'onMessageModified',
  messageRevoked: 'onMessageRevoked',
  conversationsUpdated: 'onConversationListUpdated',
  groupsUpdated: 'onGroupListUpdated',
  netStateChanged: 'netStateChange',
  kickedOut: 'kickedOut',
} as const;
export type SdkEvent = (typeof sdkEvents)[keyof typeof sdkEvents];

/** What a recall hands over: `revokeMessage` takes a plain object (seen with 3.6.6). */
export interface RevokeRequest {
  readonly conversationType: 'C2C' | 'GROUP';
  readonly conversationID: string;
  readonly ID: string;
  readonly from: string;
  readonly to: string;
  readonly sequence: number;
  readonly random: number;
  readonly time: number;
}

export interface HoppingRequest {
  readonly conversationID: string;
  /** At most 15; the SDK cuts it. */
  readonly count: number;
  /** 0 reads towards older messages. */
  readonly direction: 0;
  /** Groups: the newest sequence wanted; the newest there is when missing. */
  readonly sequence?: number;
  /** C2C: seconds of the edge of the page before. */
  readonly time?: number;
}

/** The part of an SDK instance that is used. Anything it returns may be malformed. */
export interface Chat {
  setLogLevel(level: number): void;
  on(event: SdkEvent, listener: (event: unknown) => void): void;
  off(event: SdkEvent, listener: (event: unknown) => void): void;
  login(options: { userID: string; userSig: string }): Promise<unknown>;
  destroy(): Promise<unknown>;
  /** Milliseconds, or a rejected promise while not signed in. */
  getServerTime(): unknown;
  getConversationList(): Promise<unknown>;
  getGroupList(): Promise<unknown>;
  getGroupProfile(options: { groupID: string }): Promise<unknown>;
  getUserProfile(options: { userIDList: readonly string[] }): Promise<unknown>;
  getMessageListHopping(request: HoppingRequest): Promise<unknown>;
  revokeMessage(message: RevokeRequest): Promise<unknown>;
}

/**
 * Nothing is printed anyway (see `realm.ts`), and at this level nothing is put into words for it
 * either. 3 would be errors, 1 and below user ids, below 0 whole frames.
 */
const silent = 4;

/**
 * An SDK instance, its socket already opening. There is one per SDKAppID and realm: `create()`
 * returns the same object again until `destroy()` is through, so callers take turns.
 *
 * `isSecondHost` starts with the common host in place of the app's own, for when that one does not
 * answer: before the first sign-in an instance tries a single host (seen with 3.6.6).
 *
 * Throws when the app or the server's address is none.
 */
export function createChat(
  sdkAppId: number,
  server: string | undefined,
  isSecondHost: boolean,
): Chat {
  const chat = TencentCloudChat.create({
    SDKAppID: sdkAppId,
    ...(server === undefined ? {} : { proxyServer: server }),
    disableIndependentDomain: isSecondHost,
    eventThrottling: false,
    modules: { 'group-module': GroupModule },
  }) as Chat | null;
  if (!chat) throw new TypeError('The SDKAppID is not a number.');
  chat.setLogLevel(silent);
  return chat;
}
