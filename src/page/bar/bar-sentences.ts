import { i18n } from '#i18n';
import type { BarMessageView } from '../../contract/views.ts';
import type { Rule } from '../../message/guard/rules.ts';
import { plainText } from '../../ui/plain.ts';
import { keyOf, kindWords, recallingWords, words, wordsAbout, type Words } from '../../ui/words.ts';

/** All that the undo bar says by itself; names and words come cleaned. */
export interface BarSentences {
  readonly label: () => string;
  /** Where a message went and how it begins. */
  readonly sent: (message: BarMessageView) => Words;
  readonly recall: () => string;
  /** The button's name; `left` in words. */
  readonly recallLabel: (message: BarMessageView, left: string) => string;
  /** Unfolds: so many can still be recalled; 0: of the others there is something to tell. */
  readonly more: (open: number) => string;
  readonly fewer: () => string;
  readonly dismiss: () => string;
  /** `isUnanswered`: a question got no answer, and is asked again. */
  readonly recalling: (message: BarMessageView, isUnanswered: boolean) => Words;
  /** `left`: how long at most, as `1:42`. */
  readonly waiting: (message: BarMessageView, left: string | undefined) => Words;
  readonly tooLate: (message: BarMessageView) => Words;
  readonly recalled: (message: BarMessageView) => Words;
  /** `why`: a sentence. */
  readonly refused: (message: BarMessageView, why: string) => Words;
  /** Puts the text into the chat that is open, which is another one. */
  readonly reeditHere: (name: string) => string;
  readonly openChat: () => string;
  readonly warning: (rule: Rule) => string;
  /** Said once when a message comes up; `left` in words. */
  readonly announce: (message: BarMessageView, left: string) => string;
}

/** Longest name and longest words, in characters; a name that the bar itself cuts to fit. */
const longest = { name: 30, words: 60, cut: 100 } as const;
const nameOf = (name: string): string => plainText(name, longest.name);

export const barSentences: BarSentences = {
  label: () => i18n.t('bar.label'),
  sent({ own, site }) {
    if (!own) {
      return site === undefined
        ? { text: i18n.t('bar.elsewhereUnknown'), names: [] }
        : wordsAbout((slot) => i18n.t('bar.elsewhere', [slot]), site);
    }
    const words = own.kind === 'text' ? plainText(own.excerpt, longest.words) : kindWords(own.kind);
    const name = plainText(own.name, longest.cut);
    if (words === '') return wordsAbout((slot) => i18n.t('bar.sentQuietly', [slot]), name);
    return { text: i18n.t('bar.sentTo', ['\uE000', '\uE001']), names: [name, words] };
  },
  recall: () => i18n.t('bar.recall'),
  recallLabel: ({ own }, left) =>
    own
      ? i18n.t('bar.recallLabel', [nameOf(own.name), left])
      : i18n.t('bar.recallElsewhereLabel', [left]),
  more: (open) => (open > 0 ? i18n.t('bar.more', open) : i18n.t('bar.moreOver')),
  fewer: () => i18n.t('bar.fewer'),
  dismiss: () => i18n.t('bar.dismiss'),
  recalling({ own }, isUnanswered) {
    if (!own) return words(recallingWords(isUnanswered));
    const say = (slot: string): string =>
      isUnanswered ? i18n.t('bar.stillRecalling', [slot]) : i18n.t('bar.recalling', [slot]);
    return wordsAbout(say, nameOf(own.name));
  },
  waiting({ own }, left) {
    if (!own) {
      return words(
        left === undefined ? i18n.t('page.waiting') : i18n.t('page.waitingLeft', [left]),
      );
    }
    const say = (slot: string): string =>
      left === undefined ? i18n.t('keys.waiting', [slot]) : i18n.t('bar.waitingLeft', [slot, left]);
    return wordsAbout(say, nameOf(own.name));
  },
  tooLate: ({ own }) =>
    own
      ? wordsAbout((slot) => i18n.t('bar.tooLateTo', [slot]), nameOf(own.name))
      : words(i18n.t('bar.tooLate')),
  recalled: ({ own }) =>
    own
      ? wordsAbout((slot) => i18n.t('bar.recalled', [slot]), nameOf(own.name))
      : { text: i18n.t('bar.recalledElsewhere'), names: [] },
  refused({ own }, why) {
    if (!own) return words(why);
    const said = own.kind === 'text' ? plainText(own.excerpt, longest.words) : '';
    if (said === '') {
      return wordsAbout((slot) => i18n.t('keys.refused', [slot, why]), nameOf(own.name));
    }
    return {
      text: i18n.t('bar.refused', ['\uE000', '\uE001', why]),
      names: [nameOf(own.name), said],
    };
  },
  reeditHere: (name) => i18n.t('bar.reeditHere', [nameOf(name)]),
  openChat: () => i18n.t('bar.openChat'),
  warning: (rule) => i18n.t(`warning.${keyOf(rule)}`),
  announce: ({ own }, left) =>
    own ? i18n.t('bar.newMessage', [nameOf(own.name), left]) : i18n.t('bar.newElsewhere', [left]),
};
