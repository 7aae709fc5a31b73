import { browser } from './browser.ts';

/** The command that recalls my last message; its key is the user's to set. */
const recallCommand = 'recall-last';

/** Runs the hands in the top frame of a tab, beside the chat script that asked for them. */
export async function injectHands(tab: number): Promise<void> {
  await browser.scripting.executeScript({
    target: { tabId: tab },
    // The page is there already: not held up by its pictures.
    injectImmediately: true,
    files: ['content-scripts/hands.js'],
  });
}

/** The key that recalls my last message from anywhere, as the browser writes it; undefined when none is set. */
export async function readRecallShortcut(): Promise<string | undefined> {
  // Browsers offer no `commands` to an extension that declares none.
  const { commands } = browser as { readonly commands?: typeof browser.commands };
  const all = (await commands?.getAll()) ?? [];
  const shortcut = all.find(({ name }) => name === recallCommand)?.shortcut ?? '';
  return shortcut === '' ? undefined : shortcut;
}
