import type { ChatLink, Glimpse, LinkEvent, LinkState, RecallTarget, Stretch } from './link.ts';
import type {
  AccountId,
  ConversationFacts,
  ConversationId,
  Edge,
  MessageId,
} from '../message/message.ts';
import type { RecallOutcome } from '../message/recall.ts';
import { Announcer } from './announcer.ts';

/**
 * The link of an account that a page is signed in as: the page's session while one is open; between
 * pages, where the user chose so, a sign-in of Unsay's own with the session it saw. Nothing above
 * knows which of the two answers.
 */
export class HandoverLink implements ChatLink {
  readonly account: AccountId;
  readonly #page: ChatLink;
  readonly #onStopped: () => void;
  #standIn: ChatLink | undefined;
  readonly #announcer = new Announcer();
  #isOpen = false;

  /**
   * `page` has the account's id; it is closed when no page is open. `onStopped` hears that a
   * stand-in was thrown out, has expired or was refused.
   */
  constructor(page: ChatLink, onStopped: () => void = () => undefined) {
    this.#onStopped = onStopped;
    this.account = page.account;
    this.#page = page;
    this.#hear(page);
  }

  /** Whether a sign-in of Unsay's own is in place of the page. */
  get isAlone(): boolean {
    return this.#standIn !== undefined;
  }

  /** Lets a closed link of the same user take over until it stops or a page comes. */
  standIn(link: ChatLink): void {
    if (!this.#isOpen || this.#standIn || this.#page.state.name !== 'page-closed') return;
    this.#standIn = link;
    this.#hear(link);
    link.open();
  }

  /** Signs the stand-in out, at once: a page comes, and its sign-in must find the place free. */
  async yield(): Promise<void> {
    const link = this.#standIn;
    this.#standIn = undefined;
    if (!link) return;
    this.#settle();
    await link.close();
  }

  get state(): LinkState {
    return this.#announcer.state;
  }

  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#page.open();
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    const standIn = this.#standIn;
    this.#standIn = undefined;
    this.#announcer.become({ name: 'signed-out' });
    await Promise.all([this.#page.close(), standIn?.close()]);
  }

  poke(): void {
    this.#current.poke();
  }

  doubt(): void {
    this.#current.doubt();
  }

  ready(ms: number): Promise<void> {
    return this.#announcer.ready(ms);
  }

  hear(listener: (event: LinkEvent) => void): () => void {
    return this.#announcer.hear(listener);
  }

  conversations(): Promise<readonly ConversationFacts[]> {
    return this.#current.conversations();
  }

  since(conversation: ConversationId, time: number, most: number, from?: Edge): Promise<Stretch> {
    return this.#current.since(conversation, time, most, from);
  }

  recall(target: RecallTarget): Promise<RecallOutcome> {
    return this.#current.recall(target);
  }

  peek(ids: readonly MessageId[]): Promise<Glimpse> {
    return this.#current.peek(ids);
  }

  get tellsAll(): boolean {
    return this.#current.tellsAll;
  }

  serverTime(): number | undefined {
    return this.#current.serverTime() ?? this.#page.serverTime();
  }

  get isTimeSure(): boolean {
    const knows = this.#current.serverTime() === undefined ? this.#page : this.#current;
    return knows.isTimeSure;
  }

  get #current(): ChatLink {
    return this.#standIn ?? this.#page;
  }

  #hear(link: ChatLink): void {
    link.hear((event) => {
      // Of the one that is not asked now nothing is told; whoever comes next catches up.
      if (!this.#isOpen || link !== this.#current) return;
      if (event.kind !== 'state') this.#announcer.tell(event);
      else this.#settle();
    });
  }

  #settle(): void {
    const standIn = this.#standIn;
    // Thrown out, expired or refused it has no business here any more: it never fights.
    if (standIn && hasStopped(standIn.state)) {
      this.#standIn = undefined;
      void standIn.close();
      this.#onStopped();
    }
    this.#announcer.become(this.#current.state);
  }
}

function hasStopped({ name }: LinkState): boolean {
  return name === 'signed-in-elsewhere' || name === 'signature-expired' || name === 'refused';
}
