/** What an SDK instance of a page can be asked. Any of it may throw, lie or never answer. */
export interface PageChat {
  on(name: string, listener: unknown): unknown;
  off(name: string, listener: unknown): unknown;
  findMessage(id: unknown): unknown;
  getMessageList(request: unknown): unknown;
  getMessageListHopping?(request: unknown): unknown;
  getConversationList(): unknown;
  getGroupList?(): unknown;
  getGroupProfile?(request: unknown): unknown;
  getUserProfile?(request: unknown): unknown;
  revokeMessage(message: unknown): unknown;
  getServerTime?(): unknown;
  getLoginUser?(): unknown;
  isReady?(): unknown;
}

/** The session a page has. */
export interface FoundSession {
  readonly chat: PageChat;
  /** Undefined where the page does not tell. */
  readonly sdkAppId: number | undefined;
  /** Undefined: nobody is signed in, yet or any more. */
  readonly userId: string | undefined;
  /** The UserSig where the page hands it out. Called only when the user chose so. */
  readonly signature: () => string | undefined;
}
