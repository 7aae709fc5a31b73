import { accountId, type Kind, type Message } from '../../../src/message/message.ts';

/** Whose history it is. */
export const me = accountId(1_400_000_000, 'alice');

/** How far the messages reach back from `now`, seconds. */
const week = 7 * 86_400;

/** The newest messages come one a second, so that some of my own can still be recalled. */
const fresh = 200;

const words =
  'please see the notes from this morning before we meet and tell me whether the numbers are right 好的 明天 下午 我们 再 看 一下 这个 问题'.split(
    ' ',
  );

/** Spreads numbers evenly, the same way in every run. */
function mix(number: number): number {
  let value = Math.imul(number ^ 0x9e37_79b9, 0x85eb_ca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2_ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** The conversation that the `index`-th message belongs to: 20 people and 20 groups, some busier. */
export function conversationOf(index: number): string {
  const place = Math.min(mix(index) % 40, mix(index + 7) % 60);
  return place % 2 === 0 ? `C2Cuser${place}` : `GROUPgroup${place}`;
}

/**
 * The `index`-th of `total` messages that end at `now` (server seconds), oldest first: some 320 bytes
 * as JSON, one of eight my own, one of ten a reply that quotes the message ten places before it.
 */
export function messageAt(index: number, total: number, now: number): Message {
  const left = total - 1 - index;
  const time =
    left < fresh
      ? now - left
      : now - fresh - Math.floor(((left - fresh) * (week - fresh)) / Math.max(1, total - fresh));
  const conversation = index % 10 === 9 ? conversationOf(index - 9) : conversationOf(index);
  const number = mix(index);
  const author = index % 8 === 0 ? 'alice' : `user${number % 50}`;
  const kind: Kind = number % 20 === 0 ? 'image' : 'text';
  return {
    id: idAt(index, time),
    conversation,
    author,
    authorName: author === 'alice' ? 'Alice' : `Person ${number % 50}`,
    sequence: index,
    random: number,
    time,
    kind,
    body: { text: textAt(index) },
    ...(index % 10 === 9 && { quote: { id: messageAt(index - 9, total, now).id } }),
  };
}

function idAt(index: number, time: number): string {
  return `1441152${String(10_000_000 + (mix(index) % 50))}-${time}-${mix(index + 1)}`;
}

function textAt(index: number): string {
  const count = 6 + (mix(index + 3) % 10);
  return Array.from({ length: count }, (_, i) => words[mix(index * 31 + i) % words.length]).join(
    ' ',
  );
}
