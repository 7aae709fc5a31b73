import { i18n } from '#i18n';
import { batch, computed, signal } from '@preact/signals';
import { ask } from '../contract/channel.ts';
import { readGlance, timeIn } from '../contract/glance.ts';
import { hear } from '../contract/news.ts';
import type { ConversationView, HitView, LineView, LogView } from '../contract/own-views.ts';
import type { Glance, SentView, TimeView } from '../contract/views.ts';
import type { MessageRef } from '../message/message.ts';
import type { Host } from '../popup/host.ts';
import { createAnnouncer } from '../ui/announcer.tsx';
import { pressOnce } from '../ui/held-enter.ts';
import { isRecallable, isUnsure, reeditLeft, timeLeft } from '../ui/sent.ts';
import { words } from '../ui/words.ts';
import { readWords } from './covered.tsx';
import { Finding } from './finding.ts';
import { Reading, type ConversationName } from './reading.ts';

/** How long the worker may take to answer before the panel says that it does not, ms. */
const patience = 8_000;

/** What stands in the panel while nothing is searched for and no conversation is open. */
export type List = 'conversations' | 'log';

/** All the side panel shows, and what is open in it. */
export class PanelModel implements Host {
  readonly glance = signal<Glance | undefined>();
  readonly clock = signal(Date.now());
  readonly announcer = createAnnouncer();
  readonly isUnanswered = signal(false);
  readonly list = signal<List>('conversations');
  /** Undefined until the worker answered. */
  readonly conversations = signal<readonly ConversationView[] | undefined>();
  /** Undefined until the worker answered; `off` where a policy forbids it. */
  readonly log = signal<readonly LogView[] | 'off' | undefined>();
  /** The conversation that is open. */
  readonly reading = signal<Reading | undefined>();
  /** The messages that are about to be recalled, once they were chosen. */
  readonly sweeping = signal<readonly MessageRef[] | undefined>();
  readonly finding = new Finding({
    onFound: (count, isEnd) => {
      this.announcer.announce(words(foundWords(count, isEnd)));
    },
    onRead: (coverage) => {
      this.announcer.announce(words(readWords(coverage)));
    },
  });
  /** The row whose conversation was opened last: the focus goes back to it. */
  lastOpened: string | undefined;
  #isAsking = false;
  #mustAskAgain = false;

  /** What is chosen and can be recalled now. */
  readonly chosen = computed(() =>
    (this.reading.value?.chosen.value ?? []).filter((line) => this.mayChoose(line)),
  );

  /** Fills the header from the cache, without waking the worker. */
  async load(): Promise<void> {
    this.glance.value = await readGlance().catch(() => undefined);
  }

  /** Asks the worker and keeps up with it until `signal` aborts. */
  follow(signal: AbortSignal): void {
    pressOnce(signal);
    void this.refresh();
    hear(
      {
        onNews: () => {
          void this.refresh();
        },
        onGone: () => {
          this.isUnanswered.value = true;
        },
      },
      signal,
    );
    const ticker = setInterval(() => {
      this.clock.value = Date.now();
    }, 1000);
    signal.addEventListener('abort', () => {
      clearInterval(ticker);
    });
  }

  /** Asks for all that is shown; asked again while it runs, it asks once more afterwards. */
  async refresh(): Promise<void> {
    this.#mustAskAgain = true;
    if (this.#isAsking) return;
    this.#isAsking = true;
    while (this.#mustAskAgain) {
      this.#mustAskAgain = false;
      await this.#askOnce();
    }
    this.#isAsking = false;
  }

  async #askOnce(): Promise<void> {
    const tooLong = setTimeout(() => {
      this.isUnanswered.value = true;
    }, patience);
    try {
      const [glance, conversations, log] = await Promise.all([
        ask('glance'),
        ask('conversations'),
        this.list.peek() === 'log' ? ask('recallLog') : undefined,
        this.reading.peek()?.refresh(),
        this.finding.refresh(),
      ]);
      batch(() => {
        this.isUnanswered.value = false;
        this.clock.value = Date.now();
        this.glance.value = glance;
        this.conversations.value = conversations;
        if (log) this.log.value = log;
        this.#leaveGone(glance, conversations);
      });
    } catch {
      this.isUnanswered.value = true;
      // It may be the store that failed: the worker has said so.
      await this.load();
    } finally {
      clearTimeout(tooLong);
    }
  }

  /** Closes the conversation of an account that is not there any more; one that rests has its lists. */
  #leaveGone({ accounts }: Glance, conversations: readonly ConversationView[]): void {
    const open = this.reading.peek()?.of.account;
    const isThere =
      accounts.some(({ id }) => id === open) ||
      conversations.some(({ account }) => account === open);
    if (open !== undefined && !isThere) this.close();
  }

  time({ account }: Pick<SentView, 'account'>): TimeView | undefined {
    return timeIn(this.glance.value, account);
  }

  left(sent: Pick<SentView, 'account' | 'until'>): number | undefined {
    return timeLeft(sent, this.time(sent), this.clock.value);
  }

  reeditLeft(sent: Pick<SentView, 'account' | 'reeditUntil'>): number {
    return reeditLeft(sent, this.time(sent), this.clock.value);
  }

  /** Whether a message can be recalled now, as far as is known. */
  mayChoose(line: LineView): boolean {
    if (!line.isMine) return false;
    const isOver = this.left(line) === 0 && !isUnsure(line, this.time(line), this.clock.value);
    return isRecallable(line, line.progress, isOver);
  }

  /** Shows one of the lists. */
  show(list: List): void {
    this.list.value = list;
    void this.refresh();
  }

  /** Opens a conversation, with its newest message or one that was found. */
  open(of: ConversationName, hit?: HitView): void {
    this.lastOpened = openerOf(of, hit);
    this.reading.value = new Reading(of, hit);
    void this.refresh();
  }

  /** Closes the innermost thing that is open. */
  back(): void {
    if (this.sweeping.peek()) this.leaveSweep();
    else this.close();
  }

  /** Closes the conversation. */
  close(): void {
    batch(() => {
      this.sweeping.value = undefined;
      this.reading.value = undefined;
    });
  }

  /** Shows what would be recalled, to be looked at first. */
  sweepChosen(): void {
    const chosen = this.chosen.peek();
    if (chosen.length === 0) return;
    this.sweeping.value = chosen.map(({ account, conversation, id }) => ({
      account,
      conversation,
      id,
    }));
  }

  leaveSweep(): void {
    batch(() => {
      this.reading.peek()?.chooseNone();
      this.sweeping.value = undefined;
    });
    void this.refresh();
  }
}

/** Names the row that opens a conversation, or a message found in it. */
export function openerOf({ account, conversation }: ConversationName, hit?: HitView): string {
  return JSON.stringify([account, conversation, hit?.id]);
}

/** How many messages were found, as far as is known. */
export function foundWords(count: number, isEnd: boolean): string {
  if (count === 0) return i18n.t('panel.foundNone');
  return i18n.t(isEnd ? 'panel.found' : 'panel.foundAtLeast', count);
}
