import { defaultName, openHistory } from '../../../src/history/cache.ts';
import type { AccountId } from '../../../src/message/message.ts';
import { readProfileKey } from '../../../src/platform/profile-key.ts';
import { conversationOf, messageAt } from './messages.ts';

/** What a page of Unsay's own offers to the bench: the history that the worker uses, too. */
export interface LargePage {
  /** Has the history learn the `from`-th to the `to`-th of `total` messages. */
  fill(account: AccountId, from: number, to: number, total: number): Promise<void>;
  /** Milliseconds for the newest 50 of a conversation, each asked of a history that was just opened. */
  newest(account: AccountId, samples: number): Promise<number[]>;
}

declare global {
  var benchLarge: LargePage | undefined;
}

const lessonSize = 500;
const now = Math.floor(Date.now() / 1000);
const open = (): ReturnType<typeof openHistory> =>
  openHistory({ name: defaultName, key: readProfileKey });

globalThis.benchLarge = {
  async fill(account, from, to, total) {
    const history = await open();
    for (let start = from; start < to; start += lessonSize) {
      const size = Math.min(lessonSize, to - start);
      const messages = Array.from({ length: size }, (_, i) => messageAt(start + i, total, now));
      await history.learn({ account, messages });
    }
    history.close();
  },
  async newest(account, samples) {
    const times: number[] = [];
    for (let round = 0; round < samples; round++) {
      const history = await open();
      await history.find({ account, id: 'none' });
      const start = performance.now();
      const entries = await history.page(account, conversationOf(round * 13), 50);
      times.push(performance.now() - start);
      if (entries.length < 50) throw new Error(`Only ${entries.length} of 50 were found.`);
      history.close();
    }
    return times;
  },
};
