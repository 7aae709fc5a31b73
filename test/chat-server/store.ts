import { randomBytes } from 'node:crypto';
import type {
  C2CMessage,
  ConversationState,
  Group,
  GroupMessage,
  LogEntry,
  Member,
  User,
} from './model.ts';

/** What the server knows about one login of one user. */
export interface InstanceRecord {
  number: number;
  userId: string;
  /** The `instanceid` of the client's URL: one per `create()` of the SDK. */
  instanceKey: string;
  /** Position in the user's log at login; the first getmsg ends here. */
  loginPosition: number;
  /** The client has everything of the log after login up to this position. */
  acknowledged: number;
  /** Positions above it that the client has as well. */
  acknowledgedAbove: Set<number>;
}

/** Numbers like those of the service: a long decimal string per user, part of message IDs. */
const FIRST_TINY_ID = 144115735577801526n;
/** Lines kept of a user's log. */
const MAX_LOG = 5000;

const UNTOUCHED: ConversationState = {
  readTime: 0,
  removedAt: 0,
  isPinned: false,
  receiveOption: 0,
};

const pairKey = (a: string, b: string) => (a < b ? `${a} ${b}` : `${b} ${a}`);

/** Everything that has to be remembered, in memory; `data-file.ts` keeps it on disk. */
export class Store {
  secretKey: string;
  readonly users = new Map<string, User>();
  readonly groups = new Map<string, Group>();
  /** C2C messages by {@link pairKey}, oldest first. */
  readonly pairs = new Map<string, C2CMessage[]>();
  readonly instances = new Map<number, InstanceRecord>();
  /** How instances ended: 0 by logout, else the KickType. */
  readonly endedInstances = new Map<number, number>();
  lastInstanceNumber = 999;
  /** Tickets of a user issued before this moment (ms) count as expired. */
  readonly ticketsExpiredBefore = new Map<string, number>();
  /** Called after anything changed. */
  onChange: () => void = () => undefined;

  constructor(secretKey: string = randomBytes(32).toString('hex')) {
    this.secretKey = secretKey;
  }

  addUser(id: string, nick: string, avatar: string): User {
    const known = this.users.get(id);
    const user: User = known ?? {
      id,
      tinyId: String(FIRST_TINY_ID + BigInt(this.users.size)),
      profile: new Map(),
      log: [],
      lastPosition: 0,
      conversations: new Map(),
    };
    user.profile.set('Tag_Profile_IM_Nick', nick);
    user.profile.set('Tag_Profile_IM_Image', avatar);
    this.users.set(id, user);
    return user;
  }

  /** For users known to exist: whoever is logged in, whoever wrote a stored message. */
  user(id: string): User {
    const user = this.users.get(id);
    if (user === undefined) throw new Error(`There is no user ${id}`);
    return user;
  }

  nickOf(id: string): string {
    return String(this.users.get(id)?.profile.get('Tag_Profile_IM_Nick') ?? '');
  }

  avatarOf(id: string): string {
    return String(this.users.get(id)?.profile.get('Tag_Profile_IM_Image') ?? '');
  }

  /** All C2C messages between two users, oldest first. */
  c2cMessages(a: string, b: string): C2CMessage[] {
    return this.pairs.get(pairKey(a, b)) ?? [];
  }

  findC2CMessage(a: string, b: string, seq: number, random: number): C2CMessage | undefined {
    return this.c2cMessages(a, b).findLast((each) => each.seq === seq && each.random === random);
  }

  /** Users somebody has exchanged C2C messages with. */
  peersOf(userId: string): string[] {
    const peers: string[] = [];
    for (const key of this.pairs.keys()) {
      const [a = '', b = ''] = key.split(' ');
      if (a === userId) peers.push(b);
      else if (b === userId) peers.push(a);
    }
    return peers;
  }

  /** Stores a message at its place in time and in the logs of both users. */
  addC2CMessage(message: C2CMessage, origin: number): void {
    const key = pairKey(message.from, message.to);
    const messages = this.pairs.get(key) ?? [];
    this.pairs.set(key, messages);
    let place = messages.length;
    while (place > 0 && (messages[place - 1]?.sentAt ?? 0) > message.sentAt) place--;
    messages.splice(place, 0, message);
    this.log('message', message, message.sentAt, origin);
  }

  /** Writes one line into the log of both users. */
  log(kind: LogEntry['kind'], message: C2CMessage, at: number, origin: number): void {
    const { from, to, seq, random } = message;
    for (const [owner, peer] of from === to
      ? [[from, to]]
      : [
          [from, to],
          [to, from],
        ]) {
      const user = this.users.get(owner ?? '');
      if (user === undefined) continue;
      user.lastPosition++;
      user.log.push({
        position: user.lastPosition,
        kind,
        peer: peer ?? '',
        seq,
        random,
        at,
        origin: owner === from ? origin : 0,
      });
      if (user.log.length > MAX_LOG) user.log.splice(0, user.log.length - MAX_LOG);
    }
  }

  addGroupMessage(group: Group, message: GroupMessage): void {
    group.lastSeq = message.seq;
    group.messages.push(message);
  }

  findGroupMessage(group: Group, seq: number): GroupMessage | undefined {
    return group.messages.findLast((each) => each.seq === seq);
  }

  memberOf(group: Group, userId: string): Member | undefined {
    return group.members.get(userId);
  }

  groupsOf(userId: string): Group[] {
    return [...this.groups.values()].filter((group) => group.members.has(userId));
  }

  /** What a user has set for a conversation; `id` as in the SDK: C2Cbob, GROUPteam. */
  conversationState(userId: string, id: string): Readonly<ConversationState> {
    return this.users.get(userId)?.conversations.get(id) ?? UNTOUCHED;
  }

  /** Changes it. */
  setConversationState(userId: string, id: string, change: Partial<ConversationState>): void {
    const { conversations } = this.user(userId);
    conversations.set(id, { ...UNTOUCHED, ...conversations.get(id), ...change });
  }
}
