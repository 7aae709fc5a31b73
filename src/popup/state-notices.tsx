import { i18n } from '#i18n';
import type { VNode } from 'preact';
import { ask } from '../contract/popup-ask.ts';
import type { AccountGlance, Glance, StateView } from '../contract/views.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { stateHelp } from '../ui/words.ts';
import type { Host } from './host.ts';
import { Whose } from './place.tsx';

interface Props {
  readonly model: Pick<Host, 'glance' | 'announcer'>;
  /** Leads to where somebody signs in. */
  readonly toOptions: () => Promise<void>;
}

/** What the accounts' connections mean for the user, where that needs explaining; each state once. */
export function StateNotices(props: Props): VNode | null {
  const glance = props.model.glance.value;
  if (!glance) return null;
  return (
    <>
      {statesOf(glance).map(({ state, accounts }) => (
        <StateNotice key={state.name} state={state} accounts={accounts} {...props} />
      ))}
    </>
  );
}

/** A state, and of which accounts it is, where there are others. */
interface SharedState {
  readonly state: StateView;
  readonly accounts: readonly AccountGlance[];
}

function statesOf({ accounts }: Glance): SharedState[] {
  if (accounts.length === 0) return [{ state: { name: 'signed-out' }, accounts }];
  const states = new Map(accounts.map(({ state }) => [state.name, state]));
  return [...states.values()].map((state) => ({
    state,
    accounts: accounts.length < 2 ? [] : accounts.filter((one) => one.state.name === state.name),
  }));
}

function StateNotice({ state, accounts, ...props }: Props & SharedState): VNode | null {
  const isPageMissing = state.name === 'signed-out' && props.model.glance.value?.idle === 'no-page';
  const help = isPageMissing ? i18n.t('stateHelp.noChat') : stateHelp(state);
  if (help === undefined) return null;
  return (
    <div class="notice" data-tone={state.name === 'signed-out' ? 'quiet' : 'warn'}>
      <p>
        {accounts.map(({ id }) => (
          <Whose key={id} account={id} />
        ))}
        {help}
      </p>
      <StateAction state={state} {...props} />
    </div>
  );
}

function StateAction({
  state,
  model: { announcer },
  toOptions,
}: Props & Pick<SharedState, 'state'>): VNode | null {
  switch (state.name) {
    case 'signed-out':
      return (
        <ActionButton label={i18n.t('stateHelp.signIn')} announcer={announcer} run={toOptions} />
      );
    case 'signature-expired':
    case 'refused':
      return (
        <ActionButton
          label={i18n.t('stateHelp.signInAgain')}
          look="main"
          announcer={announcer}
          run={toOptions}
        />
      );
    case 'signed-in-elsewhere':
      return (
        <ActionButton
          label={i18n.t('stateHelp.connectAgain')}
          announcer={announcer}
          run={() => ask('reconnect')}
        />
      );
    case 'connected':
    case 'connecting':
    case 'reconnecting':
    case 'page-closed':
      return null;
  }
}
