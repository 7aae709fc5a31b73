import type { ask as AskWorker } from '../../contract/page-ask.ts';
import type { ask as AskForTools } from '../../contract/tools-ask.ts';
import type { MessageId, MessageRef } from '../../message/message.ts';
import type { Composer } from '../composer.ts';
import type { HandSentences } from '../hands/sentences.ts';
import { appendTo } from './append.ts';
import { mentionIn } from './mentions.ts';
import { holdStrayEnter } from './stray-enter.ts';

export interface PutBackOptions {
  readonly ask: typeof AskWorker;
  readonly askForTools: typeof AskForTools;
  readonly composer: Composer;
  readonly sentences: Pick<
    HandSentences,
    'putBack' | 'unmentioned' | 'notPutBack' | 'noComposer' | 'goneWords'
  >;
  readonly signal: AbortSignal;
}

/** What came of putting words back. */
export interface PutBackOutcome {
  /** What to tell of it. */
  readonly note: string;
  /** Whether there is nothing to put back any more. */
  readonly isOver: boolean;
  /** Whether what is told is no longer so; missing where that does not change. */
  readonly isPast?: () => boolean;
}

/**
 * Puts the words of a message I recalled into the page's composer, as text and behind what is
 * written there already, and mentions whom they mentioned, where the composer has mentions; they are
 * forgotten once they are in it. Rejects where nobody answered, which
 * says nothing of whether they are kept. Nothing is put where `isStillThere` no longer says that the
 * conversation is open that was when it was pressed.
 */
export type PutBack = (message: MessageRef, isStillThere: () => boolean) => Promise<PutBackOutcome>;

/** However often a button is pressed while the words are on their way, they are put back once. */
export function makePutBack(options: PutBackOptions): PutBack {
  const { ask, askForTools, composer, sentences, signal } = options;
  const underWay = new Map<MessageId, Promise<PutBackOutcome>>();

  const nowhere = (): PutBackOutcome => ({
    note: sentences.noComposer(),
    isOver: false,
    isPast: () => composer.find() !== undefined,
  });

  const putBack: PutBack = async (message, isStillThere) => {
    if (!composer.find()) return nowhere();
    const [words, mentions] = await Promise.all([
      ask('reedit', message),
      askForTools('mentions', message),
    ]);
    if (words === undefined) return { note: sentences.goneWords(), isOver: true };
    // The focus goes there, and with it an Enter that is still down or comes a second time.
    const field = composer.find();
    if (!field) return nowhere();
    if (!isStillThere()) return { note: sentences.notPutBack(), isOver: false };
    holdStrayEnter(field, signal);
    // It is there and does not take them: nothing of the page tells when it would.
    if (!(await appendTo(field, words))) return { note: sentences.noComposer(), isOver: false };
    const isWhole =
      !mentions || ((await mentionIn(field, words, mentions.found)) && mentions.isWhole);
    // They are where they are wanted; if nobody hears this they go when their time is over.
    await ask('reeditDone', message).catch(() => undefined);
    const isEmpty = (): boolean => composer.text().trim() === '';
    // What is drawn instead of words cannot be read: then nothing tells when it is gone.
    const isPast = isEmpty() ? undefined : isEmpty;
    const note = isWhole ? sentences.putBack() : sentences.unmentioned();
    return { note, isOver: true, ...(isPast && { isPast }) };
  };

  return (message, isStillThere) => {
    const { id } = message;
    const going =
      underWay.get(id) ??
      putBack(message, isStillThere).finally(() => {
        underWay.delete(id);
      });
    underWay.set(id, going);
    return going;
  };
}
