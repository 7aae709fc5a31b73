import { i18n } from '#i18n';
import type { VNode } from 'preact';
import type { Glance } from '../contract/views.ts';
import { conversationName, isRecalled } from '../ui/sent.ts';
import { Excerpt } from './excerpt.tsx';
import { useHands } from './hands.ts';
import type { PopupModel } from './model.ts';
import { Place } from './place.tsx';
import { TimeLeft } from './time-left.tsx';

/** Recalls my newest message that can still be recalled, and names it before. */
export function RecallLast({ model }: { readonly model: PopupModel }): VNode {
  const hands = useHands((isThere) => {
    model.hold('last', isThere);
  });
  const last = model.last.value;
  const left = last && model.left(last);
  return (
    <button
      type="button"
      class="button main recall-last"
      aria-disabled={!last || model.isLastBusy}
      {...hands}
      onClick={(event) => {
        // The second click of a double click would hit the message before.
        if (event.detail > 1) return;
        void model.recallLast();
      }}
    >
      <span class="recall-last-head">
        <span class="recall-last-name">{i18n.t('popup.recallLast')}</span>
        {last && <Place sent={last} model={model} />}
      </span>
      {last && left !== undefined && left > 0 && <TimeLeft left={left} of={last} />}
      {last && left === 0 && <span class="too-late">{i18n.t('popup.unsure')}</span>}
      <span class="recall-last-what">
        {last ? (
          <>
            <bdi class="row-name">{conversationName(last)}</bdi>
            <Excerpt sent={last} />
          </>
        ) : (
          whyNone(model)
        )}
      </span>
    </button>
  );
}

/** What has to be done before there is anybody whose message it could be. */
function whyNobody({ accounts, idle }: Glance): string {
  const isAgain =
    idle === 'signed-out' || accounts.some(({ state }) => state.name !== 'signed-out');
  if (isAgain) return i18n.t('popup.nothingRefused');
  return i18n.t(idle === 'no-page' ? 'popup.nothingNoChat' : 'popup.nothingSignedOut');
}

function whyNone(model: PopupModel): string {
  const glance = model.glance.value;
  if (!glance) return i18n.t('popup.nothingLoaded');
  const isAnybodyThere = glance.accounts.some(
    ({ state }) => !['signed-out', 'signature-expired', 'refused'].includes(state.name),
  );
  if (!isAnybodyThere && glance.sent.length === 0) return whyNobody(glance);
  // The row below says until when, and what for.
  const newest = glance.sent.find((sent) => !isRecalled(sent, model.progress(sent)));
  const state = newest && model.progress(newest)?.state;
  if (state === 'asking') return i18n.t('page.recalling');
  if (state === 'waiting') return i18n.t('page.waiting');
  // What was sent too long ago to be meant by the button has one of its own below.
  if (glance.sent.some((sent) => model.isRecallable(sent))) return i18n.t('popup.nothingUnsure');
  // Where the store cannot be read, nobody knows what was sent.
  const isSureOfNone = glance.sent.length === 0 && !glance.trouble;
  return i18n.t(isSureOfNone ? 'popup.nothingYet' : 'popup.nothingInTime');
}
