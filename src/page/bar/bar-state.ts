import type { BarMessageView } from '../../contract/views.ts';
import type { ConversationId } from '../../message/message.ts';
import { countdown, spokenLeft } from '../../ui/time.ts';
import { isFinal } from '../../ui/words.ts';
import type { HandSentences } from '../hands/sentences.ts';
import type { OwnProgress } from '../progress.ts';
import type { BarSentences } from './bar-sentences.ts';

/** What a row of the bar says. Times left are ms. */
export type RowState =
  | { readonly name: 'offer'; readonly left: number }
  /** `isUnanswered`: a question got no answer, and is asked again. */
  | { readonly name: 'recalling'; readonly isUnanswered?: boolean }
  /** `wait`: how long at most, as `1:42`. */
  | { readonly name: 'waiting'; readonly wait: string | undefined }
  /** `left`: it may be tried again. */
  | { readonly name: 'refused'; readonly text: string; readonly left?: number | undefined }
  | { readonly name: 'over' }
  | {
      readonly name: 'recalled';
      /** Where its words can be put, or what is in the way. */
      readonly reedit?: { readonly label: string; readonly isOffered: boolean } | undefined;
    };

/** Whether it may still be recalled, or is just being. */
export function isOpen(state: RowState): boolean {
  return (
    !['recalled', 'over'].includes(state.name) &&
    (state.name !== 'refused' || state.left !== undefined)
  );
}

/** What a row says depends on this beside its message. */
export interface StateWorld {
  /** Server ms. */
  readonly now: number;
  /** How far a recall is that was asked for in this bar. */
  readonly own: OwnProgress | undefined;
  /** The conversation that is open in the page. */
  readonly here: () => ConversationId | undefined;
  /** Its name, as far as it is known. */
  readonly hereName: string | undefined;
  readonly sentences: HandSentences;
  readonly barSentences: BarSentences;
}

/** What the bar says of this message now. */
export function stateOf(message: BarMessageView, world: StateWorld): RowState {
  const { now, own, sentences } = world;
  const { until } = message;
  const left = until !== undefined && until > now ? until - now : undefined;
  const progress = message.isRecalled ? undefined : (own ?? message.progress);
  if (message.isRecalled) return { name: 'recalled', reedit: reeditOf(message, world) };
  switch (progress?.state) {
    case undefined:
      return left === undefined ? { name: 'over' } : { name: 'offer', left };
    case 'asking':
    case 'accepted':
      return { name: 'recalling', isUnanswered: progress.why !== undefined };
    case 'waiting': {
      const wait = progress.until === undefined ? undefined : countdown(progress.until - now);
      return { name: 'waiting', wait };
    }
    case 'refused': {
      const isOver = isFinal(progress.why ?? 'unknown');
      const text = sentences.refusal(progress);
      return { name: 'refused', text, left: isOver ? undefined : left };
    }
    case 'unanswered':
      return { name: 'refused', text: sentences.unanswered(), left };
  }
}

function reeditOf(
  { own: mine }: BarMessageView,
  { now, here, hereName, sentences, barSentences }: StateWorld,
): { label: string; isOffered: boolean } | undefined {
  if (mine?.reeditUntil === undefined || mine.reeditUntil <= now) return undefined;
  const open = here();
  if (open === mine.conversation) {
    const minutes = Math.ceil((mine.reeditUntil - now) / 60_000);
    return { label: sentences.reedit(minutes), isOffered: true };
  }
  if (open === undefined || hereName === undefined) {
    return { label: barSentences.openChat(), isOffered: false };
  }
  return { label: barSentences.reeditHere(hereName), isOffered: true };
}

/**
 * Everything that is to be seen or heard of a state but its time: as long as it is the same, the row
 * need not be drawn anew.
 */
export function lookOf(state: RowState): string {
  const left = 'left' in state ? state.left : undefined;
  return JSON.stringify({ ...state, left: left === undefined ? undefined : spokenLeft(left) });
}

/** The same message, of which nothing is told any more that comes from its words. */
export function withoutWords({ own, ...message }: BarMessageView): BarMessageView {
  return { ...message, warnings: [], ...(own && { own: { ...own, excerpt: '' } }) };
}
