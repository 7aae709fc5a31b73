import * as v from 'valibot';
import { checkBodySize } from './c2c.ts';
import { action, query, type Command, type World } from './command.ts';
import { findJoinedGroup } from './group-access.ts';
import { BodySchema, type Group, type GroupMessage } from './model.ts';
import { CODES, Refusal } from './refusal.ts';
import { groupMessage } from './wire.ts';

/** Group messages: sending, history, deletion, modification, read receipts. */

const integer = v.pipe(v.number(), v.safeInteger());
const HISTORY_PAGE_MAX = 100;

/** Pushes a message to all members' instances except the one that sent it. */
export function deliverGroup(
  world: World,
  group: Group,
  message: GroupMessage,
  origin: number,
  extra: Record<string, unknown> = {},
): void {
  if (world.switches.loseMessages) return;
  const event = {
    Event: 3,
    GroupMsgArray: [{ ...groupMessage(world.store, group, message), ...extra }],
  };
  for (const userId of group.members.keys()) {
    world.sessions.push(userId, event, { except: origin });
  }
}

const send = action(
  v.object({
    GroupId: v.string(),
    Random: integer,
    ClientSeq: v.optional(integer, 0),
    MsgPriority: v.optional(v.union([v.string(), v.number()]), 'Normal'),
    MsgBody: BodySchema,
    CloudCustomData: v.optional(v.string(), ''),
    OnlineOnlyFlag: v.optional(integer, 0),
    GroupAtInfo: v.optional(v.array(v.unknown()), []),
    SendMsgControl: v.optional(v.array(v.string()), []),
    MsgClientTime: v.optional(integer),
    NeedReadReceipt: v.optional(integer, 0),
  }),
  (request, caller, world) => {
    const { store, clock } = world;
    const group = findJoinedGroup(store, request.GroupId, caller.userId);
    const member = group.members.get(caller.userId);
    if ((member?.mutedUntil ?? 0) > clock.seconds()) {
      throw new Refusal(CODES.groupMuted, 'You are muted in this group');
    }
    checkBodySize(request.MsgBody);
    const known = group.messages.findLast(
      (each) =>
        each.from === caller.userId &&
        each.random === request.Random &&
        each.clientSeq === request.ClientSeq,
    );
    // Sent again because the first answer was lost: one message, the same answer.
    if (known !== undefined) return { MsgTime: known.time, MsgSeq: known.seq };
    const isOnlineOnly = request.OnlineOnlyFlag === 1;
    const message: GroupMessage = {
      groupId: group.id,
      from: caller.userId,
      seq: isOnlineOnly ? group.lastSeq : group.lastSeq + 1,
      clientSeq: request.ClientSeq,
      random: request.Random,
      time: clock.seconds(),
      sentAt: clock.now(),
      clientTime: request.MsgClientTime ?? clock.seconds(),
      body: request.MsgBody,
      cloudCustomData: request.CloudCustomData,
      version: 0,
      priority: request.MsgPriority,
      atInfo: request.GroupAtInfo,
      needsReceipt: request.NeedReadReceipt === 1,
      countsAsUnread: !request.SendMsgControl.includes('NoUnread'),
      countsAsLast: !request.SendMsgControl.includes('NoLastMsg'),
      isRecallable: true,
      recall: null,
      deletedFor: [],
      receiptsFrom: [],
    };
    if (isOnlineOnly) {
      deliverGroup(world, group, message, caller.instanceNumber, { OnlineOnlyFlag: 1 });
    } else {
      store.addGroupMessage(group, message);
      deliverGroup(world, group, message, caller.instanceNumber);
    }
    return { MsgTime: message.time, MsgSeq: message.seq };
  },
);

const readHistory = query(
  v.object({
    GroupId: v.string(),
    ReqMsgNumber: v.optional(v.pipe(integer, v.minValue(1)), 20),
    ReqMsgSeq: v.optional(integer),
    WithRecalledMsg: v.optional(integer, 0),
  }),
  (request, caller, { store }) => {
    const group = findJoinedGroup(store, request.GroupId, caller.userId);
    const newest = Math.max(0, request.ReqMsgSeq ?? group.lastSeq);
    const count = Math.min(request.ReqMsgNumber, HISTORY_PAGE_MAX);
    const lowest = Math.max(1, newest - count + 1);
    const page = group.messages
      .filter(
        (each) =>
          each.seq >= lowest &&
          each.seq <= newest &&
          !each.deletedFor.includes(caller.userId) &&
          (each.recall === null || request.WithRecalledMsg === 1),
      )
      .reverse();
    return {
      GroupId: group.id,
      IsFinished: lowest <= 1 ? 1 : 0,
      NextReqMsgSeq: lowest - 1,
      RspMsgList: page.map((each) => groupMessage(store, group, each)),
      InvisibleMsgSeq: [],
    };
  },
);

const remove = action(
  v.object({
    GroupId: v.string(),
    Seqs: v.pipe(v.array(v.union([v.string(), v.number()])), v.maxLength(100)),
  }),
  (request, caller, { store }) => {
    const group = findJoinedGroup(store, request.GroupId, caller.userId);
    for (const seq of request.Seqs) {
      const message = store.findGroupMessage(group, Number(seq));
      if (message?.deletedFor.includes(caller.userId) === false) {
        message.deletedFor.push(caller.userId);
      }
    }
    return {};
  },
);

const modify = action(
  v.object({
    GroupId: v.string(),
    MsgSeq: integer,
    MsgVersion: integer,
    MsgBody: BodySchema,
    CloudCustomData: v.optional(v.string(), ''),
  }),
  (request, caller, { store, sessions }) => {
    const group = findJoinedGroup(store, request.GroupId, caller.userId);
    const message = store.findGroupMessage(group, request.MsgSeq);
    if (message?.recall !== null) {
      throw new Refusal(CODES.groupMessageNotFound, 'There is no such message');
    }
    checkBodySize(request.MsgBody);
    const current = () => ({
      MsgVersion: message.version,
      MsgBody: message.body,
      CloudCustomData: message.cloudCustomData,
    });
    if (message.version !== request.MsgVersion) {
      throw new Refusal(CODES.c2cModifyConflict, 'The message was modified meanwhile', current());
    }
    message.version++;
    message.body = request.MsgBody;
    message.cloudCustomData = request.CloudCustomData;
    const event = {
      Event: 18,
      GroupMsgModNotifys: [
        {
          From_Account: message.from,
          GroupId: group.id,
          MsgSeq: message.seq,
          MsgRandom: message.random,
          MsgTime: message.time,
          ...current(),
        },
      ],
    };
    for (const userId of group.members.keys()) {
      sessions.push(userId, event, { except: caller.instanceNumber });
    }
    return current();
  },
);

const SeqListSchema = v.object({
  GroupId: v.string(),
  MsgSeqList: v.pipe(v.array(v.object({ MsgSeq: integer })), v.maxLength(100)),
});

function receipt(world: World, group: Group, message: GroupMessage): Record<string, unknown> {
  const others = [...group.members.keys()].filter((id) => id !== message.from);
  return {
    MsgSeq: message.seq,
    Code: 0,
    TinyId: world.store.user(message.from).tinyId,
    MsgClientTime: message.clientTime,
    MsgRandom: message.random,
    ReadNum: message.receiptsFrom.length,
    UnreadNum: Math.max(0, others.length - message.receiptsFrom.length),
  };
}

const sendReceipts = action(SeqListSchema, (request, caller, world) => {
  const group = findJoinedGroup(world.store, request.GroupId, caller.userId);
  for (const { MsgSeq } of request.MsgSeqList) {
    const message = world.store.findGroupMessage(group, MsgSeq);
    if (message === undefined || message.from === caller.userId) continue;
    if (message.receiptsFrom.includes(caller.userId)) continue;
    message.receiptsFrom.push(caller.userId);
    world.sessions.push(message.from, {
      Event: 5,
      GroupTips: [
        {
          GroupInfo: { GroupId: group.id },
          MsgBody: { GroupMsgReceiptList: [receipt(world, group, message)] },
        },
      ],
    });
  }
  return {};
});

const readReceipts = query(SeqListSchema, (request, caller, world) => {
  const group = findJoinedGroup(world.store, request.GroupId, caller.userId);
  return {
    GroupMsgReceiptList: request.MsgSeqList.flatMap(({ MsgSeq }) => {
      const message = world.store.findGroupMessage(group, MsgSeq);
      return message === undefined ? [] : [receipt(world, group, message)];
    }),
  };
});

export const GROUP_MESSAGE_COMMANDS: Record<string, Command> = {
  'group_open_http_svc.send_group_msg': send,
  'group_open_http_svc.group_msg_get': readHistory,
  'group_open_http_svc.delete_group_ramble_msg_by_seq': remove,
  'openim.modify_group_msg': modify,
  'group_open_http_svc.group_msg_receipt': sendReceipts,
  'group_open_http_svc.get_group_msg_receipt': readReceipts,
};
