import { browser } from './browser.ts';

/** Runs the hands in the top frame of a tab, beside the chat script that asked for them. */
export async function injectHands(tab: number): Promise<void> {
  await browser.scripting.executeScript({
    target: { tabId: tab },
    // The page is there already: not held up by its pictures.
    injectImmediately: true,
    files: ['hands.js'],
  });
}
