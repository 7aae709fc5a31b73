import type { C2CMessage, GroupMessage, MessageElement } from './model.ts';
import type { Store } from './store.ts';

/** Looking at the server's truth, for tests. */

/** A stored message as the server knows it, whatever clients believe. */
export interface StoredMessage {
  /** The SDK's message ID. */
  id: string;
  from: string;
  /** User or group ID. */
  to: string;
  isGroup: boolean;
  sequence: number;
  random: number;
  /** Server seconds. */
  time: number;
  /** Of the first text element, '' if there is none. */
  text: string;
  body: MessageElement[];
  /** Whom a group's message mentions, as its client said: UserIDs, and `*` for everybody. */
  mentions: string[];
  isRecalled: boolean;
  revoker: string;
  revokeReason: string;
}

/** A message by its SDK ID, or anything that has it. */
export type MessageKey = string | { ID: string } | { id: string };

function idOf(store: Store, message: C2CMessage | GroupMessage): string {
  return `${store.user(message.from).tinyId}-${message.clientTime}-${message.random}`;
}

/** The message itself; throws if there is none with this ID. */
export function findStored(store: Store, key: MessageKey): C2CMessage | GroupMessage {
  const id = typeof key === 'string' ? key : 'ID' in key ? key.ID : key.id;
  const lists: (C2CMessage | GroupMessage)[][] = [
    ...store.pairs.values(),
    ...[...store.groups.values()].map(({ messages }) => messages),
  ];
  for (const messages of lists) {
    const found = messages.find((each) => idOf(store, each) === id);
    if (found !== undefined) return found;
  }
  throw new Error(`There is no message ${id}`);
}

function mentionOf(info: unknown): string {
  const { GroupAtAllFlag, GroupAt_Account } = info as Record<string, unknown>;
  return GroupAtAllFlag === 1 ? '*' : String(GroupAt_Account);
}

/** A copy for looking at. */
export function showStored(store: Store, message: C2CMessage | GroupMessage): StoredMessage {
  const text = message.body.find(({ MsgType }) => MsgType === 'TIMTextElem')?.MsgContent.Text;
  return {
    id: idOf(store, message),
    from: message.from,
    to: 'groupId' in message ? message.groupId : message.to,
    isGroup: 'groupId' in message,
    sequence: message.seq,
    random: message.random,
    time: message.time,
    text: typeof text === 'string' ? text : '',
    body: structuredClone(message.body),
    mentions: 'atInfo' in message ? message.atInfo.map(mentionOf) : [],
    isRecalled: message.recall !== null,
    revoker: message.recall?.by ?? '',
    revokeReason: message.recall?.reason ?? '',
  };
}
