import * as v from 'valibot';
import { action, query, type Caller, type Command, type World } from './command.ts';
import { findJoinedGroup } from './group-access.ts';
import type { C2CMessage, Group, GroupMessage } from './model.ts';
import { CODES, Refusal } from './refusal.ts';
import { c2cRecallNotice, groupRecallNotice } from './wire.ts';

/** Recall of C2C and group messages, and the notices that tell of it. */

const integer = v.pipe(v.number(), v.safeInteger());

/** Who recalls. Without a caller the server itself does it, as by the service's REST API. */
export interface Recaller {
  by: string;
  reason?: string;
  caller?: Caller;
  /** Flag the message in history and tell nobody. */
  isSilent?: boolean;
}

function isTooLate(world: World, message: C2CMessage | GroupMessage): boolean {
  const age = world.clock.now() - message.sentAt;
  return age >= world.switches.recallWindowSeconds * 1000;
}

function flag(world: World, message: C2CMessage | GroupMessage, recaller: Recaller): void {
  message.recall = {
    by: recaller.by,
    reason: recaller.reason ?? '',
    at: world.clock.now(),
    isSilent: recaller.isSilent === true,
  };
}

/** Pushes a notice to users; the caller's own connection gets it after its answer, if at all. */
function notify(
  world: World,
  userIds: Iterable<string>,
  notice: Record<string, unknown>,
  caller: Caller | undefined,
  positionOf: (userId: string) => number,
): void {
  const { sessions, switches } = world;
  if (switches.loseNotices) return;
  for (const userId of userIds) {
    sessions.push(userId, notice, {
      except: caller?.instanceNumber ?? 0,
      position: positionOf(userId),
    });
  }
  if (caller === undefined || !switches.pushRecallToCaller) return;
  const position = positionOf(caller.userId);
  caller.afterAnswer(() => {
    sessions.pushTo(caller.instanceNumber, notice, position);
  });
}

/** Flags a C2C message and, unless silent, tells everybody in the conversation. */
export function recallC2CMessage(world: World, message: C2CMessage, recaller: Recaller): void {
  const { store, sessions, switches, clock } = world;
  flag(world, message, recaller);
  if (recaller.isSilent === true) return;
  const origin = switches.pushRecallToCaller ? 0 : (recaller.caller?.instanceNumber ?? 0);
  store.log('recall', message, clock.now(), origin);
  sessions.acknowledge(origin, store.user(message.from).lastPosition);
  notify(
    world,
    new Set([message.to, message.from]),
    c2cRecallNotice(store, message),
    recaller.caller,
    (userId) => store.user(userId).lastPosition,
  );
}

/** Flags a group message and, unless silent, tells all members. */
export function recallGroupMessage(
  world: World,
  group: Group,
  message: GroupMessage,
  recaller: Recaller,
): void {
  flag(world, message, recaller);
  if (recaller.isSilent === true) return;
  const notice = groupRecallNotice(world.store, group, message, world.clock.seconds());
  notify(world, group.members.keys(), notice, recaller.caller, () => 0);
}

const recallC2C = action(
  v.object({
    MsgInfo: v.object({
      From_Account: v.string(),
      To_Account: v.string(),
      MsgSeq: integer,
      MsgRandom: integer,
    }),
  }),
  ({ MsgInfo: wanted }, caller, world) => {
    const message = world.store.findC2CMessage(
      wanted.From_Account,
      wanted.To_Account,
      wanted.MsgSeq,
      wanted.MsgRandom,
    );
    // Only the sender may recall in C2C; the documentation has no code of its own for others.
    if (message?.from !== caller.userId) {
      throw new Refusal(CODES.c2cMessageNotFound, 'You sent no such message');
    }
    if (message.recall !== null) {
      throw new Refusal(CODES.c2cAlreadyRecalled, 'The message was recalled before');
    }
    if (isTooLate(world, message)) {
      throw new Refusal(CODES.c2cRecallTooLate, 'The time limit for recalling has passed');
    }
    recallC2CMessage(world, message, { by: caller.userId, caller });
    return {};
  },
);

/** 0, or why this member may not recall this message. The limit in time binds owners too. */
function groupRecallCode(world: World, group: Group, userId: string, seq: number): number {
  const message = world.store.findGroupMessage(group, seq);
  if (message === undefined) return CODES.groupMessageNotFound;
  const role = group.members.get(userId)?.role;
  if (message.from !== userId && role !== 'Owner' && role !== 'Admin') {
    return CODES.groupNotAllowed;
  }
  if (message.recall !== null) return CODES.groupMessageNotFound;
  if (!message.isRecallable) return CODES.groupMessageNotRecallable;
  return isTooLate(world, message) ? CODES.groupRecallTooLate : 0;
}

const recallGroup = action(
  v.object({
    GroupId: v.string(),
    MsgSeqList: v.pipe(v.array(v.object({ MsgSeq: integer })), v.minLength(1), v.maxLength(20)),
  }),
  (request, caller, world) => {
    const group = findJoinedGroup(world.store, request.GroupId, caller.userId);
    if (group.type === 'AVChatRoom') {
      throw new Refusal(CODES.groupTypeNotRecallable, 'Groups of this type have no recall');
    }
    return {
      RecallRetList: request.MsgSeqList.map(({ MsgSeq }) => {
        const code = groupRecallCode(world, group, caller.userId, MsgSeq);
        const message = world.store.findGroupMessage(group, MsgSeq);
        if (code === 0 && message !== undefined) {
          recallGroupMessage(world, group, message, { by: caller.userId, caller });
        }
        return { MsgSeq, RetCode: code };
      }),
    };
  },
);

/** Group times of recalls are microseconds on the wire. */
const MICROSECONDS = 1000;

type Recalled = GroupMessage & { recall: NonNullable<GroupMessage['recall']> };

/** Recalls of a group that members are told of, in the order they happened. */
function announcedRecalls(group: Group): Recalled[] {
  return group.messages
    .filter((each): each is Recalled => each.recall?.isSilent === false)
    .sort((a, b) => a.recall.at - b.recall.at);
}

/** When the group's newest recall happened, in microseconds, 0 if never. */
export function lastRecallTime(group: Group): number {
  return Math.floor((announcedRecalls(group).at(-1)?.recall.at ?? 0) * MICROSECONDS);
}

const readMissedRecalls = query(
  v.object({
    NotifyReqList: v.pipe(
      v.array(
        v.object({
          GroupId: v.string(),
          Limit: v.optional(v.pipe(integer, v.minValue(1)), 20),
          BeginTime: v.optional(v.number(), 0),
        }),
      ),
      v.maxLength(100),
    ),
  }),
  (request, caller, { store }) => ({
    NotifyRspList: request.NotifyReqList.map(({ GroupId, Limit, BeginTime }) => {
      const group = store.groups.get(GroupId);
      const missed = (
        group?.members.has(caller.userId) === true ? announcedRecalls(group) : []
      ).filter((each) => each.recall.at * MICROSECONDS >= BeginTime);
      const next = missed[Limit];
      return {
        GroupId,
        NextMsgTime: next === undefined ? 0 : Math.floor(next.recall.at * MICROSECONDS),
        NotifyMsgList: missed.slice(0, Limit).map((each) => ({
          MsgSeq: each.seq,
          MsgRandom: each.random,
          RevokerInfo: { Revoker_Account: each.recall.by, Reason: each.recall.reason },
        })),
      };
    }),
  }),
);

export const RECALL_COMMANDS: Record<string, Command> = {
  'openim.msgwithdraw': recallC2C,
  'group_open_http_svc.group_msg_recall': recallGroup,
  'group_open_http_svc.batch_get_group_notify': readMissedRecalls,
};
