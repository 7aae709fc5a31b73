import { apply, isArray, slice } from './language.ts';

/*
 * Plain copies of what a page's SDK hands out: named fields only, so that nothing else of the page
 * leaves it, and bounded, so that nobody is flooded. The worker checks every field; here it is only
 * made small. Field names as in SDK 3.6.6, lite-chat 1.6 and tim-js-sdk.
 */

/** Longest text of a message that is copied; the service itself refuses texts above 12 kB. */
const longestText = 13_000;
/** Longest name, id, reason. */
const longestName = 400;
/** Longest `cloudCustomData`; the worker looks into no longer one. */
const longestCustomData = 32_768;
/** A page of history has 15 messages, a burst more; conversations are hundreds. */
const mostItems = 1_000;
/** People one message mentions; the worker keeps no more. */
const mostMentions = 50;
/** Elements of one message. */
const mostElements = 64;

type Fields = Record<string, unknown>;

/** Something of the page: any property may be missing, throw or lie. */
type Foreign = Readonly<Record<string, unknown>> | null | undefined;

/** Text and numbers as they are (text cut), everything else left out. */
function plain(value: unknown, longest: number): unknown {
  if (typeof value === 'string') {
    return value.length > longest ? apply(slice, value, [0, longest]) : value;
  }
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

function pick(from: Foreign, names: readonly string[], longest = longestName): Fields {
  const copy: Fields = {};
  if (typeof from !== 'object' || from === null) return copy;
  // An index, not an iterator: the page can replace those. So everywhere in this file.
  // eslint-disable-next-line @typescript-eslint/prefer-for-of
  for (let at = 0; at < names.length; at += 1) {
    const name = names[at] ?? '';
    copy[name] = plain(from[name], longest);
  }
  return copy;
}

/** A list's items, copied one by one; what throws is left out. */
function list(items: unknown, copy: (item: Foreign) => unknown, most = mostItems): unknown[] {
  const copies: unknown[] = [];
  if (!isArray(items)) return copies;
  const length = items.length < most ? items.length : most;
  for (let at = 0; at < length; at += 1) {
    try {
      copies[copies.length] = copy(items[at] as Foreign);
    } catch {
      // Something of the page threw while it was read: it is as if it were not there.
    }
  }
  return copies;
}

const messageNames = [
  'ID',
  'conversationID',
  'from',
  'to',
  'nick',
  'nameCard',
  'sequence',
  'clientSequence',
  'random',
  'time',
  'type',
  'status',
  'isRevoked',
  'isDeleted',
  'revoker',
  'revokeReason',
] as const;

const contentNames = [
  'text',
  'fileName',
  'data',
  'description',
  'extension',
  'title',
  'compatibleText',
] as const;

/** What tells whether two messages carry the same; no addresses, which can be credentials. */
const carriedNames = [
  'uuid',
  'fileSize',
  'size',
  'second',
  'videoUUID',
  'videoSize',
  'videoSecond',
] as const;
/** Forwarded messages looked at. */
const mostForwarded = 301;

function copyContent(content: Foreign): Fields {
  const copy = pick(content, contentNames, longestText);
  const carried = pick(content, carriedNames);
  // eslint-disable-next-line @typescript-eslint/prefer-for-of -- the page can replace iterators
  for (let at = 0; at < carriedNames.length; at += 1) {
    const name = carriedNames[at] ?? 'uuid';
    copy[name] = carried[name];
  }
  if (isArray(content?.imageInfoArray)) {
    copy.imageInfoArray = list(
      content.imageInfoArray,
      (image) => pick(image, ['size', 'width', 'height']),
      1,
    );
  }
  if (isArray(content?.messageList)) {
    copy.messageList = list(
      content.messageList,
      (one) => pick(one, ['clientTime', 'messageRandom']),
      mostForwarded,
    );
  }
  return copy;
}

/** One message. The words of one that is recalled stay where they are. */
export function copyMessage(message: Foreign): unknown {
  const copy = pick(message, messageNames);
  copy.revokerInfo = pick(message?.revokerInfo as Foreign, ['nick', 'reason']);
  const payload = message?.payload as Foreign;
  if (copy.type === 'TIMGroupTipElem' || copy.type === 'TIMGroupSystemNoticeElem') {
    copy.payload = pick(payload, ['operationType']);
    const group = pick(payload?.groupProfile as Foreign, ['groupID']);
    (copy.payload as Fields).groupProfile = group;
  } else if (copy.isRevoked !== true) {
    copy.payload = copyContent(payload);
    copy._elements = list(
      message?._elements,
      (element) => ({
        type: plain(element?.type, longestName),
        content: copyContent(element?.content as Foreign),
      }),
      mostElements,
    );
    copy.atUserList = list(message?.atUserList, (user) => plain(user, longestName), mostMentions);
    copy.cloudCustomData = plain(message?.cloudCustomData, longestCustomData);
  }
  return copy;
}

/** A list of messages. */
export function copyMessages(messages: unknown): unknown {
  return list(messages, copyMessage);
}

/** Messages of mine that the other party has read, without a word of them. */
export function copyRead(messages: unknown): unknown {
  return list(messages, (message) => pick(message, ['conversationID', 'time']));
}

/** Receipts of single messages. */
export function copyReceipts(receipts: unknown): unknown {
  return list(receipts, (receipt) =>
    pick(receipt, ['userID', 'groupID', 'messageID', 'isPeerRead', 'readCount']),
  );
}

function copyConversation(conversation: Foreign): unknown {
  const copy = pick(conversation, [
    'conversationID',
    'unreadCount',
    'remark',
    'type',
    'peerReadTime',
  ]);
  // When and from whom, never what.
  copy.lastMessage = pick(conversation?.lastMessage as Foreign, [
    'lastTime',
    'lastSequence',
    'fromAccount',
    'isPeerRead',
  ]);
  copy.userProfile = pick(conversation?.userProfile as Foreign, ['nick']);
  copy.groupProfile = pick(conversation?.groupProfile as Foreign, ['name']);
  return copy;
}

/** A list of conversations, without a word of any message. */
export function copyConversations(conversations: unknown): unknown {
  return list(conversations, copyConversation);
}

function copyGroup(group: Foreign): unknown {
  const copy = pick(group, ['groupID']);
  copy.selfInfo = pick(group?.selfInfo as Foreign, ['role']);
  return copy;
}

/** A list of groups with my role in each. */
export function copyGroups(groups: unknown): unknown {
  return list(groups, copyGroup);
}

/** What an answer's `data` says besides its lists. SDKs that know no such word have synced. */
function isSynced(data: Foreign): boolean {
  const word = data?.isSyncCompleted;
  return typeof word === 'boolean' ? word : true;
}

/** The answer of `getConversationList`. */
export function copyConversationAnswer(answer: unknown): unknown {
  const data = dataOf(answer);
  return {
    data: {
      conversationList: copyConversations(data?.conversationList),
      isSyncCompleted: isSynced(data),
    },
  };
}

/** The answer of `getGroupList`. */
export function copyGroupAnswer(answer: unknown): unknown {
  const data = dataOf(answer);
  return { data: { groupList: copyGroups(data?.groupList), isSyncCompleted: isSynced(data) } };
}

/** The answer of `getMessageListHopping`. */
export function copyPage(answer: unknown): unknown {
  const data = dataOf(answer);
  const copy = pick(data, ['isCompleted', 'nextMessageTime', 'nextMessageSeq']);
  copy.messageList = copyMessages(data?.messageList);
  return { data: copy };
}

/** The answer of `getUserProfile`. */
export function copyProfiles(answer: unknown): unknown {
  const { data } = (answer ?? {}) as { readonly data?: unknown };
  return { data: list(data, (profile) => pick(profile, ['userID', 'nick'])) };
}

function dataOf(answer: unknown): Foreign {
  return ((answer ?? {}) as { readonly data?: Foreign }).data;
}
