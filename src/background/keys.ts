import { i18n } from '#i18n';
import type { SentView } from '../contract/views.ts';
import { originOf, type AccountId, type MessageId } from '../message/message.ts';
import { browser } from '../platform/browser.ts';
import type { CommandName } from '../platform/shortcuts.ts';
import { refusalWords, spoken, wordsAbout } from '../ui/words.ts';
import type { Badge, Flash } from './badge.ts';
import type { LastMessage, LastRecall } from './last.ts';

/** What the keys work with. */
export interface KeyParts {
  readonly last: LastMessage;
  readonly badge: Badge;
  /** Says it outside of the browser's own windows, where the user allows that. */
  readonly say: (words: string) => Promise<void>;
  readonly report: (error: unknown) => void;
}

/** A key that is held down, or pressed twice in a fright, means one message, ms. */
const settling = 1_000;

/** The browser-wide keys, and everything else that does the same from outside a page. */
export class Keys {
  readonly #parts: KeyParts;
  #endedAt = -Infinity;
  #isRunning = false;

  constructor(parts: KeyParts) {
    this.#parts = parts;
  }

  /** Hears the keys. Must be called in the worker's first turn. */
  listen(): void {
    const { report } = this.#parts;
    const does: Readonly<Record<CommandName, () => Promise<void>>> = {
      'recall-last': () => this.recallLast(),
      'open-sweep': () => this.openSweep(),
    };
    browser.commands.onCommand.addListener((name) => {
      if (Object.hasOwn(does, name)) does[name as CommandName]().catch(report);
    });
  }

  /** Recalls my last message, and says what went and from where. */
  async recallLast(): Promise<void> {
    // However a clock was set meanwhile: it is over when it is not just now.
    if (this.#isRunning || Math.abs(Date.now() - this.#endedAt) < settling) return;
    const { badge, last } = this.#parts;
    await this.#tell(
      last.recall(() => {
        badge.flash('asking', i18n.t('keys.slow'));
      }),
    );
  }

  /** Recalls just this message, and says the same of it. */
  recallThis(account: AccountId, id: MessageId): Promise<void> {
    return this.#tell(this.#parts.last.recallThis(account, id));
  }

  /** Says that messages were not recalled whose recall had to wait, to whoever went on meanwhile. */
  async tellFailed(ids: readonly MessageId[]): Promise<void> {
    const { last, badge, say } = this.#parts;
    for (const recall of await last.failed(ids)) {
      const words = wordsOf(recall);
      badge.flash(flashOf(recall), words);
      await say(words);
    }
  }

  async #tell(recalling: Promise<LastRecall>): Promise<void> {
    const { badge, say } = this.#parts;
    this.#isRunning = true;
    badge.flash('asking', i18n.t('keys.asking'));
    try {
      const recall = await recalling;
      const words = wordsOf(recall);
      badge.flash(flashOf(recall), words);
      await say(words);
    } catch (error) {
      badge.flash('failed', i18n.t('keys.failed'));
      throw error;
    } finally {
      this.#isRunning = false;
      this.#endedAt = Date.now();
    }
  }

  /** Opens the list of what was just sent in a window of its own, which stays while it is used. */
  async openSweep(): Promise<void> {
    await browser.windows.create({
      url: browser.runtime.getURL('popup.html#sweep'),
      type: 'popup',
      width: 420,
      height: 640,
    });
  }
}

function flashOf({ sent, outcome, isUnsure, areTwo }: LastRecall): Flash {
  if (isUnsure || areTwo) return 'failed';
  if (!sent) return 'none';
  if (!outcome) return 'waiting';
  if (outcome.ok) return 'done';
  return outcome.why === 'waiting' ? 'waiting' : 'failed';
}

/** What went and from where, or why not. Without any word of the message. */
function wordsOf({ sent, outcome, isUnsure, areTwo }: LastRecall): string {
  if (isUnsure) return i18n.t('keys.unsure');
  if (areTwo) return i18n.t('keys.two');
  if (!sent) return i18n.t('keys.none');
  const about = (say: (slot: string) => string): string => spoken(wordsAbout(say, placeOf(sent)));
  if (outcome?.ok === true) return about((slot) => i18n.t('keys.recalled', [slot]));
  if (!outcome || outcome.why === 'waiting') {
    return about((slot) => i18n.t('keys.waiting', [slot]));
  }
  return about((slot) => i18n.t('keys.refused', [slot, refusalWords(outcome)]));
}

/** The conversation, and the site where it is a page's session. */
function placeOf({ account, conversationName }: SentView): string {
  const origin = originOf(account);
  return origin === undefined ? conversationName : `${conversationName} (${hostOf(origin)})`;
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : origin;
}
