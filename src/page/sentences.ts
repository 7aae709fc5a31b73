import { i18n } from '#i18n';
import type { RowView } from '../contract/views.ts';
import { plainText } from '../ui/plain.ts';
import { placeholderWords, type Words } from '../ui/words.ts';

/** All that Unsay says in every page. What people act with brings sentences of its own. */
export interface Sentences {
  readonly placeholder: (view: NonNullable<RowView['placeholder']>) => Words;
  readonly reason: (reason: string) => string;
}

/** Longest reason, in characters. */
const longestReason = 120;

export const sentences: Sentences = {
  placeholder: placeholderWords,
  reason: (reason) => i18n.t('page.reason', [plainText(reason, longestReason)]),
};
