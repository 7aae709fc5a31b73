import { browser, type Tabs } from '../platform/browser.ts';
import { hearScriptsRun, injectInto, isOn, scriptsRanAt } from '../platform/sites.ts';
import { isSomebodyIn } from './seats.ts';

/**
 * The longest a browser keeps a page for the way back, ms: Firefox half an hour
 * (`browser.sessionhistory.contentViewerTimeout`), Chromium 10 minutes.
 */
const keptFor = 1_800_000;

/**
 * Scripts that are put into a tab do not come into the pages that the browser keeps there for the way
 * back: one that was left before its site was turned on, or the extension updated, would stay
 * without Unsay when somebody goes back to it. They are put into it then.
 */
export class WayBack {
  readonly #report: (error: unknown) => void;

  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** Must be called in the worker's first turn. */
  listen(): void {
    // Whoever listens is woken by whatever any tab does: only as long as there may be such a page.
    browser.tabs.onUpdated.addListener(this.#onUpdated);
    hearScriptsRun(() => {
      browser.tabs.onUpdated.addListener(this.#onUpdated);
    });
    this.#restIfOver().catch(this.#report);
  }

  async #restIfOver(): Promise<boolean> {
    // A clock that was set back may hold it up for longer, and no more.
    const isOver = Date.now() - (await scriptsRanAt()) > keptFor;
    if (isOver) browser.tabs.onUpdated.removeListener(this.#onUpdated);
    return isOver;
  }

  readonly #onUpdated = (
    id: number,
    { status }: Tabs.OnUpdatedChangeInfoType,
    { url }: Tabs.Tab,
  ): void => {
    // An address is told of pages only that Unsay may act on.
    if (status !== 'complete' || url === undefined) return;
    this.#lookInto(id, new URL(url).origin).catch(this.#report);
  };

  async #lookInto(tab: number, origin: string): Promise<void> {
    if ((await this.#restIfOver()) || !(await isOn(origin))) return;
    if (!(await isSomebodyIn(tab, origin))) await injectInto(tab);
  }
}
