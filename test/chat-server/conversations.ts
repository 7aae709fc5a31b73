import * as v from 'valibot';
import { action, query, type Command, type World } from './command.ts';
import { markGroupRead } from './groups.ts';
import type { Group } from './model.ts';
import { CODES, Refusal } from './refusal.ts';
import { lastMessage, lastMessageFlags } from './wire.ts';

/** The conversation list and what a user sets for a conversation: read, pinned, removed, muted. */

const integer = v.pipe(v.number(), v.safeInteger());
const PAGE_CONVERSATIONS = 100;

type Item = Record<string, unknown> & { MsgTimeStamp: number; TopFlags: number };

/** With an empty `MsgBody` lite-chat 1.6.13 gives up reading the list, and shows no conversation of it. */
const NO_LAST_MESSAGE = {};

function c2cItem(world: World, userId: string, peer: string): Item[] {
  const { store } = world;
  const state = store.conversationState(userId, `C2C${peer}`);
  const last = store
    .c2cMessages(userId, peer)
    .findLast((each) => each.countsAsLast && !each.deletedFor.includes(userId));
  const newest = store.c2cMessages(userId, peer).at(-1);
  if (newest === undefined || newest.sentAt <= state.removedAt) return [];
  return [
    {
      Type: 1,
      To_Account: peer,
      MsgTimeStamp: (last ?? newest).time,
      MsgSeq: last?.seq ?? 0,
      MsgRandom: last?.random ?? 0,
      LastC2cMsgFrom_Account: last?.from ?? '',
      C2cNick: store.nickOf(peer),
      C2cImage: store.avatarOf(peer),
      C2cRemark: '',
      C2cPeerReadTime: store.conversationState(peer, `C2C${userId}`).readTime,
      LastMsgFlags: last === undefined ? 0 : lastMessageFlags(last),
      LastMsg: last === undefined ? NO_LAST_MESSAGE : lastMessage(last),
      TopFlags: state.isPinned ? 1 : 0,
      MsgRecvOption: state.receiveOption,
      StandardMark: '',
      CustomMark: '',
      ContactGroupId: [],
    },
  ];
}

function groupItem(world: World, userId: string, group: Group): Item[] {
  const { store } = world;
  const state = store.conversationState(userId, `GROUP${group.id}`);
  const last = group.messages.findLast(
    (each) => each.countsAsLast && !each.deletedFor.includes(userId),
  );
  const newestAt = group.messages.at(-1)?.sentAt ?? group.createdAt * 1000;
  if (newestAt <= state.removedAt) return [];
  const readSeq = group.members.get(userId)?.readSeq ?? 0;
  const unread = group.messages.filter(
    (each) =>
      each.seq > readSeq && each.from !== userId && each.recall === null && each.countsAsUnread,
  );
  return [
    {
      Type: 2,
      ToAccount: group.id,
      MsgTimeStamp: last?.time ?? group.createdAt,
      MsgSeq: last?.seq ?? 0,
      MsgGroupFrom_Account: last?.from ?? '',
      MsgGroupFromCardName: '',
      MsgGroupFromNickName: last === undefined ? '' : store.nickOf(last.from),
      GroupNick: group.name,
      GroupImage: '',
      GroupType: group.type,
      GroupNextMsgSeq: group.lastSeq + 1,
      MsgGroupReadedSeq: readSeq,
      UnreadMsgCount: unread.length,
      GroupIgnoredUnreadSeqCount: 0,
      LastMsgFlags: last === undefined ? 0 : lastMessageFlags(last),
      LastMsg: last === undefined ? NO_LAST_MESSAGE : lastMessage(last),
      TopFlags: state.isPinned ? 1 : 0,
      MsgRecvOption: state.receiveOption,
      StandardMark: '',
      CustomMark: '',
      ContactGroupId: [],
    },
  ];
}

/** The cursor is `StartIndex`; the last page sets it back to 0, so a later call gets everything. */
const list = query(
  v.object({ StartIndex: v.optional(v.pipe(integer, v.minValue(0)), 0) }),
  (request, caller, world) => {
    const items = [
      ...world.store.peersOf(caller.userId).flatMap((peer) => c2cItem(world, caller.userId, peer)),
      ...world.store
        .groupsOf(caller.userId)
        .flatMap((group) => groupItem(world, caller.userId, group)),
    ].sort((a, b) => b.TopFlags - a.TopFlags || b.MsgTimeStamp - a.MsgTimeStamp);
    const end = request.StartIndex + PAGE_CONVERSATIONS;
    const page = items.slice(request.StartIndex, end);
    const isComplete = end >= items.length;
    return {
      SessionItem: page,
      CompleteFlag: isComplete ? 1 : 0,
      TimeStamp: page.at(-1)?.MsgTimeStamp ?? 0,
      StartIndex: isComplete ? 0 : end,
      TopTimeStamp: 0,
      TopStartIndex: 0,
      GroupItem: [],
    };
  },
);

/** The two ways the protocol names a conversation, and the third of `recentcontact.top`. */
const ContactSchema = v.object({
  Type: v.picklist([1, 2]),
  To_Account: v.optional(v.string()),
  ToGroupid: v.optional(v.string()),
  GroupId: v.optional(v.string()),
});
type Contact = v.InferOutput<typeof ContactSchema>;

const groupIdOf = (contact: Contact) => contact.ToGroupid ?? contact.GroupId ?? '';

/** The SDK's name of the conversation; refused when there is no such user or group. */
function checkedIdOf({ store }: World, contact: Contact): string {
  if (contact.Type === 1) {
    const peer = contact.To_Account ?? '';
    if (!store.users.has(peer)) throw new Refusal(CODES.c2cReceiverUnknown, 'No such user');
    return `C2C${peer}`;
  }
  const groupId = groupIdOf(contact);
  if (!store.groups.has(groupId)) throw new Refusal(CODES.groupNotFound, 'No such group');
  return `GROUP${groupId}`;
}

/** Deletes the history of a conversation for one user; others keep theirs. */
function clearHistory(world: World, userId: string, contact: Contact): void {
  const messages =
    contact.Type === 1
      ? world.store.c2cMessages(userId, contact.To_Account ?? '')
      : (world.store.groups.get(groupIdOf(contact))?.messages ?? []);
  for (const message of messages) {
    if (!message.deletedFor.includes(userId)) message.deletedFor.push(userId);
  }
}

const removeMany = action(
  v.object({
    ContactItem: v.pipe(v.array(ContactSchema), v.maxLength(100)),
    ClearRamble: v.optional(integer, 0),
  }),
  (request, caller, world) => ({
    ResultItem: request.ContactItem.map((contact) => {
      world.store.setConversationState(caller.userId, checkedIdOf(world, contact), {
        removedAt: world.clock.now(),
      });
      if (request.ClearRamble === 1) clearHistory(world, caller.userId, contact);
      return { ...contact, ResultCode: 0, ResultInfo: '' };
    }),
  }),
);

const clear = action(ContactSchema, (contact, caller, world) => {
  clearHistory(world, caller.userId, contact);
  return {};
});

const pin = action(
  v.object({
    OperationType: v.picklist([1, 2]),
    RecentContactItem: v.pipe(v.array(ContactSchema), v.maxLength(100)),
  }),
  (request, caller, world) => {
    for (const contact of request.RecentContactItem) {
      world.store.setConversationState(caller.userId, checkedIdOf(world, contact), {
        isPinned: request.OperationType === 1,
      });
    }
    return {};
  },
);

/** Moves a C2C read position; tells the reader's other instances and the peer. */
function markC2CRead(
  world: World,
  userId: string,
  peer: string,
  time: number,
  except: number,
): void {
  const { store, sessions } = world;
  if (!store.users.has(peer)) return;
  const id = `C2C${peer}`;
  if (time <= store.conversationState(userId, id).readTime) return;
  store.setConversationState(userId, id, { readTime: time });
  const own = {
    ReadC2cMsgNotify: { UinPairReadArray: [{ From_Account: peer, LastReadTime: time }] },
  };
  const theirs = {
    C2cReadedReceipt: { To_Account: userId, UinPairReadArray: [{ LastReadTime: time }] },
  };
  sessions.push(userId, { Event: 10, C2cNotifyMsgArray: [own] }, { except });
  if (peer !== userId) sessions.push(peer, { Event: 10, C2cNotifyMsgArray: [theirs] });
}

const reportRead = action(
  v.object({
    C2CMsgReaded: v.object({
      C2CMsgReadedItem: v.pipe(
        v.array(v.object({ To_Account: v.string(), LastedMsgTime: integer })),
        v.maxLength(100),
      ),
    }),
  }),
  (request, caller, world) => {
    for (const item of request.C2CMsgReaded.C2CMsgReadedItem) {
      markC2CRead(world, caller.userId, item.To_Account, item.LastedMsgTime, caller.instanceNumber);
    }
    return {};
  },
);

const readAll = action(
  v.object({
    C2CReadAllMsg: v.optional(integer, 0),
    GroupReadInfo: v.optional(
      v.pipe(v.array(v.object({ GroupId: v.string(), MsgSeq: integer })), v.maxLength(500)),
      [],
    ),
  }),
  (request, caller, world) => {
    if (request.C2CReadAllMsg === 1) {
      for (const peer of world.store.peersOf(caller.userId)) {
        const now = world.clock.seconds();
        markC2CRead(world, caller.userId, peer, now, caller.instanceNumber);
      }
    }
    return {
      C2CReadAllMsg: request.C2CReadAllMsg,
      GroupReadInfoArray: request.GroupReadInfo.map(({ GroupId, MsgSeq }) => {
        const group = world.store.groups.get(GroupId);
        if (group !== undefined) {
          markGroupRead(world, group, caller.userId, MsgSeq, caller.instanceNumber);
        }
        return { GroupId, MsgSeq, RetCode: group === undefined ? CODES.groupNotFound : 0 };
      }),
    };
  },
);

const readPeerTimes = query(
  v.object({ To_Account: v.pipe(v.array(v.string()), v.maxLength(100)) }),
  (request, caller, { store }) => ({
    ReadTime: request.To_Account.map(
      (peer) => store.conversationState(peer, `C2C${caller.userId}`).readTime,
    ),
  }),
);

const PeerListSchema = v.pipe(v.array(v.string()), v.maxLength(100));

const readMutes = query(v.object({ Peer_Account: PeerListSchema }), (request, caller, world) => ({
  MuteNotificationsList: request.Peer_Account.map((peer) => ({
    UserId: peer,
    MuteNotifications: world.store.conversationState(caller.userId, `C2C${peer}`).receiveOption,
  })),
}));

const setMutes = action(
  v.object({ Peer_Account: PeerListSchema, Mute_Notifications: v.picklist([0, 1, 2]) }),
  (request, caller, { store }) => {
    for (const peer of request.Peer_Account) {
      if (!store.users.has(peer)) throw new Refusal(CODES.c2cReceiverUnknown, 'No such user');
      store.setConversationState(caller.userId, `C2C${peer}`, {
        receiveOption: request.Mute_Notifications,
      });
    }
    return { ErrorList: [] };
  },
);

export const CONVERSATION_COMMANDS: Record<string, Command> = {
  'recentcontact.page_get': list,
  'recentcontact.batch_delete': removeMany,
  'recentcontact.clear_msg': clear,
  'recentcontact.top': pin,
  'openim.msgreaded': reportRead,
  'openim.read_all_unread_msg': readAll,
  'openim.get_peer_read_time': readPeerTimes,
  'openim.get_c2c_peer_mute_notifications': readMutes,
  'openim.set_c2c_peer_mute_notifications': setMutes,
};
