import type { ask as AskWorker } from '../../contract/page-ask.ts';
import type { MessageRef } from '../../message/message.ts';
import type { Composer } from '../composer.ts';
import type { BarSentences } from './bar-sentences.ts';

/**
 * Puts the words of a message I recalled into the page's composer, as text and behind what is
 * written there already; they are forgotten once they are in it. Returns what to tell of it.
 */
export async function putBack(
  { ask, composer }: { readonly ask: typeof AskWorker; readonly composer: Composer },
  sentences: Pick<BarSentences, 'putBack' | 'noComposer' | 'goneWords'>,
  message: MessageRef,
): Promise<string> {
  if (!composer.find()) return sentences.noComposer();
  let words: string | undefined;
  try {
    words = await ask('reedit', message);
  } catch {
    words = undefined;
  }
  if (words === undefined) return sentences.goneWords();
  if (!(await composer.append(words))) return sentences.noComposer();
  // They are where they are wanted; if nobody hears this they go when their time is over.
  await ask('reeditDone', message).catch(() => undefined);
  return sentences.putBack();
}
