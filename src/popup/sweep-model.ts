import { batch, computed, signal } from '@preact/signals';
import { longestReach, mostListed, mostSwept } from '../contract/lines/sweep.ts';
import { ask } from '../contract/sweep-ask.ts';
import type { SweepItem, SweepView } from '../contract/views.ts';
import type { MessageId, MessageRef } from '../message/message.ts';
import { readPolicy } from '../platform/policy.ts';
import { isRecallable, isRecalled, isUnsure, type Progress } from '../ui/sent.ts';
import type { Host } from './host.ts';
import { joinRows, keyOf, type SweepRow } from './sweep-rows.ts';

/** How far back a sweep reaches, seconds, and how far at first. */
const allReaches = [30, 60, 120] as const;
const firstReach = 60;

/** How long a list may still fill up with what was sent just before it was opened, ms. */
const settling = 3_000;
/** How often a running sweep is looked at, and how seldom while the worker does not answer, ms. */
const pollEvery = 500;
const longestPause = 8_000;

/** What was just sent, to be looked at first, then recalled together. */
export class SweepModel {
  /** How far back it may reach, seconds; none where a policy switched sweeps off. */
  readonly reaches = signal<readonly number[]>(allReaches);
  readonly reach = signal<number>(firstReach);
  /** Undefined until the worker said what there is. */
  readonly items = signal<readonly SweepRow[] | undefined>();
  /** Whether the worker did not answer the last time it was asked. */
  readonly isUnanswered = signal(false);
  /** The run, once it was started. */
  readonly view = signal<SweepView | undefined>();
  readonly isStarted = signal(false);
  readonly #spared = signal<ReadonlySet<MessageId>>(new Set());
  readonly #host: Host;
  readonly #refs: readonly MessageRef[] | undefined;
  readonly #signal: AbortSignal;
  #question = 0;
  /** The reach that what is listed was looked for with. */
  #listedReach: number | undefined;
  /** When this list was opened, or its reach was chosen: it counts from then. Steady milliseconds. */
  #openedAt = 0;
  /** For how long the list had been open when it was started, seconds. */
  #wasOpenFor = 0;
  /** Whether somebody's hand is where a longer list would move something. */
  #isHeld = false;
  /** Whether something new waits until that hand is gone. */
  #hasMore = false;
  /** Named here, not by the worker: a lost answer leaves it within reach. */
  readonly #sweep = crypto.randomUUID();
  /** Whether the worker said that it has ordered it. */
  #isOrdered = false;
  #isStopWanted = false;
  /** Whether the worker said that it has stopped it. */
  #isStopped = false;
  /** Ends the pause before the worker is asked again. */
  #hurry: () => void = () => undefined;

  /** Those that will be recalled: no more than one sweep takes. */
  readonly chosen = computed(() =>
    (this.items.value ?? [])
      .filter((item) => this.isOffered(item) && !this.#spared.value.has(item.id))
      .slice(0, mostSwept),
  );
  readonly #chosenKeys = computed(() => new Set(this.chosen.value.map(keyOf)));

  /**
   * Works until `life` aborts; what was started goes on in the worker. With `refs` it is about these
   * messages, else about what was sent in the last seconds.
   */
  constructor(host: Host, life: AbortSignal, refs?: readonly MessageRef[]) {
    this.#host = host;
    this.#signal = life;
    this.#refs = refs;
  }

  /** What it is about: chosen messages, one and its copies, or what was sent in the last seconds. */
  get subject(): 'chosen' | 'twins' | 'time' {
    if (this.#refs) return 'chosen';
    return this.#host.sweepOf?.value ? 'twins' : 'time';
  }

  /** Looks as far back as is usual, or as a policy lets it. */
  async begin(): Promise<void> {
    const { sweepSeconds = Infinity } = await readPolicy();
    const allowed = allReaches.filter((reach) => reach <= sweepSeconds);
    const shortest = sweepSeconds > 0 ? [sweepSeconds] : [];
    this.reaches.value = allowed.length > 0 ? allowed : shortest;
    const usual = this.reaches.value.findLast((reach) => reach <= firstReach);
    if (usual !== undefined) await this.look(usual);
  }

  /** Looks for what may be recalled: of what was sent in the last so many seconds, or was chosen. */
  async look(reach: number): Promise<void> {
    this.#openedAt = performance.now();
    this.reach.value = reach;
    await this.#ask();
  }

  /**
   * Something changed: what was sent just now may not have been known when it was looked for, and
   * what is shown may have been recalled.
   */
  async lookAgain(): Promise<void> {
    if (this.isStarted.peek()) {
      await this.#lookAt().catch(() => undefined);
      return;
    }
    if (this.#question > 0) await this.#ask();
  }

  /** Somebody's hand came to where a longer list would move something, or left it. */
  hold(isThere: boolean): void {
    this.#isHeld = isThere;
    if (isThere || !this.#hasMore) return;
    this.#hasMore = false;
    void this.lookAgain();
  }

  async #ask(): Promise<void> {
    const question = ++this.#question;
    const reach = this.reach.peek();
    // What another reach brought makes way for what is asked for.
    const before = this.#listedReach === reach ? this.items.peek() : undefined;
    try {
      const [found, now] = await Promise.all([this.#itemsOf(reach), this.#asTheyAre(before ?? [])]);
      // An answer that comes late is to another question.
      if (question !== this.#question || this.isStarted.peek()) return;
      batch(() => {
        this.#show(before, now, found);
        this.#listedReach = reach;
        this.isUnanswered.value = false;
      });
    } catch {
      if (question === this.#question) this.isUnanswered.value = true;
    }
  }

  #show(
    before: readonly SweepRow[] | undefined,
    now: readonly SweepItem[],
    found: readonly SweepItem[],
  ): void {
    const isOffered = (item: SweepItem): boolean => this.isOffered(item);
    const known = new Set((before ?? []).map(keyOf));
    const isHeld = this.#isHeld && before !== undefined;
    this.#hasMore = isHeld && found.some((item) => !known.has(keyOf(item)));
    const fresh = isHeld ? found.filter((item) => known.has(keyOf(item))) : found;
    const items = joinRows(before ?? [], now, fresh, isOffered);
    if (before && performance.now() - this.#openedAt >= settling) {
      // What comes into a list that is being read is not taken along unread.
      const read = new Set(before.filter(isOffered).map(keyOf));
      for (const item of items) {
        if (isOffered(item) && !read.has(keyOf(item))) this.choose(item.id, false);
      }
    }
    this.items.value = items;
  }

  /** The chosen messages, or one and its copies, or all of these last seconds. */
  async #itemsOf(seconds: number): Promise<readonly SweepItem[]> {
    const openFor = this.#openFor;
    if (this.#refs) return ask('sweepList', { of: 'refs', refs: [...this.#refs], openFor });
    const accounts = this.#host.glance.peek()?.accounts.map(({ id }) => id) ?? [];
    const of = this.#host.sweepOf?.peek();
    if (!of) return ask('sweepList', { of: 'time', accounts, seconds, openFor });
    const ref = refOf(of);
    const [own, twins] = await Promise.all([
      ask('sweepList', { of: 'refs', refs: [ref], openFor }),
      ask('sweepList', { of: 'twins', ref, accounts, openFor }),
    ]);
    return [...own, ...twins];
  }

  /** How what is listed stands now, also where it cannot be taken any more. */
  async #asTheyAre(rows: readonly SweepRow[]): Promise<readonly SweepItem[]> {
    if (rows.length === 0) return [];
    const refs = rows.slice(0, mostListed).map(refOf);
    return ask('sweepList', { of: 'listed', refs, openFor: this.#openFor });
  }

  /** For how long the list has been open, seconds. */
  get #openFor(): number {
    const seconds = Math.ceil((performance.now() - this.#openedAt) / 1000);
    return Math.min(longestReach, seconds);
  }

  /** Whether it can be taken: not what is under way already, refused for good or certainly too late. */
  isOffered(item: SweepRow): boolean {
    const host = this.#host;
    const isOver = host.left(item) === 0 && !isUnsure(item, host.time(item), host.clock.value);
    return isRecallable(item, item.progress, isOver || item.isAway === true);
  }

  isChosen(item: SweepItem): boolean {
    return this.#chosenKeys.value.has(keyOf(item));
  }

  /** Takes a message in or out. */
  choose(id: MessageId, isChosen: boolean): void {
    const next = new Set(this.#spared.value);
    if (isChosen) next.delete(id);
    else next.add(id);
    this.#spared.value = next;
  }

  /** Recalls what is chosen, and keeps up with it until all has ended. */
  async start(): Promise<void> {
    const chosen = this.chosen.peek();
    if (this.isStarted.peek() || chosen.length === 0) return;
    this.isStarted.value = true;
    this.#wasOpenFor = this.#openFor;
    this.items.value = chosen;
    await this.#follow();
  }

  /** Sends nothing more of it. A stop that is not answered is asked for again. */
  async stop(): Promise<void> {
    this.#isStopWanted = true;
    await this.#advance();
  }

  /** Asks the worker at once for what it did not answer. */
  async tryAgain(): Promise<void> {
    if (this.isStarted.peek()) this.#hurry();
    else await this.lookAgain();
  }

  /** Where the recall of one of them stands; before the start, as it was asked for by itself. */
  progress(item: SweepItem): Progress | undefined {
    if (!this.isStarted.value) return item.progress;
    return this.view.value?.items.find(
      ({ id, account }) => id === item.id && account === item.account,
    )?.progress;
  }

  /** Whether it is recalled, by me or by somebody else: its words are not shown any more. */
  isGone(item: SweepItem): boolean {
    const progress = this.progress(item);
    if (isRecalled(item, progress)) return true;
    return progress?.state === 'refused' && progress.why === 'already-recalled';
  }

  /** Asks until all has ended, however often nobody answers. */
  async #follow(): Promise<void> {
    let pause = pollEvery;
    while (!this.#signal.aborted) {
      const isAnswered = await this.#advance();
      const view = this.view.peek();
      // Without one nobody knows anything of it any more.
      if (view ? view.isOver : isAnswered) return;
      pause = isAnswered ? pollEvery : Math.min(2 * pause, longestPause);
      await new Promise<void>((resolve) => {
        this.#hurry = resolve;
        setTimeout(resolve, pause);
      });
    }
  }

  /** Has the worker order or stop it, until it said that it did, and looks how far that is. */
  async #advance(): Promise<boolean> {
    const sweep = this.#sweep;
    try {
      if (this.#isStopWanted) {
        if (!this.#isStopped) await ask('sweepStop', { sweep });
        this.#isStopped = true;
      } else if (!this.#isOrdered) {
        const refs = (this.items.peek() ?? []).map(refOf);
        await ask('sweepStart', { sweep, refs, openFor: this.#wasOpenFor });
        this.#isOrdered = true;
      }
      await this.#lookAt();
      this.isUnanswered.value = false;
      return true;
    } catch {
      // What has ended meanwhile needs no answer any more.
      this.isUnanswered.value = this.view.peek()?.isOver !== true;
      return false;
    }
  }

  async #lookAt(): Promise<void> {
    const view = await ask('sweepState', { sweep: this.#sweep });
    if (view) this.view.value = view.isStopped && view.items.length === 0 ? this.#unsent() : view;
  }

  /** Stopped before the worker heard of it: it was asked for nothing. */
  #unsent(): SweepView {
    const progress = { state: 'refused', why: 'stopped' } as const;
    const items = this.items.peek() ?? [];
    return {
      isOver: true,
      isStopped: true,
      items: items.map(({ account, id }) => ({ account, id, progress })),
    };
  }
}

function refOf({ account, conversation, id }: MessageRef): MessageRef {
  return { account, conversation, id };
}
