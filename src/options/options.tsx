import { i18n } from '#i18n';
import type { VNode } from 'preact';
import { StatusRegion } from '../ui/announcer.tsx';
import { TroubleNotice } from '../ui/trouble-notice.tsx';
import { UnansweredNotice } from '../ui/unanswered-notice.tsx';
import { Account } from './account.tsx';
import { Data } from './data.tsx';
import { Keeping } from './keeping.tsx';
import { Keys } from './keys.tsx';
import { Language } from './language.tsx';
import { InPages } from './manners.tsx';
import type { OptionsModel } from './model.ts';
import { NoticeSettings } from './notices.tsx';
import { RecallLog } from './recall-log.tsx';
import { RecallWindow } from './recall-window.tsx';
import { Sites } from './sites.tsx';
import { Toast } from './toast.tsx';

/** The whole options page. */
export function Options({ model }: { readonly model: OptionsModel }): VNode {
  const trouble = model.glance.value?.trouble;
  return (
    <>
      <main>
        <h1>
          <img src="/icons/48.png" width="32" height="32" alt="" />
          {i18n.t('options.title')}
        </h1>
        {model.isUnanswered.value && (
          <UnansweredNotice announcer={model.announcer} run={() => model.refresh()} />
        )}
        {trouble && <TroubleNotice trouble={trouble} announcer={model.announcer} />}
        {model.isLoaded.value && (
          <>
            <Account model={model} />
            <RecallWindow model={model} />
            <Sites model={model} />
            <Keys model={model} />
            <InPages model={model} />
            <NoticeSettings model={model} />
            <Keeping model={model} />
            <RecallLog model={model} />
            <Data model={model} />
            <Language />
          </>
        )}
      </main>
      {model.outcome.value && <Toast outcome={model.outcome.value} model={model} />}
      <StatusRegion announcer={model.announcer} />
    </>
  );
}
