import { browser } from '../platform/browser.ts';

/** The origin of the page the popup was opened over; undefined when that is no website. */
export async function currentOrigin(): Promise<string | undefined> {
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  const url = tab?.url;
  if (url === undefined || !URL.canParse(url)) return;
  const { protocol, origin } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? origin : undefined;
}

/** Shows the options page and leaves the popup to close. */
export function openOptions(): Promise<void> {
  return browser.runtime.openOptionsPage();
}
