import { i18n } from '#i18n';
import type { ProgressView, SentView } from '../contract/views.ts';
import { languageTag } from '../ui/locale.ts';
import { isRecalled, underWayWords, type Progress } from '../ui/sent.ts';
import { clockTime, timeOfDay } from '../ui/time.ts';
import { placeholderWords, refusalWords, words, type Words } from '../ui/words.ts';
import type { Host } from './host.ts';

/** Whether a message is recalled by a chat page's session, and no such page is open. */
export function isPageMissing(
  sent: Pick<SentView, 'account'>,
  { glance }: Pick<Host, 'glance'>,
): boolean {
  const account = glance.value?.accounts.find(({ id }) => id === sent.account);
  return account?.state.name === 'page-closed';
}

/** Why a recall was refused or waits, with its deadline on this computer's clock. */
export function progressWords(
  { state, why, code, lateBy, until }: ProgressView,
  sent: Pick<SentView, 'account'>,
  model: Pick<Host, 'glance' | 'clock' | 'time'>,
): string {
  const time = model.time(sent);
  return refusalWords({
    why: why ?? (state === 'waiting' ? 'waiting' : 'unknown'),
    code,
    lateBy,
    untilTime:
      until !== undefined && time
        ? timeOfDay(clockTime(time, until), model.clock.value, languageTag())
        : undefined,
    isPageMissing: isPageMissing(sent, model),
  });
}

/** What is announced of a message's recall, and by what that is told from other news of it; undefined: nothing. */
export function newsOf(
  sent: SentView,
  progress: Progress | undefined,
  model: Pick<Host, 'glance' | 'clock' | 'time'>,
): { key: string; words: Words } | undefined {
  if (isRecalled(sent, progress)) {
    const view = sent.placeholder ?? { key: 'you', who: '', whose: '' };
    return { key: 'recalled', words: placeholderWords(view) };
  }
  switch (progress?.state) {
    case 'unanswered':
      return { key: 'unanswered', words: words(i18n.t('popup.unanswered')) };
    case 'waiting':
    case 'refused':
      return {
        key: [progress.state, progress.why, progress.code].join(' '),
        words: words(progressWords(progress, sent, model)),
      };
    case 'asking':
      return progress.why === undefined
        ? undefined
        : { key: 'asking still', words: words(underWayWords(progress)) };
    case 'accepted':
    case undefined:
      return undefined;
  }
}
