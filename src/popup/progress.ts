import type { ProgressView, SentView, TimeView } from '../contract/views.ts';
import type { RecallOutcome } from '../message/recall.ts';
import { clockTime, serverTime, timeOfDay } from '../ui/time.ts';
import { languageTag } from '../ui/locale.ts';
import { isFinal, refusalWords } from '../ui/words.ts';

/** Where a recall stands for the popup: as the worker says, or that the worker did not answer. */
export type Progress = ProgressView | { readonly state: 'unanswered' };

/** What the worker's answer to a recall says about its progress. */
export function progressOf(outcome: RecallOutcome): Progress {
  if (outcome.ok) return { state: 'accepted' };
  const { why, code, lateBy, until } = outcome;
  return { state: why === 'waiting' ? 'waiting' : 'refused', why, code, lateBy, until };
}

/** Whether the message is recalled, as far as the worker or the service said. */
export function isRecalled(sent: SentView, progress: Progress | undefined): boolean {
  return sent.placeholder !== undefined || progress?.state === 'accepted';
}

/** Server milliseconds left to recall; 0 when its time is over, undefined when not known yet. */
export function timeLeft(
  sent: SentView,
  time: TimeView | undefined,
  clock: number,
): number | undefined {
  if (sent.until === undefined) return 0;
  return time && Math.max(0, sent.until - serverTime(time, clock));
}

/** Whether its time is over as far as is known, and only the service knows for certain. */
export function isUnsure(sent: SentView, time: TimeView | undefined, clock: number): boolean {
  if (sent.until === undefined || sent.askUntil === undefined || !time) return false;
  const now = serverTime(time, clock);
  return now >= sent.until && now < sent.askUntil;
}

/** Whether a click could recall the message now. `isOver`: certainly too late. */
export function isRecallable(
  sent: SentView,
  progress: Progress | undefined,
  isOver: boolean,
): boolean {
  if (isOver || isRecalled(sent, progress)) return false;
  if (progress === undefined || progress.state === 'unanswered') return true;
  return progress.state === 'refused' && !(progress.why && isFinal(progress.why));
}

/** Why a recall was refused or waits, with its deadline on this computer's clock. */
export function progressWords(
  progress: ProgressView,
  time: TimeView | undefined,
  clock: number,
): string {
  const { state, why, code, lateBy, until } = progress;
  return refusalWords({
    why: why ?? (state === 'waiting' ? 'waiting' : 'unknown'),
    code,
    lateBy,
    untilTime:
      until !== undefined && time
        ? timeOfDay(clockTime(time, until), clock, languageTag())
        : undefined,
  });
}
