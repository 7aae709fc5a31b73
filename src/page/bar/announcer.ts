import type { BarMessageView } from '../../contract/views.ts';
import type { MessageId } from '../../message/message.ts';
import { spoken } from '../../ui/words.ts';
import type { HandSentences } from '../hands/sentences.ts';
import type { BarSentences } from './bar-sentences.ts';
import type { RowState } from './bar-state.ts';

export interface AnnouncerOptions {
  readonly document: Document;
  /** What is written there is said to those who listen. */
  readonly said: Element;
  readonly sentences: BarSentences;
  readonly timeInWords: HandSentences['timeInWords'];
  /** What there is to say of it after a press, such as where the words went. */
  readonly noteOf: (id: MessageId) => string | undefined;
  /** Where somebody pressed is where they are told; this one is told elsewhere. */
  readonly isToldElsewhere: (id: MessageId) => boolean;
}

/**
 * Says the newest event of messages, once, and only where somebody is. Returns what is to be called with
 * a message that is shown whenever it may have changed.
 */
export function makeAnnouncer(
  options: AnnouncerOptions,
): (message: BarMessageView, state: RowState) => void {
  const { document, said, sentences, timeInWords, noteOf, isToldElsewhere } = options;
  /** What was announced of each message, so that nothing is said twice. */
  const announced = new Map<MessageId, string>();

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
        return spoken(sentences.refused(message, state.text));
      case 'recalling':
      case 'waiting':
      case 'over':
        return '';
    }
  };

  return (message, state) => {
    const { id } = message;
    const note = noteOf(id);
    const event = [state.name, ...message.warnings, note ?? ''].join();
    // Before there are words: putting a time into them costs more than all else here.
    if (announced.get(id) === event) return;
    const words = wordsFor(message, state);
    if (words === '') return;
    announced.set(id, event);
    const isTold = state.name === 'refused' && isToldElsewhere(id);
    if (document.hasFocus() && !isTold) said.textContent = note ?? words;
  };
}
