import type { ChatLink, Stretch } from '../chat/link.ts';
import type { Conversation } from '../history/history.ts';
import type { AccountId, ConversationId, Edge } from '../message/message.ts';
import type { CatchUp } from './catch-up.ts';
import type { Memory } from './memory.ts';
import { keptSince } from './retention.ts';
import { edgeOf, isWhole, young } from './stretches.ts';

/** Messages read on at a time: four pages of the service. */
const atOnce = 60;
/** The same where all of those are of one second, of which the service begins anew each time. */
const mostOfOneSecond = 3_000;
/** How long a connection that is being made is waited for, ms. */
const patience = 10_000;

/** What became of reading on: it is known that nothing older is to be kept, or there may be more. */
export type ReadOn =
  | { readonly ok: true; readonly isWhole: boolean }
  /** No connection; the service did not say, or led nowhere; there is no room for older messages. */
  | { readonly ok: false; readonly why: 'offline' | 'failed' | 'full' };

/** What reading on works with. */
export interface BacklogParts {
  readonly account: AccountId;
  readonly link: ChatLink;
  readonly memory: Memory;
  readonly catchUp: CatchUp;
  /** Server ms. */
  readonly now: () => number;
}

/**
 * Reads older messages of a conversation than were read on connecting, when somebody wants them. How
 * far it came is stored with what was read, so a worker that dies loses a try.
 */
export class Backlog {
  readonly #parts: BacklogParts;
  readonly #running = new Map<ConversationId, Promise<ReadOn>>();

  constructor(parts: BacklogParts) {
    this.#parts = parts;
  }

  /**
   * Reads on where all of a conversation is known from, as far back as messages are kept; one that
   * waits to be caught up with is, first. Whoever asks while it is under way hears of the same.
   */
  readOn(conversation: ConversationId): Promise<ReadOn> {
    const running = this.#running.get(conversation);
    if (running) return running;
    const reading = this.#readOn(conversation).finally(() => {
      this.#running.delete(conversation);
    });
    this.#running.set(conversation, reading);
    return reading;
  }

  async #readOn(conversation: ConversationId): Promise<ReadOn> {
    const { account, link, memory, catchUp } = this.#parts;
    try {
      if (link.state.name === 'page-closed') return { ok: false, why: 'offline' };
      await link.ready(patience);
    } catch {
      return { ok: false, why: 'offline' };
    }
    try {
      const isCaughtUp = await catchUp.readNow(conversation);
      const now = Math.floor(this.#parts.now() / 1000);
      const [known, oldest] = await Promise.all([
        memory.use((history) => history.conversation(account, conversation)),
        keptSince(account, now),
      ]);
      if (known && isWhole(known, oldest)) return { ok: true, isWhole: true };
      if (isCaughtUp) return { ok: true, isWhole: false };
      return await this.#readFrom({ conversation, known, oldest, now });
    } catch {
      return { ok: false, why: link.state.name === 'connected' ? 'failed' : 'offline' };
    }
  }

  async #readFrom({ conversation, known, oldest, now }: Wanted): Promise<ReadOn> {
    const { account, link, memory } = this.#parts;
    const from = known?.edge;
    const read = (most: number): Promise<Stretch> => link.since(conversation, oldest, most, from);
    let stretch = await read(atOnce);
    if (!leadsOn(edgeOf(stretch, oldest, oldest), from)) stretch = await read(mostOfOneSecond);
    const edge = edgeOf(stretch, oldest, oldest);
    const isOn = leadsOn(edge, from);
    const isStored = await memory.learn({
      account,
      ...young(stretch, oldest),
      // Read from the newest message for the first time, it is read completely up to now.
      marks: isOn && !known?.mark ? [{ conversation, time: now }] : [],
      edges: isOn && edge ? [{ conversation, edge }] : [],
    });
    if (memory.trouble === 'full') return { ok: false, why: 'full' };
    if (!isStored || !isOn) return { ok: false, why: 'failed' };
    return { ok: true, isWhole: stretch.isComplete };
  }
}

interface Wanted {
  readonly conversation: ConversationId;
  readonly known: Conversation | undefined;
  readonly oldest: number;
  readonly now: number;
}

/** Whether one place is farther back than the other; a page may lead nowhere, or round in a circle. */
function leadsOn(edge: Edge | undefined, from: Edge | undefined): boolean {
  if (!edge) return false;
  if (!from) return true;
  if (edge.sequence === undefined || from.sequence === undefined) return edge.time < from.time;
  return edge.sequence < from.sequence;
}
