import { i18n } from '#i18n';
import { timeIn } from '../contract/glance.ts';
import type { Glance } from '../contract/views.ts';
import { browser } from '../platform/browser.ts';
import { isRecallable, timeLeft } from '../ui/sent.ts';

/** What the badge says for a moment after "Recall my last message". */
export type Flash = 'asking' | 'waiting' | 'done' | 'failed' | 'none';

/** From here on the badge has its other shape, ms. */
const lastCall = 20_000;
/** How long a flash stays, ms. */
const flashFor = 5_000;
/** The longest a timer of the browser can be set for, ms. */
const longestTimer = 2_147_483_647;

const looks = {
  count: { background: '#2457d6', text: '#ffffff' },
  lastCall: { background: '#94590a', text: '#ffffff' },
  done: { background: '#1a7f4b', text: '#ffffff' },
  failed: { background: '#b3261e', text: '#ffffff' },
  quiet: { background: '#5b6370', text: '#ffffff' },
} as const;

const flashes: Readonly<Record<Flash, { text: string; look: keyof typeof looks }>> = {
  asking: { text: '…', look: 'quiet' },
  waiting: { text: '…', look: 'lastCall' },
  done: { text: '✓', look: 'done' },
  failed: { text: '!', look: 'failed' },
  none: { text: '–', look: 'quiet' },
};

/** What the toolbar button shows now. */
interface Face {
  readonly text: string;
  readonly look: keyof typeof looks;
  /** Shown when the pointer rests on the button, and read out. */
  readonly title: string;
}

/**
 * The toolbar button's badge: how many of my messages can still be recalled, with a mark in the
 * last 20 s of the first of them. Counted from the glance, which every worker publishes anew.
 */
export class Badge {
  readonly #report: (error: unknown) => void;
  #glance: Glance | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** `at`: this computer's clock, ms. */
  #flash: { readonly of: Flash; readonly words: string; readonly at: number } | undefined;
  #shown = '';
  #drawing: Promise<unknown> = Promise.resolve();

  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** Shows how it is by this glance, and keeps that true as time passes. */
  show(glance: Glance | undefined): void {
    this.#glance = glance;
    this.refresh();
  }

  /** Shows what an earlier worker published, unless this one has already. */
  begin(glance: Glance | undefined): void {
    if (!this.#glance) this.show(glance);
  }

  /** Says something for a moment; `asking` stays until something else is said. */
  flash(of: Flash, words: string): void {
    this.#flash = { of, words, at: Date.now() };
    this.refresh();
  }

  /** Looks at the clock: call it also when a timer may have been lost with a sleeping worker. */
  refresh(): void {
    clearTimeout(this.#timer);
    const clock = Date.now();
    const flashLeft = leftOfFlash(this.#flash, clock);
    if (flashLeft <= 0) this.#flash = undefined;
    const left = leftOf(this.#glance, clock);
    this.#draw(this.#flash ? flashed(this.#flash) : counted(left));
    const changes = left.map((ms) => (ms > lastCall ? ms - lastCall : ms));
    const until = Math.min(...changes, this.#flash ? flashLeft : Infinity);
    if (until === Infinity) return;
    // A little late: a timer that comes early would find nothing changed.
    this.#timer = setTimeout(
      () => {
        this.refresh();
      },
      Math.min(until + 20, longestTimer),
    );
  }

  #draw(face: Face): void {
    const key = JSON.stringify(face);
    if (key === this.#shown) return;
    this.#shown = key;
    const draw = (): Promise<unknown> => drawn(face);
    // One after the other: the browser need not finish them in the order they were begun.
    this.#drawing = this.#drawing.then(draw).catch(this.#report);
  }
}

async function drawn({ text, look, title }: Face): Promise<void> {
  const { action } = browser;
  const { background, text: color } = looks[look];
  await Promise.all([
    action.setBadgeBackgroundColor({ color: background }),
    action.setBadgeTextColor({ color }),
    action.setTitle({ title }),
  ]);
  await action.setBadgeText({ text });
}

/** Milliseconds left of a flash; none where the clock was set, whichever way. */
function leftOfFlash(
  flash: { readonly of: Flash; readonly at: number } | undefined,
  clock: number,
): number {
  if (!flash) return 0;
  if (flash.of === 'asking') return Infinity;
  return Math.abs(clock - flash.at) > flashFor ? 0 : flash.at + flashFor - clock;
}

/** Milliseconds left of every message that can be recalled now, also of those that no list has room for. */
function leftOf(glance: Glance | undefined, clock: number): readonly number[] {
  if (!glance) return [];
  const listed = glance.sent.flatMap((sent) => {
    const left = timeLeft(sent, timeIn(glance, sent.account), clock);
    return left && isRecallable(sent, sent.progress, false) ? left : [];
  });
  const others = glance.accounts.flatMap(({ unlisted = [], time }) =>
    unlisted.flatMap((until) => {
      const left = timeLeft({ until }, time, clock);
      return left ? [left] : [];
    }),
  );
  return [...listed, ...others];
}

function counted(left: readonly number[]): Face {
  const count = left.length;
  const name = i18n.t('app.short');
  if (count === 0) return { text: '', look: 'count', title: name };
  const isLastCall = Math.min(...left) <= lastCall;
  return {
    text: isLastCall ? `${String(count)}!` : String(count),
    look: isLastCall ? 'lastCall' : 'count',
    title: i18n.t(isLastCall ? 'badge.lastCall' : 'badge.count', count),
  };
}

function flashed({ of, words }: { readonly of: Flash; readonly words: string }): Face {
  return { ...flashes[of], title: words };
}
