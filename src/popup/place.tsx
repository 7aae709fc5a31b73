import { i18n } from '#i18n';
import type { VNode } from 'preact';
import type { SentView } from '../contract/views.ts';
import { userOf } from '../message/message.ts';
import { plainText } from '../ui/plain.ts';
import type { Host } from './host.ts';
import { hostOf } from './site.ts';

interface Props {
  readonly sent: Pick<SentView, 'account'>;
  readonly model: Pick<Host, 'glance'>;
}

/** Whose message it is, where there are several accounts: the site, or the user who signed in. */
export function Place({ sent: { account }, model }: Props): VNode | null {
  if ((model.glance.value?.accounts.length ?? 0) < 2) return null;
  return (
    <p class="place" title={i18n.t('popup.account')}>
      <bdi>{plainText(hostOf(account) ?? userOf(account), 60)}</bdi>
    </p>
  );
}
