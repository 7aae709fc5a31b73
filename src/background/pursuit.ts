import type { ChatLink } from '../chat/link.ts';
import { userOf, type AccountId, type MessageId, type Recall } from '../message/message.ts';
import type { RecallOutcome, Refusal } from '../message/recall.ts';
import { learnAccepted, learnRefused, windowKindOf, type Learned } from '../message/window.ts';
import { readWindows } from '../platform/settings.ts';
import { learnWindow } from '../platform/windows.ts';
import type { Line, Pace } from './line.ts';
import { noteUnanswered, type Order } from './orders.ts';
import type { Rereads } from './rereads.ts';
import { refusalAfter, stopOf } from './stop.ts';
import type { Storing } from './storing.ts';

/** What the pursuit of an order works with. */
export interface PursuitParts {
  readonly account: AccountId;
  readonly link: ChatLink;
  readonly line: Line;
  readonly rereads: Rereads;
  /** Server ms. */
  readonly now: () => number;
  /** Notes that the question is about to leave; undefined when there is no such order any more. */
  readonly noteSent: (order: Order) => Promise<Order | undefined>;
  readonly storing: Storing;
  /** Something about this message's recall changed. */
  readonly changed: (id: MessageId) => void;
  /** More is known now of how long the service takes recalls. */
  readonly windowChanged: () => void;
}

/** How an order ends, and when the service's own history was seen to have it, server ms. */
export interface End {
  readonly outcome: RecallOutcome;
  readonly verifiedAt?: number;
}

/** Pauses between attempts the service did not answer, ms. */
const pauses = [500, 1_000, 2_000, 4_000, 8_000] as const;
/** How long after its deadline a question that got no answer is still asked again, ms. */
const grace = 30_000;
/** How long the connection is waited for before it is looked at what has become of it, ms. */
const longestWait = 10_000;
/** How long after its deadline it is asked about while nobody can say what became of it, ms. */
const longestDoubt = 600_000;
/** The same while there is no connection: this computer's clock may be some hours off. */
const longestSilence = 86_400_000;

const waiting = { ok: false, why: 'waiting' } as const;

/** Refusals of whoever asked, whatever they asked for. */
const ofTheSignIn: ReadonlySet<Refusal> = new Set([
  'signed-out',
  'signed-in-elsewhere',
  'signature-expired',
]);
/** Refusals of every question of the kind: an earlier one was not done, either. */
const ofAllSuch: ReadonlySet<Refusal> = new Set(['kind-cannot', 'group-cannot', 'switched-off']);

/**
 * Asks for one recall until the service has answered, or nobody will. What may have left this
 * computer and got no answer is looked up before it is asked again. Ends as `waiting` only when
 * this worker cannot learn the end; another one will take the order up.
 */
export class Pursuit {
  readonly #parts: PursuitParts;
  #isOver = false;

  constructor(parts: PursuitParts) {
    this.#parts = parts;
  }

  /** Goes no further; the order stays as it is stored. */
  stop(): void {
    this.#isOver = true;
  }

  /** Asked anew each time: it changes while others are awaited. */
  #isStopped(): boolean {
    return this.#isOver;
  }

  async of(order: Order): Promise<End> {
    const { account, link, now } = this.#parts;
    // Whether an earlier question may have been done, and whether that could not be looked up.
    let wasAsked = order.isSent;
    let isInDoubt = wasAsked;
    let isTold = order.isUnanswered === true;
    // Others come together with it in a sweep, and when the connection comes.
    let isAlone = order.sweep === undefined && !wasAsked && isConnected(link);
    for (let attempt = 0; ; attempt++) {
      const stopped = await this.#untilConnected(order, isInDoubt);
      if (stopped) return { outcome: stopped };
      if (isInDoubt) {
        const there = await this.#recallThere(order);
        if (there === 'none') {
          // Asked in time, never answered, and not done: asking for ever would help nobody.
          if (now() > order.until + grace) return { outcome: { ok: false, why: 'unreachable' } };
        } else if (there) {
          // Somebody else may have been first.
          const isByOthers = there.by !== undefined && there.by !== userOf(account);
          if (isByOthers) return { outcome: { ok: false, why: 'already-recalled' } };
          return { outcome: { ok: true, at: now() }, verifiedAt: now() };
        }
        isInDoubt = there === undefined;
      }
      const answer = await this.#ask(order, { wasAsked, isInDoubt, isAlone });
      isAlone = false;
      // It stands in line again, and goes with the others when the connection is back.
      if (answer === 'not-sent') continue;
      if (!answer) return { outcome: { ...waiting, until: order.until } };
      if (answer.ok) return { outcome: answer };
      if (answer.why === 'waiting') {
        wasAsked = true;
        isInDoubt = true;
        if (!isTold && !isBusy(answer)) {
          isTold = true;
          await this.#tellUnanswered(order);
        }
        await this.#pauseOrBack(pauses[Math.min(attempt, pauses.length - 1)] ?? 8_000);
        // Asked to slow down, the line itself does.
      } else if (answer.why !== 'too-many' || now() > order.until) {
        return this.#endOf(order, answer, wasAsked, isInDoubt);
      }
    }
  }

  /** What a refusal means for an order that may have been asked for before. */
  async #endOf(
    order: Order,
    answer: RecallOutcome & { ok: false },
    wasAsked: boolean,
    isInDoubt: boolean,
  ): Promise<End> {
    const { account, now } = this.#parts;
    // Recalled by our own earlier question, whose answer was lost, or by somebody before us. Groups
    // call it not found then.
    if (answer.why === 'already-recalled' || answer.why === 'not-found') {
      // Not more than once where that would tell nothing new.
      const isPlain = answer.why === 'already-recalled' && wasAsked;
      const looked = await this.#lookUp(order, isPlain ? [] : pauses);
      if ('outcome' in looked) return looked;
      const { there } = looked;
      const isSeen = there !== undefined && there !== 'none';
      const isRecalled = isSeen || answer.why === 'already-recalled';
      const by = isSeen ? there.by : undefined;
      const isMine = by === undefined ? wasAsked : by === userOf(account);
      if (isMine && isRecalled) {
        return { outcome: { ok: true, at: now() }, ...(isSeen && { verifiedAt: now() }) };
      }
      if (isRecalled) return { outcome: { ...answer, why: 'already-recalled' } };
      return { outcome: there === undefined ? { ...answer, why: 'unanswered' } : answer };
    }
    if (isInDoubt && ofTheSignIn.has(answer.why)) {
      // Says nothing of the message. Whoever is signed in next can look it up.
      return { outcome: { ...waiting, until: order.until } };
    }
    // It may have been done before, in time.
    const isOpen = isInDoubt && !ofAllSuch.has(answer.why);
    if (isOpen) return { outcome: { ...answer, why: 'unanswered' } };
    if (answer.why !== 'too-late') return { outcome: answer };
    // The service's own limit may be shorter than the one we know: then by how much is unknown.
    const isLate = now() > order.until && order.isEstimate !== true;
    return { outcome: isLate ? { ...tooLate(order, now()), ...answer } : answer };
  }

  /** Lets whoever looks at the message know that it takes longer. */
  async #tellUnanswered(order: Order): Promise<void> {
    const { storing, changed } = this.#parts;
    // Where that cannot be stored, it is recalled all the same.
    await storing.do(() => noteUnanswered(order)).catch(() => undefined);
    changed(order.id);
  }

  /** Waits so many ms, or until a connection that was lost is back, whichever is first. */
  async #pauseOrBack(ms: number): Promise<void> {
    let hush = (): void => undefined;
    const isBack = new Promise<void>((resolve) => {
      hush = this.#parts.link.hear((event) => {
        if (event.kind === 'state' && event.state.name === 'connected') resolve();
      });
    });
    await Promise.race([pause(ms), isBack]);
    hush();
  }

  /**
   * Asks the service once, in turn. Resolves with nothing when the order goes no further here, and
   * with `not-sent` when the connection was lost before the question could leave.
   */
  async #ask(
    order: Order,
    {
      wasAsked,
      isInDoubt,
      isAlone,
    }: Readonly<Record<'wasAsked' | 'isInDoubt' | 'isAlone', boolean>>,
  ): Promise<RecallOutcome | 'not-sent' | undefined> {
    const { link, line, now } = this.#parts;
    const leave = await line.enter(order.until, isAlone);
    let pace: Pace = 'answered';
    try {
      if (this.#isStopped()) return undefined;
      if (isInDoubt && now() > order.until + longestDoubt) return { ok: false, why: 'unanswered' };
      // What was asked in time is asked again a little later, too.
      if (!wasAsked && now() > (order.askUntil ?? order.until)) return tooLate(order, now());
      if (!isConnected(link)) return 'not-sent';
      const standing = await this.#parts.noteSent(order);
      if (!standing || this.#isStopped()) return undefined;
      if (standing.outcome) return standing.outcome;
      if (!isConnected(link)) return 'not-sent';
      const askedAt = now();
      const answer = await this.#hear(order);
      if (isBusy(answer)) pace = 'too-many';
      if (!isInDoubt) {
        const learn = (): Promise<void> => this.#learnWindow(order, askedAt, answer);
        await this.#parts.storing.do(learn).catch(() => undefined);
      }
      return answer;
    } finally {
      leave(pace);
    }
  }

  /**
   * The service's answer. A question whose connection breaks is sent once more by the SDK itself, which
   * tells nobody: what is refused then may be the second one, and the first was done.
   */
  async #hear(order: Order): Promise<RecallOutcome> {
    const { link } = this.#parts;
    const seen = { isBroken: false };
    const hush = link.hear((event) => {
      if (event.kind === 'state' && event.state.name === 'reconnecting') seen.isBroken = true;
    });
    try {
      const answer = await link.recall(order);
      return answer.ok || !seen.isBroken || ofTheSignIn.has(answer.why) ? answer : waiting;
    } finally {
      hush();
    }
  }

  /** What an answer says of the window; only the service's own word counts. */
  async #learnWindow(order: Order, askedAt: number, answer: RecallOutcome): Promise<void> {
    const { account, link, now, windowChanged } = this.#parts;
    // By a clock that was set, messages seem older or younger than they are.
    if (!link.isTimeSure) return;
    const sent = order.time * 1000;
    let teach: (learned: Learned) => Learned;
    if (answer.ok) teach = (learned) => learnAccepted(learned, askedAt - sent);
    else if (answer.why === 'too-late') {
      teach = (learned) => learnRefused(learned, now() - sent, now());
    } else return;
    const before = JSON.stringify(await readWindows(account, now()));
    await learnWindow(account, windowKindOf(order, account), teach);
    if (JSON.stringify(await readWindows(account, now())) !== before) windowChanged();
  }

  /** Resolves with nothing when connected, or with the order's end when that will not come in time. */
  async #untilConnected(order: Order, isInDoubt: boolean): Promise<RecallOutcome | undefined> {
    const { link, now } = this.#parts;
    const givenUpAt = order.givenUpAt ?? order.until;
    // Counted on by the waiting itself: a clock that is set meanwhile changes nothing.
    let left = givenUpAt - Date.now();
    while (!this.#isStopped()) {
      // A lost connection is looked for at once when somebody waits for it.
      if (!isConnected(link)) link.poke();
      // One that is over is given the time a page takes that the browser opens again.
      const wait = left > 0 ? Math.min(longestWait, left) : longestWait;
      try {
        await link.ready(wait);
        return;
      } catch {
        // What was sent stays open until the service can be asked what became of it.
        if (this.#isStopped()) break;
        const { state } = link;
        const knowsTime = link.serverTime() !== undefined;
        if (isInDoubt) {
          const longest = knowsTime ? longestDoubt : longestSilence;
          if (now() > order.until + longest) return { ok: false, why: 'unanswered' };
          if (state.name !== 'connecting' && state.name !== 'reconnecting') break;
          continue;
        }
        const stop = stopOf(state);
        if (stop) return refusalAfter(stop);
        // What was never sent cannot have happened: it ends with its deadline.
        if (state.name !== 'signed-out') left -= wait;
        else if (Date.now() < givenUpAt) {
          // A link that was not opened: its account has stopped, and may be opened again.
          break;
        } else {
          // Or it is just being opened.
          await pause(longestWait);
          if (link.state.name !== 'signed-out') continue;
        }
        const isOver = knowsTime ? now() >= order.until : left <= 0;
        if (isOver) return { ok: false, why: 'unreachable' };
      }
    }
    return { ...waiting, until: order.until };
  }

  /**
   * What the service's own history has of an order whose question was answered. The connection may
   * break once more just then, and is waited for; what cannot be read is read again after each of
   * the pauses, ms. The order's end where nobody can look any more.
   */
  async #lookUp(
    order: Order,
    between: readonly number[],
  ): Promise<End | { readonly there: Recall | 'none' | undefined }> {
    for (const ms of [...between, 0]) {
      const stopped = await this.#untilConnected(order, true);
      if (stopped) return { outcome: stopped };
      const there = await this.#recallThere(order);
      if (there !== undefined) return { there };
      if (ms > 0) await this.#pauseOrBack(ms);
    }
    return { there: undefined };
  }

  /** The recall in the service's own history, or 'none'; undefined when that could not be read. */
  async #recallThere(order: Order): Promise<Recall | 'none' | undefined> {
    try {
      const recalls = await this.#parts.rereads.read(order.conversation, order.time - 1);
      return recalls.find((recall) => isOf(order, recall)) ?? 'none';
    } catch {
      return undefined;
    }
  }
}

function isConnected({ state }: ChatLink): boolean {
  return state.name === 'connected';
}

/** Whether the service itself asks for fewer questions, or had no time for this one. */
function isBusy(answer: RecallOutcome): boolean {
  if (answer.ok) return false;
  const { why, code = 0 } = answer;
  return why === 'too-many' || (why === 'waiting' && code >= 10_000);
}

/** Whether one of these recalls is of this order's message. */
export function isAmong(order: Order, recalls: readonly Recall[]): boolean {
  return recalls.some((recall) => isOf(order, recall));
}

function isOf(order: Order, { id, conversation, sequence, time }: Recall): boolean {
  return id === undefined
    ? conversation === order.conversation && sequence === order.sequence && time === order.time
    : id === order.id;
}

/** It was not sent, or not in time. By how much is only said where the end is known. */
function tooLate(order: Order, now: number): RecallOutcome & { ok: false } {
  if (order.isEstimate === true) return { ok: false, why: 'unreachable' };
  return { ok: false, why: 'too-late', lateBy: Math.ceil((now - order.until) / 1000) };
}

/** Resolves after so many ms. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
