import { computed, signal } from '@preact/signals';
import type { ProgressView } from '../contract/views.ts';
import { accountId, type Entry, type MessageId } from '../message/message.ts';
import { judge, type Verdict } from '../message/recall.ts';
import type { Windows } from '../message/window.ts';

/** How long messages can be recalled here, seconds: short, so that being late can be tried, too. */
export const practiceWindow = 20;
const window = { expected: practiceWindow * 1000, isAtLeast: false, closes: practiceWindow * 1000 };
const windows: Windows = { direct: window, group: window, moderated: window };
/** Messages that fit; then it is time to start again. */
export const mostLines = 40;

const you = 'you';
const robin = 'robin';
/** The account of the practice chat, which no service knows. */
export const practiceAccount = accountId(0, you);
const conversation = `C2C${robin}` as const;

/** One message of the practice chat and where its recall stands. */
export interface Line {
  readonly entry: Entry;
  readonly progress?: ProgressView;
}

/** What the other person of the practice chat writes. */
export interface Script {
  readonly partnerName: string;
  readonly first: string;
  readonly slip: string;
}

/**
 * A chat that lives in one page's memory, under the same law as a real one: `judge` says what may be
 * recalled, a recall destroys the words, and what could not be sent before its deadline is refused.
 * Nothing of it leaves the page. All times are ms of this computer's clock.
 */
export class Practice {
  readonly lines = signal<readonly Line[]>([]);
  readonly isOffline = signal(false);
  readonly now = signal(0);
  readonly isFull = computed(() => this.lines.value.length >= mostLines);
  readonly #script: Script;
  /** What the other person recalled while I was offline. */
  #unheard: readonly MessageId[] = [];
  #count = 0;

  constructor(script: Script, now: number) {
    this.#script = script;
    this.start(now);
  }

  /** Begins anew, with the other person's first message only. */
  start(now: number): void {
    this.now.value = now;
    this.isOffline.value = false;
    this.lines.value = [];
    this.#unheard = [];
    this.#add(robin, this.#script.first);
  }

  /** Sends a message of mine. Not while offline, not when full, and not without words. */
  send(text: string): void {
    const words = text.trim();
    if (words === '' || this.isOffline.value || this.isFull.value) return;
    this.#add(you, words);
  }

  /**
   * The other person sends something; what is given lets them recall it. Nothing while offline, and
   * not when full. Of a recall while offline is heard when the connection is back.
   */
  slip(): (() => void) | undefined {
    if (this.isOffline.value || this.isFull.value) return;
    const id = this.#add(robin, this.#script.slip);
    return () => {
      if (this.isOffline.value) this.#unheard = [...this.#unheard, id];
      else this.#accept(id, robin);
    };
  }

  /** What the law says of a message now. */
  verdict({ entry }: Line): Verdict {
    return judge(entry, {
      me: practiceAccount,
      now: this.now.value,
      windows,
    });
  }

  /** Recalls a message of mine, if the law allows it: at once, or when I am online again. */
  recall(id: MessageId): void {
    const line = this.lines.value.find(({ entry }) => entry.id === id);
    if (!line || line.progress?.state === 'waiting') return;
    const verdict = this.verdict(line);
    if (!verdict.may) return;
    if (!this.isOffline.value) this.#accept(id, you);
    else this.#note(id, { state: 'waiting', why: 'waiting', until: verdict.until });
  }

  /** Goes offline, or online again: what still waits then is recalled, and what was recalled is heard. */
  setOffline(isOffline: boolean): void {
    this.isOffline.value = isOffline;
    if (isOffline) return;
    for (const id of this.#unheard) this.#accept(id, robin);
    this.#unheard = [];
    for (const { entry, progress } of this.lines.value) {
      if (progress?.state === 'waiting') this.#accept(entry.id, you);
    }
  }

  /** Reads the clock. What waited beyond its deadline is refused, as it never left this computer. */
  tick(now: number): void {
    this.now.value = now;
    for (const { entry, progress } of this.lines.value) {
      if (progress?.state === 'waiting' && now > (progress.until ?? 0)) {
        this.#note(entry.id, { state: 'refused', why: 'unreachable' });
      }
    }
  }

  #add(author: string, text: string): MessageId {
    this.#count += 1;
    const id = `practice-${this.#count}`;
    const entry: Entry = {
      account: practiceAccount,
      conversation,
      id,
      author,
      authorName: author === robin ? this.#script.partnerName : '',
      sequence: this.#count,
      random: 0,
      time: this.now.value / 1000,
      kind: 'text',
      body: { text },
    };
    this.lines.value = [...this.lines.value, { entry }];
    return id;
  }

  #accept(id: MessageId, by: string): void {
    this.#change(id, ({ entry }) => {
      const { body, ...facts } = entry;
      if (!body) return { entry };
      return { entry: { ...facts, recall: { by, at: this.now.value, witness: 'event' } } };
    });
  }

  #note(id: MessageId, progress: ProgressView): void {
    this.#change(id, ({ entry }) => ({ entry, progress }));
  }

  #change(id: MessageId, change: (line: Line) => Line): void {
    this.lines.value = this.lines.value.map((line) => (line.entry.id === id ? change(line) : line));
  }
}
