import type { ProgressView, SentView, SpanView, TimeView } from '../contract/views.ts';
import { partnerOf } from '../message/message.ts';
import type { RecallOutcome } from '../message/recall.ts';
import { plainText } from './plain.ts';
import { serverTime } from './time.ts';
import { isFinal, recallingWords } from './words.ts';

/** Where a recall stands for whoever asked: as the worker says, or that the worker did not answer. */
export type Progress = ProgressView | { readonly state: 'unanswered' };

const longestName = 60;

/** A conversation's name, or whom it is with when it has none. */
export function conversationName(
  view: Pick<SentView, 'conversation' | 'conversationName'>,
): string {
  return (
    plainText(view.conversationName, longestName) ||
    plainText(partnerOf(view.conversation), longestName)
  );
}

/** What the worker's answer to a recall says about its progress. */
export function progressOf(outcome: RecallOutcome): ProgressView {
  if (outcome.ok) return { state: 'accepted' };
  const { why, code, lateBy, until } = outcome;
  return { state: why === 'waiting' ? 'waiting' : 'refused', why, code, lateBy, until };
}

/** Whether the message is recalled, as far as the worker or the service said. */
export function isRecalled(
  sent: Pick<SentView, 'placeholder'>,
  progress: Progress | undefined,
): boolean {
  return sent.placeholder !== undefined || progress?.state === 'accepted';
}

/** Whether a recall was asked for and has not ended. */
export function isUnderWay(progress: Progress | undefined): boolean {
  return progress?.state === 'asking' || progress?.state === 'waiting';
}

/** What is said of a recall under way that waits for nothing but its answer. */
export function underWayWords(progress: Progress | undefined): string {
  return recallingWords(progress?.state === 'asking' && progress.why !== undefined);
}

/** Server milliseconds left to recall; 0 when its time is over, undefined when not known yet. */
export function timeLeft(
  sent: SpanView,
  time: TimeView | undefined,
  clock: number,
): number | undefined {
  if (sent.until === undefined) return 0;
  return time && Math.max(0, sent.until - serverTime(time, clock));
}

/** Server milliseconds left to have the words of a recalled message back; 0 when over. */
export function reeditLeft(
  { reeditUntil }: Pick<SentView, 'reeditUntil'>,
  time: TimeView | undefined,
  clock: number,
): number {
  return reeditUntil === undefined || !time
    ? 0
    : Math.max(0, reeditUntil - serverTime(time, clock));
}

/** Whether its time is over as far as is known, and only the service knows for certain. */
export function isUnsure(sent: SpanView, time: TimeView | undefined, clock: number): boolean {
  if (sent.until === undefined || sent.askUntil === undefined || !time) return false;
  const now = serverTime(time, clock);
  return now >= sent.until && now < sent.askUntil;
}

/**
 * Up to this age a message is meant by “my last message” though only the service knows whether there
 * is time left, ms: what was said hours ago is not taken back by mistake.
 */
const longestUnsure = 600_000;

/**
 * How long ago it was sent, ms: by its own account's time, or by this computer's clock where nobody
 * has told that in this browser session. Never below 0, whatever they say.
 */
export function ageOf(sent: SentView, time: TimeView | undefined, clock: number): number {
  return Math.max(0, (time ? serverTime(time, clock) : clock) - sent.time * 1000);
}

/** Whether “my last message” may mean it, as far as its time is concerned. */
export function isFreshEnough(sent: SentView, time: TimeView | undefined, clock: number): boolean {
  const isKnown = time !== undefined && !isUnsure(sent, time, clock);
  return isKnown || ageOf(sent, time, clock) < longestUnsure;
}

/** Whether a click could recall the message now. `isOver`: certainly too late. */
export function isRecallable(
  sent: Pick<SentView, 'placeholder'>,
  progress: Progress | undefined,
  isOver: boolean,
): boolean {
  if (isOver || isRecalled(sent, progress) || isUnderWay(progress)) return false;
  return progress?.state !== 'refused' || !(progress.why && isFinal(progress.why));
}
