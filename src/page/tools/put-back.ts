import type { ask as AskWorker } from '../../contract/page-ask.ts';
import type { MessageId, MessageRef } from '../../message/message.ts';
import type { Composer } from '../composer.ts';
import type { HandSentences } from '../hands/sentences.ts';
import { appendTo } from './append.ts';
import { holdStrayEnter } from './stray-enter.ts';

export interface PutBackOptions {
  readonly ask: typeof AskWorker;
  readonly composer: Composer;
  readonly sentences: Pick<HandSentences, 'putBack' | 'noComposer' | 'goneWords'>;
  readonly signal: AbortSignal;
}

/**
 * Puts the words of a message I recalled into the page's composer, as text and behind what is
 * written there already; they are forgotten once they are in it. Returns what to tell of it.
 */
export type PutBack = (message: MessageRef) => Promise<string>;

/** However often a button is pressed while the words are on their way, they are put back once. */
export function makePutBack({ ask, composer, sentences, signal }: PutBackOptions): PutBack {
  const underWay = new Map<MessageId, Promise<string>>();

  const putBack: PutBack = async (message) => {
    if (!composer.find()) return sentences.noComposer();
    let words: string | undefined;
    try {
      words = await ask('reedit', message);
    } catch {
      words = undefined;
    }
    if (words === undefined) return sentences.goneWords();
    // The focus goes there, and with it an Enter that is still down or comes a second time.
    const field = composer.find();
    if (!field) return sentences.noComposer();
    holdStrayEnter(field, signal);
    if (!(await appendTo(field, words))) return sentences.noComposer();
    // They are where they are wanted; if nobody hears this they go when their time is over.
    await ask('reeditDone', message).catch(() => undefined);
    return sentences.putBack();
  };

  return (message) => {
    const { id } = message;
    const going =
      underWay.get(id) ??
      putBack(message).finally(() => {
        underWay.delete(id);
      });
    underWay.set(id, going);
    return going;
  };
}
