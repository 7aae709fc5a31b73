import { i18n } from '#i18n';
import type { VNode } from 'preact';
import { ActionButton } from './action-button.tsx';
import type { Announcer } from './announcer.tsx';

interface Props {
  readonly announcer: Announcer;
  /** Asks again. Rejects when the worker still does not answer. */
  readonly run: () => Promise<void>;
}

/** The worker did not answer, and the way to ask it again. */
export function UnansweredNotice({ announcer, run }: Props): VNode {
  return (
    <div class="notice" data-tone="bad">
      <p>{i18n.t('failure.noAnswer')}</p>
      <ActionButton label={i18n.t('failure.tryAgain')} announcer={announcer} run={run} />
    </div>
  );
}
