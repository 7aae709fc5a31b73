import { i18n } from '#i18n';
import type { VNode } from 'preact';
import { ask } from '../contract/popup-ask.ts';
import type { AccountGlance, Glance, StateView } from '../contract/views.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { stateHelp } from '../ui/words.ts';
import type { Host } from './host.ts';
import { Whose } from './place.tsx';

interface Props {
  readonly model: Pick<Host, 'glance' | 'announcer' | 'mayTurnOn'>;
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
  const chatHelp = accounts.length === 0 ? toChat(props) : undefined;
  const help = chatHelp ?? stateHelp(state);
  if (help === undefined) return null;
  return (
    <div class="notice" data-tone={isQuiet(state) ? 'quiet' : 'warn'}>
      <p>
        {accounts.map(({ id }) => (
          <Whose key={id} account={id} />
        ))}
        {help}
      </p>
      {/* Where the chat's own session is all that is needed, nobody is asked for another. */}
      {chatHelp === undefined && <StateAction state={state} {...props} />}
    </div>
  );
}

/** How to come by the session of a chat page, where Unsay has none and never had one of its own. */
function toChat({ model: { glance, mayTurnOn } }: Props): string | undefined {
  switch (glance.value?.idle) {
    case 'unused':
      return i18n.t(mayTurnOn?.value ? 'stateHelp.unusedHere' : 'stateHelp.unused');
    case 'no-page':
      return i18n.t('stateHelp.noChat');
    case 'signed-out':
    case undefined:
      return undefined;
  }
}

/** Whether a state is nothing to be warned of: the sign beside its name is grey then, too. */
function isQuiet({ name }: StateView): boolean {
  return name === 'signed-out' || name === 'page-closed';
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
