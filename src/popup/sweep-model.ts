import { computed, signal } from '@preact/signals';
import { mostSwept } from '../contract/lines/sweep.ts';
import { ask } from '../contract/sweep-ask.ts';
import type { SweepItem, SweepView } from '../contract/views.ts';
import type { MessageId, MessageRef } from '../message/message.ts';
import { readPolicy } from '../platform/policy.ts';
import { isRecallable, type Progress } from '../ui/sent.ts';
import type { Host } from './host.ts';

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
  readonly items = signal<readonly SweepItem[] | undefined>();
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
  /** When this list was first looked for; steady milliseconds. */
  #lookedAt = 0;
  /** Named here, not by the worker: a lost answer leaves it within reach. */
  readonly #sweep = crypto.randomUUID();
  /** Whether the worker said that it has ordered it. */
  #isOrdered = false;
  #isStopWanted = false;
  /** Whether the worker said that it has stopped it. */
  #isStopped = false;
  /** Ends the pause before the worker is asked again. */
  #hurry: () => void = () => undefined;

  /** Those that will be recalled. */
  readonly chosen = computed(() => (this.items.value ?? []).filter((item) => this.isChosen(item)));

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
    if (reach !== this.reach.peek() || this.#question === 0) this.#lookedAt = performance.now();
    this.reach.value = reach;
    const question = ++this.#question;
    try {
      const items = mostOf(await this.#itemsOf(reach));
      // An answer that comes late is to another question.
      if (question !== this.#question || this.isStarted.peek()) return;
      this.items.value = items;
      this.#listedReach = reach;
      this.isUnanswered.value = false;
    } catch {
      if (question === this.#question) this.isUnanswered.value = true;
    }
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
    if (this.#question === 0) return;
    const before = this.items.peek();
    const reach = this.#listedReach;
    await this.look(this.reach.peek());
    if (!before || performance.now() - this.#lookedAt < settling) return;
    // What another reach brings was asked for.
    if (reach !== this.reach.peek()) return;
    // What comes into a list that is being read is not taken along unread.
    const known = new Set(before.filter(isOffered).map(({ id }) => id));
    const fresh = (this.items.peek() ?? []).filter(
      (item) => isOffered(item) && !known.has(item.id),
    );
    for (const { id } of fresh) this.choose(id, false);
  }

  /** The chosen messages, or one and its copies, or all of these last seconds. */
  async #itemsOf(reach: number): Promise<readonly SweepItem[]> {
    if (this.#refs) return ask('sweepList', { of: 'refs', refs: [...this.#refs] });
    const accounts = this.#host.glance.peek()?.accounts.map(({ id }) => id) ?? [];
    const of = this.#host.sweepOf?.peek();
    if (!of) return ask('sweepList', { of: 'time', accounts, seconds: reach });
    const { account, conversation, id } = of;
    const ref = { account, conversation, id };
    const [own, twins] = await Promise.all([
      ask('sweepList', { of: 'refs', refs: [ref] }),
      ask('sweepList', { of: 'twins', ref, accounts }),
    ]);
    return [...own, ...twins];
  }

  isChosen(item: SweepItem): boolean {
    return isOffered(item) && !this.#spared.value.has(item.id);
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
    if (progress?.state === 'refused') return progress.why === 'already-recalled';
    return progress?.state === 'accepted';
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
        const chosen = this.items.peek() ?? [];
        const refs = chosen.map(({ account, conversation, id }) => ({ account, conversation, id }));
        await ask('sweepStart', { sweep, refs });
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

/** Whether it can be taken: not what is under way already, nor what was refused for good. */
export function isOffered(item: SweepItem): boolean {
  return isRecallable(item, item.progress, false);
}

/**
 * As many as one sweep takes, those with the nearest deadlines; for the others there is another sweep.
 * What cannot be taken is shown besides.
 */
function mostOf(items: readonly SweepItem[]): readonly SweepItem[] {
  const taken = new Set(items.filter(isOffered).slice(0, mostSwept));
  return items.filter((item) => taken.has(item) || !isOffered(item));
}
