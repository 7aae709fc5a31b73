import * as v from 'valibot';
import {
  ConversationId,
  isGroup,
  MessageId,
  type ConversationFacts,
  type Message,
  type Recall,
  type Role,
  type Witness,
} from '../../message/message.ts';
import { Mentioned, mostMentions } from '../../message/mentions.ts';
import { identityOf } from './identity.ts';
import { bodyOf, isNotice, kindOf, quoteOf, type Element } from './content.ts';

/*
 * What SDK 3.6.6 hands out, checked and turned into our own words. Nothing malformed gets through:
 * it is left out and counted, and never shown to a log.
 */

/** Longest name that is kept. */
const longestName = 256;

const Name = v.fallback(
  v.pipe(
    v.string(),
    v.transform((name) => name.slice(0, longestName)),
  ),
  '',
);
/** Sequences, randoms and seconds are unsigned on the wire. */
const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const UserId = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
/** Who recalled; the SDK writes '' or null where it does not know. */
const Revoker = v.fallback(v.optional(UserId), undefined);
const RevokerInfo = v.fallback(v.object({ nick: Name, reason: Name }), { nick: '', reason: '' });

const RawElement = v.object({ type: v.string(), content: v.optional(v.unknown()) });

const RawMessage = v.object({
  ID: MessageId,
  conversationID: ConversationId,
  from: UserId,
  nick: Name,
  nameCard: Name,
  sequence: Whole,
  clientSequence: v.fallback(v.optional(Whole), undefined),
  random: Whole,
  time: Whole,
  type: v.fallback(v.string(), ''),
  payload: v.optional(v.unknown()),
  /** All elements; `payload` is the first one's content. */
  _elements: v.fallback(v.array(RawElement), []),
  cloudCustomData: v.fallback(v.string(), ''),
  /** Whom it mentions; '' and the like stand for nobody. */
  atUserList: v.fallback(v.array(v.unknown()), []),
  isRevoked: v.fallback(v.boolean(), false),
  isDeleted: v.fallback(v.boolean(), false),
  revoker: Revoker,
  revokerInfo: RevokerInfo,
  revokeReason: Name,
});
type RawMessage = v.InferOutput<typeof RawMessage>;

/** What a list of the SDK's messages says. */
export interface Reading {
  readonly messages: readonly Message[];
  readonly recalls: readonly Recall[];
  /** How many were left out because they were malformed. */
  readonly malformed: number;
}

/**
 * Reads messages of any source. One that is recalled becomes a recall, without its words: the
 * service sends them along (seen in history), and nothing beyond this line may know them. `at` is
 * server milliseconds now.
 */
export function readMessages(list: unknown, witness: Witness, at: number): Reading {
  const messages: Message[] = [];
  const recalls: Recall[] = [];
  let malformed = 0;
  for (const item of listOf(list)) {
    if (isOfTheService(item)) continue;
    const result = v.safeParse(RawMessage, item);
    if (!result.success) malformed += 1;
    else if (result.output.isRevoked) recalls.push(recallOf(result.output, witness, at));
    else if (!result.output.isDeleted) messages.push(messageOf(result.output));
  }
  return { messages, recalls, malformed };
}

function messageOf(raw: RawMessage): Message {
  const elements: readonly Element[] =
    raw._elements.length > 0 ? raw._elements : [{ type: raw.type, content: raw.payload }];
  const quote = quoteOf(raw.cloudCustomData);
  const identity = identityOf(elements);
  const mentions = mentionsOf(raw);
  const { clientSequence } = raw;
  // Where a group's message tells none, the SDK fills in the group's own count.
  const isCounted = isGroup(raw.conversationID) && clientSequence !== raw.sequence;
  return {
    id: raw.ID,
    conversation: raw.conversationID,
    author: raw.from,
    authorName: raw.nameCard || raw.nick,
    sequence: raw.sequence,
    ...(isCounted && clientSequence !== undefined && { clientSequence }),
    random: raw.random,
    time: raw.time,
    kind: kindOf(raw.type),
    body: bodyOf(elements),
    ...(identity !== undefined && { identity }),
    ...(quote && { quote }),
    ...(mentions.length > 0 && { mentions }),
  };
}

function mentionsOf({ conversationID, atUserList }: RawMessage): readonly string[] {
  if (!isGroup(conversationID)) return [];
  return atUserList.slice(0, mostMentions).filter((user) => v.is(Mentioned, user));
}

function recallOf(raw: RawMessage, witness: Witness, at: number): Recall {
  return {
    conversation: raw.conversationID,
    id: raw.ID,
    author: raw.from,
    authorName: raw.nameCard || raw.nick,
    sequence: raw.sequence,
    random: raw.random,
    time: raw.time,
    kind: kindOf(raw.type),
    ...revokerOf(raw),
    at,
    witness,
  };
}

function revokerOf(
  raw: Pick<RawMessage, 'revoker' | 'revokerInfo' | 'revokeReason'>,
): Pick<Recall, 'by' | 'byName' | 'reason'> {
  const reason = raw.revokeReason || raw.revokerInfo.reason;
  return {
    ...(raw.revoker !== undefined && { by: raw.revoker }),
    ...(raw.revokerInfo.nick && { byName: raw.revokerInfo.nick }),
    ...(reason && { reason }),
  };
}

/**
 * What `MESSAGE_REVOKED` carries: the message where the SDK has it in memory, else a bare object
 * with these fields only, the second half of them not always (seen with 3.6.6).
 */
const BareRecall = v.object({
  conversationID: ConversationId,
  sequence: Whole,
  ID: v.fallback(v.optional(MessageId), undefined),
  time: v.fallback(v.optional(Whole), undefined),
  revoker: Revoker,
  revokerInfo: RevokerInfo,
  revokeReason: Name,
});

/** Reads the data of `MESSAGE_REVOKED`. */
export function readRecalls(list: unknown, at: number): Omit<Reading, 'messages'> {
  const recalls: Recall[] = [];
  let malformed = 0;
  for (const item of listOf(list)) {
    const whole = v.safeParse(RawMessage, item);
    const bare = whole.success ? undefined : v.safeParse(BareRecall, item);
    if (whole.success) recalls.push(recallOf(whole.output, 'event', at));
    else if (bare?.success) {
      const { conversationID, sequence, ID, time } = bare.output;
      recalls.push({
        conversation: conversationID,
        sequence,
        ...(ID !== undefined && { id: ID, ...randomOf(ID) }),
        ...(time !== undefined && { time }),
        ...revokerOf(bare.output),
        at,
        witness: 'event',
      });
    } else malformed += 1;
  }
  return { recalls, malformed };
}

/** The random number is the last part of a message's id. */
function randomOf(id: string): Pick<Recall, 'random'> {
  const random = Number(/-(\d{1,15})$/u.exec(id)?.[1]);
  return Number.isNaN(random) ? {} : { random };
}

const RawConversation = v.object({
  conversationID: ConversationId,
  unreadCount: v.fallback(Whole, 0),
  remark: Name,
  lastMessage: v.fallback(
    v.object({
      lastTime: v.fallback(Whole, 0),
      fromAccount: v.fallback(v.string(), ''),
      isPeerRead: v.fallback(v.boolean(), false),
    }),
    { lastTime: 0, fromAccount: '', isPeerRead: false },
  ),
  userProfile: v.fallback(v.object({ nick: Name }), { nick: '' }),
  groupProfile: v.fallback(v.object({ name: Name }), { name: '' }),
  peerReadTime: v.fallback(Whole, 0),
});

/** Reads a list of the SDK's conversations. `me`: my UserID; `roles` is by group id. */
export function readConversations(
  list: unknown,
  me: string,
  roles: ReadonlyMap<string, Role>,
): { readonly conversations: readonly ConversationFacts[]; readonly malformed: number } {
  const conversations: ConversationFacts[] = [];
  let malformed = 0;
  for (const item of listOf(list)) {
    if (isOfTheService(item)) continue;
    const result = v.safeParse(RawConversation, item);
    if (!result.success) {
      malformed += 1;
      continue;
    }
    const raw = result.output;
    const id = raw.conversationID;
    const { lastMessage } = raw;
    const isMineRead = lastMessage.isPeerRead && lastMessage.fromAccount === me && !isGroup(id);
    const peerReadTime = Math.max(raw.peerReadTime, isMineRead ? lastMessage.lastTime : 0);
    const role = isGroup(id) ? roles.get(id.slice('GROUP'.length)) : undefined;
    conversations.push({
      id,
      name: isGroup(id) ? raw.groupProfile.name : raw.remark || raw.userProfile.nick,
      unread: raw.unreadCount,
      lastTime: lastMessage.lastTime,
      ...(role && { role }),
      ...(peerReadTime > 0 && { peerReadTime }),
    });
  }
  return { conversations, malformed };
}

const roleByName: ReadonlyMap<string, Role> = new Map([
  ['Owner', 'owner'],
  ['Admin', 'admin'],
  ['Member', 'member'],
  // Roles an app invents have no power over others' messages.
  ['Custom', 'member'],
]);

const RawGroup = v.object({
  groupID: v.pipe(v.string(), v.minLength(1)),
  selfInfo: v.object({ role: v.string() }),
});

/** My role in each of the SDK's groups, by group id. */
export function readRoles(list: unknown): ReadonlyMap<string, Role> {
  const roles = new Map<string, Role>();
  for (const item of listOf(list)) {
    const result = v.safeParse(RawGroup, item);
    const role = result.success ? roleByName.get(result.output.selfInfo.role) : undefined;
    if (result.success && role) roles.set(result.output.groupID, role);
  }
  return roles;
}

/**
 * Notices after which a member's role may have changed: admin appointed or dismissed (4, 5), group
 * profile changed, where a new owner is told (6).
 */
const roleTips: ReadonlySet<number> = new Set([4, 5, 6]);
/** The same, told to the member alone: appointed (9), dismissed (10). */
const roleNotices: ReadonlySet<number> = new Set([9, 10]);

const RawNotice = v.object({
  type: v.string(),
  to: v.fallback(v.string(), ''),
  payload: v.object({
    operationType: v.number(),
    groupProfile: v.fallback(v.object({ groupID: v.fallback(v.string(), '') }), { groupID: '' }),
  }),
});

/** The groups whose roles the notices among these messages may have changed. */
export function groupsWithNewRoles(list: unknown): ReadonlySet<string> {
  const groups = new Set<string>();
  for (const item of listOf(list)) {
    const result = v.safeParse(RawNotice, item);
    if (!result.success) continue;
    const { type, to, payload } = result.output;
    const isTip = type === 'TIMGroupTipElem' && roleTips.has(payload.operationType);
    const isNoticeOfRole =
      type === 'TIMGroupSystemNoticeElem' && roleNotices.has(payload.operationType);
    const group = payload.groupProfile.groupID || to;
    if ((isTip || isNoticeOfRole) && group !== '') groups.add(group);
  }
  return groups;
}

const Sourced = v.object({
  conversationID: v.fallback(v.string(), ''),
  type: v.fallback(v.string(), ''),
});

/** The conversation of the service itself, and its tips in others, hold no messages of anybody. */
function isOfTheService(item: unknown): boolean {
  const result = v.safeParse(Sourced, item);
  if (!result.success) return false;
  return result.output.conversationID === '@TIM#SYSTEM' || isNotice(result.output.type);
}

function listOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : [];
}
