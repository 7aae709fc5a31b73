import { useSignal } from '@preact/signals';
import type { FunctionComponent, VNode } from 'preact';
import type { SentView } from '../contract/views.ts';
import { Sentence } from '../ui/sentence.tsx';
import { placeholderWords } from '../ui/words.ts';
import type { PopupModel } from './model.ts';

interface Props {
  readonly sent: SentView;
  readonly model: PopupModel;
}

type View = FunctionComponent<Props>;

/**
 * What stands in place of a message of mine that was recalled. Where I did it, it opens to what
 * was seen of it. It takes the one line the words had: nothing below it moves when it comes.
 */
export function RecalledLine({ sent, model }: Props): VNode {
  const view = useSignal<{ readonly Receipt: View } | undefined>(undefined);
  const placeholder = sent.placeholder ?? { key: 'you', who: '', whose: '' };
  const sentence = <Sentence of={placeholderWords(placeholder)} />;
  if (placeholder.key !== 'you') return <p class="placeholder">{sentence}</p>;
  const Receipt = view.value?.Receipt;
  return (
    <details
      class="receipt"
      onToggle={({ currentTarget }) => {
        if (!currentTarget.open) view.value = undefined;
        // Most who open the popup never ask for it.
        else void import('./receipt.tsx').then((module) => (view.value = module));
      }}
    >
      <summary class="placeholder">{sentence}</summary>
      {Receipt && <Receipt sent={sent} model={model} />}
    </details>
  );
}
