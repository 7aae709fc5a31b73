import { signal } from '@preact/signals';
import { ask } from '../contract/channel.ts';
import type { CoverageView, HitView } from '../contract/own-views.ts';

type Place = Pick<HitView, 'account' | 'conversation' | 'id' | 'time' | 'sequence'>;

/** Hits that come with one look. */
const pageSize = 30;
/** The most that one question may ask for. */
const mostAtOnce = 100;
/** How long somebody may pause between two letters, ms. */
const pause = 150;
/** How often it is asked at most what a search covers, ms. */
const coverEvery = 2_000;
/** How often a search that has not come to its end is looked at again, ms. */
const pollEvery = 300;

/** Who hears how a search goes. */
export interface Listeners {
  /** How many were found, once for each thing searched for. */
  readonly onFound: (count: number, isEnd: boolean) => void;
  /** What was missing was read, as far as it went. */
  readonly onRead: (coverage: CoverageView) => void;
}

/** A search over all that is kept, while it is being typed. */
export class Finding {
  readonly words = signal('');
  /** Newest first; undefined until the worker answered. */
  readonly hits = signal<readonly HitView[] | undefined>();
  readonly isEnd = signal(true);
  /** Whether older messages are still being looked through. */
  readonly isGoingOn = signal(false);
  readonly isUnanswered = signal(false);
  /** What was searched, once a search came to its end. */
  readonly coverage = signal<CoverageView | undefined>();
  readonly #listeners: Listeners;
  #most = pageSize;
  #question = 0;
  #isWatching = false;
  #coveredAt = -Infinity;
  #isCoverDue = false;

  constructor(listeners: Listeners) {
    this.#listeners = listeners;
  }

  /** Whether anything is searched for. */
  get isOn(): boolean {
    return this.words.value.trim() !== '';
  }

  /** Somebody is about to search: the worker may begin to read. */
  async prepare(): Promise<void> {
    // One that does not answer is told of when something is searched for.
    await ask('warmSearch').catch(() => undefined);
  }

  /** Searches for these words, as soon as nobody types. */
  async search(words: string): Promise<void> {
    this.words.value = words;
    this.hits.value = undefined;
    this.isGoingOn.value = false;
    this.#most = pageSize;
    this.isUnanswered.value = false;
    const question = ++this.#question;
    if (!this.isOn) return;
    await after(pause);
    if (question !== this.#question) return;
    await this.#look(question, () => {
      this.#listeners.onFound(this.hits.peek()?.length ?? 0, this.isEnd.peek());
    });
  }

  /** Finds more of the same. */
  async more(): Promise<void> {
    this.#most += pageSize;
    await this.#look(++this.#question);
  }

  /** Looks again: what was found may be recalled by now. */
  async refresh(): Promise<void> {
    // One that has not come to its end looks again anyway.
    if (this.isGoingOn.peek()) return;
    // The first answer is waited for, unless none came.
    if (!this.hits.peek() && !(this.isOn && this.isUnanswered.peek())) return;
    await this.#look(++this.#question);
  }

  /** Has read what the search misses. Rejects when the worker does not answer. */
  async readMissing(): Promise<void> {
    await ask('readMissing');
    await this.#cover();
  }

  /** Reads nothing more of it. */
  async stopReading(): Promise<void> {
    await ask('stopReading');
  }

  /**
   * Asks what the search covers; where that was asked just now, a little later instead of not at all.
   * Counting takes a moment where much is kept: with every news it would be too much.
   */
  async #coverInTime(): Promise<void> {
    const left = this.#coveredAt + coverEvery - performance.now();
    if (left <= 0) return this.#cover();
    if (this.#isCoverDue) return;
    this.#isCoverDue = true;
    void after(left).then(async () => {
      this.#isCoverDue = false;
      if (!this.isOn) return;
      await this.#cover().catch(() => {
        this.isUnanswered.value = true;
      });
    });
  }

  async #cover(): Promise<void> {
    this.#coveredAt = performance.now();
    this.coverage.value = await ask('coverage');
    if (this.coverage.peek()?.reading && !this.#isWatching) void this.#watch();
  }

  /** Follows a reading of what is missing to its end; nobody looks any more, it ends by itself. */
  async #watch(): Promise<void> {
    this.#isWatching = true;
    try {
      while (this.isOn && this.coverage.peek()?.reading) {
        await after(pollEvery);
        this.coverage.value = await ask('coverage');
      }
      if (!this.isOn) return;
      const coverage = this.coverage.peek();
      if (coverage) this.#listeners.onRead(coverage);
      await this.refresh();
    } catch {
      this.isUnanswered.value = true;
    } finally {
      this.#isWatching = false;
    }
  }

  /** Looks until it comes to its end, which it calls `ended` at, or something else is asked. */
  async #look(question: number, ended?: () => void): Promise<void> {
    const most = this.#most;
    try {
      while (question === this.#question) {
        const { hits, since } = await this.#ask(most);
        if (question !== this.#question) return;
        this.hits.value = hits;
        this.isEnd.value = hits.length < most;
        this.isUnanswered.value = false;
        this.isGoingOn.value = since > 0 && hits.length < most;
        if (!this.isGoingOn.peek()) {
          // Before what is covered is known: any news until then looks anew, and says nothing.
          ended?.();
          await this.#coverInTime();
          return;
        }
        await after(pollEvery);
      }
    } catch {
      if (question === this.#question) {
        this.isUnanswered.value = true;
        this.isGoingOn.value = false;
      }
    }
  }

  async #ask(most: number): Promise<{ hits: HitView[]; since: number }> {
    const words = this.words.peek();
    const hits: HitView[] = [];
    for (;;) {
      const wanted = Math.min(mostAtOnce, most - hits.length);
      const last = hits.at(-1);
      const found = await ask('search', {
        words,
        most: wanted,
        ...(last && { before: placeOf(last) }),
      });
      hits.push(...found.hits);
      if (found.hits.length < wanted || hits.length >= most) return { hits, since: found.since };
    }
  }
}

/** Where a search goes on. */
function placeOf({ account, conversation, id, time, sequence }: HitView): Place {
  return { account, conversation, id, time, sequence };
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
