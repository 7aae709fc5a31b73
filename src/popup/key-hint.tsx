import { i18n } from '#i18n';
import type { VNode } from 'preact';
import { openShortcutSettings } from '../platform/shortcuts.ts';
import { Sentence } from '../ui/sentence.tsx';
import { wordsAbout } from '../ui/words.ts';
import type { PopupModel } from './model.ts';

interface Props {
  readonly model: PopupModel;
}

/** Which key does the same from anywhere, and the way to set one, or another. */
export function KeyHint({ model }: Props): VNode | null {
  const key = model.shortcuts.value?.['recall-last'];
  if (key === undefined) return null;
  return (
    <p class="key-hint">
      {key === '' ? (
        i18n.t('popup.noKey')
      ) : (
        <Sentence of={wordsAbout((slot) => i18n.t('popup.key', [slot]), key)} />
      )}{' '}
      <ToKeys label={key === '' ? i18n.t('popup.setKey') : i18n.t('options.keysChange')} />
    </p>
  );
}

/** The key that lists several from anywhere, beside what does so here, or the way to set one. */
export function SweepKey({ model }: Props): VNode | null {
  const key = model.shortcuts.value?.['open-sweep'];
  if (key === undefined) return null;
  return (
    <span class="key-hint">
      {key === '' ? <ToKeys label={i18n.t('popup.setKey')} /> : <bdi dir="ltr">{key}</bdi>}
    </span>
  );
}

function ToKeys({ label }: { readonly label: string }): VNode {
  return (
    <button
      type="button"
      class="link"
      onClick={() => {
        void openShortcutSettings();
      }}
    >
      {label}
    </button>
  );
}
