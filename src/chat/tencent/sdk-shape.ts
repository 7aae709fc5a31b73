/*
 * What is used of an SDK instance. The same in `@tencentcloud/chat`, `lite-chat` and `tim-js-sdk`,
 * so it says nothing of where the instance runs and imports none of them.
 */

/** The events of SDK 3.6.6 that are listened to, by their names on the wire of its emitter. */
export const sdkEvents = {
  ready: 'sdkStateReady',
  messageReceived: 'onMessageReceived',
  messageModified: 'onMessageModified',
  messageRevoked: 'onMessageRevoked',
  readByPeer: 'onMessageReadByPeer',
  readReceipt: 'onMessageReadReceiptReceived',
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
  /** A message of this session's memory, or null. */
  findMessage(id: string): unknown;
  getConversationList(): Promise<unknown>;
  getGroupList(): Promise<unknown>;
  getGroupProfile(options: { groupID: string }): Promise<unknown>;
  getUserProfile(options: { userIDList: readonly string[] }): Promise<unknown>;
  getMessageListHopping(request: HoppingRequest): Promise<unknown>;
  revokeMessage(message: RevokeRequest): Promise<unknown>;
}
