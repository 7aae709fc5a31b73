import { i18n } from '#i18n';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { ask } from '../contract/channel.ts';
import { words } from '../ui/words.ts';
import type { OptionsModel } from './model.ts';

/** What is kept on this computer, and how to be rid of it. */
export function Data({ model }: { readonly model: OptionsModel }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const isBusy = useSignal(false);
  const failure = useSignal<string | undefined>(undefined);
  const close = (): void => {
    dialog.current?.close();
  };
  const forget = async (): Promise<void> => {
    if (isBusy.peek()) return;
    isBusy.value = true;
    failure.value = undefined;
    try {
      await ask('forgetAll');
      model.holding.value = undefined;
      model.say(i18n.t('options.deleted'));
    } catch {
      failure.value = i18n.t('failure.noAnswer');
      model.announcer.announce(words(failure.value));
    }
    isBusy.value = false;
    close();
    await model.refresh();
  };
  return (
    <section class="card" aria-labelledby="data">
      <h2 id="data">{i18n.t('options.data')}</h2>
      <p class="help">{i18n.t('options.dataHelp')}</p>
      {failure.value !== undefined && <p class="failure">{failure.value}</p>}
      <div>
        <button
          type="button"
          class="button danger"
          onClick={() => {
            dialog.current?.showModal();
          }}
        >
          {i18n.t('options.deleteAll')}
        </button>
      </div>
      <dialog ref={dialog} aria-labelledby="delete-title" aria-describedby="delete-help">
        <h3 id="delete-title">{i18n.t('options.deleteTitle')}</h3>
        <p id="delete-help">{i18n.t('options.deleteHelp')}</p>
        <div class="choices">
          <button type="button" class="button" onClick={close}>
            {i18n.t('options.deleteNo')}
          </button>
          <button
            type="button"
            class="button danger"
            aria-disabled={isBusy.value}
            onClick={() => {
              void forget();
            }}
          >
            {i18n.t(isBusy.value ? 'options.deleting' : 'options.deleteYes')}
          </button>
        </div>
      </dialog>
    </section>
  );
}
