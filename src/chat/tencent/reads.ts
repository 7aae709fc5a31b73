import * as v from 'valibot';
import { ConversationId, isGroup, MessageId, type Read } from '../../message/message.ts';

/** More members than a group of the service can have. */
const mostReaders = 1_000_000;

/** Of `MESSAGE_READ_BY_PEER`: messages of mine. Those before them have been read with them. */
const ReadMessage = v.object({
  conversationID: ConversationId,
  time: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

/** Of `MESSAGE_READ_RECEIPT_RECEIVED`; comes for messages that asked for a receipt only. */
const DirectReceipt = v.object({
  userID: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  messageID: MessageId,
  isPeerRead: v.boolean(),
});
const GroupReceipt = v.object({
  groupID: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  messageID: MessageId,
  readCount: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(mostReaders)),
});

const Told = v.union([
  v.pipe(
    ReadMessage,
    v.transform(({ conversationID, time }): Read[] =>
      isGroup(conversationID) ? [] : [{ conversation: conversationID, upTo: time }],
    ),
  ),
  v.pipe(
    GroupReceipt,
    v.transform(({ groupID, messageID, readCount }): Read[] =>
      readCount > 0 ? [{ conversation: `GROUP${groupID}`, id: messageID, by: readCount }] : [],
    ),
  ),
  v.pipe(
    DirectReceipt,
    v.transform(({ userID, messageID, isPeerRead }): Read[] =>
      isPeerRead ? [{ conversation: `C2C${userID}`, id: messageID, by: 1 }] : [],
    ),
  ),
]);

/** Reads the data of either event of SDK 3.6.6 that tells of others' reading; leaves out what is malformed. */
export function readReads(list: unknown): {
  readonly reads: readonly Read[];
  readonly malformed: number;
} {
  const reads: Read[] = [];
  let malformed = 0;
  for (const item of Array.isArray(list) ? (list as unknown[]) : []) {
    const told = v.safeParse(Told, item);
    if (told.success) reads.push(...told.output);
    else malformed += 1;
  }
  return { reads, malformed };
}
