import * as v from 'valibot';
import {
  longestText,
  MessageId,
  type Body,
  type Kind,
  type Quoted,
} from '../../message/message.ts';

/** One element of a message, as SDK 3.6.6 names it. Messages of other clients may hold several. */
export interface Element {
  readonly type: string;
  readonly content?: unknown;
}

const kindOfType: ReadonlyMap<string, Kind> = new Map([
  ['TIMTextElem', 'text'],
  ['TIMImageElem', 'image'],
  ['TIMFileElem', 'file'],
  ['TIMSoundElem', 'sound'],
  ['TIMVideoFileElem', 'video'],
  ['TIMFaceElem', 'face'],
  ['TIMLocationElem', 'location'],
  ['TIMCustomElem', 'custom'],
  ['TIMRelayElem', 'merger'],
]);

/** Tips and notices of the service: nobody wrote them, nobody can recall them. */
const noticeTypes: ReadonlySet<string> = new Set(['TIMGroupTipElem', 'TIMGroupSystemNoticeElem']);

/** Whether an element is the service's own notice and not somebody's message. */
export function isNotice(type: string): boolean {
  return noticeTypes.has(type);
}

/** What a message is made of, after its first element. */
export function kindOf(type: string): Kind {
  return kindOfType.get(type) ?? 'other';
}

/** More than any client sends; the rest would not be read by a person either. */
const mostElements = 64;

/** The words by which a person recognises a message, its elements' joined. '' where it has none. */
export function bodyOf(elements: readonly Element[]): Body {
  const words = elements
    .slice(0, mostElements)
    .map(wordsOf)
    .filter((part) => part !== '');
  return { text: cut(words.join('\n')) };
}

/** Cut to `longestText` without leaving half a character. */
function cut(text: string): string {
  if (text.length <= longestText) return text;
  const last = text.charCodeAt(longestText - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, isHalf ? longestText - 1 : longestText);
}

const Words = v.fallback(v.string(), '');
const TextContent = v.object({ text: Words });
const FileContent = v.object({ fileName: Words });
const FaceContent = v.object({ data: Words });
const LocationContent = v.object({ description: Words });
const CustomContent = v.object({ description: Words, extension: Words });
const MergerContent = v.object({ title: Words, compatibleText: Words });

function wordsOf({ type, content }: Element): string {
  switch (kindOf(type)) {
    case 'text':
      return read(TextContent, content)?.text ?? '';
    case 'file':
      return read(FileContent, content)?.fileName ?? '';
    case 'face':
      return read(FaceContent, content)?.data ?? '';
    case 'location':
      return read(LocationContent, content)?.description ?? '';
    case 'custom': {
      // `data` is for programs. The other two often are as well.
      const custom = read(CustomContent, content);
      return [custom?.description, custom?.extension].find(isProse) ?? '';
    }
    case 'merger': {
      // Only its name: the forwarded messages are other people's words.
      const merger = read(MergerContent, content);
      return [merger?.title, merger?.compatibleText].find(isProse) ?? '';
    }
    case 'image':
    case 'sound':
    case 'video':
    case 'other':
      return '';
  }
}

function read<Schema extends v.GenericSchema>(
  schema: Schema,
  content: unknown,
): v.InferOutput<Schema> | undefined {
  const result = v.safeParse(schema, content);
  return result.success ? result.output : undefined;
}

function isProse(words: string | undefined): words is string {
  return words !== undefined && words !== '' && !/^\s*[[{]/u.test(words);
}

/** Longest `cloudCustomData` that is looked into; the kits write some hundred characters. */
const longestCustomData = 32_768;

const Whole = v.fallback(v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))), undefined);

/**
 * What Tencent's UI kits put into `cloudCustomData` of a reply (React 6.1.7, Vue 2.5.6 and 3.0.2).
 * Sequence and time are missing in what chat-uikit-react 2 writes.
 */
const Reply = v.object({
  messageReply: v.object({
    messageID: MessageId,
    messageSequence: Whole,
    messageTime: Whole,
  }),
});

/** Which message a reply quotes; undefined for other messages and for anything that is not a quote. */
export function quoteOf(cloudCustomData: string): Quoted | undefined {
  if (!cloudCustomData.includes('messageReply')) return undefined;
  if (cloudCustomData.length > longestCustomData) return undefined;
  let data: unknown;
  try {
    data = JSON.parse(cloudCustomData);
  } catch {
    return undefined;
  }
  const reply = read(Reply, data)?.messageReply;
  if (!reply) return undefined;
  const { messageID: id, messageSequence: sequence, messageTime: time } = reply;
  return {
    id,
    ...(sequence !== undefined && { sequence }),
    ...(time !== undefined && { time }),
  };
}
