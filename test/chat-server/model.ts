import * as v from 'valibot';

/**
 * What the server remembers. The same schemas type the memory and check a data file when it is
 * read back. Times called `…At` are milliseconds, times called `time` are seconds; both by the
 * server's clock.
 */

/** User and group IDs: printable, no spaces or control characters, as the real service asks. */
export const IdSchema = v.pipe(
  v.string(),
  v.regex(/^[!-~]{1,64}$/, 'must be 1 to 64 printable ASCII characters'),
);

/** One item of a `MsgBody`; the server looks at nothing inside and hands it on untouched. */
export interface MessageElement {
  MsgType: string;
  MsgContent: Record<string, unknown>;
}

const isElement = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'MsgType' in value &&
  typeof value.MsgType === 'string' &&
  'MsgContent' in value &&
  typeof value.MsgContent === 'object' &&
  value.MsgContent !== null &&
  !Array.isArray(value.MsgContent);

export const BodySchema = v.pipe(
  v.array(v.custom<MessageElement>(isElement, 'must be an object with MsgType and MsgContent')),
  v.minLength(1),
  v.maxLength(64),
);

const RecallSchema = v.object({
  by: v.string(),
  reason: v.string(),
  at: v.number(),
  /** No notice tells of it, now or later; only history shows it. */
  isSilent: v.boolean(),
});

const commonFields = {
  from: v.string(),
  random: v.number(),
  /** Server seconds: what the wire calls MsgTime or MsgTimeStamp. */
  time: v.number(),
  /** The same moment in milliseconds; the recall window is measured from it. */
  sentAt: v.number(),
  /** The sender's own seconds: part of the message ID. */
  clientTime: v.number(),
  body: BodySchema,
  cloudCustomData: v.string(),
  version: v.number(),
  needsReceipt: v.boolean(),
  countsAsUnread: v.boolean(),
  countsAsLast: v.boolean(),
  /** False for message kinds the service does not let anyone recall. */
  isRecallable: v.boolean(),
  recall: v.nullable(RecallSchema),
  deletedFor: v.array(v.string()),
};

export const C2CMessageSchema = v.object({
  ...commonFields,
  to: v.string(),
  seq: v.number(),
  /** Seconds at which the receiver sent a read receipt, 0 if never. */
  receiptTime: v.number(),
});
export type C2CMessage = v.InferOutput<typeof C2CMessageSchema>;

export const GroupMessageSchema = v.object({
  ...commonFields,
  groupId: v.string(),
  /** The server's counter in the group. */
  seq: v.number(),
  clientSeq: v.number(),
  priority: v.union([v.string(), v.number()]),
  atInfo: v.array(v.unknown()),
  receiptsFrom: v.array(v.string()),
});
export type GroupMessage = v.InferOutput<typeof GroupMessageSchema>;

/** A line of a user's log: a C2C message to or from the user, or the notice of its recall. */
export const LogEntrySchema = v.object({
  position: v.number(),
  kind: v.picklist(['message', 'recall']),
  peer: v.string(),
  seq: v.number(),
  random: v.number(),
  at: v.number(),
  /** The instance that caused it and so needs no telling; 0 = none. */
  origin: v.number(),
});
export type LogEntry = v.InferOutput<typeof LogEntrySchema>;

export const ConversationStateSchema = v.object({
  /** C2C: seconds up to which the user has read. */
  readTime: v.number(),
  /** Removed from the list at this moment (ms); shown again by a newer message. */
  removedAt: v.number(),
  isPinned: v.boolean(),
  /** 0 notify, 1 discard, 2 receive without notification. */
  receiveOption: v.number(),
});
export type ConversationState = v.InferOutput<typeof ConversationStateSchema>;

export const UserSchema = v.object({
  id: v.string(),
  tinyId: v.string(),
  /** Profile fields by tag, e.g. Tag_Profile_IM_Nick. */
  profile: v.map(v.string(), v.union([v.string(), v.number()])),
  log: v.array(LogEntrySchema),
  lastPosition: v.number(),
  conversations: v.map(v.string(), ConversationStateSchema),
});
export type User = v.InferOutput<typeof UserSchema>;

export const ROLES = ['Owner', 'Admin', 'Member'] as const;
export type Role = (typeof ROLES)[number];

export const MemberSchema = v.object({
  id: v.string(),
  role: v.picklist(ROLES),
  joinedAt: v.number(),
  readSeq: v.number(),
  nameCard: v.string(),
  mutedUntil: v.number(),
});
export type Member = v.InferOutput<typeof MemberSchema>;

export const GROUP_TYPES = ['Public', 'Private', 'ChatRoom', 'Community', 'AVChatRoom'] as const;
export type GroupType = (typeof GROUP_TYPES)[number];

export const GroupSchema = v.object({
  id: v.string(),
  name: v.string(),
  type: v.picklist(GROUP_TYPES),
  owner: v.string(),
  createdAt: v.number(),
  members: v.map(v.string(), MemberSchema),
  messages: v.array(GroupMessageSchema),
  lastSeq: v.number(),
});
export type Group = v.InferOutput<typeof GroupSchema>;
