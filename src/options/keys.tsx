import { i18n } from '#i18n';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { commandNames, openShortcutSettings, type CommandName } from '../platform/shortcuts.ts';
import type { OptionsModel } from './model.ts';

const names: Readonly<Record<CommandName, () => string>> = {
  'recall-last': () => i18n.t('command.recallLast'),
  'open-sweep': () => i18n.t('command.openSweep'),
};

/** Which keys are set, and the way to the browser's own page that sets them. */
export function Keys({ model }: { readonly model: OptionsModel }): VNode {
  const shortcuts = model.shortcuts.value;
  const isClosed = useSignal(false);
  const isMissing = shortcuts && commandNames.some((name) => shortcuts[name] === '');
  return (
    <section class="card" aria-labelledby="keys">
      <h2 id="keys">{i18n.t('options.keys')}</h2>
      <p class="help">{i18n.t('options.keysHelp')}</p>
      <dl class="facts">
        {commandNames.map((name) => (
          <KeyOf key={name} name={names[name]()} shortcut={shortcuts?.[name] ?? ''} />
        ))}
      </dl>
      {isMissing && (
        <p class="notice" data-tone="warn">
          {i18n.t('options.keyMissing')}
        </p>
      )}
      <div>
        <button
          type="button"
          class="button"
          onClick={() => {
            void openShortcutSettings().then((isOpen) => {
              isClosed.value = !isOpen;
            });
          }}
        >
          {i18n.t('options.keysChange')}
        </button>
      </div>
      {isClosed.value && <p>{i18n.t('options.keysByHand')}</p>}
    </section>
  );
}

function KeyOf({ name, shortcut }: { readonly name: string; readonly shortcut: string }): VNode {
  return (
    <>
      <dt>{name}</dt>
      <dd>{shortcut === '' ? i18n.t('options.keyNone') : <kbd dir="ltr">{shortcut}</kbd>}</dd>
    </>
  );
}
