import type { i18n } from '#i18n';

const shared = globalThis as { unsayI18n?: typeof i18n };

/**
 * Hands on what looks up sentences to the scripts that come after this one. Both would carry it alike;
 * the build leaves it out of them (`wxt.config.ts`).
 */
export function shareSentences(found: typeof i18n): void {
  shared.unsayI18n = found;
}
