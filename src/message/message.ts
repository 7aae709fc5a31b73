import * as v from 'valibot';

/**
 * One user as one session knows them, written `<realm>:<UserID>`. The realm of Unsay's own sign-in
 * is the SDKAppID. That of a page's session is `<SDKAppID>@<origin>` (the origin URI-encoded, so it
 * holds no colon; 0 where the page does not tell its app): what a page says can then never mix with
 * what the service told Unsay itself, or another site. Every record and every question names its
 * account, so that two accounts never see each other's messages.
 */
export const AccountId = v.pipe(
  v.string(),
  v.maxLength(500),
  v.regex(/^\d{1,12}(?:@[\w.!~*'()%-]{1,300})?:.+$/su),
);
export type AccountId = v.InferOutput<typeof AccountId>;

/** The account of Unsay's own sign-in, from its two parts. */
export function accountId(sdkAppId: number, userId: string): AccountId {
  return `${sdkAppId}:${userId}`;
}

/** The account of a session that a page of `origin` has. `sdkAppId` 0: the page does not tell. */
export function pageAccountId(origin: string, sdkAppId: number, userId: string): AccountId {
  return `${sdkAppId}@${encodeURIComponent(origin)}:${userId}`;
}

/** The user's part of an account id. */
export function userOf(account: AccountId): string {
  return account.slice(account.indexOf(':') + 1);
}

/** The SDKAppID of an account; 0 where a page does not tell its own. */
export function appOf(account: AccountId): number {
  return Number.parseInt(account, 10);
}

/** The site whose page has the account's session; undefined for Unsay's own sign-in. */
export function originOf(account: AccountId): string | undefined {
  const realm = account.slice(0, account.indexOf(':'));
  const at = realm.indexOf('@');
  if (at < 0) return;
  try {
    return decodeURIComponent(realm.slice(at + 1));
  } catch {
    // Not an id of ours: it belongs to no site.
    return '';
  }
}

/** That site's host, as people know it; undefined for Unsay's own sign-in. */
export function hostOf(account: AccountId): string | undefined {
  const origin = originOf(account);
  return origin !== undefined && URL.canParse(origin) ? new URL(origin).host : origin;
}

/** The SDK's own conversation id: `C2C<UserID>` or `GROUP<GroupID>`. */
export const ConversationId = v.pipe(v.string(), v.maxLength(300), v.regex(/^(?:C2C|GROUP).+$/su));
export type ConversationId = v.InferOutput<typeof ConversationId>;

/** Whether a conversation is between two people or in a group. */
export function isGroup(conversation: ConversationId): boolean {
  return conversation.startsWith('GROUP');
}

/** The peer's UserID (C2C) or the GroupID (group) of a conversation. */
export function partnerOf(conversation: ConversationId): string {
  return conversation.slice(isGroup(conversation) ? 'GROUP'.length : 'C2C'.length);
}

/** The form of a message's id, for where ten thousand of them are looked at in one go. */
export const messageIdForm = /^[\w.@#:-]{1,120}$/u;

/**
 * The SDK's message id, `<sender's TinyId>-<client time, s>-<random>`: the same on every device
 * (seen with SDK 3.6.6).
 */
export const MessageId = v.pipe(v.string(), v.regex(messageIdForm));
export type MessageId = v.InferOutput<typeof MessageId>;

/** What an id tells by itself. */
export interface IdParts {
  /** By whom it was made, as the service numbers users. */
  readonly tinyId: string;
  /** When, by the clock of its sender's client: ms, in whole seconds. */
  readonly madeAt: number;
}

/** Reads an id as SDKs make them (see `MessageId`); undefined for any other. */
export function partsOf(id: MessageId): IdParts | undefined {
  const [, tinyId, seconds] = /^(\d+)-(\d{10})-\d+$/u.exec(id) ?? [];
  return tinyId === undefined ? undefined : { tinyId, madeAt: Number(seconds) * 1000 };
}

/** Names one message of one account; says nothing of what is in it. */
export const MessageRef = v.object({
  account: AccountId,
  conversation: ConversationId,
  id: MessageId,
});
export type MessageRef = v.InferOutput<typeof MessageRef>;

/** What a message is made of; `other` is whatever this version does not know. */
export const kinds = [
  'text',
  'image',
  'file',
  'sound',
  'video',
  'face',
  'location',
  'custom',
  'merger',
  'other',
] as const;
export type Kind = (typeof kinds)[number];

/**
 * The words of a message: everything a recall must destroy. Nothing outside `Body` may hold text
 * somebody wrote; of a message that is quoted, nothing but which one it is.
 */
export interface Body {
  /** What the message says, or names what it carries (a file's name). At most `longestText`. */
  readonly text: string;
}

/** Which message is quoted, as whoever quotes it wrote that down. Its words are left where they are. */
export interface Quoted {
  readonly id: MessageId;
  /** For a recall that names no id; missing where it was not written down. */
  readonly sequence?: number;
  /** Server seconds. */
  readonly time?: number;
}

/** Characters of a message's text that are kept; the service itself refuses texts above 12 kB. */
export const longestText = 12_288;

/** A message as it comes from the service, alive. */
export interface Message {
  readonly id: MessageId;
  readonly conversation: ConversationId;
  /** The sender's UserID. */
  readonly author: string;
  /** The sender's name card or nick at that time; '' when unknown. */
  readonly authorName: string;
  /** C2C: chosen by the sender's client; group: the server's counter, unique in the group. */
  readonly sequence: number;
  /** Groups: what the sender's client would have chosen, where it is known. See `compareSent`. */
  readonly clientSequence?: number;
  readonly random: number;
  /** Server time, seconds. */
  readonly time: number;
  readonly kind: Kind;
  readonly body: Body;
  readonly quote?: Quoted;
  /**
   * Whom it mentions, in the order of the mentions, as `Mentioned`. History keeps it of my own in
   * groups only, for as long as they live.
   */
  readonly mentions?: readonly string[];
  /**
   * Pictures, recordings, files and forwarded messages: the same in two messages that carry the
   * same. As secret as the words; history does not keep it.
   */
  readonly identity?: string;
}

/** How we know of a recall. */
export type Witness = 'event' | 'history' | 'request';

/**
 * Somebody recalled a message: a fact about the message, not its disappearance. It may come
 * before its message, twice, or without the message's id.
 */
export interface Recall {
  readonly conversation: ConversationId;
  /** Missing where the service named the message by sequence only. */
  readonly id?: MessageId;
  readonly sequence: number;
  /** The message's own time, server seconds, where the service told it. */
  readonly time?: number;
  /** UserID of who recalled; missing when the service did not say. */
  readonly by?: string;
  /** Nick of who recalled; '' or missing when unknown. */
  readonly byName?: string;
  /** The reason the service gives (only its REST API can set one). */
  readonly reason?: string;
  /** When we learnt of it, server milliseconds. */
  readonly at: number;
  readonly witness: Witness;
  /** The sender's UserID, where the service told it: makes a tombstone of a message never seen. */
  readonly author?: string;
  /** The sender's name card or nick, told together with `author`; '' when unknown. */
  readonly authorName?: string;
  /** The message's random number, where known; C2C messages match on sequence and random together. */
  readonly random?: number;
  readonly kind?: Kind;
}

/** What is kept of a recall in an entry. */
export type RecallFact = Pick<Recall, 'by' | 'byName' | 'reason' | 'at' | 'witness'>;

/**
 * One place in a conversation as history keeps it. With `recall` it is a tombstone: `body`, `quote`
 * and `mentions` are gone for good. Without `recall`, a missing `body` means that this computer cannot
 * read it (any more); the service can hand it out again.
 */
export interface Entry extends MessageRef {
  readonly author: string;
  readonly authorName: string;
  readonly sequence: number;
  readonly clientSequence?: number;
  readonly random: number;
  readonly time: number;
  readonly kind: Kind;
  readonly body?: Body;
  readonly quote?: Quoted;
  readonly mentions?: readonly string[];
  readonly recall?: RecallFact;
}

/** Others have read what I wrote, as the service told. */
export type Read =
  /** One to one: the other party has read at least up to here, server seconds. */
  | { readonly conversation: ConversationId; readonly upTo: number }
  /** This message was read by at least so many others. */
  | { readonly conversation: ConversationId; readonly id: MessageId; readonly by: number };

/** My standing in a group. */
export type Role = 'owner' | 'admin' | 'member';

/** A place in a conversation from which on, up to its newest message, all of it was read. */
export interface Edge {
  /** Server seconds. */
  readonly time: number;
  /** Groups only: where to read on from; without it only from the newest message. */
  readonly sequence?: number;
}

/** A conversation as the service lists it; holds no words of any message. */
export interface ConversationFacts {
  readonly id: ConversationId;
  /** The peer's nick or the group's name; '' when unknown. */
  readonly name: string;
  readonly unread: number;
  /** Server seconds of its newest message; 0 when it has none. */
  readonly lastTime: number;
  /** Groups only. */
  readonly role?: Role;
  /**
   * One to one: the other party has read at least up to here, server seconds, where the service
   * told. SDK 3.6.6 does not keep it up to date but for my newest message.
   */
  readonly peerReadTime?: number;
}
