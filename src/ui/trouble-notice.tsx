import { i18n } from '#i18n';
import type { VNode } from 'preact';
import { ask } from '../contract/popup-ask.ts';
import type { TroubleView } from '../contract/views.ts';
import { ActionButton } from './action-button.tsx';
import type { Announcer } from './announcer.tsx';
import { troubleWords } from './words.ts';

interface Props {
  readonly trouble: TroubleView;
  readonly announcer: Announcer;
}

/** What is wrong with the message store, and what to do about it. */
export function TroubleNotice({ trouble, announcer }: Props): VNode {
  return (
    <div class="notice" data-tone="bad">
      <p>{troubleWords(trouble)}</p>
      {trouble === 'history-corrupt' && (
        <ActionButton
          label={i18n.t('trouble.rebuild')}
          busyLabel={i18n.t('trouble.rebuilding')}
          announcer={announcer}
          run={() => ask('rebuild')}
        />
      )}
    </div>
  );
}
