import { userOf, type ConversationId, type MessageId, type Recall } from '../message/message.ts';
import type { RecallOutcome } from '../message/recall.ts';
import {
  awaitMessage,
  onItsWayFor,
  readAwaited,
  settleAwaited,
  stopAwaiting,
  type Awaited,
} from './awaited.ts';
import { Line } from './line.ts';
import {
  adoptOrder,
  endOrder,
  findOrder,
  isOrder,
  noteTold,
  readOrders,
  settleOrders,
  stopOrders,
  type Order,
} from './orders.ts';
import { Placing, type Placed, type PlacingWorld } from './placing.ts';
import { isAmong, pause, Pursuit, type End } from './pursuit.ts';
import { loggedOf, noteSeen, writeLog } from './recall-log.ts';
import { dropWords } from './reedit.ts';
import { Rereads } from './rereads.ts';
import { isTrying } from './stop.ts';
import { Storing } from './storing.ts';
import { Verification } from './verification.ts';

/** What the queue needs of its keeper. */
export interface QueueWorld extends Omit<PlacingWorld, 'line'> {
  /** Makes a recall part of history; false when it could not be stored. Never rejects. */
  readonly learn: (recall: Recall) => Promise<boolean>;
  /**
   * Reads a conversation fresh back to `time` (server seconds), learns what is found and hands out
   * its recalls. Rejects when not everything back to there could be read.
   */
  readonly reread: (conversation: ConversationId, time: number) => Promise<readonly Recall[]>;
  /** Something about this message's recall changed. */
  readonly changed: (id: MessageId) => void;
  /** This message's recall ended without success, and nobody waits for the answer any more. */
  readonly failedLate: (id: MessageId) => void;
  /** More is known now of how long the service takes recalls. */
  readonly windowChanged: () => void;
}

/** What is known of a message whose recall is asked for. */
export interface RecallOptions {
  /** Where it is; one that history does not know yet is waited for there. */
  readonly conversation?: ConversationId | undefined;
  /** It is recalled only if it is mine. */
  readonly isMine?: boolean;
}

/** What became of a message that was waited for in vain: there is no order that tells of it. */
export interface GivenUp {
  readonly conversation: ConversationId;
  readonly outcome: RecallOutcome & { readonly ok: false };
}

/** How long a question may wait for the connection before it is answered with `waiting`, ms. */
const patience = 4_000;
/** How long an asker waits for the service's answer; the order itself goes on, ms. */
const longestAnswer = 20_000;
/** When it is looked for again, ms after it was asked for. */
const looks = [1_000, 5_000, 15_000, 30_000] as const;

const waiting = { ok: false, why: 'waiting' } as const;

/**
 * The recall queue of one account: asked -> stored -> sent -> accepted (-> verified) or refused. An
 * order that was stored is finished by whichever worker lives next; exactly one final state each.
 */
export class Recalls {
  readonly #world: QueueWorld;
  readonly #rereads: Rereads;
  readonly #pursuit: Pursuit;
  readonly #placing: Placing;
  /** Questions under way: however many ask, and from wherever, they get the same answer. */
  readonly #asked = new Map<MessageId, Promise<RecallOutcome>>();
  /** Orders under way in this worker. */
  readonly #running = new Map<MessageId, Promise<RecallOutcome>>();
  /** Messages that are waited for; each is to be called when it came. */
  readonly #awaited = new Map<MessageId, () => void>();
  /** Those that this worker waited for in vain, until they are asked for again. */
  readonly #givenUp = new Map<MessageId, GivenUp>();
  readonly #verification: Verification;
  /** When the service's notice of a recall of mine came, server ms. */
  readonly #noticed = new Map<MessageId, number>();
  readonly #storing = new Storing();

  constructor(world: QueueWorld) {
    this.#world = world;
    this.#rereads = new Rereads(world.reread);
    const [rereads, storing, line] = [this.#rereads, this.#storing, new Line()];
    const noteSent = (order: Order): Promise<Order | undefined> => this.#placing.noteSent(order);
    this.#placing = new Placing({ ...world, line });
    this.#pursuit = new Pursuit({ ...world, rereads, line, noteSent, storing });
    this.#verification = new Verification({ ...world, rereads });
  }

  /**
   * Recalls a message. Resolves with the final outcome, or `waiting` while there is no connection.
   * With its conversation, a message that history does not know yet is waited for.
   */
  recall(id: MessageId, how: RecallOptions = {}): Promise<RecallOutcome> {
    const standing = this.#asked.get(id);
    if (standing) return standing;
    this.#givenUp.delete(id);
    const asked = this.#ask(id, how).finally(() => this.#asked.delete(id));
    this.#asked.set(id, asked);
    return asked;
  }

  async #ask(id: MessageId, { conversation, isMine }: RecallOptions): Promise<RecallOutcome> {
    const running = this.#running.get(id);
    if (running) {
      // Asked for alone, it is no more its sweep's to stop.
      await adoptOrder(this.#world.account, id).catch(() => undefined);
      return this.#orWaiting(id, running);
    }
    const placed = await this.#place(id, isMine);
    if (isOrder(placed)) return this.#orWaiting(id, this.#run(placed));
    const isUnknown = !placed.ok && placed.why === 'not-found';
    if (!isUnknown || conversation === undefined) return placed;
    return this.#orWaiting(id, this.#await(id, conversation));
  }

  /**
   * Orders recalls for a sweep, all stored before the first is sent. Resolves with those that are
   * not to be sent, by their ids.
   */
  async recallAll(
    ids: readonly MessageId[],
    sweep: string,
  ): Promise<ReadonlyMap<MessageId, RecallOutcome>> {
    const idle = ids.filter((id) => !this.#running.has(id));
    const placed =
      (await this.#storing.do(() => this.#placing.placeAll(idle, sweep))) ??
      idle.map((): Placed => ({ ok: false, why: 'signed-out' }));
    const orders = placed.filter(isOrder);
    for (const order of orders.sort((one, other) => one.until - other.until)) {
      void this.#run(order);
    }
    return new Map(
      idle.flatMap((id, i): [MessageId, RecallOutcome][] => {
        const one = placed[i];
        return one && !isOrder(one) ? [[id, one]] : [];
      }),
    );
  }

  /** Ends what a sweep placed and what was not sent yet. */
  async stop(sweep: string): Promise<void> {
    const { account, now, changed } = this.#world;
    const stopped = await stopOrders(account, sweep, now());
    const logged = stopped.flatMap((order) => loggedOf(order));
    await this.#storing.do(() => writeLog(logged, now())).catch(() => undefined);
    for (const { id } of stopped) {
      await dropWords({ account, id }).catch(() => undefined);
      // Whoever asks for it again gets an order of its own.
      this.#running.delete(id);
      changed(id);
    }
  }

  async #place(id: MessageId, isMine?: boolean): Promise<Placed> {
    const placed = await this.#storing.do(() => this.#placing.placeOne(id, isMine));
    return placed ?? { ok: false, why: 'signed-out' };
  }

  /** Takes up every unfinished order, and what history could not be told of before. */
  async resume(): Promise<void> {
    const { account } = this.#world;
    await Promise.all([settleAwaited(), settleOrders()]);
    for (const { id, conversation } of await readAwaited(account)) {
      if (!this.#running.has(id)) void this.#await(id, conversation);
    }
    const orders = (await readOrders())
      .filter((order) => order.account === account)
      .sort((one, other) => one.until - other.until);
    // First: what was read is old as soon as anything is waited for.
    for (const order of orders) if (!order.outcome) void this.#run(order);
    for (const order of orders) {
      if (!order.outcome?.ok) continue;
      if (order.isUntold === true && (await this.#tell(order))) await noteTold(order);
      void this.#verification.of(order);
    }
  }

  /** What became of a message that this worker waited for in vain. */
  givenUp(id: MessageId): GivenUp | undefined {
    return this.#givenUp.get(id);
  }

  /** Messages became known: they may be waited for. */
  noteMessages(ids: readonly MessageId[]): void {
    for (const id of ids) this.#awaited.get(id)?.();
  }

  /** The service told of recalls: its notices of mine are noted; others leave me no words. */
  async noteRecalls(recalls: readonly Recall[]): Promise<void> {
    const { account, now } = this.#world;
    for (const { by, id } of recalls) {
      if (id !== undefined && by !== userOf(account)) await dropWords({ account, id });
    }
    const mine = recalls.filter(({ by, witness }) => by === userOf(account) && witness === 'event');
    if (mine.length === 0) return;
    for (const order of await readOrders()) {
      if (order.account !== account || !isAmong(order, mine)) continue;
      // The notice may be quicker than the answer.
      this.#noticed.set(order.id, now());
      if (order.outcome) await noteSeen(order, { noticedAt: now() });
    }
  }

  /** Ends what this worker has under way; the orders stay stored. Nothing is after it resolves. */
  async close(): Promise<void> {
    this.#pursuit.stop();
    this.#verification.stop();
    await this.#storing.end();
  }

  /** The final outcome, or `waiting` with the deadline when the connection does not come in time. */
  async #orWaiting(id: MessageId, running: Promise<RecallOutcome>): Promise<RecallOutcome> {
    const { account, link } = this.#world;
    const isConnected =
      link.state.name === 'connected' ||
      // Without a page nothing is going to happen soon, and that is said at once.
      (link.state.name !== 'page-closed' &&
        (await Promise.race([
          running.then(() => true),
          link.ready(patience).then(
            () => true,
            // A link that has stopped ends the order at once; one that still tries lets it wait.
            () => !isTrying(link.state),
          ),
        ])));
    const outcome = isConnected
      ? await Promise.race([running, pause(longestAnswer).then(() => undefined)])
      : undefined;
    if (outcome) return outcome;
    const order = (await readOrders()).find(
      (other) => other.account === account && other.id === id,
    );
    return order?.outcome ?? { ...waiting, ...(order && { until: order.until }) };
  }

  /** Lets one piece of work per message run; whoever asks meanwhile gets what it gives. */
  #begin(id: MessageId, work: () => Promise<RecallOutcome>): Promise<RecallOutcome> {
    const running = this.#running.get(id);
    if (running) return running;
    const run = work().finally(() => {
      if (this.#running.get(id) === run) this.#running.delete(id);
      this.#world.changed(id);
    });
    this.#running.set(id, run);
    this.#world.changed(id);
    return run;
  }

  #run(order: Order): Promise<RecallOutcome> {
    return this.#begin(order.id, () =>
      this.#finish(order).catch(() => ({ ...waiting, until: order.until })),
    );
  }

  async #finish(order: Order): Promise<RecallOutcome> {
    const end = await this.#pursuit.of(order);
    const { outcome } = end;
    if (!outcome.ok && outcome.why === 'waiting') return outcome;
    // One that ended with its keeper is looked up by the next.
    return (
      (await this.#storing.do(() => this.#end(order, end))) ?? { ...waiting, until: order.until }
    );
  }

  async #end(order: Order, { outcome, verifiedAt }: End): Promise<RecallOutcome> {
    const { now, failedLate } = this.#world;
    // Storing the tombstone is part of the success; until it is stored the order stays.
    const isUntold = outcome.ok && !(await this.#tell(order));
    // It still stands, or somebody else recalled it: either way its words are not mine to keep.
    if (!outcome.ok && outcome.why !== 'unanswered') {
      await dropWords(order).catch(() => undefined);
    }
    const seen = verifiedAt === undefined ? {} : { verifiedAt };
    const noticedAt = this.#noticed.get(order.id);
    // Noted when it was sent, by this worker or an earlier one.
    const { readBy } = (await findOrder(order).catch(() => undefined)) ?? order;
    const told = { ...(readBy !== undefined && { readBy }), ...(noticedAt && { noticedAt }) };
    const ended = { ...order, outcome, endedAt: now() };
    const entry = loggedOf(ended, outcome.ok ? { ...seen, ...told } : {});
    await writeLog(entry, now()).catch(() => undefined);
    const end = { outcome, isUntold, ...seen };
    const standing = await endOrder(order, end, now()).catch(() => undefined);
    if (outcome.ok && verifiedAt === undefined) void this.#verification.of(order);
    // Who started a sweep looks at its list. Asked for alone since it was taken up, it is no more its.
    const isAlone = (standing ?? order).sweep === undefined;
    if (!outcome.ok && isAlone && !this.#asked.has(order.id)) failedLate(order.id);
    return standing?.outcome ?? outcome;
  }

  #tell(order: Order): Promise<boolean> {
    const { learn, now, account } = this.#world;
    return learn({
      conversation: order.conversation,
      id: order.id,
      sequence: order.sequence,
      time: order.time,
      by: userOf(account),
      at: now(),
      witness: 'request',
    });
  }

  /** Waits for a message that is on its way out and recalls it then, or says that it never came. */
  #await(id: MessageId, conversation: ConversationId): Promise<RecallOutcome> {
    const work = async (): Promise<RecallOutcome> => {
      const { account, link, now, failedLate } = this.#world;
      const wanted = { account, conversation, id, askedAt: now(), until: now() + onItsWayFor };
      const standing = await this.#storing.do(() => awaitMessage(wanted));
      if (!standing) return { ok: false, why: this.#storing.isOver ? 'signed-out' : 'too-many' };
      const hasCome = await this.#untilCame(standing);
      if (this.#storing.isOver) return { ...waiting, until: standing.until };
      const placed = hasCome ? await this.#place(id) : undefined;
      if (placed && isOrder(placed)) {
        await stopAwaiting(account, id);
        return this.#finish(placed).catch(() => ({ ...waiting, until: placed.until }));
      }
      const why = link.state.name === 'connected' ? 'never-came' : 'unreachable';
      const outcome: RecallOutcome = placed ?? { ok: false, why };
      const { askedAt } = standing;
      const facts = { account, conversation, id, askedAt, endedAt: now(), outcome };
      await this.#storing.do(() => writeLog([facts], now())).catch(() => undefined);
      await stopAwaiting(account, id);
      if (!outcome.ok) {
        this.#givenUp.set(id, { conversation, outcome });
        if (!this.#asked.has(id)) failedLate(id);
      }
      return outcome;
    };
    // History that cannot be used ends nothing: it is waited for as it is stored.
    return this.#begin(id, () => work().catch(() => waiting));
  }

  /** Whether a message became known before nobody waits for it any more. */
  async #untilCame({ id, conversation, until }: Awaited): Promise<boolean> {
    const { find, now } = this.#world;
    const begun = Math.min(now(), until - onItsWayFor);
    let come: () => void = () => undefined;
    const coming = new Promise<void>((resolve) => {
      come = resolve;
    });
    this.#awaited.set(id, come);
    try {
      for (const ms of [...looks, onItsWayFor]) {
        if (await find(id)) return true;
        const left = Math.max(0, Math.min(begun + ms, until) - now());
        await Promise.race([coming, pause(Math.min(left, ms))]);
        if (this.#storing.isOver) return false;
        if (await find(id)) return true;
        // The link may have missed it.
        await this.#rereads
          .read(conversation, Math.floor((begun - onItsWayFor) / 1000))
          .catch(() => undefined);
      }
      return (await find(id)) !== undefined;
    } finally {
      if (this.#awaited.get(id) === come) this.#awaited.delete(id);
    }
  }
}
