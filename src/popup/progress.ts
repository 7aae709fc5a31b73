import type { ProgressView, SentView } from '../contract/views.ts';
import { languageTag } from '../ui/locale.ts';
import { clockTime, timeOfDay } from '../ui/time.ts';
import { refusalWords } from '../ui/words.ts';
import type { Host } from './host.ts';

/** Why a recall was refused or waits, with its deadline on this computer's clock. */
export function progressWords(
  { state, why, code, lateBy, until }: ProgressView,
  sent: Pick<SentView, 'account'>,
  model: Pick<Host, 'glance' | 'clock' | 'time'>,
): string {
  const time = model.time(sent);
  const account = model.glance.value?.accounts.find(({ id }) => id === sent.account);
  return refusalWords({
    why: why ?? (state === 'waiting' ? 'waiting' : 'unknown'),
    code,
    lateBy,
    untilTime:
      until !== undefined && time
        ? timeOfDay(clockTime(time, until), model.clock.value, languageTag())
        : undefined,
    isPageMissing: account?.state.name === 'page-closed',
  });
}
