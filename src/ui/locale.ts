import { i18n } from '#i18n';

/**
 * Tells a document, or an element of ours in a page, which language its words are in: that of the
 * sentences the browser chose, which need not be the browser's own, nor the page's.
 */
export function setLanguage(root: HTMLElement): void {
  root.lang = i18n.t('locale.tag');
  root.dir = i18n.t('locale.dir');
}

/** The language of our sentences as a BCP 47 tag, for numbers and times. */
export function languageTag(): string {
  return i18n.t('locale.tag');
}
