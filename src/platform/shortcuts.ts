import { browser } from './browser.ts';

/** The commands of the manifest (`wxt.config.ts`), which a key can be given to. */
export const commandNames = ['recall-last', 'open-sweep'] as const;
export type CommandName = (typeof commandNames)[number];

/** The key of each command as the browser writes it; '' where none is set. */
export type Shortcuts = Readonly<Record<CommandName, string>>;

/** The keys as they are now: the user may have changed them, another extension may have them. */
export async function readShortcuts(): Promise<Shortcuts> {
  const all = await browser.commands.getAll();
  const keyOf = (name: CommandName): string =>
    all.find((command) => command.name === name)?.shortcut ?? '';
  return { 'recall-last': keyOf('recall-last'), 'open-sweep': keyOf('open-sweep') };
}

/** Where the browser lets its user change them. Pages cannot link there, extensions can open it. */
const settingsPage = 'chrome://extensions/shortcuts';

/**
 * Opens the browser's own page for keys. False where the browser has no way to: its user must open
 * the add-ons page (Firefox opens it by a call of its own since 137).
 */
export async function openShortcutSettings(): Promise<boolean> {
  // Chrome has no such call, whatever the types promise.
  const commands: { readonly openShortcutSettings?: () => Promise<void> } = browser.commands;
  try {
    if (commands.openShortcutSettings) await commands.openShortcutSettings();
    else await browser.tabs.create({ url: settingsPage });
    return true;
  } catch {
    return false;
  }
}
