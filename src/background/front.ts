import { browser } from '../platform/browser.ts';
import { isOn } from '../platform/sites.ts';

/** Whether a page of a site that is on is in front of the user. */
export async function isLookedAt(): Promise<boolean> {
  // Rejects where there is no window, and in Firefox where a private one is in front.
  const window = await browser.windows.getLastFocused().catch(() => undefined);
  if (!window?.focused) return false;
  const [tab] = await browser.tabs.query({ active: true, lastFocusedWindow: true });
  // An address is told of pages only that Unsay may act on.
  return tab?.url !== undefined && URL.canParse(tab.url) && (await isOn(new URL(tab.url).origin));
}

/**
 * Opens the popup over whatever is in front. False where the browser does not: none of its windows is
 * in front, the popup is open already, or it opens none without a click, as Chrome before 127 and
 * Firefox before 149 (MDN's compatibility data, 2026).
 */
export async function openPopup(): Promise<boolean> {
  try {
    await browser.action.openPopup();
    return true;
  } catch {
    return false;
  }
}
