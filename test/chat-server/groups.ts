import * as v from 'valibot';
import { action, query, type Command, type World } from './command.ts';
import { findJoinedGroup } from './group-access.ts';
import type { Group, Member } from './model.ts';
import { lastRecallTime } from './recall.ts';
import { CODES } from './refusal.ts';
import { groupMember } from './wire.ts';

/** Groups and their members: lists, details, read state. */

const integer = v.pipe(v.number(), v.safeInteger());
const MAX_MEMBERS = 6000;

function describe(group: Group): Record<string, unknown> {
  const last = group.messages.at(-1);
  return {
    GroupId: group.id,
    Type: group.type,
    Name: group.name,
    FaceUrl: '',
    Introduction: '',
    Notification: '',
    Owner_Account: group.owner,
    CreateTime: group.createdAt,
    InfoSeq: 1,
    LastInfoTime: group.createdAt,
    LastMsgTime: last?.time ?? 0,
    NextMsgSeq: group.lastSeq + 1,
    MemberNum: group.members.size,
    MaxMemberNum: MAX_MEMBERS,
    ApplyJoinOption: 'FreeAccess',
    InviteJoinOption: 'FreeAccess',
    ShutUpAllMember: 'Off',
    LastRecallTime: lastRecallTime(group),
    SupportTopic: 0,
    AppDefinedData: [],
  };
}

function selfInfo(member: Member): Record<string, unknown> {
  return {
    Role: member.role,
    JoinTime: member.joinedAt,
    MsgFlag: 'AcceptAndNotify',
    MsgSeq: member.readSeq,
  };
}

function showMember(world: World, member: Member): Record<string, unknown> {
  return groupMember(member, world.sessions.online(member.id).length > 0);
}

const listJoined = (isWanted: (group: Group) => boolean) =>
  query(
    v.object({
      Limit: v.optional(v.pipe(integer, v.minValue(1)), 200),
      Offset: v.optional(v.pipe(integer, v.minValue(0)), 0),
    }),
    (request, caller, { store }) => {
      const joined = store.groupsOf(caller.userId).filter(isWanted);
      return {
        TotalCount: joined.length,
        GroupIdList: joined.slice(request.Offset, request.Offset + request.Limit).map((group) => {
          const member = group.members.get(caller.userId);
          return { ...describe(group), ...(member && { SelfInfo: selfInfo(member) }) };
        }),
      };
    },
  );

const describeGroups = query(
  v.object({ GroupIdList: v.pipe(v.array(v.string()), v.maxLength(50)) }),
  (request, caller, world) => ({
    GroupInfo: request.GroupIdList.map((id) => {
      const group = world.store.groups.get(id);
      if (group === undefined) {
        return {
          GroupId: id,
          ErrorCode: CODES.groupNotFound,
          ErrorInfo: 'The group does not exist',
        };
      }
      const member = group.members.get(caller.userId);
      if (member === undefined) {
        return {
          GroupId: id,
          ErrorCode: CODES.groupNotAllowed,
          ErrorInfo: 'You are not a member of the group',
        };
      }
      return {
        ErrorCode: 0,
        ErrorInfo: '',
        ...describe(group),
        MemberList: [showMember(world, member)],
      };
    }),
  }),
);

const listMembers = query(
  v.object({
    GroupId: v.string(),
    Limit: v.optional(v.pipe(integer, v.minValue(1)), 100),
    Offset: v.optional(v.pipe(integer, v.minValue(0)), 0),
    MemberRoleFilter: v.optional(v.array(v.string()), []),
  }),
  (request, caller, world) => {
    const group = findJoinedGroup(world.store, request.GroupId, caller.userId);
    const wanted = [...group.members.values()].filter(
      ({ role }) =>
        request.MemberRoleFilter.length === 0 || request.MemberRoleFilter.includes(role),
    );
    return {
      MemberNum: wanted.length,
      MemberList: wanted
        .slice(request.Offset, request.Offset + request.Limit)
        .map((member) => showMember(world, member)),
    };
  },
);

const findMembers = query(
  v.object({
    GroupId: v.string(),
    Member_List_Account: v.pipe(v.array(v.string()), v.maxLength(100)),
  }),
  (request, caller, world) => {
    const group = findJoinedGroup(world.store, request.GroupId, caller.userId);
    return {
      MemberList: request.Member_List_Account.flatMap((id) => {
        const member = group.members.get(id);
        return member === undefined ? [] : [showMember(world, member)];
      }),
    };
  },
);

const countOnline = query(v.object({ GroupId: v.string() }), (request, caller, world) => {
  const group = findJoinedGroup(world.store, request.GroupId, caller.userId);
  const online = [...group.members.keys()].filter((id) => world.sessions.online(id).length > 0);
  return { OnlineMemberNum: online.length };
});

/** Moves a member's read position and tells the member's other instances. */
export function markGroupRead(
  world: World,
  group: Group,
  userId: string,
  seq: number,
  except: number,
): void {
  const member = group.members.get(userId);
  if (member === undefined || seq <= member.readSeq) return;
  member.readSeq = Math.min(seq, group.lastSeq);
  world.sessions.push(
    userId,
    {
      Event: 5,
      GroupTips: [
        {
          GroupInfo: { GroupId: group.id },
          MsgBody: { GroupReadInfoArray: [{ GroupId: group.id, LastReadMsgSeq: member.readSeq }] },
        },
      ],
    },
    { except },
  );
}

const reportRead = action(
  v.object({ GroupId: v.string(), MsgReadedSeq: integer }),
  (request, caller, world) => {
    const group = findJoinedGroup(world.store, request.GroupId, caller.userId);
    markGroupRead(world, group, caller.userId, request.MsgReadedSeq, caller.instanceNumber);
    return {};
  },
);

export const GROUP_COMMANDS: Record<string, Command> = {
  'group_open_http_svc.get_joined_group_list': listJoined((group) => group.type !== 'Community'),
  'million_group_open_http_svc.get_joined_group_list': listJoined(
    (group) => group.type === 'Community',
  ),
  'group_open_http_svc.get_group_self_member_info': describeGroups,
  'group_open_http_svc.get_group_member_info': listMembers,
  'group_open_http_svc.get_specified_group_member_info': findMembers,
  'group_open_http_svc.get_online_member_num': countOnline,
  'group_open_http_svc.msg_read_report': reportRead,
};
