import { computed, signal } from '@preact/signals';
import { ask } from '../contract/channel.ts';
import type { ConversationView, HitView, LineView } from '../contract/own-views.ts';
import type { MessageId } from '../message/message.ts';

/** Messages that come with one look. */
const pageSize = 50;
/** The most that one question may ask for. */
const mostAtOnce = 100;
/** As many as one sweep takes. */
const mostChosen = 200;

/** Names a conversation. */
export type ConversationName = Pick<
  ConversationView,
  'account' | 'conversation' | 'conversationName'
>;
type Place = Pick<LineView, 'time' | 'sequence' | 'id'>;

/** A conversation that is being read in: what of it is shown, and what in it is chosen. */
export class Reading {
  readonly of: ConversationName;
  /** Newest first; undefined until the worker answered. */
  readonly lines = signal<readonly LineView[] | undefined>();
  /** Whether nothing older is kept. */
  readonly isEnd = signal(false);
  /** Whether it begins with a message that was found, not with the newest. */
  readonly isInMiddle = signal(false);
  readonly #chosen = signal<ReadonlySet<MessageId>>(new Set());
  #from: Place | undefined;
  #most = pageSize;
  #question = 0;

  /** Those of the shown messages that are chosen. */
  readonly chosen = computed(() =>
    (this.lines.value ?? []).filter(({ id }) => this.#chosen.value.has(id)),
  );

  /** Begins with the newest message, or with one that was found. */
  constructor(of: ConversationName, hit?: Pick<HitView, 'time' | 'sequence' | 'id'>) {
    this.of = of;
    // The place right before it, so that it is the first.
    if (hit) this.#from = { time: hit.time, sequence: hit.sequence + 1, id: hit.id };
    this.isInMiddle.value = hit !== undefined;
  }

  /** Reads what is shown anew. Rejects when the worker does not answer. */
  refresh(): Promise<void> {
    return this.#read();
  }

  /** Shows older messages, too. */
  older(): Promise<void> {
    this.#most += pageSize;
    return this.#read();
  }

  /** Goes to the newest message. */
  newest(): Promise<void> {
    this.#from = undefined;
    this.isInMiddle.value = false;
    this.#most = pageSize;
    return this.#read();
  }

  isChosen(id: MessageId): boolean {
    return this.#chosen.value.has(id);
  }

  /** Takes a message in or out. */
  choose(id: MessageId, isChosen: boolean): void {
    const next = new Set(this.#chosen.value);
    if (!isChosen) next.delete(id);
    else if (next.size < mostChosen) next.add(id);
    this.#chosen.value = next;
  }

  chooseNone(): void {
    this.#chosen.value = new Set();
  }

  async #read(): Promise<void> {
    const most = this.#most;
    const question = ++this.#question;
    const { account, conversation } = this.of;
    const lines: LineView[] = [];
    let isEnd = false;
    while (!isEnd && lines.length < most) {
      const before = lines.at(-1) ?? this.#from;
      const page = await ask('historyPage', {
        ...{ account, conversation },
        most: Math.min(mostAtOnce, most - lines.length),
        ...(before && { before: placeOf(before) }),
      });
      lines.push(...page.lines);
      isEnd = page.isEnd;
    }
    // An answer that comes late is to another question.
    if (question !== this.#question) return;
    this.lines.value = lines;
    this.isEnd.value = isEnd;
  }
}

function placeOf({ time, sequence, id }: Place): Place {
  return { time, sequence, id };
}
