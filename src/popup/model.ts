import { batch, signal } from '@preact/signals';
import { ask } from '../contract/popup-ask.ts';
import { readGlance, timeIn } from '../contract/glance.ts';
import { hear } from '../contract/news.ts';
import {
  keyToldFor,
  type Glance,
  type KeyView,
  type SentView,
  type TimeView,
} from '../contract/views.ts';
import type { MessageId } from '../message/message.ts';
import { readShortcuts, type Shortcuts } from '../platform/shortcuts.ts';
import { createAnnouncer } from '../ui/announcer.tsx';
import { pressOnce } from '../ui/held-enter.ts';
import { withoutNetwork } from '../ui/offline.ts';
import {
  ageOf,
  isFreshEnough,
  isRecallable,
  isUnsure,
  progressOf,
  reeditLeft,
  timeLeft,
  type Progress,
} from '../ui/sent.ts';
import type { Host } from './host.ts';
import { arrange, type Row } from './order.ts';
import { newsOf } from './progress.ts';

/** How long the worker may take to answer before the popup says that it does not, ms. */
const patience = 8_000;
/** How long "Recall last" stays deaf after it came to name another message under a hand, ms. */
const settling = 600;

/** Where somebody's hand is: nothing may move there. */
type Place = 'list' | 'last';

/** How long a connection may take before what waits for it is said to wait, ms. */
const brief = 1_000;

interface OwnProgress {
  readonly progress: Progress;
  /** When it was noted, ms of this computer's clock. */
  readonly at: number;
  /** The question for a glance that must have been asked after it to know better. */
  readonly since: number;
}

/** The glance and everything the popup knows beyond it: the clock, hands, and its own recalls. */
export class PopupModel implements Host {
  /** Undefined until the cache or the worker gave one. */
  readonly glance = signal<Glance | undefined>();
  /** Whether the worker did not answer the last time it was asked. */
  readonly isUnanswered = signal(false);
  /** This computer's clock, ms; moves every second. */
  readonly clock = signal(Date.now());
  readonly rows = signal<readonly Row[]>([]);
  /** What "Recall last" names and, when clicked, recalls. */
  readonly last = signal<SentView | undefined>();
  /** What the key for my last message did just before: the popup says it from then on. */
  readonly key = signal<KeyView | undefined>();
  readonly announcer = createAnnouncer();
  /** Whether the list of what was just sent stands in place of the rest. */
  readonly isSweeping = signal(false);
  /** The message whose copies in other chats that list is of; undefined: of what was just sent. */
  readonly sweepOf = signal<SentView | undefined>();
  /** Whether the page it was opened over is a site that Unsay can be turned on for. */
  readonly mayTurnOn = signal(false);
  /** The keys of the commands; undefined until they are known. */
  readonly shortcuts = signal<Shortcuts | undefined>();

  readonly #own = signal<ReadonlyMap<MessageId, OwnProgress>>(new Map());
  readonly #hands = new Set<Place>();
  /** The outcome of each message that was announced, or need not be. */
  readonly #said = new Map<MessageId, string>();
  #lastChanged = -Infinity;
  /** What "Recall last" recalled last. */
  readonly #lastAsked = signal<SentView | undefined>();
  #wasLastBusy = false;
  /** As the cache or the worker gave it. */
  #told: Glance | undefined;
  #question = 0;
  #isAsking = false;
  #mustAskAgain = false;

  /** Fills the model from the cache, without waking the worker. */
  async load(): Promise<void> {
    const kept = await readGlance().catch(() => undefined);
    if (kept) this.#show(kept);
  }

  /** Whether the glance knows of any account. */
  get hasAccounts(): boolean {
    return (this.glance.peek()?.accounts.length ?? 0) > 0;
  }

  /** Asks the worker and keeps up with it until `signal` aborts. */
  follow(signal: AbortSignal): void {
    pressOnce(signal);
    void this.refresh();
    void this.readKeys();
    hear(
      {
        onNews: (news) => {
          if (news.kind !== 'rows') void this.refresh();
        },
        onGone: () => {
          this.isUnanswered.value = true;
        },
      },
      signal,
    );
    const look = (): void => {
      if (this.#told) this.#show(this.#told);
      void this.refresh();
    };
    window.addEventListener('online', look, { signal });
    window.addEventListener('offline', look, { signal });
    const ticker = setInterval(() => {
      this.tick();
    }, 1000);
    signal.addEventListener('abort', () => {
      clearInterval(ticker);
    });
  }

  /** Reads which keys are set; without an answer none is spoken of. */
  async readKeys(): Promise<void> {
    this.shortcuts.value = await readShortcuts().catch(() => undefined);
  }

  /** Reads the clock. */
  tick(): void {
    batch(() => {
      this.clock.value = Date.now();
      this.#settle();
    });
  }

  /** Asks for a glance; asked again while it runs, it asks once more afterwards. */
  async refresh(): Promise<void> {
    this.#mustAskAgain = true;
    if (this.#isAsking) return;
    this.#isAsking = true;
    while (this.#mustAskAgain) {
      this.#mustAskAgain = false;
      await this.#askOnce();
    }
    this.#isAsking = false;
  }

  async #askOnce(): Promise<void> {
    const question = ++this.#question;
    const tooLong = setTimeout(() => {
      this.isUnanswered.value = true;
    }, patience);
    try {
      const glance = await ask('glance');
      batch(() => {
        this.isUnanswered.value = false;
        this.#forgetOwn(glance, question);
        this.#show(glance);
      });
    } catch {
      this.isUnanswered.value = true;
    } finally {
      clearTimeout(tooLong);
    }
  }

  /** The server time of a message's account, where it is known. */
  time({ account }: Pick<SentView, 'account'>): TimeView | undefined {
    return timeIn(this.glance.value, account);
  }

  /** Where the recall of a message stands. */
  progress(sent: SentView): Progress | undefined {
    const own = this.#own.value.get(sent.id);
    if (own?.progress.state !== 'asking') return own?.progress ?? sent.progress;
    // The worker may know sooner what becomes of it than it answers.
    const isSlow = sent.progress?.state === 'asking';
    const isWaiting = sent.progress?.state === 'waiting' && this.#isCutOff(sent, own.at);
    return isSlow || isWaiting ? sent.progress : own.progress;
  }

  /**
   * Whether what was asked for `since` then cannot leave now. The worker answers later: it waits
   * for the connection first.
   */
  #isCutOff({ account }: SentView, since: number): boolean {
    const state = this.glance.value?.accounts.find(({ id }) => id === account)?.state.name;
    if (state === 'connecting') return this.clock.value - since >= brief;
    return state === 'reconnecting' || state === 'page-closed';
  }

  /** Server milliseconds left to recall a message; 0 when over, undefined when not known yet. */
  left(sent: Pick<SentView, 'account' | 'until'>): number | undefined {
    return timeLeft(sent, this.time(sent), this.clock.value);
  }

  /** Whether only the service knows if a message may still be recalled. */
  isUnsure(sent: SentView): boolean {
    return isUnsure(sent, this.time(sent), this.clock.value);
  }

  /** Server milliseconds left to have the words of a recalled message back; 0 when over. */
  reeditLeft(sent: Pick<SentView, 'account' | 'reeditUntil'>): number {
    return reeditLeft(sent, this.time(sent), this.clock.value);
  }

  isRecallable(sent: SentView): boolean {
    const isOver = this.left(sent) === 0 && !this.isUnsure(sent);
    return isRecallable(sent, this.progress(sent), isOver);
  }

  /** In how many conversations the same as in this message can be recalled now, with its own. */
  chats({ twins }: SentView): number {
    if (twins === undefined) return 1;
    const same = (this.glance.value?.sent ?? []).filter(
      (sent) => sent.twins === twins && this.isRecallable(sent),
    );
    return new Set(same.map(({ account, conversation }) => `${account}\n${conversation}`)).size;
  }

  /** Opens the list of several: of a message and its copies, or of what was just sent. */
  sweep(of?: SentView): void {
    batch(() => {
      this.sweepOf.value = of;
      this.isSweeping.value = true;
    });
  }

  /** Shows the lists again. */
  leaveSweep(): void {
    this.isSweeping.value = false;
  }

  /** Says that somebody's pointer or keyboard came to a place or left it. */
  hold(place: Place, isThere: boolean): void {
    if (isThere === this.#hands.has(place)) return;
    if (isThere) this.#hands.add(place);
    else this.#hands.delete(place);
    batch(() => {
      this.#settle();
    });
  }

  /** Whether nobody has answered yet what became of the message that "Recall last" recalled last. */
  get isLastBusy(): boolean {
    const asked = this.#lastAsked.value;
    const now = this.glance.value?.sent.find(({ id }) => id === asked?.id) ?? asked;
    return now !== undefined && this.progress(now)?.state === 'asking';
  }

  /**
   * Recalls the message "Recall last" names. Not when the name changed under the hand a moment ago, and
   * not before the one pressed for before is answered for: pressed again in a fright, it means that one.
   */
  async recallLast(): Promise<void> {
    const sent = this.last.value;
    if (!sent || this.isLastBusy || performance.now() - this.#lastChanged < settling) return;
    this.#lastAsked.value = sent;
    await this.recall(sent);
  }

  /** Recalls just this message, wherever its row is by now. Does nothing when it cannot be. */
  async recall(sent: SentView): Promise<void> {
    if (!this.isRecallable(sent)) return;
    const { account, conversation, id } = sent;
    this.#note(id, { state: 'asking' });
    let progress: Progress;
    try {
      progress = progressOf(await ask('recall', { account, conversation, id }));
    } catch {
      progress = { state: 'unanswered' };
    }
    this.#note(id, progress);
    await this.refresh();
  }

  #note(id: MessageId, progress: Progress): void {
    batch(() => {
      this.#own.value = new Map(this.#own.value).set(id, {
        progress,
        at: Date.now(),
        since: this.#question,
      });
      this.#settle();
    });
  }

  /** Drops what this popup saw itself where a glance asked for later knows better. */
  #forgetOwn(glance: Glance, question: number): void {
    const sent = new Map(glance.sent.map((one) => [one.id, one]));
    this.#own.value = new Map(
      [...this.#own.value].filter(([id, { progress, since }]) => {
        if (progress.state === 'asking' || since >= question) return true;
        const now = sent.get(id);
        if (!now || now.progress || now.placeholder) return false;
        return progress.state !== 'waiting';
      }),
    );
  }

  #show(glance: Glance): void {
    this.#told = glance;
    batch(() => {
      this.glance.value = navigator.onLine ? glance : withoutNetwork(glance);
      this.clock.value = Date.now();
      this.#hearKey(glance);
      this.#settle();
    });
  }

  #hearKey({ key }: Glance): void {
    if (key && key.at !== this.key.peek()?.at && Math.abs(Date.now() - key.at) < keyToldFor) {
      this.key.value = key;
    }
  }

  #settle(): void {
    const glance = this.glance.value;
    if (!glance) return;
    const isHeld = this.#hands.has('list');
    this.rows.value = arrange(
      this.rows.value,
      glance.sent,
      glance.accounts.map(({ id }) => id),
      isHeld,
    );
    this.#settleLast(glance);
    const isBusy = this.isLastBusy;
    if (this.#wasLastBusy && !isBusy) this.#lastChanged = performance.now();
    this.#wasLastBusy = isBusy;
    for (const { sent } of this.rows.value) this.#announce(sent);
  }

  #age(sent: SentView): number {
    return ageOf(sent, this.time(sent), this.clock.value);
  }

  #settleLast(glance: Glance): void {
    const before = this.last.value;
    const isHeld = this.#hands.has('last');
    const same = before && glance.sent.find(({ id }) => id === before.id);
    if (isHeld && same && this.isRecallable(same)) {
      this.last.value = same;
      return;
    }
    const newest = glance.sent
      .filter(
        (sent) => this.isRecallable(sent) && isFreshEnough(sent, this.time(sent), this.clock.value),
      )
      .reduce<SentView | undefined>(
        (best, sent) => (best && this.#age(best) <= this.#age(sent) ? best : sent),
        undefined,
      );
    if (isHeld && newest?.id !== before?.id) this.#lastChanged = performance.now();
    this.last.value = newest;
  }

  /** Announces a message's outcome when it is new; not what was there when it was first seen. */
  #announce(sent: SentView): void {
    const progress = this.progress(sent);
    const outcome = newsOf(sent, progress, this);
    const before = this.#said.get(sent.id);
    const key = outcome?.key ?? progress?.state ?? '';
    if (key === before) return;
    this.#said.set(sent.id, key);
    if (before !== undefined && outcome) this.announcer.announce(outcome.words);
  }
}
