import { randomInt } from 'node:crypto';
import type { World } from './command.ts';
import type { C2CMessage, GroupMessage, MessageElement } from './model.ts';

/** A message put into history by the server itself. */
export interface Seed {
  from: string;
  /** A conversation as the SDK names it from the sender's side: `C2Cbob` or `GROUPteam`. */
  to: `C2C${string}` | `GROUP${string}`;
  /** Plain text; or give `body`. */
  text?: string;
  body?: MessageElement[];
  cloudCustomData?: string;
  /** UserIDs whom it mentions; groups only. */
  mentions?: readonly string[];
  /** Seconds before now, default 0. */
  ageSeconds?: number;
  /** Recalled already, by this user, without notice. */
  recalledBy?: string;
  recallReason?: string;
  /** False: the service refuses to recall a message of this kind (groups, code 10032). */
  isRecallable?: boolean;
}

/** Stores one message at its age; it counts as unread for others until they read on. */
export function storeSeed(world: World, seed: Seed): C2CMessage | GroupMessage {
  const { store, clock } = world;
  store.user(seed.from);
  const sentAt = clock.now() - (seed.ageSeconds ?? 0) * 1000;
  const time = Math.floor(sentAt / 1000);
  const common = {
    from: seed.from,
    random: randomInt(1, 100_000_000),
    time,
    sentAt,
    clientTime: time,
    body: seed.body ?? [{ MsgType: 'TIMTextElem', MsgContent: { Text: seed.text ?? '' } }],
    cloudCustomData: seed.cloudCustomData ?? '',
    version: 0,
    needsReceipt: false,
    countsAsUnread: true,
    countsAsLast: true,
    isRecallable: seed.isRecallable ?? true,
    recall:
      seed.recalledBy === undefined
        ? null
        : { by: seed.recalledBy, reason: seed.recallReason ?? '', at: clock.now(), isSilent: true },
    deletedFor: [],
  };
  if (seed.to.startsWith('GROUP')) {
    const groupId = seed.to.slice('GROUP'.length);
    const group = store.groups.get(groupId);
    if (group === undefined) throw new Error(`There is no group ${groupId}`);
    if (!group.members.has(seed.from)) throw new Error(`${seed.from} is not in group ${groupId}`);
    const message: GroupMessage = {
      ...common,
      groupId,
      seq: group.lastSeq + 1,
      clientSeq: randomInt(1, 2 ** 31),
      priority: 'Normal',
      atInfo: (seed.mentions ?? []).map((userId) => ({
        GroupAtAllFlag: 0,
        GroupAt_Account: userId,
      })),
      receiptsFrom: [],
    };
    store.addGroupMessage(group, message);
    return message;
  }
  const to = seed.to.slice('C2C'.length);
  store.user(to);
  const message: C2CMessage = { ...common, to, seq: randomInt(1, 2 ** 31), receiptTime: 0 };
  store.addC2CMessage(message, 0);
  return message;
}
