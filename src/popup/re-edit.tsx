import { i18n } from '#i18n';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { ask } from '../contract/popup-ask.ts';
import type { SentView } from '../contract/views.ts';
import { words } from '../ui/words.ts';
import type { PopupModel } from './model.ts';

interface Props {
  readonly sent: SentView;
  readonly model: PopupModel;
}

/**
 * Copies the words of a message I recalled, for as long as they are kept; used once, they are
 * forgotten here.
 */
export function ReEdit({ sent, model }: Props): VNode | null {
  const isCopied = useSignal(false);
  const isBusy = useSignal(false);
  const left = model.reeditLeft(sent);
  if (isCopied.value) return <p class="re-edit done">{i18n.t('popup.copied')}</p>;
  if (left === 0) return null;
  const copy = async (): Promise<void> => {
    if (isBusy.peek()) return;
    isBusy.value = true;
    const { account, conversation, id } = sent;
    try {
      const text = await ask('reedit', { account, conversation, id });
      if (text === undefined) {
        await model.refresh();
        return;
      }
      await navigator.clipboard.writeText(text);
      isCopied.value = true;
      model.announcer.announce(words(i18n.t('popup.copied')));
      await ask('reeditDone', { account, conversation, id });
    } catch {
      model.announcer.announce(words(i18n.t('popup.notCopied')));
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <button
      type="button"
      class="button re-edit"
      aria-disabled={isBusy.value}
      title={i18n.t('popup.copyHelp', Math.ceil(left / 60_000))}
      onClick={() => {
        void copy();
      }}
    >
      {i18n.t('popup.copy')}
    </button>
  );
}
