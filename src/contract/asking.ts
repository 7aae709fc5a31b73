import * as v from 'valibot';
import { runtime } from '../platform/runtime.ts';
import { hearWayBack } from './way-back.ts';

/** Marks our questions among everything else that may be sent. */
export const mark = 'unsay-ask';

/** What comes back: the answer, or which check it did not pass. */
export type Reply =
  { readonly answer: unknown } | { readonly refused: 'caller' | 'content' | 'failed' };

/** The worker did not answer, or would not. A bug or a dead extension, never an ordinary refusal. */
export class AskError extends Error {
  override readonly name = 'AskError';
  /** Whether there is a worker, and it will not have this asker. */
  readonly isRefused: boolean;
  constructor(message: string, options?: ErrorOptions & { isRefused?: boolean }) {
    super(message, options);
    this.isRefused = options?.isRefused ?? false;
  }
}

/**
 * Asks the worker and checks its answer; wakes it when it sleeps. Whoever asks has an `ask` that
 * carries the shapes of its own questions only: `page-ask.ts`, `tools-ask.ts`, `popup-ask.ts`,
 * `sweep-ask.ts`, `channel.ts`.
 *
 * @throws {AskError} When there is no worker to answer (the extension was updated under us), it
 * refused the question itself, or the page was left and come back to meanwhile: an answer that comes
 * while the browser keeps a page for the way back is lost and nobody is told (Chromium 156, Firefox 153).
 */
export async function askFor<S extends v.GenericSchema>(
  answerShape: S,
  question: string,
  content: unknown,
): Promise<v.InferOutput<S>> {
  let reply: Reply | undefined;
  const settled = new AbortController();
  try {
    reply = await new Promise<Reply | undefined>((resolve, reject) => {
      const giveUp = (): void => {
        reject(new Error('The page was away.'));
      };
      hearWayBack(window, giveUp, settled.signal);
      // JSON has no undefined: an absent content arrives as an absent field.
      runtime()
        .sendMessage<unknown, Reply | undefined>({ [mark]: question, content })
        .then(resolve, reject);
    });
  } catch (cause) {
    throw new AskError(`${question}: no answer`, { cause });
  } finally {
    settled.abort();
  }
  if (!reply || 'refused' in reply) {
    throw new AskError(`${question}: ${reply ? reply.refused : 'no answer'}`, {
      isRefused: reply?.refused === 'caller',
    });
  }
  const answer = v.safeParse(answerShape, reply.answer ?? undefined);
  if (!answer.success) throw new AskError(`${question}: strange answer`);
  return answer.output;
}
