import type { Stretch } from '../chat/link.ts';
import type { Conversation } from '../history/history.ts';
import type { Edge, Message } from '../message/message.ts';

/** What of a stretch is kept: all recalls, and messages not older than `oldest` (server seconds). */
export function young(
  { messages, recalls }: Stretch,
  oldest: number,
): Pick<Stretch, 'messages' | 'recalls'> {
  return { messages: messages.filter(({ time }) => time >= oldest), recalls };
}

/** Messages as they may be learnt: of those older than `oldest` (server seconds) no words. */
export function wordlessBefore(messages: readonly Message[], oldest: number): readonly Message[] {
  return messages.map((message) => {
    if (message.time >= oldest) return message;
    const facts = { ...message, body: { text: '' } };
    delete facts.identity;
    return facts;
  });
}

/** Whether a stretch goes back to `time` without a hole. */
export function reaches({ messages, recalls, isComplete }: Stretch, time: number): boolean {
  if (isComplete) return true;
  return [...messages, ...recalls].some((one) => one.time !== undefined && one.time < time);
}

/**
 * From where on all is known by a stretch that was asked for back to `time` and of which nothing older
 * than `oldest` is kept; undefined where nothing could be read. Server seconds.
 */
export function edgeOf(
  { isComplete, edge }: Stretch,
  time: number,
  oldest: number,
): Edge | undefined {
  const end = isComplete ? { time } : edge;
  return end && end.time < oldest ? { time: oldest } : end;
}

/** Whether all of a conversation is known that is to be kept: what is not older than `oldest`. */
export function isWhole(
  { lastTime, edge }: Pick<Conversation, 'lastTime' | 'edge'>,
  oldest: number,
): boolean {
  return lastTime < oldest || (edge !== undefined && edge.time <= oldest);
}
