import * as v from 'valibot';
import { action, query, type Command, type World } from './command.ts';
import { BodySchema, type C2CMessage } from './model.ts';
import { CODES, Refusal } from './refusal.ts';
import { c2cMessage, c2cSyncCopy } from './wire.ts';

/** C2C messages: sending, history, deletion, modification, read receipts. */

/** The service's limit for one message. */
const MAX_BODY_BYTES = 12 * 1024;
const HISTORY_PAGE_MAX = 100;

const integer = v.pipe(v.number(), v.safeInteger());

/** Refuses a message larger than the service takes. */
export function checkBodySize(body: unknown): void {
  if (Buffer.byteLength(JSON.stringify(body)) > MAX_BODY_BYTES) {
    throw new Refusal(CODES.c2cTooLong, `The message is larger than ${MAX_BODY_BYTES} bytes`);
  }
}

/** Pushes a message to everybody who should see it live, except the instance that sent it. */
export function deliverC2C(world: World, message: C2CMessage, origin: number): void {
  const { store, sessions, switches } = world;
  sessions.acknowledge(origin, store.user(message.from).lastPosition);
  if (switches.loseMessages) return;
  const arrival = { Event: 9, C2cMsgArray: [c2cMessage(store, message)] };
  const copy = { Event: 9, C2cMsgArray: [c2cSyncCopy(store, message)] };
  if (message.from !== message.to) {
    sessions.push(message.to, arrival, { position: store.user(message.to).lastPosition });
  }
  sessions.push(message.from, copy, {
    except: origin,
    position: store.user(message.from).lastPosition,
  });
}

const send = action(
  v.object({
    To_Account: v.string(),
    MsgSeq: integer,
    MsgRandom: integer,
    MsgBody: BodySchema,
    CloudCustomData: v.optional(v.string(), ''),
    SendMsgControl: v.optional(v.array(v.string()), []),
    MsgClientTime: v.optional(integer),
    MsgLifeTime: v.optional(integer),
    IsNeedReadReceipt: v.optional(integer, 0),
  }),
  (request, caller, world) => {
    const { store, clock } = world;
    if (!store.users.has(request.To_Account)) {
      throw new Refusal(CODES.c2cReceiverUnknown, 'The receiver does not exist');
    }
    checkBodySize(request.MsgBody);
    const answerFor = (message: C2CMessage) => ({
      MsgTime: message.time,
      MsgKey: `${message.seq}_${message.random}_${message.time}`,
    });
    const known = store.findC2CMessage(
      caller.userId,
      request.To_Account,
      request.MsgSeq,
      request.MsgRandom,
    );
    // Sent again because the first answer was lost: one message, the same answer.
    if (known?.from === caller.userId) return answerFor(known);
    const message: C2CMessage = {
      from: caller.userId,
      to: request.To_Account,
      seq: request.MsgSeq,
      random: request.MsgRandom,
      time: clock.seconds(),
      sentAt: clock.now(),
      clientTime: request.MsgClientTime ?? clock.seconds(),
      body: request.MsgBody,
      cloudCustomData: request.CloudCustomData,
      version: 0,
      needsReceipt: request.IsNeedReadReceipt === 1,
      countsAsUnread: !request.SendMsgControl.includes('NoUnread'),
      countsAsLast: !request.SendMsgControl.includes('NoLastMsg'),
      isRecallable: true,
      recall: null,
      deletedFor: [],
      receiptTime: 0,
    };
    if (request.MsgLifeTime === 0) {
      const event = { ...c2cMessage(store, message), MsgLifeTime: 0 };
      world.sessions.push(message.to, { Event: 9, C2cMsgArray: [event] });
      return answerFor(message);
    }
    store.addC2CMessage(message, caller.instanceNumber);
    deliverC2C(world, message, caller.instanceNumber);
    return answerFor(message);
  },
);

/** Where the edge message of the previous page stands, or the first one beyond its time. */
function edgeIndex(
  messages: readonly C2CMessage[],
  time: number,
  key: string,
  isForward: boolean,
): number {
  const exact = messages.findIndex((each) => `${each.seq}_${each.random}_${each.time}` === key);
  if (exact >= 0) return exact;
  if (isForward) return messages.findIndex((each) => each.time >= time) - 1;
  const newer = messages.findIndex((each) => each.time > time);
  return newer < 0 ? messages.length : newer;
}

const readHistory = query(
  v.object({
    Peer_Account: v.string(),
    MaxCnt: v.pipe(integer, v.minValue(1)),
    LastMsgTime: v.optional(integer, 0),
    MsgKey: v.optional(v.string(), ''),
    GetDirection: v.optional(integer, 0),
    WithRecalledMsg: v.optional(integer, 0),
  }),
  (request, caller, { store }) => {
    const isForward = request.GetDirection === 1;
    const visible = store
      .c2cMessages(caller.userId, request.Peer_Account)
      .filter(
        (each) =>
          !each.deletedFor.includes(caller.userId) &&
          (each.recall === null || request.WithRecalledMsg === 1),
      );
    const count = Math.min(request.MaxCnt, HISTORY_PAGE_MAX);
    let page: C2CMessage[];
    let isComplete: boolean;
    if (isForward) {
      const edge =
        request.LastMsgTime === 0
          ? -1
          : edgeIndex(visible, request.LastMsgTime, request.MsgKey, true);
      const start = edge < -1 ? visible.length : edge + 1;
      page = visible.slice(start, start + count);
      isComplete = start + count >= visible.length;
    } else {
      const end =
        request.LastMsgTime === 0
          ? visible.length
          : edgeIndex(visible, request.LastMsgTime, request.MsgKey, false);
      page = visible.slice(Math.max(0, end - count), end);
      isComplete = end - count <= 0;
    }
    const edge = isForward ? page.at(-1) : page[0];
    return {
      Complete: isComplete ? 1 : 0,
      MsgCnt: page.length,
      LastMsgTime: edge?.time ?? request.LastMsgTime,
      MsgKey: edge === undefined ? request.MsgKey : `${edge.seq}_${edge.random}_${edge.time}`,
      MsgList: page.map((each) => c2cMessage(store, each)),
    };
  },
);

const remove = action(
  v.object({ To_Account: v.string(), MsgKeyList: v.pipe(v.array(v.string()), v.maxLength(100)) }),
  (request, caller, { store }) => {
    for (const message of store.c2cMessages(caller.userId, request.To_Account)) {
      const key = `${message.seq}_${message.random}_${message.time}`;
      if (request.MsgKeyList.includes(key) && !message.deletedFor.includes(caller.userId)) {
        message.deletedFor.push(caller.userId);
      }
    }
    return {};
  },
);

const modify = action(
  v.object({
    To_Account: v.string(),
    From_Account: v.string(),
    MsgSeq: integer,
    MsgRandom: integer,
    MsgVersion: integer,
    MsgBody: BodySchema,
    CloudCustomData: v.optional(v.string(), ''),
  }),
  (request, caller, { store, sessions }) => {
    const peer = request.From_Account === caller.userId ? request.To_Account : request.From_Account;
    const message = store.findC2CMessage(caller.userId, peer, request.MsgSeq, request.MsgRandom);
    if (message === undefined) {
      throw new Refusal(CODES.c2cMessageNotFound, 'There is no such message');
    }
    if (message.recall !== null) {
      throw new Refusal(CODES.c2cAlreadyRecalled, 'The message was recalled');
    }
    checkBodySize(request.MsgBody);
    if (message.version !== request.MsgVersion) {
      throw new Refusal(CODES.c2cModifyConflict, 'The message was modified meanwhile', {
        MsgVersion: message.version,
        MsgBody: message.body,
        CloudCustomData: message.cloudCustomData,
      });
    }
    message.version++;
    message.body = request.MsgBody;
    message.cloudCustomData = request.CloudCustomData;
    const current = {
      MsgVersion: message.version,
      MsgBody: message.body,
      CloudCustomData: message.cloudCustomData,
    };
    const event = {
      Event: 17,
      C2cMsgModNotifys: [
        {
          From_Account: message.from,
          To_Account: message.to,
          MsgSeq: message.seq,
          MsgRandom: message.random,
          MsgTime: message.time,
          ...current,
        },
      ],
    };
    sessions.push(message.to, event, { except: caller.instanceNumber });
    sessions.push(message.from, event, { except: caller.instanceNumber });
    return current;
  },
);

const sendReadReceipts = action(
  v.object({
    Peer_Account: v.string(),
    C2CMsgInfo: v.pipe(
      v.array(v.object({ MsgSeq: integer, MsgRandom: integer })),
      v.maxLength(100),
    ),
  }),
  (request, caller, { store, sessions, clock }) => {
    const read: Record<string, unknown>[] = [];
    for (const { MsgSeq, MsgRandom } of request.C2CMsgInfo) {
      const message = store.findC2CMessage(caller.userId, request.Peer_Account, MsgSeq, MsgRandom);
      if (message?.to !== caller.userId) continue;
      message.receiptTime = clock.seconds();
      read.push({
        TinyId: store.user(message.from).tinyId,
        MsgClientTime: message.clientTime,
        MsgRandom: message.random,
      });
    }
    if (read.length > 0) {
      sessions.push(request.Peer_Account, {
        Event: 16,
        Peer_Account: caller.userId,
        PeerReadTime: clock.seconds(),
        C2cMsgInfo: read,
      });
    }
    return {};
  },
);

export const C2C_COMMANDS: Record<string, Command> = {
  'openim.sendmsg': send,
  'openim.getroammsg': readHistory,
  'openim.delete_c2c_msg_ramble': remove,
  'openim.modify_c2c_msg': modify,
  'openim.c2c_msg_read_receipt': sendReadReceipts,
};
