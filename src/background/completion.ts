import type { Extent } from '../history/history.ts';
import type { ConversationId } from '../message/message.ts';
import type { Keeper } from './keeper.ts';
import type { Keepers } from './keepers.ts';
import { keptSince } from './retention.ts';
import { isWhole } from './stretches.ts';

/** How long it goes on when nobody asks how far it is any more, ms. */
const unwatched = 10_000;
/** Pieces read of one conversation in a run: 3,000 messages. */
const mostPieces = 50;

/** How much of an account is kept, and which conversations of it are not known all the way. */
export interface Coverage extends Extent {
  readonly missing: readonly ConversationId[];
}

/** What of an account a search covers, the liveliest of those that miss something first. */
export async function coverageOf(keepers: Keepers, keeper: Keeper): Promise<Coverage> {
  const { account, waiting } = keeper;
  const [extent, oldest] = await Promise.all([
    keepers.memory.use((history) => history.extent(account)),
    keptSince(account, Math.floor(keeper.now() / 1000)),
  ]);
  const late = new Set(waiting);
  const missing = extent.conversations
    .filter((known) => late.has(known.id) || !isWhole(known, oldest))
    .sort((one, other) => other.lastTime - one.lastTime)
    .map(({ id }) => id);
  return { ...extent, missing };
}

/** A reading of what is missing. */
interface Run {
  done: number;
  of: number;
  failed: number;
  isOver: boolean;
}

/**
 * Reads what is missing of all conversations, one after the other in each account, as long as somebody
 * looks at how far it is. Nothing of it is stored but what was read: begun anew, it goes on.
 */
export class Completion {
  readonly #keepers: Keepers;
  #run: Run | undefined;
  #unwatched: ReturnType<typeof setTimeout> | undefined;

  constructor(keepers: Keepers) {
    this.#keepers = keepers;
  }

  /** How far it is, for somebody who looks; `failed` is of the last run. */
  look(): { readonly reading?: { readonly done: number; readonly of: number }; failed: number } {
    this.#watch();
    const { done = 0, of = 0, failed = 0, isOver = true } = this.#run ?? {};
    return { failed, ...(!isOver && { reading: { done, of } }) };
  }

  stop(): void {
    if (this.#run) this.#run.isOver = true;
  }

  /** Begins, unless it is under way. Resolves when it is at its end; never rejects. */
  async start(): Promise<void> {
    if (this.#run?.isOver === false) return;
    const run: Run = { done: 0, of: 0, failed: 0, isOver: false };
    this.#run = run;
    this.#watch();
    try {
      await Promise.all(this.#keepers.all.map((keeper) => this.#read(run, keeper)));
    } finally {
      run.isOver = true;
      clearTimeout(this.#unwatched);
    }
  }

  /** Somebody looks: it goes on for a while. */
  #watch(): void {
    clearTimeout(this.#unwatched);
    if (this.#run?.isOver !== false) return;
    this.#unwatched = setTimeout(() => {
      this.stop();
    }, unwatched);
  }

  async #read(run: Run, keeper: Keeper): Promise<void> {
    const { missing } = await coverageOf(this.#keepers, keeper).catch(() => ({ missing: [] }));
    run.of += missing.length;
    for (const [at, id] of missing.entries()) {
      const outcome = await this.#readOne(run, keeper, id);
      if (run.isOver) return;
      if (outcome === 'failed') run.failed += 1;
      // Nor can the others be read then.
      if (outcome === 'offline' || outcome === 'full') {
        run.failed += missing.length - at;
        run.done += missing.length - at;
        return;
      }
      run.done += 1;
    }
  }

  async #readOne(
    run: Run,
    keeper: Keeper,
    id: ConversationId,
  ): Promise<'read' | 'failed' | 'offline' | 'full'> {
    for (let piece = 0; piece < mostPieces; piece += 1) {
      if (run.isOver) return 'read';
      const read = await keeper.readOn(id);
      if (!read.ok) return read.why;
      if (read.isWhole) return 'read';
    }
    return 'read';
  }
}
