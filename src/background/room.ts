import { HistoryError, type History, type Learnt, type Lesson } from '../history/history.ts';
import type { AccountId } from '../message/message.ts';
import { countedTime } from './retention.ts';

const day = 86_400;
/** Ages, in days, down to which the oldest messages give way, one after the other. */
const ages = [28, 21, 14, 10, 7, 6, 5, 4, 3, 2, 1, 0.5];
/** For a recall everything gives way in the end: no words may stay because there is no room. */
const agesForRecall = [...ages, 0.1, 0];

/** What was learnt, and whether older messages had to give way for it. */
export interface LearntSomehow {
  readonly learnt: Learnt;
  readonly isRoomMade: boolean;
}

/**
 * Learns a lesson. Where there is no room for it the oldest messages give way, a few days at a time;
 * tombstones stay, and so does, unless it is a recall, what is younger than half a day. Rejects as
 * `History.learn` does when that does not help.
 *
 * The disk is everybody's: an account that came when another had filled it could otherwise keep
 * nothing. So the old messages of others go as well, those only that have more than its own account:
 * a page that floods, or makes its messages younger than they are, takes the room from itself. How
 * old they are their own service's time says.
 */
export async function learnMakingRoom(history: History, lesson: Lesson): Promise<LearntSomehow> {
  const now = Math.floor(newestOf(lesson)) + 1;
  const left = (lesson.recalls?.length ? agesForRecall : ages).values();
  for (let isRoomMade = false; ; isRoomMade = true) {
    try {
      // What gave way is not known any more.
      const fit = isRoomMade ? { ...lesson, edges: [] } : lesson;
      return { learnt: await history.learn(fit), isRoomMade };
    } catch (error) {
      if (!(error instanceof HistoryError) || error.trouble !== 'full') throw error;
      let removed = 0;
      for (const age of left) {
        removed = await history.sweep(lesson.account, now - age * day, 0);
        // For a recall its own account gives all it has; its words are gone with that.
        if (ages.includes(age)) removed += await sweepLarger(history, lesson.account, age);
        if (removed > 0) break;
      }
      if (removed === 0) throw error;
    }
  }
}

/** Takes out what is older than so many days of accounts with more messages; gives how many went. */
async function sweepLarger(history: History, than: AccountId, days: number): Promise<number> {
  const sizes = await history.sizes();
  const larger = [...sizes].filter(([, size]) => size > (sizes.get(than) ?? 0));
  let removed = 0;
  for (const [account] of larger) {
    const now = await countedTime(account, true);
    if (now === undefined) continue;
    removed += await history.sweep(account, Math.floor(now / 1000) - days * day, 0);
  }
  return removed;
}

/** The newest time a lesson speaks of, server seconds. */
function newestOf({ messages = [], recalls = [], conversations = [], marks = [] }: Lesson): number {
  return Math.max(
    0,
    ...messages.map(({ time }) => time),
    ...recalls.map(({ at }) => at / 1000),
    ...conversations.map(({ lastTime }) => lastTime),
    ...marks.map(({ time }) => time),
  );
}
