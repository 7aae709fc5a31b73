import type { SentView } from '../contract/views.ts';
import { timeIn } from '../contract/glance.ts';
import type { AccountId, ConversationId, MessageId } from '../message/message.ts';
import type { RecallOutcome } from '../message/recall.ts';
import { ageOf, isFreshEnough, isRecallable, isUnderWay, isUnsure, timeLeft } from '../ui/sent.ts';
import type { Keeper } from './keeper.ts';
import type { Keepers } from './keepers.ts';
import type { Memory } from './memory.ts';
import { glanceOf } from './shown.ts';

/** What became of "Recall my last message". */
export interface LastRecall {
  /** The message; missing when none of mine can be recalled now. */
  readonly sent?: SentView;
  /** Missing where its recall had been asked for before and has not ended. */
  readonly outcome?: RecallOutcome;
}

/** How long the service is waited for to say what I sent last, ms. */
const patience = 3_000;
/** How far back somebody's last message is looked for at the service, seconds. */
const lookedBack = 86_400;
/** Messages read of a conversation at most: the last one is among the newest. */
const mostRead = 100;
/** A conversation with a message of so late is read though its newest second is known, seconds. */
const justNow = 300;

/**
 * Recalls my last message, over all accounts. A worker that slept first asks the service what was
 * sent meanwhile: recalling the message before the one that is meant would be worse than nothing.
 */
export class LastMessage {
  readonly #keepers: Keepers;
  /** Keepers whose history is as new as the service's for as long as their connection stands. */
  readonly #fresh = new WeakSet<Keeper>();
  readonly #heard = new WeakSet<Keeper>();
  #running: Promise<LastRecall> | undefined;

  constructor(keepers: Keepers) {
    this.#keepers = keepers;
  }

  /** Recalls it. Asked again while it runs, everybody gets the same answer. */
  recall(): Promise<LastRecall> {
    this.#running ??= this.#recall().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Recalls just this message, as a notice of it offers. */
  async recallThis(account: AccountId, id: MessageId): Promise<LastRecall> {
    await this.#keepers.wake();
    const { sent } = await glanceOf(this.#keepers);
    const found = sent.find((one) => one.account === account && one.id === id);
    return found ? { sent: found, outcome: await this.#keepers.recall(account, id) } : {};
  }

  async #recall(): Promise<LastRecall> {
    await this.#keepers.wake();
    const { all, memory } = this.#keepers;
    // Without a connection what is known has to do: the recall then waits for it, too.
    await Promise.allSettled(
      all.filter(({ isAtWork }) => isAtWork).map((keeper) => this.#freshen(memory, keeper)),
    );
    const last = await this.#find();
    if (!last) return {};
    // Never past one that is not settled: pressing again out of impatience means the same message.
    if (isUnderWay(last.progress)) return { sent: last };
    return { sent: last, outcome: await this.#keepers.recall(last.account, last.id) };
  }

  /** My newest message that can be recalled or is being recalled; of a connected account first. */
  async #find(): Promise<SentView | undefined> {
    const glance = await glanceOf(this.#keepers);
    const clock = Date.now();
    const isConnected = ({ account }: SentView): boolean =>
      this.#keepers.of(account)?.link.state.name === 'connected';
    return glance.sent
      .filter((sent) => {
        const time = timeIn(glance, sent.account);
        const mayBeAsked = isUnsure(sent, time, clock) && isFreshEnough(sent, time, clock);
        const isOver = timeLeft(sent, time, clock) === 0 && !mayBeAsked;
        return isUnderWay(sent.progress) || isRecallable(sent, sent.progress, isOver);
      })
      .reduce<SentView | undefined>((best, sent) => {
        if (!best) return sent;
        // Accounts' clocks need not agree, and a page could set its own ahead.
        const [age, least] = [sent, best].map((one) =>
          ageOf(one, timeIn(glance, one.account), clock),
        ) as [number, number];
        if (age !== least) return age < least ? sent : best;
        return !isConnected(best) && isConnected(sent) ? sent : best;
      }, undefined);
  }

  /** Reads what the service has and history has not. Rejects when that cannot be read in time. */
  async #freshen(memory: Memory, keeper: Keeper): Promise<void> {
    if (this.#fresh.has(keeper)) return;
    const { account, link } = keeper;
    this.#hear(keeper);
    await link.ready(patience);
    const [conversations, known] = await within(
      patience,
      Promise.all([link.conversations(), memory.use((history) => history.conversations(account))]),
    );
    const seen = new Map(known.map(({ id, last }) => [id, last?.time ?? 0]));
    const now = Math.floor(keeper.now() / 1000);
    const oldest = now - lookedBack;
    const read = async (id: ConversationId): Promise<void> => {
      const from = Math.max(oldest, seen.get(id) ?? 0);
      const { messages, recalls } = await link.since(id, from, mostRead);
      await memory.learn({ account, messages, recalls });
    };
    await within(
      patience,
      Promise.all(
        conversations
          // Times are whole seconds: two messages may share one, and only one of them be known.
          .filter(({ id, lastTime }) => {
            const known = Math.max(oldest, seen.get(id) ?? 0);
            return lastTime > known || (lastTime === known && lastTime > now - justNow);
          })
          .map(({ id }) => read(id)),
      ),
    );
    this.#fresh.add(keeper);
  }

  #hear(keeper: Keeper): void {
    if (this.#heard.has(keeper)) return;
    this.#heard.add(keeper);
    keeper.link.hear((event) => {
      if (event.kind === 'state' && event.state.name !== 'connected') this.#fresh.delete(keeper);
    });
  }
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
