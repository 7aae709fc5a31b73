import type { Chat } from './sdk-shape.ts';

/** Whoever can ask an SDK instance that is signed in, be it our own or a page's. */
export interface Caller {
  /**
   * Calls the SDK; whatever goes wrong rejects with a `LinkError`: the SDK's or the service's code,
   * `timedOut` after `ms`, or `networkDown` when the session ends meanwhile. The answer is unchecked.
   */
  call(ask: (chat: Asking) => Promise<unknown>, ms?: number): Promise<unknown>;
}

/** What an SDK instance is asked, wherever it runs. */
export type Asking = Pick<
  Chat,
  | 'getConversationList'
  | 'getGroupList'
  | 'getGroupProfile'
  | 'getUserProfile'
  | 'getMessageListHopping'
  | 'revokeMessage'
>;
