import type {
  AccountId,
  ConversationFacts,
  ConversationId,
  Edge,
  Message,
  MessageId,
  Read,
  Recall,
} from '../message/message.ts';
import type { RecallOutcome } from '../message/recall.ts';

/** Where a connection stands, told as it is. */
export type LinkState =
  | { readonly name: 'signed-out' }
  | { readonly name: 'connecting' }
  | { readonly name: 'connected' }
  /** The connection is lost, or the service could not be reached; the link keeps trying. */
  | { readonly name: 'reconnecting' }
  /** The link rides the session of a page, and no page that is signed in is open. */
  | { readonly name: 'page-closed' }
  /** Kicked out by another login. The link has stopped and stays stopped until `open()`. */
  | { readonly name: 'signed-in-elsewhere' }
  | { readonly name: 'signature-expired' }
  /** The service refused the sign-in with this code. */
  | { readonly name: 'refused'; readonly code: number };

/** What a link tells while it is open. */
export type LinkEvent =
  | { readonly kind: 'state'; readonly state: LinkState }
  /** New or edited messages, in any order, possibly known already. */
  | { readonly kind: 'messages'; readonly messages: readonly Message[] }
  | { readonly kind: 'recalls'; readonly recalls: readonly Recall[] }
  /** Others have read messages of mine; of messages that the session has in memory only. */
  | { readonly kind: 'reads'; readonly reads: readonly Read[] }
  | { readonly kind: 'conversations'; readonly conversations: readonly ConversationFacts[] }
  /** Something was not taken in: who goes by having heard everything has to ask. */
  | { readonly kind: 'missed' };

/** What the service says about a stretch of one conversation. */
export interface Stretch {
  readonly messages: readonly Message[];
  readonly recalls: readonly Recall[];
  /** Whether everything back to the asked time was read. */
  readonly isComplete: boolean;
  /** Where it stopped, if it is not complete and anything was read: what is older is read from there. */
  readonly edge?: Edge;
}

/** What a session has in memory. */
export type Glimpse = Pick<Stretch, 'messages' | 'recalls'>;
export const nothing: Glimpse = { messages: [], recalls: [] };

/** What a link must know of a message to recall it; a live SDK object is never needed. */
export interface RecallTarget {
  readonly conversation: ConversationId;
  readonly id: string;
  readonly author: string;
  readonly sequence: number;
  readonly random: number;
  /** Server seconds. */
  readonly time: number;
}

/**
 * One account's door to the chat service. Nothing above this port knows which connection is
 * behind it. A link never signs anybody else out on purpose and never fights for a session.
 */
export interface ChatLink {
  readonly account: AccountId;
  readonly state: LinkState;
  /** Starts connecting; returns at once. Does nothing while connecting or connected. */
  open(): void;
  /** Signs out and releases everything; no event comes after it resolves. */
  close(): Promise<void>;
  /** Looks after the connection: reconnects now if it is lost. Cheap; call it on every wake. */
  poke(): void;
  /**
   * The browser says that there is no network: what was connected counts as lost at once, until the
   * service answers, as one on this very computer still does. Nothing else waits for the SDK to notice.
   */
  doubt(): void;
  /** Resolves when connected; rejects with `LinkError` when the link stops or `ms` pass. */
  ready(ms: number): Promise<void>;
  /** Hears every event until the returned function is called. */
  hear(listener: (event: LinkEvent) => void): () => void;
  /**
   * All conversations; where an SDK never comes to the end of its list, the liveliest. Rejects with
   * `LinkError`.
   */
  conversations(): Promise<readonly ConversationFacts[]>;
  /**
   * Reads a conversation fresh from the server, newest first, back to `time` (server seconds) and
   * at most `most` messages. Sees recalls the SDK's own memory has missed. Begins at `from`, where an
   * earlier reading stopped, or at the newest message; a few messages around there may come again.
   * Rejects with `LinkError`.
   */
  since(conversation: ConversationId, time: number, most: number, from?: Edge): Promise<Stretch>;
  /**
   * Asks the service to recall; resolves with what the service said, never rejects. No answer or
   * no connection is `waiting` without `until`: the recall may or may not have happened.
   */
  recall(target: RecallTarget): Promise<RecallOutcome>;
  /**
   * Those of these messages that the session has in its own memory, as one just sent: no request
   * is made. Recalled ones are among the recalls, as in history; never rejects.
   */
  peek(ids: readonly MessageId[]): Promise<Glimpse>;
  /**
   * Whether it tells of every message it has in memory, so that looking there is worth it for what came
   * a moment ago only: each look leaves something in the SDK for ever (see `page/session/seldom.ts`).
   */
  readonly tellsAll: boolean;
  /** Server milliseconds now; undefined until the service told the time once. */
  serverTime(): number | undefined;
  /** Whether that is surely its time: no clock it is counted by was set since the service told it. */
  readonly isTimeSure: boolean;
}

/** The SDK's codes for no network (any more), and for no answer in time. */
export const networkDown = 2800;
export const timedOut = 2801;

/** A call that could not be answered; `code` is the SDK's or the service's. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly code: number;
  constructor(code: number) {
    super(`The chat service could not answer (${code}).`);
    this.code = code;
  }
}

/** What a page's SDK can be asked; see `page/session/rider.ts`, which answers. */
export const seatMethods = [
  /** Begins to tell the SDK's events; answers whether it is ready and connected, and its time. */
  'begin',
  /** Tells nothing any more. */
  'rest',
  /** Those of the messages with these ids that the SDK has in memory and that were sent. */
  'find',
  'getConversationList',
  'getGroupList',
  'getGroupProfile',
  'getUserProfile',
  'getMessageListHopping',
  'revokeMessage',
  /** The page's UserSig; asked only when the user wants Unsay to connect without a page. */
  'signature',
] as const;
export type SeatMethod = (typeof seatMethods)[number];

/** A page whose session is ridden. */
export interface PageSeat {
  /** Names one life of our script in one page. */
  readonly id: string;
  /**
   * Asks the page's SDK; the answer is the page's claim, unchecked. Rejects with `LinkError`: the
   * SDK's or the service's code, `timedOut` after `ms`, `networkDown` when the page is gone.
   */
  ask(method: SeatMethod, argument: unknown, ms: number): Promise<unknown>;
}

/** A link that rides the session of a page; of several pages of one account it rides one. */
export interface RidingLink extends ChatLink {
  /**
   * Gives the link a page to ride, says that something about that page's session changed, or takes
   * the page away.
   */
  sit(seat: PageSeat | undefined): void;
  /** Takes in what the SDK of the page it rides told. Nothing of it is believed unchecked. */
  take(name: string, data: unknown): void;
  /** That SDK told more than is taken in of a page. */
  miss(): void;
}

/** What signing in takes. `server` is the SDK's `proxyServer`; absent for Tencent's own servers. */
export interface Credentials {
  readonly sdkAppId: number;
  readonly userId: string;
  readonly userSig: string;
  readonly server?: string | undefined;
}
