import { i18n } from '#i18n';
import { menuChoice, readChoiceReply } from '../contract/menu-choice.ts';
import { browser, type Menus } from '../platform/browser.ts';
import { openSidePanel } from '../platform/side-panel.ts';
import { patternOf } from '../platform/site-access.ts';
import { hearSites, isOn, readSites } from '../platform/sites.ts';

/** What the entries of the menu do. */
export interface MenuParts {
  readonly recallLast: () => Promise<void>;
  readonly openSweep: () => Promise<void>;
  /** Says that there is no message where the menu was opened. */
  readonly tellNoMessage: () => Promise<void>;
  readonly report: (error: unknown) => void;
}

const names = ['recall-last', 'open-sweep', 'open-panel'] as const;
/** In pages only: for the message on which the menu was opened. */
const ofMessage = 'recall-this';
type Name = (typeof names)[number] | typeof ofMessage;

/** Wherever in a page the menu is opened; `page` alone means: on nothing in particular. */
const inPages: readonly Menus.ContextType[] = ['page', 'selection', 'editable', 'link', 'image'];
/** On what a message can be made of. */
const inMessages = ['page', 'selection', 'link', 'image', 'video', 'audio'] as const;

/** Tells the entries of pages from those of the toolbar button. */
const pagePrefix = 'page-';

/** The entries of Unsay in the menus of its button, and of the pages that are on. */
export class Menu {
  readonly #parts: MenuParts;
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: MenuParts) {
    this.#parts = parts;
  }

  /** Hears the entries. Must be called in the worker's first turn. */
  listen(): void {
    const { recallLast, openSweep, report } = this.#parts;
    browser.contextMenus.onClicked.addListener(({ menuItemId, frameId }, tab) => {
      const name = String(menuItemId).replace(pagePrefix, '') as Name;
      const does: Readonly<Record<Name, () => Promise<void>>> = {
        'recall-last': recallLast,
        'open-sweep': openSweep,
        'open-panel': () => openSidePanel(tab?.windowId ?? browser.windows.WINDOW_ID_CURRENT),
        'recall-this': () => this.#recallThis(tab?.id, frameId),
      };
      if (Object.hasOwn(does, name)) does[name]().catch(report);
    });
    hearSites(() => {
      this.write().catch(report);
    });
  }

  /** Writes all entries anew, in the language and for the sites of now. One at a time. */
  write(): Promise<void> {
    const write = (): Promise<void> => this.#write();
    this.#writing = this.#writing.then(write, write);
    return this.#writing;
  }

  /**
   * Has the frame in which the menu was opened recall the message it was opened on: by the numbers the
   * browser gave, asked of our own script there, which heard what a person did and what no page can do.
   */
  async #recallThis(tab: number | undefined, frameId = 0): Promise<void> {
    const answer: unknown =
      tab === undefined
        ? undefined
        : // Nobody there: a frame of another site, or a page that came in its place.
          await browser.tabs.sendMessage(tab, menuChoice, { frameId }).catch(() => undefined);
    if (readChoiceReply(answer) === 'nothing') await this.#parts.tellNoMessage();
  }

  async #write(): Promise<void> {
    const sites = await readSites();
    const running = await Promise.all(
      sites.map(async (origin) => ((await isOn(origin)) ? patternOf(origin) : [])),
    );
    const documentUrlPatterns = [...new Set(running.flat())];
    await browser.contextMenus.removeAll();
    if (documentUrlPatterns.length > 0) {
      const [id, title] = [pagePrefix + ofMessage, titleOf(ofMessage)];
      browser.contextMenus.create({ id, title, contexts: [...inMessages], documentUrlPatterns });
    }
    for (const name of names) {
      const title = titleOf(name);
      browser.contextMenus.create({ id: name, title, contexts: ['action'] });
      if (documentUrlPatterns.length === 0) continue;
      const id = pagePrefix + name;
      browser.contextMenus.create({ id, title, contexts: [...inPages], documentUrlPatterns });
    }
  }
}

function titleOf(name: Name): string {
  switch (name) {
    case ofMessage:
      return i18n.t('menu.recallThis');
    case 'recall-last':
      return i18n.t('command.recallLast');
    case 'open-sweep':
      return i18n.t('sweep.open');
    case 'open-panel':
      return i18n.t('panel.open');
  }
}
