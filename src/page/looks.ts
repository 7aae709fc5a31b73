import type { ask } from '../contract/page-ask.ts';
import type { Answered } from '../contract/contract.ts';
import type { AccountId, ConversationId, MessageId } from '../message/message.ts';

/** Ids are gathered this long (ms), so that a page of history is one question. */
const gathering = 100;
/**
 * Ids in the first question, which is to be answered soon, and in any, as many as it may have. Each
 * costs the page what it takes to find out who it is signed in as.
 */
const most = { first: 500, ever: 2000 } as const;
/** First and longest pause (ms) before asking again when nobody answered. */
const pauses = { first: 1000, longest: 30_000 } as const;

export interface Looks {
  /**
   * Asks what is known of these messages, soon and together with others; or at once, where somebody
   * waits for it.
   */
  want(ids: Iterable<MessageId>, when?: 'soon' | 'now'): void;
}

export interface LooksOptions {
  readonly ask: typeof ask;
  /** Who the page says it is signed in as, read anew for each question. */
  readonly session: () => AccountId | undefined;
  /** The conversation that is open, as far as it is known. */
  readonly here: () => ConversationId | undefined;
  /** What was asked, and what came. `isLast`: nothing more is to be asked for now. */
  readonly onAnswer: (ids: readonly MessageId[], answer: Answered<'look'>, isLast: boolean) => void;
  readonly signal: AbortSignal;
}

/** Asks the worker about messages, one question at a time, newest rows first. */
export function startLooks({ ask, session, here, onAnswer, signal }: LooksOptions): Looks {
  const wanted = new Set<MessageId>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let pause = 0;
  let atOnce: number = most.first;

  const schedule = (delay: number = gathering): void => {
    if (wanted.size === 0 || isAsking || signal.aborted) return;
    if (timer !== undefined && delay > 0) return;
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        timer = undefined;
        void askOnce();
      },
      Math.max(delay, pause),
    );
  };

  const askOnce = async (): Promise<void> => {
    // The end of the list is what people look at, and what can still be recalled.
    const ids = [...wanted].slice(-atOnce);
    atOnce = ids.length < wanted.size ? most.ever : most.first;
    for (const id of ids) wanted.delete(id);
    isAsking = true;
    try {
      const account = session();
      const conversation = here();
      const answer = await ask('look', {
        ids,
        ...(account && { session: account }),
        ...(conversation && { here: conversation }),
      });
      pause = 0;
      if (!signal.aborted) onAnswer(ids, answer, wanted.size === 0);
    } catch {
      // No worker, for now or for good; `hear` finds out which.
      pause = Math.min(pause * 2 || pauses.first, pauses.longest);
      for (const id of ids) wanted.add(id);
    } finally {
      isAsking = false;
      schedule();
    }
  };

  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    wanted.clear();
  });
  return {
    want(ids, when = 'soon') {
      for (const id of ids) {
        // Asked for again is as good as new.
        wanted.delete(id);
        wanted.add(id);
      }
      schedule(when === 'now' ? 0 : gathering);
    },
  };
}
