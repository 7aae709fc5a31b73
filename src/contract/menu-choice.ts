import * as v from 'valibot';
import { hearWorker } from './worker-word.ts';

const mark = 'unsay-menu';

/** What a page makes of it: it does what was chosen, or there was no message of Unsay's there. */
const Reply = v.picklist(['taken', 'nothing']);
export type ChoiceReply = v.InferOutput<typeof Reply>;

/**
 * Says to the frame in which the browser's own menu was opened that its entry for a message was
 * chosen. Which message that is, only our script there knows: the browser tells the frame, no more.
 */
export const menuChoice: object = { [mark]: 'recall' };

/** What came back from a frame; nothing where nobody of ours is, or none that is known here. */
export function readChoiceReply(answer: unknown): ChoiceReply {
  const reply = v.safeParse(Reply, answer);
  return reply.success ? reply.output : 'nothing';
}

/** Hears the worker's word on a choice in a page until `signal` aborts. */
export function hearMenuChoice(onChoice: () => ChoiceReply, signal: AbortSignal): void {
  hearWorker((message, sendResponse) => {
    if (message[mark] !== 'recall') return undefined;
    sendResponse(onChoice() satisfies ChoiceReply);
    return true;
  }, signal);
}
