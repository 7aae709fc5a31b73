import * as v from 'valibot';
import { action, query, type Command, type World } from './command.ts';
import type { LogEntry } from './model.ts';
import type { InstanceRecord } from './store.ts';
import { c2cMessage, c2cRecallNotice } from './wire.ts';

/** Catching up on C2C messages and recall notices: `openim.getmsg`, and acknowledging pushes. */

const PAGE_ENTRIES = 100;
/** A fresh login is not told of anything older. */
const RETENTION_MS = 7 * 24 * 3600 * 1000;

/** Where a catch-up stands: log positions from (exclusive) and to (inclusive). */
interface Marker {
  from: number;
  to: number;
}

function readCookie(cookie: string): Marker | null {
  const [, from, to] = /^(\d{1,15})-(\d{1,15})$/.exec(cookie) ?? [];
  return from === undefined || to === undefined ? null : { from: Number(from), to: Number(to) };
}

/** Unread C2C messages by sender, as far as they are in the log up to this position. */
export function unreadCounts(world: World, userId: string, upTo: number): Map<string, number> {
  const { store } = world;
  const counts = new Map<string, number>();
  for (const entry of store.user(userId).log) {
    if (entry.kind !== 'message' || entry.position > upTo) continue;
    const message = store.findC2CMessage(userId, entry.peer, entry.seq, entry.random);
    if (
      message?.to !== userId ||
      message.recall !== null ||
      !message.countsAsUnread ||
      message.deletedFor.includes(userId) ||
      message.time <= store.conversationState(userId, `C2C${entry.peer}`).readTime
    ) {
      continue;
    }
    counts.set(entry.peer, (counts.get(entry.peer) ?? 0) + 1);
  }
  return counts;
}

function isMissing(entry: LogEntry, instance: InstanceRecord): boolean {
  if (entry.origin === instance.number) return false;
  if (entry.position <= instance.loginPosition) return true;
  return entry.position > instance.acknowledged && !instance.acknowledgedAbove.has(entry.position);
}

function showEntry(world: World, userId: string, entry: LogEntry): Record<string, unknown>[] {
  const { store } = world;
  const message = store.findC2CMessage(userId, entry.peer, entry.seq, entry.random);
  if (message === undefined || message.deletedFor.includes(userId)) return [];
  if (entry.kind === 'recall') return [{ EventArray: [c2cRecallNotice(store, message)] }];
  // Who missed a message that is recalled by now gets only the notice, not the words.
  return message.recall === null ? [c2cMessage(store, message)] : [];
}

const catchUp = action(
  v.object({ Cookie: v.optional(v.string(), '') }),
  (request, caller, world) => {
    const user = world.store.user(caller.userId);
    const instance = world.store.instances.get(caller.instanceNumber);
    if (instance === undefined) return { Cookie: '0-0', SyncFlag: 2, MsgList: [], EventArray: [] };
    const isFirst = request.Cookie === '';
    const marker = readCookie(request.Cookie) ?? { from: 0, to: 0 };
    const isContinued = marker.from < marker.to;
    const from = isFirst ? 0 : marker.from;
    // What is pushed between login and the first call must not be listed, or it counts twice.
    const to = isFirst ? instance.loginPosition : isContinued ? marker.to : user.lastPosition;
    const oldest = world.clock.now() - RETENTION_MS;
    const entries = user.log.filter(
      (each) =>
        each.position > from &&
        each.position <= to &&
        each.at >= oldest &&
        isMissing(each, instance),
    );
    const page = entries.slice(0, PAGE_ENTRIES);
    const isFinished = page.length === entries.length;
    const reached = isFinished ? to : (page.at(-1)?.position ?? to);
    const isLogin = to <= instance.loginPosition;
    return {
      Cookie: `${reached}-${to}`,
      SyncFlag: isFinished ? 2 : 1,
      MsgList: page.flatMap((each) => showEntry(world, caller.userId, each)),
      EventArray: [],
      C2CPairUnreadCount:
        isLogin && isFinished
          ? [...unreadCounts(world, caller.userId, to)].map(([peer, count]) => ({
              From_Account: peer,
              UnreadCount: count,
            }))
          : [],
      C2CRemainingUnreadCount: [],
    };
  },
);

/** `SessionData` is `<instance>:<log position>`, as the push said. One-way: its answer is ignored. */
const acknowledge = query(
  v.object({ SessionData: v.string() }),
  ({ SessionData }, caller, { sessions }) => {
    const [instance, position] = SessionData.split(':').map(Number);
    if (instance === caller.instanceNumber && Number.isSafeInteger(position)) {
      sessions.acknowledge(instance, position ?? 0);
    }
    return {};
  },
);

export const SYNC_COMMANDS: Record<string, Command> = {
  'openim.getmsg': catchUp,
  'openim.ws_msg_push_ack': acknowledge,
};
