import type { Answered } from '../contract/contract.ts';
import type { ProgressView, RowView } from '../contract/views.ts';
import { userOf, type AccountId, type MessageId } from '../message/message.ts';
import { isFinal } from '../ui/words.ts';
import type { ControlState } from './control.ts';
import type { OwnProgress } from './progress.ts';
import { carryOn, ownReadings, type ServerClock } from './server-clock.ts';

/** How long (ms) rows whose time may be over are offered; the popup offers them for longer. */
const unsureFor = 1_800_000;

/** What this page knows of the messages it shows: what the worker said, and what was asked here. */
export class Knowledge {
  readonly #views = new Map<MessageId, RowView>();
  /** What covered words when their user left: nobody else has said yet that these may be read. */
  readonly #covers = new Map<MessageId, RowView>();
  readonly #own = new Map<MessageId, OwnProgress>();
  /** Refusals that were read. */
  readonly #dismissed = new Map<MessageId, string>();
  /** Whose recall was asked for on a row of this page. */
  readonly #asked = new Set<MessageId>();
  /** Others' messages that somebody wants recalled, however old; true until they were asked about it. */
  readonly #wanted = new Map<MessageId, boolean>();
  #account: AccountId | undefined;
  /** The UserIDs for whom the views and the covers are. */
  #user: string | undefined;
  #formerUser: string | undefined;
  #clock: ServerClock | undefined;

  /** Whose messages these are, as the worker said last. */
  get account(): AccountId | undefined {
    return this.#account;
  }

  /** Server ms; undefined until the worker told it. */
  get now(): number | undefined {
    return this.#clock?.now();
  }

  /** Whether the time should be asked for again. */
  get isTimeDoubtful(): boolean {
    return this.#clock?.isDoubtful() ?? false;
  }

  /** A moment of server time (ms) on this computer's clock; undefined until the worker told it. */
  onThisClock(server: number): number | undefined {
    const { now } = this;
    return now === undefined ? undefined : Date.now() + (server - now);
  }

  view(id: MessageId): RowView | undefined {
    return this.#views.get(id);
  }

  /** What a row with this message shows: words that were covered stay so when nobody is signed in. */
  shown(id: MessageId): RowView | undefined {
    return this.#views.get(id) ?? this.#covers.get(id);
  }

  /** Takes over whose messages the worker speaks of; true when it was somebody else before. */
  meet(account: AccountId | undefined): boolean {
    const isAnother = this.#account !== undefined && account !== this.#account;
    this.#account = account;
    return isAnother;
  }

  /**
   * Learns what the worker answered about `ids`. `user` is the UserID the page says it is signed in
   * as: a page of somebody else learns nothing.
   */
  learn(ids: readonly MessageId[], answer: Answered<'look'>, user: string | undefined): void {
    if (answer.time) this.#clock = carryOn(answer.time, ownReadings);
    const { account } = answer;
    const isStranger = account !== undefined && user !== undefined && user !== userOf(account);
    const known = new Map(isStranger ? [] : answer.rows.map((view) => [view.id, view]));
    if (account !== undefined && !isStranger) this.#user = userOf(account);
    for (const id of ids) {
      const view = known.get(id);
      if (view) this.#views.set(id, view);
      else this.#views.delete(id);
      if (view ?? this.#user !== this.#formerUser) this.#covers.delete(id);
      if (view?.progress ?? view?.placeholder) this.#own.delete(id);
    }
  }

  /** Forgets what the worker said of a message that no row shows. */
  drop(id: MessageId): void {
    this.#views.delete(id);
  }

  /**
   * Forgets every message: nothing that was known for the one user may stay for the other, but that
   * words are covered.
   */
  forget(): void {
    for (const [id, view] of this.#views) {
      if (view.placeholder ?? view.isQuoteRecalled) this.#covers.set(id, view);
    }
    this.#formerUser = this.#user;
    this.#views.clear();
    this.#own.clear();
    this.#asked.clear();
    this.#wanted.clear();
  }

  /** Notes how far a recall is that was asked for in this page. */
  note(id: MessageId, progress: OwnProgress): void {
    this.#own.set(id, progress);
  }

  /** Somebody asks again: what they read before counts no more. */
  askAgain(id: MessageId): void {
    this.#dismissed.delete(id);
    this.#asked.add(id);
    this.note(id, { state: 'asking' });
  }

  /**
   * Somebody wants another's message recalled: it is offered for as long as the service might take it,
   * and asked about. False when it certainly is not to be recalled by them.
   */
  want(id: MessageId): boolean {
    this.#wanted.set(id, true);
    const state = this.stateOf(id);
    const isOffered = state?.name === 'offer' || (state?.name === 'refused' && state.until);
    if (!isOffered) this.#wanted.delete(id);
    return state !== undefined;
  }

  /** They were asked. */
  noteAsked(id: MessageId): void {
    this.#wanted.set(id, false);
  }

  /** Whether a row of this page was asked to recall it, which then tells what came of it. */
  wasAskedHere(id: MessageId): boolean {
    return this.#asked.has(id);
  }

  /** Somebody has read why a recall did not succeed. */
  dismiss(id: MessageId): void {
    const progress = this.#own.get(id) ?? this.#views.get(id)?.progress;
    if (progress?.state === 'refused') this.#dismissed.set(id, nameOf(progress));
    else this.#own.delete(id);
  }

  /** What a control on this message says; undefined when it has nothing to say. */
  stateOf(id: MessageId): ControlState | undefined {
    const { now } = this;
    const view = this.#views.get(id);
    if (!view) return;
    if (view.placeholder) {
      const { reeditUntil = 0 } = view;
      const isKept = now !== undefined && reeditUntil > now;
      return isKept ? { name: 'reedit', until: reeditUntil } : undefined;
    }
    const wanted = this.#wanted.get(id);
    // How far a recall is can be said without the time, as in a page that was just loaded anew.
    const chance =
      now === undefined
        ? undefined
        : chanceOf(view, now, wanted === undefined ? unsureFor : Infinity);
    const until = chance?.until;
    const isWanted = wanted === true;
    const offer = chance && ({ name: 'offer', ...chance, ...(isWanted && { isWanted }) } as const);
    const progress = this.#own.get(id) ?? view.progress;
    switch (progress?.state) {
      case undefined:
        return offer;
      case 'asking':
      case 'accepted':
        return { name: 'recalling', isUnanswered: progress.why !== undefined };
      case 'waiting':
        return { name: 'waiting', until: now === undefined ? undefined : progress.until };
      case 'refused': {
        const isOver = isFinal(progress.why ?? 'unknown');
        if (this.#dismissed.get(id) === nameOf(progress)) return isOver ? undefined : offer;
        if (isOver) return { name: 'refused', progress };
        return { name: 'refused', progress, until, ...(isWanted && { isWanted }) };
      }
      case 'unanswered':
        return { name: 'refused', progress, until, ...(isWanted && { isWanted }) };
    }
  }
}

/** Tells refusals apart by what is said of them. */
function nameOf({ why, code, lateBy }: ProgressView): string {
  return JSON.stringify([why, code, lateBy]);
}

/**
 * Until when a message may be recalled, and how sure that is; undefined when it is too late, or was
 * not sure for longer (ms) than it is offered.
 */
function chanceOf(
  { until = 0, isAtLeast = false, askUntil = 0 }: RowView,
  now: number,
  longest: number,
): Pick<ControlState & { name: 'offer' }, 'until' | 'isAtLeast' | 'isUnsure'> | undefined {
  if (until > now) return { until, isAtLeast };
  const last = Math.min(askUntil, until + longest);
  return last > now ? { until: last, isUnsure: true } : undefined;
}
