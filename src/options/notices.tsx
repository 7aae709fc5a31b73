import { i18n } from '#i18n';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { NoticesChange } from '../message/notices.ts';
import { requestNotices } from '../platform/notices.ts';
import { Check } from './check.tsx';
import type { OptionsModel } from './model.ts';

/** What is told outside of the browser's windows; the browser is asked when the first is wanted. */
export function NoticeSettings({ model }: { readonly model: OptionsModel }): VNode {
  const notices = model.notices.value;
  const isDenied = useSignal(false);
  // Taken back in the browser's own pages, after they were chosen here.
  const isTakenBack = Object.values(notices).includes(true) && !model.mayNotify.value;
  const change = (chosen: NoticesChange): void => {
    const isWanted = Object.values(chosen).includes(true);
    // In the turn of the click: after an await the browser does not count it as the user's.
    const granted = isWanted ? requestNotices() : Promise.resolve(true);
    void granted
      .catch(() => false)
      .then(async (isGranted) => {
        isDenied.value = !isGranted;
        if (isWanted) model.mayNotify.value = isGranted;
        if (isGranted) await model.setNotices(chosen);
        else model.refuseNotices();
      });
  };
  return (
    <section class="card" aria-labelledby="notices">
      <h2 id="notices">{i18n.t('options.notices')}</h2>
      <p class="help">{i18n.t('options.noticesHelp')}</p>
      <Check
        label={i18n.t('options.noticeMessages')}
        help={i18n.t('options.noticeMessagesHelp')}
        isChecked={notices.messages}
        onChange={(messages) => {
          change({ messages });
        }}
      />
      <Check
        label={i18n.t('options.noticeWalked')}
        help={i18n.t('options.noticeWalkedHelp')}
        isChecked={notices.walkedAway}
        onChange={(walkedAway) => {
          change({ walkedAway });
        }}
      />
      {(isDenied.value || isTakenBack) && <p class="failure">{i18n.t('options.noticeDenied')}</p>}
    </section>
  );
}
