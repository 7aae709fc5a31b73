import { i18n } from '#i18n';
import { keyToldFor, type KeyMiss, type KeyView } from '../contract/views.ts';
import type { AccountId, MessageId } from '../message/message.ts';
import { browser } from '../platform/browser.ts';
import type { CommandName } from '../platform/shortcuts.ts';
import { keyMissWords, keyWords } from '../ui/key-words.ts';
import { isRecalled, isUnderWay, progressOf } from '../ui/sent.ts';
import { spoken } from '../ui/words.ts';
import type { Badge, Flash } from './badge.ts';
import type { CutShort } from './cut-short.ts';
import type { LastMessage, LastRecall } from './last.ts';

/** What the keys work with. */
export interface KeyParts {
  readonly last: LastMessage;
  readonly badge: Badge;
  /** Says it outside of the browser's own windows, where the user allows that. */
  readonly say: (words: string) => Promise<void>;
  /** Makes the popup's stored view true, with what the key did. */
  readonly publish: () => Promise<void>;
  /** Opens the popup over what is in front; false where the browser does not. */
  readonly openPopup: () => Promise<boolean>;
  /** Has the bar of the page in front say what came of a message; false where there is none. */
  readonly tellInBar: (id: MessageId) => Promise<boolean>;
  readonly report: (error: unknown) => void;
}

/** A key that is held down, or pressed again and again in a fright, means one thing, ms. */
const settling = 1_000;
/** Who pressed is still there for so long: a popup takes the focus from whatever they do next, ms. */
const attention = 5_000;

/** The browser-wide keys, and everything else that does the same from outside a page. */
export class Keys {
  readonly #parts: KeyParts;
  /** When each key was pressed last, also where that meant nothing new. */
  readonly #pressedAt = new Map<CommandName, number>();
  #endedAt = -Infinity;
  #isRunning = false;
  #ended: KeyView | undefined;

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

  /** What the key did a moment ago. */
  get ended(): KeyView | undefined {
    return this.#ended && Math.abs(Date.now() - this.#ended.at) < keyToldFor
      ? this.#ended
      : undefined;
  }

  /** Recalls my last message, and says what went and from where. */
  async recallLast(): Promise<void> {
    const isPressedStill = this.#isPressedStill('recall-last');
    if (isPressedStill || this.#isRunning || isJustNow(this.#endedAt)) return;
    const { badge, last } = this.#parts;
    await this.#tell(
      last.recall(() => {
        badge.flash('asking', i18n.t('keys.slow'));
      }),
    );
  }

  /** Notes a press; whether there was one just before, so that it means nothing new. */
  #isPressedStill(name: CommandName): boolean {
    const before = this.#pressedAt.get(name);
    this.#pressedAt.set(name, Date.now());
    return before !== undefined && isJustNow(before);
  }

  /** Recalls just this message, and says the same of it. */
  recallThis(account: AccountId, id: MessageId): Promise<void> {
    return this.#tell(this.#parts.last.recallThis(account, id));
  }

  /** Says that messages were not recalled whose recall had to wait, to whoever went on meanwhile. */
  async tellFailed(ids: readonly MessageId[]): Promise<void> {
    const { last, badge, say } = this.#parts;
    for (const recall of await last.failed(ids)) {
      const words = spoken(keyWords(recall.sent, progressOf(recall.outcome), false));
      badge.flash('failed', words);
      await say(words);
    }
  }

  /** Says what became of recalls whose site was turned off, which leaves nothing else that tells it. */
  async tellCutShort(why: CutShort): Promise<void> {
    const { badge, say, publish } = this.#parts;
    const words = spoken(keyMissWords(why));
    this.#ended = { at: Date.now(), why };
    badge.flash('failed', words);
    // Neither keeps the other from being done.
    await Promise.all([publish(), say(words)]);
  }

  /** Says that the browser's menu was opened where there is no message. */
  async tellNoMessage(): Promise<void> {
    const view = { at: Date.now(), why: 'noMessage' } as const;
    const words = spoken(keyMissWords(view.why));
    this.#parts.badge.flash('none', words);
    if (!(await this.#show(view, view.at))) await this.#parts.say(words);
  }

  async #tell(recalling: Promise<LastRecall>): Promise<void> {
    const { badge, say } = this.#parts;
    const pressedAt = Date.now();
    this.#isRunning = true;
    badge.flash('asking', i18n.t('keys.asking'));
    const end = await recalling
      .then(
        (recall) => ({ flash: flashOf(recall), words: wordsOf(recall), view: viewOf(recall) }),
        (error: unknown) => ({
          flash: 'failed' as const,
          words: spoken(keyMissWords('failed')),
          view: { at: Date.now(), why: 'failed' as const },
          error,
        }),
      )
      .finally(() => {
        this.#isRunning = false;
        this.#endedAt = Date.now();
      });
    badge.flash(end.flash, end.words);
    if (!(await this.#show(end.view, pressedAt))) await say(end.words);
    if ('error' in end) throw end.error;
  }

  /**
   * Opens the popup that says it, with the way to have the words back, unless the bar of the page in
   * front does. False where nothing was opened.
   */
  async #show(ended: KeyView, pressedAt: number): Promise<boolean> {
    const { publish, openPopup, tellInBar, report } = this.#parts;
    this.#ended = ended;
    // Where the popup is open it hears of this.
    await publish().catch(report);
    if (Math.abs(Date.now() - pressedAt) > attention) return false;
    // Whoever cannot be told in the one place is told in another.
    const isInBar = ended.sent && (await tellInBar(ended.sent.id).catch(() => false));
    return isInBar ? false : openPopup();
  }

  /** Opens the list of what was just sent in a window of its own, which stays while it is used. */
  async openSweep(): Promise<void> {
    if (this.#isPressedStill('open-sweep')) return;
    await browser.windows.create({
      url: browser.runtime.getURL('popup.html#sweep'),
      type: 'popup',
      width: 420,
      height: 640,
    });
  }
}

/** However a clock was set meanwhile: it is over when it is not just now. */
function isJustNow(at: number): boolean {
  return Math.abs(Date.now() - at) < settling;
}

function flashOf({ sent, outcome, isUnsure, areTwo, isSending }: LastRecall): Flash {
  if (isUnsure || areTwo) return 'failed';
  if (isSending) return 'waiting';
  if (!sent) return 'none';
  const progress = outcome ? progressOf(outcome) : sent.progress;
  if (isRecalled(sent, progress)) return 'done';
  return !progress || isUnderWay(progress) ? 'waiting' : 'failed';
}

function viewOf(recall: LastRecall): KeyView {
  const at = Date.now();
  const { sent } = recall;
  return sent ? { at, sent: { account: sent.account, id: sent.id } } : { at, why: missOf(recall) };
}

/** Why nothing was recalled, where no message was meant that is known. */
function missOf({ isUnsure, areTwo, isSending }: LastRecall): KeyMiss {
  if (isUnsure) return 'unsure';
  if (isSending) return 'sending';
  return areTwo ? 'two' : 'none';
}

function wordsOf(recall: LastRecall): string {
  const { sent, outcome, isPageMissing = false } = recall;
  if (!sent) return spoken(keyMissWords(missOf(recall)));
  return spoken(keyWords(sent, outcome ? progressOf(outcome) : sent.progress, isPageMissing));
}
