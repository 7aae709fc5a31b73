import type { Glance, SentView } from '../contract/views.ts';
import { timeIn } from '../contract/glance.ts';
import { LinkError, networkDown } from '../chat/link.ts';
import {
  partsOf,
  userOf,
  type AccountId,
  type ConversationId,
  type MessageId,
} from '../message/message.ts';
import { refusalOf, type RecallOutcome } from '../message/recall.ts';
import { compareSent } from '../message/sent-order.ts';
import { ageOf, isFreshEnough, isRecallable, isUnderWay, isUnsure, timeLeft } from '../ui/sent.ts';
import { failedAmong, type FailedRecall } from './failed.ts';
import type { Keeper } from './keeper.ts';
import type { Keepers } from './keepers.ts';
import { pause } from './pursuit.ts';
import { readyAccounts } from './seats.ts';
import { longestDrift, sendingOf, type Sending } from './sending.ts';
import { allSentOf, viewerOf } from './shown.ts';

/** What became of "Recall my last message". */
export interface LastRecall {
  /** The message; missing when none of mine can be recalled now. */
  readonly sent?: SentView;
  /** Missing where its recall has not ended: how far it is stands in the message. */
  readonly outcome?: RecallOutcome;
  /** It is recalled by a chat page's session, and no such page is open. */
  readonly isPageMissing?: true;
  /** The service did not say in time what I sent last: nothing was recalled. */
  readonly isUnsure?: true;
  /** Two were sent in one second, and nothing tells which was the last: nothing was recalled. */
  readonly areTwo?: true;
  /** It is still on its way out, and its recall, asked for before, waits for it. */
  readonly isSending?: true;
}

/** How long the connection is waited for, and how long nothing is said of what takes so long, ms. */
const patience = 3_000;
/** How long the service may take to say what I sent last, ms. */
const longest = 20_000;
/** The pause before the service is asked once more what it could not say, ms. */
const askedEvery = 500;
/** How far back somebody's last message is looked for at the service, seconds. */
const lookedBack = 86_400;
/** Messages read of a conversation at most: the last one is among the newest. */
const mostRead = 100;
/** A conversation with a message of so late is read though its newest second is known, seconds. */
const justNow = 300;

/**
 * Recalls my last message, over all accounts. The service is asked first what was sent that history
 * does not know: recalling the message before the one that is meant would be worse than nothing.
 */
export class LastMessage {
  readonly #keepers: Keepers;
  /**
   * Keepers that hear of every conversation that changes for as long as their connection stands,
   * and up to which second (the service's) each conversation was read here.
   */
  readonly #fresh = new WeakMap<Keeper, Map<ConversationId, number>>();
  readonly #heard = new WeakSet<Keeper>();
  #running: Promise<LastRecall> | undefined;

  constructor(keepers: Keepers) {
    this.#keepers = keepers;
  }

  /**
   * Recalls it. Asked again while it runs, everybody gets the same answer. `slow` is called once
   * when that takes longer than a person expects.
   */
  recall(slow?: () => void): Promise<LastRecall> {
    this.#running ??= this.#recall(slow).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Recalls just this message, as a notice of it offers. */
  async recallThis(account: AccountId, id: MessageId): Promise<LastRecall> {
    await this.#keepers.wake();
    const [sent] = await this.#mine(account, [id]);
    return sent ? this.#recallOf(sent) : {};
  }

  async #recallOf(sent: SentView): Promise<LastRecall> {
    const { account, id } = sent;
    const outcome = await this.#keepers.recall(account, id);
    if (outcome.ok || outcome.why !== 'waiting') return { sent, outcome };
    // What it waits for: the network, the chat's page, or an answer.
    const [now = sent] = await this.#mine(account, [id]).catch(() => []);
    return this.#underWay(now);
  }

  #underWay(sent: SentView): LastRecall {
    const state = this.#keepers.of(sent.account)?.link.state.name;
    return { sent, ...(state === 'page-closed' && { isPageMissing: true }) };
  }

  /** See `failedAmong`. */
  failed(ids: readonly MessageId[]): Promise<readonly FailedRecall[]> {
    return failedAmong(this.#keepers, ids);
  }

  /** Of these messages those that I sent from this account, as they are shown. */
  async #mine(account: AccountId, ids: readonly MessageId[]): Promise<readonly SentView[]> {
    const keeper = this.#keepers.of(account);
    if (!keeper) return [];
    const { memory } = this.#keepers;
    const entries = await memory.use((history) => history.findAll(account, ids));
    const mine = entries.filter(({ author }) => author === userOf(account));
    return mine.length === 0 ? [] : mine.map((await viewerOf(memory, keeper)).sentOf);
  }

  async #recall(slow: (() => void) | undefined): Promise<LastRecall> {
    const until = Date.now() + longest;
    const timer = slow && setTimeout(slow, patience);
    try {
      await this.#keepers.wake();
      const last = await this.#findForSure(until);
      if (last === 'unsure') return { isUnsure: true };
      if (last === 'sending') return { isSending: true };
      if (!last) return {};
      // Never past one that is not settled: pressing again out of impatience means the same message.
      if (isUnderWay(last.progress)) return this.#underWay(last);
      if (await this.#isOneOfTwo(last)) return { areTwo: true };
      clearTimeout(timer);
      return await this.#recallOf(last);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * My last message, with all the service says of it until `until` (this computer's clock, ms). One
   * that is on its way out is waited for, and none before it taken, also where it does not come.
   */
  async #findForSure(until: number): Promise<SentView | undefined | 'unsure' | 'sending'> {
    let sending: readonly Sending[] = [];
    for (;;) {
      const atWork = this.#keepers.all.filter(({ isAtWork }) => isAtWork);
      const isSure = await Promise.all(atWork.map((keeper) => this.#catchUp(keeper, until)));
      if (isSure.includes(false)) return 'unsure';
      // First: what comes in between is found.
      const onTheirWay = await this.#sending();
      const last = await this.#find();
      const isNewer = (one: Sending): boolean => !this.#isPast(one, last);
      if (onTheirWay.some((one) => one.isAwaited && isNewer(one))) return 'sending';
      sending = [...sending, ...onTheirWay].filter(isNewer);
      if (sending.length > 0) {
        if (!onTheirWay.some(isNewer) || Date.now() >= until) return 'unsure';
        await this.#untilOut(until);
        continue;
      }
      if (!last || isUnderWay(last.progress)) return last;
      // What was sent in an account whose connection has not stood yet is not known, and may be the last.
      // A page that is ready and does not answer is asleep: nothing was sent in it.
      const asleep = await readyAccounts();
      const isOpen = ({ account, link }: Keeper): boolean =>
        account !== last.account && link.state.name === 'connecting' && !asleep.has(account);
      if (this.#keepers.all.some(isOpen)) {
        if (Date.now() >= until) return 'unsure';
        continue;
      }
      const keeper = this.#keepers.of(last.account);
      if (!keeper || isConnected(keeper) || !keeper.isAtWork || Date.now() >= until) return last;
      // Its recall had to wait for the connection: with that comes what was sent meanwhile. While
      // there is none, what is known has to do.
      await keeper.link.ready(until - Date.now()).catch(() => undefined);
    }
  }

  /**
   * My newest message that can be recalled or is being recalled; of a connected account first.
   * `only`: of this account.
   */
  async #find(only?: AccountId): Promise<SentView | undefined> {
    const glance = await allSentOf(this.#keepers);
    const clock = Date.now();
    const isReached = ({ account }: SentView): boolean => {
      const keeper = this.#keepers.of(account);
      return keeper !== undefined && isConnected(keeper);
    };
    return meantIn(glance, clock)
      .filter(({ account }) => only === undefined || account === only)
      .reduce<SentView | undefined>((best, sent) => {
        if (!best) return sent;
        // Accounts' clocks need not agree, and a page could set its own ahead.
        const [age, least] = [sent, best].map((one) =>
          ageOf(one, timeIn(glance, one.account), clock),
        ) as [number, number];
        if (age !== least) return age < least ? sent : best;
        return !isReached(best) && isReached(sent) ? sent : best;
      }, undefined);
  }

  /** My messages that are on their way out, of all accounts. */
  async #sending(): Promise<readonly Sending[]> {
    const { all, memory } = this.#keepers;
    return (await Promise.all(all.map((keeper) => sendingOf(memory, keeper)))).flat();
  }

  /** Resolves when nothing that a page showed is being sent any more: it came, or was given up. */
  async #untilOut(until: number): Promise<void> {
    const isUnderWay = ({ isAwaited }: Sending): boolean => !isAwaited;
    let before: readonly Sending[] = [];
    for (let left = await this.#sending(); left.some(isUnderWay); left = await this.#sending()) {
      if (Date.now() >= until) return;
      before = left;
      await pause(askedEvery);
    }
    // An SDK that gave it up does not know whether the service has it.
    for (const { account } of before) {
      const keeper = this.#keepers.of(account);
      if (keeper) this.#fresh.delete(keeper);
    }
  }

  /** Whether a message is the one that was on its way out, or was sent after it for certain. */
  #isPast(sending: Sending, last: SentView | undefined): boolean {
    if (!last) return false;
    if (last.id === sending.id) return true;
    const [its, other] = [partsOf(last.id), partsOf(sending.id)];
    if (its && its.tinyId === other?.tinyId) return its.madeAt > other.madeAt;
    const ageOfOne = (account: AccountId, at: number): number =>
      (this.#keepers.of(account)?.now() ?? Date.now()) - at;
    const age = ageOfOne(last.account, last.time * 1000);
    return age + longestDrift < ageOfOne(sending.account, sending.at);
  }

  /** Whether another message of the account may as well be its last one, for all that tells. */
  async #isOneOfTwo({ account, id, time, conversation }: SentView): Promise<boolean> {
    const others = meantIn(await allSentOf(this.#keepers), Date.now()).filter(
      (one) => one.account === account && one.time === time && one.conversation !== conversation,
    );
    if (others.length === 0) return false;
    const ids = [id, ...others.map((one) => one.id)];
    const entries = await this.#keepers.memory.use((history) => history.findAll(account, ids));
    const last = entries.find((entry) => entry.id === id);
    return (
      last !== undefined &&
      entries.some((entry) => entry !== last && (compareSent(last, entry) ?? 0) <= 0)
    );
  }

  /**
   * Brings an account up to date, again and again until `until`. False when the service is there
   * and what it has could not be read; without a connection what is known has to do.
   */
  async #catchUp(keeper: Keeper, until: number): Promise<boolean> {
    for (;;) {
      const left = until - Date.now();
      if (left <= 0) return !isConnected(keeper);
      try {
        await keeper.link.ready(Math.min(left, patience));
      } catch {
        return true;
      }
      try {
        await within(until - Date.now(), this.#freshen(keeper));
        return true;
      } catch {
        await pause(askedEvery);
      }
    }
  }

  /** Reads what the service has and history has not. Rejects when that cannot be read or kept. */
  async #freshen(keeper: Keeper): Promise<void> {
    const { account, link } = keeper;
    const { memory } = this.#keepers;
    this.#hear(keeper);
    const read = this.#fresh.get(keeper);
    const known = memory.use((history) => history.conversations(account));
    const [conversations, before] = await Promise.all([read ? known : link.conversations(), known]);
    const seen = new Map(before.map(({ id, last }) => [id, last?.time ?? 0]));
    const now = Math.floor(keeper.now() / 1000);
    // Where nothing came since the newest I know of, none of mine can be newer. Who has hundreds of
    // conversations would otherwise wait for all of them. A second less, as two may share one.
    const newest = await this.#find(account);
    const whole = now - lookedBack;
    const oldest = Math.max(whole, newest ? newest.time - 1 : 0);
    const from = (id: ConversationId): number => Math.max(oldest, seen.get(id) ?? 0);
    const news = conversations.filter(({ id, lastTime }) => {
      if (lastTime > from(id)) return lastTime > (read?.get(id) ?? 0);
      // Times are whole seconds: two messages may share one, and only one of them be known.
      return !read && lastTime === from(id) && lastTime > now - justNow;
    });
    await Promise.all(news.map(({ id }) => this.#read(keeper, id, from(id))));
    // Lost meanwhile, it may have missed something.
    if (!isConnected(keeper)) throw new LinkError(networkDown);
    const isPartly = conversations.some(
      ({ id, lastTime }) => lastTime > Math.max(whole, seen.get(id) ?? 0) && lastTime <= oldest,
    );
    // Those left out are asked for again when they are next.
    if (!read && isPartly) return;
    const upTo = news.map(({ id, lastTime }) => [id, lastTime] as const);
    this.#fresh.set(keeper, new Map([...(read ?? []), ...upTo]));
  }

  async #read({ account, link }: Keeper, id: ConversationId, from: number): Promise<void> {
    try {
      const { messages, recalls } = await link.since(id, from, mostRead);
      if (await this.#keepers.memory.learn({ account, messages, recalls })) return;
      throw new Error('It could not be kept.');
    } catch (error) {
      // What the service does not let me read (I was removed from the group) it does not let me
      // recall either.
      if (!(error instanceof LinkError) || !isAboutConversation(error.code)) throw error;
    }
  }

  #hear(keeper: Keeper): void {
    if (this.#heard.has(keeper)) return;
    this.#heard.add(keeper);
    keeper.link.hear((event) => {
      const isLost = event.kind === 'state' && event.state.name !== 'connected';
      if (isLost || event.kind === 'missed') this.#fresh.delete(keeper);
    });
  }
}

/** What “my last message” may mean: what can be recalled, and what is being recalled. */
function meantIn(glance: Pick<Glance, 'accounts' | 'sent'>, clock: number): readonly SentView[] {
  return glance.sent.filter((sent) => {
    const time = timeIn(glance, sent.account);
    const isOver = timeLeft(sent, time, clock) === 0 && !isUnsure(sent, time, clock);
    const isMeant = isFreshEnough(sent, time, clock);
    return isUnderWay(sent.progress) || (isMeant && isRecallable(sent, sent.progress, isOver));
  });
}

function isConnected({ link }: Keeper): boolean {
  return link.state.name === 'connected';
}

/** Whether the service refused for good, and because of what was asked: codes of Tencent's table. */
function isAboutConversation(code: number): boolean {
  const why = refusalOf(code);
  return code >= 10_000 && code < 60_000 && why !== 'waiting' && why !== 'too-many';
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error('It took too long.'));
    }, ms);
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}
