import { i18n } from '#i18n';
import type { ProgressView } from '../../contract/views.ts';
import { languageTag, setLanguage } from '../../ui/locale.ts';
import { plainText } from '../../ui/plain.ts';
import { recallingWords, refusalWords, wordsAbout, type Words } from '../../ui/words.ts';

/** What controls and bar say alike. Times are milliseconds. */
export interface HandSentences {
  /** Says on an element which language these are in, which need not be the page's. */
  readonly setLanguage: (element: HTMLElement) => void;
  /** On the button; `left` as `1:42`, undefined when its time may be over. */
  readonly recall: (left: string | undefined, isAtLeast: boolean) => string;
  /** The button's name for those who do not see it; with whose message it is unless it is mine. */
  readonly recallLabel: (left: number | undefined, author: string | undefined) => string;
  /** In the page's own menu of a message, among its own short words. */
  readonly recallEntry: () => string;
  /** `isUnanswered`: a question got no answer, and is asked again. */
  readonly recalling: (isUnanswered: boolean) => string;
  readonly waiting: (left: string | undefined) => string;
  readonly ask: (author: string) => Words;
  readonly yes: () => string;
  readonly no: () => string;
  readonly again: () => string;
  /** Puts the words back into the composer, for so many minutes. */
  readonly reedit: (minutes: number) => string;
  readonly dismiss: () => string;
  /** What came of putting the words back. */
  readonly putBack: () => string;
  /** The same where those the words mention were not mentioned again. */
  readonly unmentioned: () => string;
  readonly noComposer: () => string;
  readonly goneWords: () => string;
  readonly notPutBack: () => string;
  readonly refusal: (progress: ProgressView) => string;
  readonly unanswered: () => string;
  /** Milliseconds in words, for those who listen. */
  readonly timeInWords: (ms: number) => string;
}

/** How times are put into words; made once, as that takes longer than using it. */
interface TimeFormats {
  readonly list: Intl.ListFormat;
  readonly minute: Intl.NumberFormat;
  readonly second: Intl.NumberFormat;
}
let timeFormats: TimeFormats | undefined;

function makeTimeFormats(): TimeFormats {
  const tag = languageTag();
  // In Chinese the long ones are those of telling how late it is: “20秒钟”.
  const unitDisplay = tag.startsWith('zh') ? 'short' : 'long';
  const unitFormat = (unit: string): Intl.NumberFormat =>
    new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay });
  return {
    list: new Intl.ListFormat(tag, { type: 'unit' }),
    minute: unitFormat('minute'),
    second: unitFormat('second'),
  };
}

/** Milliseconds in words, as the language of our sentences has them: "1 minute, 42 seconds". */
function timeInWords(left: number): string {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  timeFormats ??= makeTimeFormats();
  const parts = [
    [Math.floor(seconds / 60), 'minute'],
    [seconds % 60, 'second'],
  ] as const;
  const { list, ...units } = timeFormats;
  return list.format(
    parts
      .filter(([amount, unit]) => amount > 0 || (unit === 'second' && seconds < 60))
      .map(([amount, unit]) => units[unit].format(amount)),
  );
}

/** Longest name in a label, in characters. */
const longestName = 40;

/** Stands for the time left in a sentence that is kept. */
const slot = '\uE000';

/**
 * What stands around the time left, by whether it is the least there is. The browser takes its time over
 * every sentence it is asked for, and this one is drawn every second on every control.
 */
const around = new Map<boolean, readonly string[]>();

function aroundTime(isAtLeast: boolean): readonly string[] {
  const known = around.get(isAtLeast);
  if (known) return known;
  const found = i18n.t(isAtLeast ? 'page.recallAtLeast' : 'page.recall', [slot]).split(slot);
  around.set(isAtLeast, found);
  return found;
}

export const handSentences: HandSentences = {
  setLanguage,
  recall: (left, isAtLeast) => {
    if (left === undefined) return i18n.t('page.recallUnsure');
    return aroundTime(isAtLeast).join(left);
  },
  recallLabel: (left, author) => {
    const name = author === undefined ? undefined : plainText(author, longestName);
    if (left === undefined) {
      return name === undefined
        ? i18n.t('page.recallUnsureLabel')
        : i18n.t('page.recallUnsureOfLabel', [name]);
    }
    return name === undefined
      ? i18n.t('page.recallLabel', [timeInWords(left)])
      : i18n.t('page.recallOfLabel', [name, timeInWords(left)]);
  },
  recallEntry: () => i18n.t('bar.recall'),
  recalling: recallingWords,
  waiting: (left) =>
    left === undefined ? i18n.t('page.waiting') : i18n.t('page.waitingLeft', [left]),
  ask: (author) => wordsAbout((slot) => i18n.t('page.ask', [slot]), plainText(author, longestName)),
  yes: () => i18n.t('page.yes'),
  no: () => i18n.t('page.no'),
  again: () => i18n.t('page.again'),
  reedit: (minutes) => i18n.t('bar.reedit', minutes),
  dismiss: () => i18n.t('page.dismiss'),
  putBack: () => i18n.t('bar.putBack'),
  unmentioned: () => i18n.t('bar.unmentioned'),
  noComposer: () => i18n.t('bar.noComposer'),
  goneWords: () => i18n.t('bar.goneWords'),
  notPutBack: () => i18n.t('bar.notPutBack'),
  refusal: ({ why, code, lateBy }) => refusalWords({ why: why ?? 'unknown', code, lateBy }),
  unanswered: () => i18n.t('page.unanswered'),
  timeInWords,
};
