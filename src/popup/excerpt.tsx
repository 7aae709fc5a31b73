import type { VNode } from 'preact';
import type { SentView } from '../contract/views.ts';
import { plainText } from '../ui/plain.ts';
import { kindWords } from '../ui/words.ts';

/** Characters of a message shown; one line of a popup holds fewer. */
const longestExcerpt = 120;

/**
 * The first words of a message on one line; what it is made of where there are none to show. The
 * words have a direction of their own, so that what does not fit is cut from their end.
 */
export function Excerpt({ sent }: { readonly sent: SentView }): VNode {
  const text = plainText(sent.excerpt, longestExcerpt);
  const isPlain = sent.kind === 'text' && text !== '';
  return (
    <span class="excerpt">
      {!isPlain && <span class={text === '' ? 'kind' : 'kind tag'}>{kindWords(sent.kind)}</span>}
      {text !== '' && (
        <span class="excerpt-words" dir="auto">
          {text}
        </span>
      )}
    </span>
  );
}
