import { browser, type Tabs } from '../platform/browser.ts';

/** The origin of the page the popup was opened over; undefined when that is no website. */
export async function currentOrigin(): Promise<string | undefined> {
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  const url = tab?.url;
  if (url === undefined || !URL.canParse(url)) return;
  const { protocol, origin } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? origin : undefined;
}

/**
 * Calls back whenever the page in front may be another one than before: its tab has loaded, or is told
 * to be elsewhere. Returns what ends that.
 */
export function watchPage(onOther: () => void): () => void {
  const hear = (
    _id: number,
    { status, url }: Tabs.OnUpdatedChangeInfoType,
    { active }: Tabs.Tab,
  ): void => {
    if (active && (status === 'complete' || url !== undefined)) onOther();
  };
  browser.tabs.onUpdated.addListener(hear);
  return () => {
    browser.tabs.onUpdated.removeListener(hear);
  };
}

/** Shows the options page and leaves the popup to close. */
export function openOptions(): Promise<void> {
  return browser.runtime.openOptionsPage();
}
