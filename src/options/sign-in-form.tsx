import { i18n } from '#i18n';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { ask } from '../contract/channel.ts';
import type { StateView } from '../contract/views.ts';
import { signInRefusal, stateHelp, words } from '../ui/words.ts';
import { Field } from './field.tsx';
import type { OptionsModel } from './model.ts';
import { SetServer } from './set-server.tsx';
import { readSignIn, signInFields, type SignInField } from './sign-in.ts';

const complaints: Readonly<Record<SignInField, () => string>> = {
  sdkAppId: () => i18n.t('options.badSdkAppId'),
  userId: () => i18n.t('options.badUserId'),
  userSig: () => i18n.t('options.badUserSig'),
  server: () => i18n.t('options.badServer'),
};

/** The form that signs in. What is typed stays in the page; the signature is never shown again. */
export function SignInForm({ model }: { readonly model: OptionsModel }): VNode {
  const form = useRef<HTMLFormElement>(null);
  const advanced = useRef<HTMLDetailsElement>(null);
  const wrong = useSignal<readonly SignInField[]>([]);
  const { isSigningIn: isBusy, signInFailure: failure } = model;
  const account = model.account.value;
  const setServer = model.policy.value?.server;

  const complain = (fields: readonly SignInField[]): void => {
    wrong.value = fields;
    const [first] = fields;
    if (!first) return;
    if (first === 'server' && advanced.current) advanced.current.open = true;
    form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
    model.announcer.announce(words(complaints[first]()));
  };
  const fail = (text: string): void => {
    failure.value = text;
    model.announcer.announce(words(text));
  };
  const submit = async (fields: HTMLFormElement): Promise<void> => {
    if (isBusy.peek()) return;
    const typed = new FormData(fields);
    const textOf = (field: SignInField): string => {
      const text = typed.get(field);
      return typeof text === 'string' ? text : '';
    };
    const [sdkAppId, userId, userSig, server] = signInFields.map(textOf) as [
      string,
      string,
      string,
      string,
    ];
    const staySignedIn = typed.has('staySignedIn');
    const read = readSignIn({ sdkAppId, userId, userSig, server, staySignedIn });
    failure.value = undefined;
    complain(read.ok ? [] : read.wrong);
    if (!read.ok) return;
    isBusy.value = true;
    try {
      const answer = await ask('signIn', read.credentials);
      if (answer.ok) {
        fields.reset();
        model.announcer.announce(words(i18n.t('options.signedIn')));
      } else fail('why' in answer ? i18n.t('before.why') : failureText(answer.state));
    } catch {
      fail(i18n.t('failure.noAnswer'));
    }
    await model.refresh();
    isBusy.value = false;
  };

  const wrongText = (field: SignInField): string | undefined =>
    wrong.value.includes(field) ? complaints[field]() : undefined;
  return (
    <form
      ref={form}
      class="form"
      noValidate
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <p class="help">{i18n.t('options.accountHelp')}</p>
      <Field label={i18n.t('options.sdkAppId')} wrong={wrongText('sdkAppId')}>
        {(props) => (
          <input
            {...props}
            class="short"
            name="sdkAppId"
            inputMode="numeric"
            autoComplete="off"
            defaultValue={account ? String(account.sdkAppId) : ''}
          />
        )}
      </Field>
      <Field label={i18n.t('options.userId')} wrong={wrongText('userId')}>
        {(props) => (
          <input
            {...props}
            name="userId"
            autoComplete="off"
            autoCapitalize="off"
            spellcheck={false}
            defaultValue={account?.userId ?? ''}
          />
        )}
      </Field>
      <Field
        label={i18n.t('options.userSig')}
        help={i18n.t('options.userSigHelp')}
        wrong={wrongText('userSig')}
      >
        {(props) => (
          // "new-password" keeps browsers from filling in or offering to keep a signature.
          <input {...props} type="password" name="userSig" autoComplete="new-password" />
        )}
      </Field>
      <div class="check">
        <input
          type="checkbox"
          id="stay"
          name="staySignedIn"
          aria-describedby="stay-help"
          defaultChecked={account?.staysSignedIn ?? false}
        />
        <div>
          <label for="stay">{i18n.t('options.stay')}</label>
          <p class="help" id="stay-help">
            {i18n.t('options.stayHelp')}
          </p>
        </div>
      </div>
      {setServer === undefined ? (
        <details ref={advanced}>
          <summary>{i18n.t('options.advanced')}</summary>
          <Field
            label={i18n.t('options.server')}
            help={i18n.t('options.serverHelp')}
            wrong={wrongText('server')}
          >
            {(props) => (
              <input
                {...props}
                dir="ltr"
                name="server"
                inputMode="url"
                autoComplete="off"
                spellcheck={false}
                placeholder="wss://chat.example.com"
                defaultValue={account?.server ?? ''}
              />
            )}
          </Field>
        </details>
      ) : (
        <SetServer server={setServer} />
      )}
      <p class="notice" data-tone="warn">
        {i18n.t('options.oneLogin')}
      </p>
      {failure.value !== undefined && <p class="failure">{failure.value}</p>}
      <div>
        <button type="submit" class="button main" aria-disabled={isBusy.value}>
          {i18n.t(isBusy.value ? 'options.signingIn' : 'options.signIn')}
        </button>
      </div>
    </form>
  );
}

/** Why a sign-in did not end in a connection, and what to do next. */
function failureText(state: StateView): string {
  switch (state.name) {
    case 'refused':
      return signInRefusal(state.code);
    case 'signature-expired':
    case 'signed-in-elsewhere':
      return stateHelp(state) ?? i18n.t('refused.noCode');
    case 'signed-out':
      return i18n.t('refused.noCode');
    case 'connected':
    case 'connecting':
    case 'reconnecting':
    case 'page-closed':
      return i18n.t('options.stillTrying');
  }
}
