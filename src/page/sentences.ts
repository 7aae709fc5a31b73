import { i18n } from '#i18n';
import type { RowView } from '../contract/views.ts';
import { languageTag, setLanguage } from '../ui/locale.ts';
import { plainText } from '../ui/plain.ts';
import { timeOfDay } from '../ui/time.ts';
import { placeholderWords, type Words } from '../ui/words.ts';

/** All that Unsay says in every page. What people act with brings sentences of its own. */
export interface Sentences {
  /** Says on an element which language these are in, which need not be the page's. */
  readonly setLanguage: (element: HTMLElement) => void;
  readonly placeholder: (view: NonNullable<RowView['placeholder']>) => Words;
  readonly reason: (reason: string) => string;
  /** When it was recalled: ms of this computer's clock. */
  readonly recalledAt: (clock: number) => string;
  /** In place of a quote. */
  readonly quoteRecalled: () => string;
  /** In place of several recalled messages. */
  readonly several: (count: number) => string;
}

/** Longest reason, in characters. */
const longestReason = 120;

export const sentences: Sentences = {
  setLanguage,
  placeholder: placeholderWords,
  recalledAt: (clock) => i18n.t('page.recalledAt', [timeOfDay(clock, Date.now(), languageTag())]),
  quoteRecalled: () => i18n.t('page.quoteRecalled'),
  several: (count) => i18n.t('page.several', count),
  reason: (reason) => i18n.t('page.reason', [plainText(reason, longestReason)]),
};
