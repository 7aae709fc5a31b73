import { batch, computed, signal } from '@preact/signals';
import { ask } from '../contract/channel.ts';
import type { ConversationView, HitView, LineView, OlderView } from '../contract/own-views.ts';
import type { MessageId } from '../message/message.ts';

/** Messages that come with one look. */
const pageSize = 50;
/** The most that one question may ask for. */
const mostAtOnce = 100;
/** Pieces the service is asked for until one holds a message that was not shown: others are of notices. */
const mostPieces = 5;
/** As many as one sweep takes. */
const mostChosen = 200;

/** Names a conversation. */
export type ConversationName = Pick<
  ConversationView,
  'account' | 'conversation' | 'conversationName'
>;
/** Whether older messages are being read from the service, or why the last try could not. */
export type Stage = 'idle' | 'reading' | 'no-answer' | Extract<OlderView, { ok: false }>['why'];
type Place = Pick<LineView, 'time' | 'sequence' | 'id'>;

/** A conversation that is being read in: what of it is shown, and what in it is chosen. */
export class Reading {
  readonly of: ConversationName;
  /** Newest first; undefined until the worker answered. */
  readonly lines = signal<readonly LineView[] | undefined>();
  /** Whether nothing older is kept. */
  readonly isEnd = signal(false);
  /** From where on everything is known, as in `PageView`. */
  readonly since = signal<number | undefined>(0);
  /** How long messages are kept, seconds. */
  readonly keptFor = signal(0);
  readonly stage = signal<Stage>('idle');
  /** Whether it begins with a message that was found, not with the newest. */
  readonly isInMiddle = signal(false);
  readonly #chosen = signal<ReadonlySet<MessageId>>(new Set());
  #from: Place | undefined;
  #most = pageSize;
  /** The newest question for the lines. */
  #newest: Promise<void> | undefined;

  /** Those of the shown messages that are chosen. */
  readonly chosen = computed(() =>
    (this.lines.value ?? []).filter(({ id }) => this.#chosen.value.has(id)),
  );

  /** Whether its newest messages were not read yet. */
  readonly isUnread = computed(
    () => this.lines.value !== undefined && this.since.value === undefined,
  );

  /** Whether what is shown goes back to where not everything is known: the service is asked for it. */
  readonly #isAtEdge = computed(() => {
    const since = this.since.value;
    const oldest = this.lines.value?.at(-1)?.time ?? 0;
    return since !== 0 && (since === undefined || this.isEnd.value || oldest < since);
  });

  /** Whether everything that is to be kept is shown. */
  readonly isWhole = computed(() => this.isEnd.value && this.since.value === 0);

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

  /**
   * Shows older messages, too; asks the service for them where it must. Gives how many of those came:
   * undefined where it was not asked, or did not give any.
   */
  async older(): Promise<number | undefined> {
    if (this.stage.peek() === 'reading') return undefined;
    this.stage.value = 'reading';
    try {
      if (!this.#isAtEdge.peek()) {
        const before = this.lines.peek()?.length ?? 0;
        this.#most += pageSize;
        await this.#read();
        // That nothing older is kept is known only now where the last piece was just full.
        if ((this.lines.peek()?.length ?? 0) > before) return undefined;
      }
      return this.#isAtEdge.peek() ? await this.#fetch() : undefined;
    } catch {
      this.stage.value = 'no-answer';
      return undefined;
    } finally {
      if (this.stage.peek() === 'reading') this.stage.value = 'idle';
    }
  }

  async #fetch(): Promise<number | undefined> {
    const { account, conversation } = this.of;
    const before = this.lines.peek()?.length ?? 0;
    for (let piece = 0; piece < mostPieces; piece += 1) {
      const read = await ask('readOlder', { account, conversation });
      this.#most = before + pageSize;
      await this.#read();
      if (!read.ok) this.stage.value = read.why;
      const count = (this.lines.peek()?.length ?? 0) - before;
      if (count > 0) return count;
      if (!read.ok || read.isWhole) break;
    }
    return undefined;
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

  /**
   * Reads what is shown anew. Asked once more meanwhile, the answer that comes late is not taken: it
   * resolves with the newest, so that whoever waits for it knows what is there.
   */
  #read(): Promise<void> {
    const reading: Promise<void> = this.#readLines().then((take) => {
      if (this.#newest !== reading) return this.#newest;
      take();
      return undefined;
    });
    this.#newest = reading;
    return reading;
  }

  /** Gives how its answer is taken. */
  async #readLines(): Promise<() => void> {
    const most = this.#most;
    const { account, conversation } = this.of;
    const lines: LineView[] = [];
    let isEnd = false;
    let since: number | undefined;
    let keptFor = 0;
    let isFirst = true;
    while (!isEnd && lines.length < most) {
      const before = lines.at(-1) ?? this.#from;
      const page = await ask('historyPage', {
        ...{ account, conversation },
        most: Math.min(mostAtOnce, most - lines.length),
        ...(before && { before: placeOf(before) }),
      });
      lines.push(...page.lines);
      isEnd = page.isEnd;
      // As it was before the first of the pages: what came meanwhile may be missing in it.
      if (isFirst) ({ since, keptFor } = page);
      isFirst = false;
    }
    return () => {
      batch(() => {
        this.lines.value = lines;
        this.isEnd.value = isEnd;
        this.since.value = since;
        this.keptFor.value = keptFor;
      });
    };
  }
}

function placeOf({ time, sequence, id }: Place): Place {
  return { time, sequence, id };
}
