import type { Rule } from '../../message/guard/rules.ts';
import type { ConversationId } from '../../message/message.ts';

/** A message sent this soon (ms) after its chat was opened may have been meant for the one before. */
const hasty = 2000;
/** A message that comes up this long (ms) after the last press was not sent here. */
const longestWay = 5000;

/**
 * How the text in the composer came about, as far as it matters for where it goes. Times are ms of
 * any one clock.
 */
export class Draft {
  #here: ConversationId | undefined;
  #switchedAt: number | undefined;
  /** Where the text was begun that is in the composer now. */
  #begunIn: ConversationId | undefined;
  /** The text as it was left last. */
  #left = '';
  #pressedAt: number | undefined;

  /** This conversation is open now. */
  see(here: ConversationId | undefined, now: number): void {
    if (here === undefined || here === this.#here) return;
    if (this.#here !== undefined) this.#switchedAt = now;
    this.#here = here;
  }

  /** Somebody is about to write into the composer, which holds this text. */
  touch(text: string): void {
    // The page itself emptied it, or put another draft in.
    if (text !== this.#left) this.#begunIn = undefined;
    this.#left = text;
  }

  /** Somebody wrote; the composer holds this text now. */
  write(text: string): void {
    this.#left = text;
    this.#begunIn = text.trim() === '' ? undefined : (this.#begunIn ?? this.#here);
  }

  /** Somebody pressed what may send: a key or a button. */
  press(now: number): void {
    this.#pressedAt = now;
  }

  /** A message of mine came up in a conversation: what its page saw of it. */
  judge(conversation: ConversationId, now: number): Rule[] {
    const sentAt = this.#pressedAt;
    const begunIn = this.#begunIn;
    this.#begunIn = undefined;
    this.#left = '';
    if (sentAt === undefined || now - sentAt > longestWay) return [];
    // Rows of a chat that was just opened are not known yet when it is written in at once.
    const isUnseen = this.#here !== undefined && this.#here !== conversation;
    const isHasty =
      this.#switchedAt !== undefined &&
      sentAt >= this.#switchedAt &&
      sentAt - this.#switchedAt < hasty;
    return [
      ...(isUnseen || isHasty ? (['switched'] as const) : []),
      ...(begunIn !== undefined && begunIn !== conversation ? (['begun-elsewhere'] as const) : []),
    ];
  }
}
