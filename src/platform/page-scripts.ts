import { browser } from './browser.ts';

/** Runs one of our scripts in the top frame of a tab, beside the chat script that asked for it. */
export async function injectScript(tab: number, script: 'hands' | 'tools'): Promise<void> {
  await browser.scripting.executeScript({
    target: { tabId: tab },
    // The page is there already: not held up by its pictures.
    injectImmediately: true,
    files: [`${script}.js`],
  });
}
