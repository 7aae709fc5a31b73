import { i18n } from '#i18n';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { ask } from '../contract/channel.ts';
import type { AccountView } from '../contract/own-views.ts';
import type { StateView } from '../contract/views.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { useKeptFocus } from '../ui/kept-focus.ts';
import { plainText } from '../ui/plain.ts';
import { StateLine } from '../ui/state-line.tsx';
import { stateHelp } from '../ui/words.ts';
import type { OptionsModel } from './model.ts';
import { SignInForm } from './sign-in-form.tsx';

interface Props {
  readonly model: OptionsModel;
}

/** Who is signed in and how the connection is; the form where somebody must sign in. */
export function Account({ model }: Props): VNode {
  const account = model.account.value;
  const state = model.state.value;
  const isSigningIn = model.isSigningIn.value;
  const section = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  // Signing in and out takes the button away that was pressed.
  useKeptFocus(section, heading);
  return (
    <section class="card" aria-labelledby="account" ref={section}>
      <h2 id="account" ref={heading} tabIndex={-1}>
        {i18n.t('options.account')}
      </h2>
      {account && !isSigningIn && <SignedIn account={account} state={state} model={model} />}
      {(isSigningIn || mustSignIn(account, state)) && <SignInForm model={model} />}
    </section>
  );
}

function mustSignIn(account: AccountView | undefined, state: StateView): boolean {
  if (!account) return true;
  return ['signed-out', 'signature-expired', 'refused'].includes(state.name);
}

function SignedIn({
  account,
  state,
  model,
}: Props & { readonly account: AccountView; readonly state: StateView }): VNode {
  const { announcer } = model;
  // Also when the form says the same: that stands at its button, far below.
  const help = state.name === 'signed-out' ? undefined : stateHelp(state);
  const isOver = mustSignIn(account, state);
  return (
    <>
      <StateLine state={state} user={account.userId} />
      {help !== undefined && (
        <div class="notice" data-tone="warn">
          <p>{help}</p>
          {state.name === 'signed-in-elsewhere' && (
            <ActionButton
              label={i18n.t('stateHelp.connectAgain')}
              announcer={announcer}
              run={() => ask('reconnect')}
            />
          )}
        </div>
      )}
      {!isOver && <Facts account={account} />}
      <div>
        <ActionButton
          label={i18n.t(isOver ? 'options.forget' : 'options.signOut')}
          announcer={announcer}
          run={async () => {
            await ask('signOut');
            model.say(i18n.t(isOver ? 'options.forgotten' : 'options.signedOut'));
            await model.refresh();
          }}
        />
      </div>
    </>
  );
}

function Facts({ account }: { readonly account: AccountView }): VNode {
  return (
    <>
      <dl class="facts">
        <dt>{i18n.t('options.who')}</dt>
        <dd>
          <bdi>{plainText(account.userId, 128)}</bdi>
        </dd>
        <dt>{i18n.t('options.app')}</dt>
        <dd>{String(account.sdkAppId)}</dd>
        <dt>{i18n.t('options.server')}</dt>
        <dd>
          {account.server === undefined ? (
            i18n.t('options.serverOwn')
          ) : (
            <bdi dir="ltr">{plainText(account.server, 300)}</bdi>
          )}
        </dd>
      </dl>
      <p class="help">{i18n.t(account.staysSignedIn ? 'options.stays' : 'options.forgets')}</p>
    </>
  );
}
