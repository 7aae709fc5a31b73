import { i18n } from '#i18n';
import type { KeyMiss, SentView } from '../contract/views.ts';
import { hostOf } from '../message/message.ts';
import { conversationName, isRecalled, isUnderWay, type Progress } from './sent.ts';
import { refusalWords, words, wordsAbout, type Words } from './words.ts';

type Placed = Pick<SentView, 'account' | 'conversation' | 'conversationName'>;
/** What is to be known of a message to say what became of its recall. */
export type Told = Placed & Pick<SentView, 'placeholder'>;

/**
 * What went by the key for my last message, and from where, or why not; without any word of the message.
 * `progress`: where its recall stands; without any it is under way. `isPageMissing`: it is recalled by a
 * chat page's session, and no such page is open.
 */
export function keyWords(
  sent: Told,
  progress: Progress | undefined,
  isPageMissing: boolean,
): Words {
  const about = (say: (slot: string) => string): Words => wordsAbout(say, placeOf(sent));
  if (isRecalled(sent, progress)) return about((slot) => i18n.t('keys.recalled', [slot]));
  if (!progress || progress.state === 'asking') {
    const key = progress?.why === undefined ? 'bar.recalling' : 'bar.stillRecalling';
    return about((slot) => i18n.t(key, [slot]));
  }
  if (isUnderWay(progress)) {
    const key = isPageMissing ? 'keys.waitingPage' : 'keys.waiting';
    return about((slot) => i18n.t(key, [slot]));
  }
  const refusal =
    progress.state === 'unanswered'
      ? i18n.t('popup.unanswered')
      : refusalWords({ ...progress, why: progress.why ?? 'unknown' });
  return about((slot) => i18n.t('keys.refused', [slot, refusal]));
}

/** Why the key recalled nothing. */
export function keyMissWords(why: KeyMiss): Words {
  return words(why === 'unanswered' ? i18n.t('refusal.unanswered') : i18n.t(`keys.${why}`));
}

/** The conversation, and the site where it is a page's session. */
function placeOf(sent: Placed): string {
  const host = hostOf(sent.account);
  const name = conversationName(sent);
  return host === undefined ? name : `${name} (${host})`;
}
