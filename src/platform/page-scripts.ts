import { browser } from './browser.ts';

/** Runs one of our scripts in a frame of a tab (0: its page), beside the chat script that asked for it. */
export async function injectScript(
  { tab, frame }: { readonly tab: number; readonly frame: number },
  script: 'hands' | 'bar' | 'tools',
): Promise<void> {
  await browser.scripting.executeScript({
    target: { tabId: tab, frameIds: [frame] },
    // The page is there already: not held up by its pictures.
    injectImmediately: true,
    files: [`${script}.js`],
  });
}
