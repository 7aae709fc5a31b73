import * as v from 'valibot';
import type { RidingLink } from '../chat/link.ts';
import type { Asked } from '../contract/contract.ts';
import { missedEvents } from '../contract/seat.ts';
import { ConversationId, MessageId } from '../message/message.ts';

/** Events in a burst, and per second after it. A busy chat has some; a page that floods has more. */
const burst = 120;
const perSecond = 10;
/** New messages or conversations a list may bring for the price of one event. */
const perEvent = 20;
/** What an SDK tells whole, whatever changed in it: who has a thousand conversations gets them with each message. */
const wholeLists: readonly string[] = ['onConversationListUpdated', 'onGroupListUpdated'];

type Event = Asked<'pageEvents'>['events'][number];

/** What one page tells, as far as it is taken. */
export class Weir {
  readonly #link: Pick<RidingLink, 'take' | 'miss'>;
  readonly #flood = new Flood();
  /** Of recalls alone: what is said too much beside them must not hide one. */
  readonly #recallFlood = new Flood();
  readonly #refused: RefusedRecalls;

  constructor(link: Pick<RidingLink, 'take' | 'miss'>) {
    this.#link = link;
    this.#refused = new RefusedRecalls((marks) => {
      link.take(recalled, marks);
    });
  }

  /** Hands on what is admitted, and says that something was missed where that is not all. */
  pass(events: readonly Event[]): void {
    // Whether the connection stands is heard in any case, as it was last: catching up does not tell that
    // the SDK may ask a second time.
    const last = events.findLast(({ name }) => name === netStateChanged);
    const admitted = events.filter((event) => event === last || this.#admits(event));
    for (const { name, data } of joined(admitted)) this.#link.take(name, data);
    if (admitted.length < events.length) this.#link.miss();
  }

  /** Hands on what is held back: whoever told of it may be about to go. */
  flush(): void {
    this.#refused.flush();
  }

  #admits({ name, data }: Event): boolean {
    if (name === missedEvents) return false;
    if (name !== recalled) return this.#flood.admits(name, data);
    const isAdmitted = this.#recallFlood.admits(name, data);
    if (!isAdmitted) this.#refused.add(data);
    return isAdmitted;
  }
}

/** Keeps one page from having more written than a person's chat ever brings. */
export class Flood {
  #credit = burst;
  #at = performance.now();
  /** The marks of what was in each whole list that was taken last. */
  readonly #known = new Map<string, ReadonlySet<number>>();

  /** Whether what a page told may still be taken; what is refused is to be found by catching up. */
  admits(name: string, data: unknown): boolean {
    const now = performance.now();
    this.#credit = Math.min(burst, this.#credit + ((now - this.#at) / 1000) * perSecond);
    this.#at = now;
    const items = Array.isArray(data) ? (data as unknown[]) : [];
    const whole = wholeLists.includes(name) ? new Set(items.map(markOf)) : undefined;
    const known = this.#known.get(name);
    const news = whole && known ? [...whole].filter((item) => !known.has(item)) : items;
    const price = Math.max(1, Math.ceil(news.length / perEvent));
    if (price > this.#credit) return false;
    this.#credit -= price;
    if (whole) this.#known.set(name, whole);
    return true;
  }
}

/** A recall that was refused, of what its event said: which message it means, and by whom. */
const Mark = v.object({
  conversationID: ConversationId,
  sequence: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  ID: v.fallback(v.optional(MessageId), undefined),
  time: v.fallback(v.optional(v.number()), undefined),
  revoker: v.fallback(v.optional(v.pipe(v.string(), v.maxLength(200))), undefined),
});
type Mark = v.InferOutput<typeof Mark>;

/** What an SDK calls the event of a recall, and that of its connection. */
const recalled = 'onMessageRevoked';
const netStateChanged = 'netStateChange';
/** Refused recalls that are remembered; what more there are of recent messages is found by catching up. */
const mostMarks = 1_000;
/** So long after the first one they are taken, ms: a worker that nobody asks lives three times as long. */
const holding = 10_000;

/**
 * Remembers recalls that were refused, to be taken in one go: catching up reads what is recent only, and
 * would never come to an older message. Holds no words.
 */
export class RefusedRecalls {
  readonly #take: (marks: readonly Mark[]) => void;
  readonly #marks = new Map<string, Mark>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(take: (marks: readonly Mark[]) => void) {
    this.#take = take;
  }

  add(data: unknown): void {
    for (const item of Array.isArray(data) ? (data as unknown[]) : []) {
      const mark = v.safeParse(Mark, item);
      if (!mark.success) continue;
      const { conversationID, sequence, ID } = mark.output;
      if (this.#marks.size >= mostMarks) return;
      this.#marks.set(JSON.stringify([conversationID, sequence, ID]), mark.output);
      this.#timer ??= setTimeout(() => {
        this.flush();
      }, holding);
    }
  }

  /** Has them taken now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#marks.size === 0) return;
    const marks = [...this.#marks.values()];
    this.#marks.clear();
    this.#take(marks);
  }
}

/**
 * A number to know something by that was told before (FNV-1a, 32 bits): not its words, which may be
 * recalled. Two things with one number are no harm: one is taken for free.
 */
function markOf(item: unknown): number {
  const text = JSON.stringify(item);
  let mark = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    mark = Math.imul(mark ^ text.charCodeAt(at), 0x01000193);
  }
  return mark;
}

/** One list in place of several of the same kind in a row: a burst is then learnt in one go. */
function joined(
  events: readonly { readonly name: string; readonly data?: unknown }[],
): { name: string; data: unknown }[] {
  const result: { name: string; data: unknown }[] = [];
  for (const { name, data } of events) {
    const last = result.at(-1);
    if (last?.name === name && Array.isArray(last.data) && Array.isArray(data)) {
      last.data = [...(last.data as unknown[]), ...(data as unknown[])];
    } else result.push({ name, data });
  }
  return result;
}
