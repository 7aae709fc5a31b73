import { vi } from 'vitest';
import { AskError } from '../../../src/contract/asking.ts';
import type { Answered, Asked } from '../../../src/contract/contract.ts';
import type { ask } from '../../../src/contract/page-ask.ts';
import type { hear, Hearer, News } from '../../../src/contract/news.ts';
import type { BarView, RowView } from '../../../src/contract/views.ts';
import type { MessageRef } from '../../../src/message/message.ts';
import type { RecallOutcome } from '../../../src/message/recall.ts';

export const account = '1400000001:alice';

/** A worker as a page sees it: it answers `look` from `rows` and `recall` from `outcome`. */
export class FakeWorker {
  readonly rows = new Map<string, RowView>();
  readonly looks: { ids: readonly string[]; session: string | undefined }[] = [];
  readonly recalls: MessageRef[] = [];
  /** What pages said of themselves when they asked for the bar. */
  readonly bars: Asked<'bar'>[] = [];
  bar: BarView = { messages: [] };
  answerBar: () => Promise<BarView> = () => Promise.resolve(this.bar);
  /** Every other question, and what is answered to it. */
  readonly others: (readonly [question: string, content: unknown])[] = [];
  readonly answers: Record<string, unknown> = {};
  account: string | undefined = account;
  style: Answered<'look'>['style'];
  isDead = false;
  /** Whether anything tells the service's time. */
  knowsTime = true;
  /** Server time minus this computer's, ms. */
  offset = 0;
  outcome: () => Promise<RecallOutcome> = () => Promise.resolve({ ok: true, at: this.now() });
  #hearers: Hearer[] = [];

  now(): number {
    return Date.now() + this.offset;
  }

  /** A message of mine that can be recalled for so many seconds. */
  mine(id: string, seconds = 100): void {
    this.set({ id, isMine: true, author: 'Alice', until: this.now() + seconds * 1000 });
  }

  set(row: Partial<RowView> & { id: string }): void {
    this.rows.set(row.id, { conversation: 'C2Cbob', isMine: false, author: 'Bob', ...row });
  }

  tell(news: Exclude<News, { kind: 'leave' }>): void {
    for (const { onNews } of this.#hearers) onNews(news);
  }

  leave(): void {
    for (const { onGone } of this.#hearers) onGone();
  }

  readonly ask = ((question: string, content: unknown) => {
    if (this.isDead) return Promise.reject(new AskError('nobody'));
    if (question === 'recall') {
      this.recalls.push(content as MessageRef);
      return this.outcome();
    }
    if (question === 'bar') {
      this.bars.push(content as Asked<'bar'>);
      return this.answerBar();
    }
    if (question !== 'look') {
      this.others.push([question, content]);
      const answer = this.answers[question];
      return Promise.resolve(
        typeof answer === 'function' ? (answer as (content: unknown) => unknown)(content) : answer,
      );
    }
    const { ids, session } = content as { ids: string[]; session?: string };
    this.looks.push({ ids, session });
    const answer: Answered<'look'> = {
      account: this.account,
      ...(this.style && { style: this.style }),
      ...(this.knowsTime && { time: { serverNow: this.now(), clock: Date.now() } }),
      rows:
        session !== undefined && session !== this.account
          ? []
          : ids.flatMap((id) => this.rows.get(id) ?? []),
    };
    return Promise.resolve(answer);
  }) as typeof ask;

  readonly hear: typeof hear = (hearer, signal) => {
    this.#hearers.push(hearer);
    signal.addEventListener('abort', () => {
      this.#hearers = this.#hearers.filter((other) => other !== hearer);
    });
    hearer.onNews({ kind: 'account' });
  };

  /** It is lost while nobody looks at the page. */
  leaveUnheard(): void {
    for (const { onDeaf } of this.#hearers) onDeaf?.();
  }
}

/** Lets gathered questions be asked, answered and drawn. Needs fake timers. */
export async function settle(ms = 150): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}
