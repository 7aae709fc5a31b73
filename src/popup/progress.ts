import type { ProgressView, SentView } from '../contract/views.ts';
import type { RecallOutcome } from '../message/recall.ts';
import { languageTag } from '../ui/locale.ts';
import type { Progress } from '../ui/sent.ts';
import { clockTime, timeOfDay } from '../ui/time.ts';
import { refusalWords } from '../ui/words.ts';
import type { Host } from './host.ts';

/** What the worker's answer to a recall says about its progress. */
export function progressOf(outcome: RecallOutcome): Progress {
  if (outcome.ok) return { state: 'accepted' };
  const { why, code, lateBy, until } = outcome;
  return { state: why === 'waiting' ? 'waiting' : 'refused', why, code, lateBy, until };
}

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
