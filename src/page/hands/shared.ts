import type { i18n } from '#i18n';
import type { plainText } from '../../ui/plain.ts';
import type { mark } from '../mark.ts';
import type { carryOn, ownReadings } from '../server-clock.ts';
import type { makeIsland, writeWords } from '../shadow.ts';

/** What the first script of a page and those that come after it would all carry alike. */
export interface Shared {
  readonly i18n: typeof i18n;
  readonly plainText: typeof plainText;
  readonly makeIsland: typeof makeIsland;
  readonly writeWords: typeof writeWords;
  readonly mark: typeof mark;
  readonly carryOn: typeof carryOn;
  readonly ownReadings: typeof ownReadings;
}

/** Hands that on to the scripts that come later; the build leaves it out of them (`wxt.config.ts`). */
export function share(shared: Shared): void {
  (globalThis as { unsayShared?: Shared }).unsayShared = shared;
}
