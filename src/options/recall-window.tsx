import { i18n } from '#i18n';
import { useSignal } from '@preact/signals';
import * as v from 'valibot';
import type { VNode } from 'preact';
import { ask } from '../contract/channel.ts';
import { contract } from '../contract/contract.ts';
import type { AccountView } from '../contract/own-views.ts';
import { words } from '../ui/words.ts';
import { Field } from './field.tsx';
import type { OptionsModel } from './model.ts';

/** How long this account's app allows recalls. */
export function RecallWindow({ model }: { readonly model: OptionsModel }): VNode {
  const account = model.account.value;
  return (
    <section class="card" aria-labelledby="recalls">
      <h2 id="recalls">{i18n.t('options.recalls')}</h2>
      {account ? (
        <WindowForm key={account.id} account={account} model={model} />
      ) : (
        <p class="help">{i18n.t('options.windowSignIn')}</p>
      )}
    </section>
  );
}

interface FormProps {
  readonly account: AccountView;
  readonly model: OptionsModel;
}

function WindowForm({ account, model }: FormProps): VNode {
  const wrong = useSignal<string | undefined>(undefined);
  const fail = (text: string): void => {
    wrong.value = text;
    model.announcer.announce(words(text));
  };
  const save = async (form: HTMLFormElement, input: HTMLInputElement): Promise<void> => {
    const typed = input.value.trim();
    const wish = v.safeParse(contract.setWindow.ask, {
      account: account.id,
      seconds: /^\d+$/u.test(typed) ? Number(typed) : Number.NaN,
    });
    wrong.value = undefined;
    if (!wish.success) {
      fail(i18n.t('options.windowBad'));
      return;
    }
    try {
      await ask('setWindow', wish.output);
      model.say(i18n.t('options.windowSaved'));
    } catch {
      fail(i18n.t('failure.noAnswer'));
    }
    await model.refresh();
    // A field somebody typed in would go on showing that, whatever another window sets.
    const isAsKept = input.value.trim() === typed && input.defaultValue === typed;
    if (isAsKept) form.reset();
  };
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const input = form.elements.namedItem('seconds');
        if (input instanceof HTMLInputElement) void save(form, input);
      }}
    >
      <Field
        label={i18n.t('options.window')}
        help={i18n.t('options.windowHelp')}
        wrong={wrong.value}
      >
        {(props) => (
          <div class="beside">
            <input
              {...props}
              class="short"
              type="number"
              name="seconds"
              min={1}
              max={604_800}
              step={1}
              defaultValue={String(account.windowSeconds)}
            />
            <button type="submit" class="button">
              {i18n.t('options.windowSave')}
            </button>
          </div>
        )}
      </Field>
    </form>
  );
}
