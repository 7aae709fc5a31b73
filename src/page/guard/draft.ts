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
  /** The last conversation that was known to be open. */
  #here: ConversationId | undefined;
  /** When somebody last did something in the page while it showed that one. */
  #usedAt: number | undefined;
  /** Since when another one is open whose rows say nothing: a new one, or not known yet. */
  #elsewhereSince: number | undefined;
  #switchedAt: number | undefined;
  /** Where the text was begun that is in the composer now; undefined where nobody knows. */
  #begunIn: ConversationId | undefined;
  /** The text as it was left last. */
  #left = '';
  #pressedAt: number | undefined;
  /** Which one was open then, where that is known. */
  #pressedIn: ConversationId | undefined;

  /** This conversation is open now. */
  see(here: ConversationId | undefined, now: number): void {
    if (here === undefined) return;
    // A page that opens may show one chat on its way to another: only people switch.
    if (here !== this.#here && this.#usedAt !== undefined) {
      this.#switchedAt = this.#elsewhereSince ?? now;
    }
    this.#here = here;
    this.#elsewhereSince = undefined;
  }

  /** Somebody is doing something in the page, which shows this conversation. */
  use(here: ConversationId | undefined, now: number): void {
    this.see(here, now);
    if (here !== undefined) this.#usedAt = now;
    else if (this.#usedAt === undefined) this.#here = undefined;
    // What they did last took them there.
    else this.#elsewhereSince ??= this.#usedAt;
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
    this.#begunIn = text.trim() === '' ? undefined : (this.#begunIn ?? this.#shown);
  }

  /** Somebody pressed what may send: a key or a button. */
  press(now: number): void {
    this.#pressedAt = now;
    this.#pressedIn = this.#shown;
  }

  /** The conversation that is open, where it is known. */
  get #shown(): ConversationId | undefined {
    return this.#elsewhereSince === undefined ? this.#here : undefined;
  }

  /** A message of mine came up in a conversation: what its page saw of it. */
  judge(conversation: ConversationId, now: number): Rule[] {
    const sentAt = this.#pressedAt;
    // Sent from another device, or by another page: what is in the composer stays there.
    if ((this.#pressedIn ?? conversation) !== conversation) return [];
    const begunIn = this.#begunIn;
    this.#begunIn = undefined;
    this.#left = '';
    if (sentAt === undefined || now - sentAt > longestWay) return [];
    // Its row comes up before the rest of a chat that was just opened is known.
    const isUnseen = this.#usedAt !== undefined && this.#here !== conversation;
    const switchedAt = isUnseen ? (this.#elsewhereSince ?? sentAt) : this.#switchedAt;
    const isHasty = switchedAt !== undefined && sentAt >= switchedAt && sentAt - switchedAt < hasty;
    return [
      ...(isHasty ? (['switched'] as const) : []),
      ...(begunIn !== undefined && begunIn !== conversation ? (['begun-elsewhere'] as const) : []),
    ];
  }
}
