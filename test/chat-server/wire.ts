import type { C2CMessage, Group, GroupMessage, Member } from './model.ts';
import type { Store } from './store.ts';

/** Stored things as they look on the wire. */

const C2C_RECALLED = 8;
const GROUP_RECALLED = 2;

type Wire = Record<string, unknown>;

function revokerInfo(message: C2CMessage | GroupMessage): Wire {
  const { recall } = message;
  return recall === null
    ? {}
    : { RevokerInfo: { Revoker_Account: recall.by, Reason: recall.reason } };
}

function common(store: Store, message: C2CMessage | GroupMessage): Wire {
  return {
    From_Account: message.from,
    MsgSeq: message.seq,
    MsgRandom: message.random,
    MsgTimeStamp: message.time,
    MsgClientTime: message.clientTime,
    TinyId: store.user(message.from).tinyId,
    MsgBody: message.body,
    CloudCustomData: message.cloudCustomData,
    MsgVersion: message.version,
    SupportMessageExtension: 0,
    ...(message.countsAsUnread && message.countsAsLast
      ? {}
      : {
          SendMsgControl: {
            NoUnread: message.countsAsUnread ? 0 : 1,
            NoLastMsg: message.countsAsLast ? 0 : 1,
          },
        }),
    ...revokerInfo(message),
  };
}

/** A C2C message in history and getmsg; recalled ones are flagged and keep their body. */
export function c2cMessage(store: Store, message: C2CMessage): Wire {
  return {
    ...common(store, message),
    To_Account: message.to,
    From_AccountNick: store.nickOf(message.from),
    From_AccountHeadurl: store.avatarOf(message.from),
    IsNeedReadReceipt: message.needsReceipt ? 1 : 0,
    IsPeerRead: message.receiptTime > 0 ? 1 : 0,
    PeerReadTime: message.receiptTime,
    MsgFlagBits: message.recall === null ? 0 : C2C_RECALLED,
  };
}

/** The copy pushed to the sender's other instances: From and To are exchanged on the wire. */
export function c2cSyncCopy(store: Store, message: C2CMessage): Wire {
  return {
    ...c2cMessage(store, message),
    From_Account: message.to,
    To_Account: message.from,
    IsSyncMsg: 1,
  };
}

/** A group message, pushed or in history. */
export function groupMessage(store: Store, group: Group, message: GroupMessage): Wire {
  return {
    ...common(store, message),
    GroupId: group.id,
    ToGroupId: group.id,
    ClientSeq: message.clientSeq,
    MsgPriority: message.priority,
    NeedReadReceipt: message.needsReceipt ? 1 : 0,
    IsPlaceMsg: message.recall === null ? 0 : GROUP_RECALLED,
    GroupAtInfo: message.atInfo,
    GroupInfo: {
      ...groupInfo(group),
      From_AccountNick: store.nickOf(message.from),
      From_AccountHeadurl: store.avatarOf(message.from),
      MsgFrom_AccountExtraInfo: { NameCard: group.members.get(message.from)?.nameCard ?? '' },
    },
  };
}

/** The short description of a group that goes with its messages and notices. */
export function groupInfo(group: Group): Wire {
  return {
    GroupId: group.id,
    GroupName: group.name,
    GroupType: group.type,
    GroupFaceUrl: '',
  };
}

/** The recall notice of a C2C message; exactly one per event, or the SDK multiplies its events. */
export function c2cRecallNotice(store: Store, message: C2CMessage): Wire {
  return {
    Event: 10,
    C2cNotifyMsgArray: [
      {
        WithdrawC2cMsgNotify: {
          C2cWithdrawInfoArray: [
            {
              From_Account: message.from,
              To_Account: message.to,
              MsgSeq: message.seq,
              MsgRand: message.random,
              MsgTime: message.time,
              MsgClientTime: message.clientTime,
              TinyId: store.user(message.from).tinyId,
              ...revokerInfo(message),
            },
          ],
        },
      },
    ],
  };
}

/** The recall notice of a group message. */
export function groupRecallNotice(
  store: Store,
  group: Group,
  message: GroupMessage,
  now: number,
): Wire {
  return {
    Event: 5,
    GroupTips: [
      {
        From_Account: '@TIM#SYSTEM',
        GroupId: group.id,
        ToGroupId: group.id,
        MsgTimeStamp: now,
        GroupInfo: groupInfo(group),
        ...revokerInfo(message),
        MsgBody: {
          GroupWithdrawInfoArray: [
            {
              GroupId: group.id,
              From_Account: message.from,
              MsgSeq: message.seq,
              Random: message.random,
              MsgTime: message.time,
              MsgClientTime: message.clientTime,
              TinyId: store.user(message.from).tinyId,
              ...revokerInfo(message),
            },
          ],
        },
      },
    ],
  };
}

/** The last message of a conversation as the conversation list shows it. */
export function lastMessage(message: C2CMessage | GroupMessage): Wire {
  return {
    MsgBody: message.body,
    CloudCustomData: message.cloudCustomData,
    ...revokerInfo(message),
  };
}

/** The flag of a conversation's last message; recalled ones differ by conversation type. */
export function lastMessageFlags(message: C2CMessage | GroupMessage): number {
  if (message.recall === null) return 0;
  return 'groupId' in message ? GROUP_RECALLED : C2C_RECALLED;
}

/** A member as the member lists show it. Times in seconds. */
export function groupMember(member: Member, isOnline: boolean): Wire {
  return {
    Member_Account: member.id,
    Role: member.role,
    JoinTime: member.joinedAt,
    MsgSeq: member.readSeq,
    MsgFlag: 'AcceptAndNotify',
    NameCard: member.nameCard,
    ShutUpUntil: member.mutedUntil,
    OnlineStatus: isOnline ? 'Online' : 'Offline',
  };
}
