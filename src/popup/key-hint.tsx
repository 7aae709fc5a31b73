import { i18n } from '#i18n';
import type { VNode } from 'preact';
import { openShortcutSettings } from '../platform/shortcuts.ts';
import { Sentence } from '../ui/sentence.tsx';
import { wordsAbout } from '../ui/words.ts';
import type { PopupModel } from './model.ts';

/** Which key does the same from anywhere, and the way to set one where none is set. */
export function KeyHint({ model }: { readonly model: PopupModel }): VNode | null {
  const shortcuts = model.shortcuts.value;
  if (!shortcuts) return null;
  const key = shortcuts['recall-last'];
  if (key !== '') {
    return (
      <p class="key-hint">
        <Sentence of={wordsAbout((slot) => i18n.t('popup.key', [slot]), key)} />
      </p>
    );
  }
  return (
    <p class="key-hint">
      {i18n.t('popup.noKey')}{' '}
      <button
        type="button"
        class="link"
        onClick={() => {
          void openShortcutSettings();
        }}
      >
        {i18n.t('popup.setKey')}
      </button>
    </p>
  );
}
