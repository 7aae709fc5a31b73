import type { ChatLink } from '../chat/link.ts';
import {
  userOf,
  type AccountId,
  type ConversationId,
  type Entry,
  type MessageId,
  type Recall,
  type Role,
} from '../message/message.ts';
import { judge, type RecallOutcome } from '../message/recall.ts';
import {
  learnAccepted,
  learnRefused,
  windowKindOf,
  type Learned,
  type RecallWindow,
} from '../message/window.ts';
import { readWindows } from '../platform/settings.ts';
import { learnWindow } from '../platform/windows.ts';
import { endOrder, noteSent, noteTold, placeOrder, readOrders, type Order } from './orders.ts';
import { keepWords } from './reedit.ts';

/** What the queue needs of its keeper. */
export interface QueueWorld {
  readonly account: AccountId;
  readonly link: ChatLink;
  readonly find: (id: MessageId) => Promise<Entry | undefined>;
  /** Makes a recall part of history; false when it could not be stored. Never rejects. */
  readonly learn: (recall: Recall) => Promise<boolean>;
  /**
   * Reads a conversation fresh back to `time` (server seconds), learns what is found and hands out
   * its recalls. Rejects when not everything back to there could be read.
   */
  readonly reread: (conversation: ConversationId, time: number) => Promise<readonly Recall[]>;
  /** Server ms. */
  readonly now: () => number;
  readonly roleIn: (entry: Entry) => Promise<Role | undefined>;
  /** Something about this message's recall changed. */
  readonly changed: (id: MessageId) => void;
  /** More is known now of how long the service takes recalls. */
  readonly windowChanged: () => void;
}

/** How long a question may wait for the connection before it is answered with `waiting`, ms. */
const patience = 4_000;
/** How long an asker waits for the service's answer; the order itself goes on, ms. */
const longestAnswer = 20_000;
/** Pauses between attempts the service did not answer or asked to slow down, ms. */
const pauses = [500, 1_000, 2_000, 4_000, 8_000] as const;
/** How long after its deadline a question that got no answer is still asked again, ms. */
const grace = 30_000;
/** How long a recall nobody can tell the deadline of waits for the connection, ms. */
const unsureFor = 120_000;
/** How long after it was asked for a recall is still sent when only its expected end is over, ms. */
const wantedFor = 600_000;

const waiting = { ok: false, why: 'waiting' } as const;

/**
 * The recall queue of one account: asked -> stored -> sent -> accepted or refused. An order that
 * was stored is finished by whichever worker lives next; exactly one final state each.
 */
export class Recalls {
  readonly #world: QueueWorld;
  /** Questions under way: however many ask, and from wherever, they get the same answer. */
  readonly #asked = new Map<MessageId, Promise<RecallOutcome>>();
  /** Orders under way in this worker. */
  readonly #running = new Map<MessageId, Promise<RecallOutcome>>();
  #isClosed = false;

  constructor(world: QueueWorld) {
    this.#world = world;
  }

  /** Recalls a message. Resolves with the final outcome, or `waiting` while there is no connection. */
  recall(id: MessageId): Promise<RecallOutcome> {
    const standing = this.#asked.get(id);
    if (standing) return standing;
    const asked = this.#ask(id).finally(() => this.#asked.delete(id));
    this.#asked.set(id, asked);
    return asked;
  }

  async #ask(id: MessageId): Promise<RecallOutcome> {
    const { account, find, link, now } = this.#world;
    const running = this.#running.get(id);
    if (running) return this.#orWaiting(id, running);

    const accepted = (await readOrders()).find(
      (order) => order.account === account && order.id === id && order.outcome?.ok,
    );
    if (accepted?.outcome) return accepted.outcome;
    const entry = await find(id);
    if (!entry) return { ok: false, why: 'not-found' };
    const windows = await readWindows(account, now());
    const verdict = judge(entry, {
      me: account,
      role: await this.#world.roleIn(entry),
      now: now(),
      windows,
    });
    // Before the service told the time, only this computer's clock says that it is too late.
    const isOnlyGuessed =
      link.serverTime() === undefined && !verdict.may && verdict.why === 'too-late';
    if (!verdict.may && !isOnlyGuessed) {
      const { why, lateBy } = verdict;
      return lateBy === undefined ? { ok: false, why } : { ok: false, why, lateBy };
    }
    const window = windows[windowKindOf(entry, account)];
    const order: Order = {
      account,
      conversation: entry.conversation,
      id,
      author: entry.author,
      sequence: entry.sequence,
      random: entry.random,
      time: entry.time,
      askedAt: now(),
      ...deadlinesOf(entry.time * 1000, window, isOnlyGuessed ? undefined : now()),
      isSent: false,
    };
    await keepWords(entry, now());
    // A full disk keeps the order from outliving this worker, not from being tried by it.
    const standing = await placeOrder(order).catch(() => order);
    return standing.outcome ?? this.#orWaiting(id, this.#run(standing));
  }

  /** Takes up every unfinished order, and what history could not be told of before. */
  async resume(): Promise<void> {
    const orders = (await readOrders())
      .filter(({ account }) => account === this.#world.account)
      .sort((one, other) => one.until - other.until);
    for (const order of orders) {
      if (!order.outcome) void this.#run(order);
      else if (order.outcome.ok && order.isUntold === true && (await this.#tell(order))) {
        await noteTold(order);
      }
    }
  }

  /** Ends what this worker has under way; the orders stay stored. */
  close(): void {
    this.#isClosed = true;
  }

  /** The final outcome, or `waiting` with the deadline when the connection does not come in time. */
  async #orWaiting(id: MessageId, running: Promise<RecallOutcome>): Promise<RecallOutcome> {
    const { link } = this.#world;
    const isConnected =
      link.state.name === 'connected' ||
      (await Promise.race([
        running.then(() => true),
        link.ready(patience).then(
          () => true,
          // A link that has stopped ends the order at once; one that still tries lets it wait.
          () => link.state.name !== 'connecting' && link.state.name !== 'reconnecting',
        ),
      ]));
    const outcome = isConnected
      ? await Promise.race([running, pause(longestAnswer).then(() => undefined)])
      : undefined;
    if (outcome) return outcome;
    const order = (await readOrders()).find((other) => other.id === id);
    return order?.outcome ?? { ...waiting, ...(order && { until: order.until }) };
  }

  /** Runs an order once; never rejects. */
  #run(order: Order): Promise<RecallOutcome> {
    const running = this.#running.get(order.id);
    if (running) return running;
    const run = this.#finish(order)
      .catch(() => ({ ...waiting, until: order.until }))
      .finally(() => {
        this.#running.delete(order.id);
        this.#world.changed(order.id);
      });
    this.#running.set(order.id, run);
    this.#world.changed(order.id);
    return run;
  }

  async #finish(order: Order): Promise<RecallOutcome> {
    const outcome = await this.#settle(order);
    if (!outcome.ok && outcome.why === 'waiting') return outcome;
    // Storing the tombstone is part of the success; until it is stored the order stays.
    const isUntold = outcome.ok && !(await this.#tell(order));
    await endOrder(order, { outcome, isUntold }, this.#world.now()).catch(() => undefined);
    return outcome;
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

  /** Asks until the service has answered; `waiting` when this worker cannot learn the end. */
  async #settle(order: Order): Promise<RecallOutcome> {
    const { link, now } = this.#world;
    let isSent = order.isSent;
    for (let attempt = 0; !this.#isClosed; attempt++) {
      const stopped = await this.#untilConnected(order, isSent);
      if (stopped) return stopped;
      const wasSent = isSent;
      if (wasSent) {
        const isThere = await this.#isRecalledThere(order);
        if (isThere === true) return { ok: true, at: now() };
        // Asked in time, never answered, and not done: asking for ever would help nobody.
        if (isThere === false && now() > order.until + grace)
          return { ok: false, why: 'unreachable' };
      } else {
        if (now() > (order.askUntil ?? order.until)) return tooLate(order, now());
        await noteSent(order).catch(() => undefined);
        isSent = true;
      }
      const askedAt = now();
      const outcome = await link.recall(order);
      await this.#learnWindow(order, askedAt, outcome).catch(() => undefined);
      if (outcome.ok) return outcome;
      if (outcome.why === 'already-recalled') {
        // By our own earlier question, whose answer was lost, or by somebody before us.
        await this.#isRecalledThere(order);
        return wasSent ? { ok: true, at: now() } : outcome;
      }
      // The service's own limit may be shorter than the one we know: then by how much is unknown.
      if (outcome.why === 'too-late') {
        const isLate = now() > order.until && order.isEstimate !== true;
        return isLate ? { ...tooLate(order, now()), ...outcome } : outcome;
      }
      const isWorthAnother =
        outcome.why === 'waiting' || (outcome.why === 'too-many' && now() <= order.until);
      if (!isWorthAnother) return outcome;
      await pause(pauses[Math.min(attempt, pauses.length - 1)] ?? 8_000);
    }
    return { ...waiting, until: order.until };
  }

  /** What an answer says of the window; only the service's own word counts. */
  async #learnWindow(order: Order, askedAt: number, outcome: RecallOutcome): Promise<void> {
    const { account, now, windowChanged } = this.#world;
    const sent = order.time * 1000;
    let teach: (learned: Learned) => Learned;
    if (outcome.ok) teach = (learned) => learnAccepted(learned, askedAt - sent);
    else if (outcome.why === 'too-late') {
      teach = (learned) => learnRefused(learned, now() - sent, now());
    } else return;
    const before = JSON.stringify(await readWindows(account, now()));
    await learnWindow(account, windowKindOf(order, account), teach);
    if (JSON.stringify(await readWindows(account, now())) !== before) windowChanged();
  }

  /** Resolves with nothing when connected, or with the order's end when that will not come in time. */
  async #untilConnected(order: Order, isSent: boolean): Promise<RecallOutcome | undefined> {
    const { link, now } = this.#world;
    const isOpen = (): boolean => !this.#isClosed;
    while (isOpen()) {
      try {
        await link.ready(10_000);
        return;
      } catch {
        // What was sent stays open until the service can be asked what became of it.
        if (!isOpen()) break;
        const { state } = link;
        const isStopped = state.name !== 'connecting' && state.name !== 'reconnecting';
        if (isStopped && isSent) break;
        if (state.name === 'refused') return { ok: false, why: 'signed-out', code: state.code };
        if (state.name === 'signed-in-elsewhere' || state.name === 'signature-expired') {
          return { ok: false, why: state.name };
        }
        // A link that was not opened: its account has stopped, and may be opened again.
        if (state.name === 'signed-out') break;
        // What was never sent cannot have happened: it ends with its deadline.
        const isOver = link.serverTime() !== undefined && now() > order.until;
        if (!isSent && isOver) return { ok: false, why: 'unreachable' };
      }
    }
    return { ...waiting, until: order.until };
  }

  /** Whether the service's own history has it recalled; undefined when it could not be read. */
  async #isRecalledThere(order: Order): Promise<boolean | undefined> {
    try {
      const recalls = await this.#world.reread(order.conversation, order.time - 1);
      return recalls.some(({ id, sequence, time }) =>
        id === undefined ? sequence === order.sequence && time === order.time : id === order.id,
      );
    } catch {
      return undefined;
    }
  }
}

/** It was not sent, or not in time. By how much is only said where the end is known. */
function tooLate(order: Order, now: number): RecallOutcome & { ok: false } {
  if (order.isEstimate === true) return { ok: false, why: 'unreachable' };
  return { ok: false, why: 'too-late', lateBy: Math.ceil((now - order.until) / 1000) };
}

/**
 * The deadlines of an order for a message sent at `sent`. When the expected end is over, or only
 * this computer's clock tells the time (`now` undefined), the service is still to be asked.
 */
function deadlinesOf(
  sent: number,
  window: RecallWindow,
  now: number | undefined,
): Pick<Order, 'until' | 'askUntil' | 'isEstimate'> {
  const closes = sent + window.closes;
  const expected = sent + window.expected;
  const isUnsure = now !== undefined && now > expected;
  const until = isUnsure ? Math.min(closes, now + unsureFor) : expected;
  const askUntil = Math.min(closes, Math.max(until, (now ?? until) + wantedFor));
  return {
    until,
    ...(askUntil > until && { askUntil }),
    ...((isUnsure || window.isAtLeast) && { isEstimate: true }),
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
