import type { BarMessageView } from '../../contract/views.ts';
import type { MessageId } from '../../message/message.ts';
import { spoken } from '../../ui/words.ts';
import type { HandSentences } from '../hands/sentences.ts';
import type { BarSentences } from './bar-sentences.ts';
import type { RowState } from './bar-state.ts';

export interface AnnouncerOptions {
  readonly document: Document;
  /** Reads this out to those who listen. */
  readonly say: (words: string) => void;
  readonly sentences: BarSentences;
  readonly timeInWords: HandSentences['timeInWords'];
  /** What there is to say of it after a press, such as where the words went. */
  readonly noteOf: (id: MessageId) => string | undefined;
  /** Where somebody pressed is where they are told; this one is told elsewhere. */
  readonly isToldElsewhere: (id: MessageId) => boolean;
}

/** A message in the bar and what its row says. */
export type Shown = readonly [message: BarMessageView, state: RowState];

/** What was told of a message. */
interface Told {
  readonly event: string;
  readonly note: string | undefined;
}

/**
 * Says what happened to messages, each event once and only where somebody is; of messages that were not
 * there before only the newest, as all of a page's are when it was loaded anew. Returns what is to be
 * called with those that are shown, newest first, whenever any of them may have changed.
 */
export function makeAnnouncer(options: AnnouncerOptions): (shown: readonly Shown[]) => void {
  const { document, say, sentences, timeInWords, noteOf, isToldElsewhere } = options;
  const told = new Map<MessageId, Told>();

  const wordsFor = (message: BarMessageView, state: RowState): string => {
    switch (state.name) {
      case 'offer':
        return [
          sentences.announce(message, timeInWords(state.left)),
          ...message.warnings.map((rule) => sentences.warning(rule)),
        ].join(' ');
      case 'recalled':
        return spoken(sentences.recalled(message));
      case 'refused':
        return isToldElsewhere(message.id) ? '' : spoken(sentences.refused(message, state.text));
      case 'waiting':
        // Without the time, which would be another a second later.
        return isToldElsewhere(message.id) ? '' : spoken(sentences.waiting(message, undefined));
      case 'recalling': {
        const isNews = state.isUnanswered === true && !isToldElsewhere(message.id);
        return isNews ? spoken(sentences.recalling(message, true)) : '';
      }
      case 'over':
        return '';
    }
  };

  /** What is new of a message: '' when that is not said, undefined when nothing is. */
  const newsOf = (message: BarMessageView, state: RowState): string | undefined => {
    const before = told.get(message.id);
    const note = noteOf(message.id);
    const event = eventOf(message, state) ?? before?.event ?? '';
    // Before there are words: putting a time into them costs more than all else here.
    if (event === before?.event && note === before.note) return undefined;
    told.set(message.id, { event, note });
    if (note !== undefined && note !== before?.note) return note;
    return event === before?.event ? '' : wordsFor(message, state);
  };

  return (shown) => {
    const news = new Set<string>();
    let hasNewcomer = false;
    for (const [message, state] of shown) {
      const isNewcomer = !told.has(message.id);
      const words = newsOf(message, state);
      if (words === undefined || (isNewcomer && hasNewcomer)) continue;
      if (words !== '') hasNewcomer ||= isNewcomer;
      news.add(words);
    }
    if (news.size === 0 || !document.hasFocus()) return;
    // Emptied where something goes on that is not said: the same words are read out again only where they
    // were not there in between.
    say([...news].filter((words) => words !== '').join(' '));
  };
}

/** Tells what happened to a message from what was before; undefined where its time only went by. */
function eventOf({ warnings }: BarMessageView, state: RowState): string | undefined {
  switch (state.name) {
    case 'offer':
      return ['offer', ...warnings].join();
    case 'refused':
      return `refused ${state.text}`;
    case 'recalling':
      return state.isUnanswered === true ? 'unanswered yet' : 'recalling';
    case 'waiting':
    case 'recalled':
      return state.name;
    case 'over':
      return undefined;
  }
}
