import { i18n } from '#i18n';
import type { VNode } from 'preact';
import type { SentView } from '../contract/views.ts';
import { hostOf, userOf, type AccountId } from '../message/message.ts';
import { plainText } from '../ui/plain.ts';
import type { Host } from './host.ts';

interface Props {
  readonly sent: Pick<SentView, 'account'>;
  readonly model: Pick<Host, 'glance'>;
}

/**
 * Whose message it is, where there are several accounts: the user and the site, as two of them may be
 * the same person on two sites, or two people on one.
 */
export function Place({ sent: { account }, model }: Props): VNode | null {
  return (model.glance.value?.accounts.length ?? 0) < 2 ? null : <Whose account={account} />;
}

/** An account in words: its user and its site. */
export function Whose({ account }: { readonly account: AccountId }): VNode {
  return (
    <span class="place" title={i18n.t('popup.account')}>
      <bdi>{plainText(userOf(account), 60)}</bdi>
      {' · '}
      <Site of={account} />
    </span>
  );
}

/** The site whose page an account is signed in on. */
export function Site({ of }: { readonly of: AccountId }): VNode {
  return <bdi>{plainText(hostOf(of) ?? i18n.t('popup.ownSignIn'), 60)}</bdi>;
}
