import { i18n } from '#i18n';
import type { VNode } from 'preact';
import type { AccountGlance } from '../contract/views.ts';
import { userOf } from '../message/message.ts';
import { plainText } from '../ui/plain.ts';
import { Sentence } from '../ui/sentence.tsx';
import { StateLine } from '../ui/state-line.tsx';
import { spoken, words, wordsAbout, type Words } from '../ui/words.ts';
import type { Host } from './host.ts';
import { Site, Whose } from './place.tsx';
import { readinessOf, type Readiness as ReadinessCause } from './readiness.ts';

interface Props {
  readonly model: Pick<Host, 'glance'>;
}

const idleWords = {
  unused: 'state.notInUse',
  'no-page': 'state.noChat',
  'signed-out': 'state.signedOut',
} as const;

/** Who is signed in, how each is connected, and what else keeps a recall from going out at once. */
export function Accounts({ model }: Props): VNode {
  const glance = model.glance.value;
  if (!glance) return <p class="state">{i18n.t('state.waking')}</p>;
  const [first, ...others] = glance.accounts;
  if (!first) {
    return (
      <StateLine
        state={{ name: 'signed-out' }}
        user=""
        words={i18n.t(idleWords[glance.idle ?? 'unused'])}
      />
    );
  }
  return (
    <div class="accounts">
      {others.length === 0 ? (
        <StateLine state={first.state} user={userOf(first.id)} />
      ) : (
        <Several accounts={glance.accounts} />
      )}
      <Readiness model={model} />
    </div>
  );
}

/** Several accounts on one line; each by itself when it is opened. */
function Several({ accounts }: { readonly accounts: readonly AccountGlance[] }): VNode {
  const worst = accounts.find(({ state }) => state.name !== 'connected') ?? accounts[0];
  const connected = accounts.filter(({ state }) => state.name === 'connected').length;
  return (
    <details class="several">
      <summary>
        {worst && (
          <StateLine
            state={worst.state}
            user=""
            words={i18n.t('popup.accounts', [connected, accounts.length])}
          />
        )}
      </summary>
      <ul>
        {accounts.map(({ id, state }) => (
          <li key={id}>
            <StateLine state={state} user={userOf(id)} />
            <Whose account={id} />
          </li>
        ))}
      </ul>
    </details>
  );
}

/**
 * Names the cause when a recall would not go out as one would expect. The state says the rest. It keeps
 * its room whatever it says: nothing below may move under a hand that is about to recall.
 */
function Readiness({ model }: Props): VNode | null {
  const glance = model.glance.value;
  if (!glance) return null;
  const readiness = readinessOf(glance);
  const mighty = glance.accounts.filter(({ powers }) => powers !== undefined && powers.length > 0);
  const powers = mighty.flatMap((account) => account.powers ?? []);
  const cause = causeOf(readiness);
  const said = powers.length > 0 && roleWords(powers);
  // Which of several it is, the notice says.
  const isSeveral = glance.accounts.length > 1;
  const unconnected =
    readiness.cause === 'connection' && !isSeveral ? readiness.account : undefined;
  const [whose] = isSeveral && mighty.length === 1 ? mighty : [];
  return (
    <div class="readiness-room">
      {cause !== undefined && <p class="readiness">{cause}</p>}
      {unconnected && (
        <p class="readiness whose">
          {/* There the state names the user. */}
          {unconnected.state.name === 'page-closed' ? (
            <Site of={unconnected.id} />
          ) : (
            <Whose account={unconnected.id} />
          )}
        </p>
      )}
      {said && (
        <p
          class="readiness role"
          data-kept={cause !== undefined || unconnected !== undefined}
          title={spoken(said)}
        >
          {whose && (
            <>
              <bdi>{plainText(userOf(whose.id), 40)}</bdi>
              {' · '}
            </>
          )}
          <Sentence of={said} />
        </p>
      )}
    </div>
  );
}

function causeOf(readiness: ReadinessCause): string | undefined {
  switch (readiness.cause) {
    case 'ready':
    case 'connection':
    case 'role':
      return undefined;
    case 'queue':
      return i18n.t('popup.queue', readiness.count);
    case 'clock': {
      const { minutes } = readiness;
      const key = minutes > 0 ? 'popup.clockFast' : 'popup.clockSlow';
      return i18n.t(key, Math.abs(minutes));
    }
  }
}

/** In which groups members' messages can be recalled, and by what right. */
function roleWords(powers: NonNullable<AccountGlance['powers']>): Words {
  const [first] = powers;
  if (!first || powers.length > 1) return words(i18n.t('popup.powers', powers.length));
  const say = (slot: string): string =>
    first.role === 'owner' ? i18n.t('popup.owner', [slot]) : i18n.t('popup.admin', [slot]);
  return wordsAbout(say, plainText(first.name, 40));
}
