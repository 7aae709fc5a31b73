import { originOf, type AccountId } from '../message/message.ts';
import { browser } from '../platform/browser.ts';

/** The origin of the page the popup was opened over; undefined when that is no website. */
export async function currentOrigin(): Promise<string | undefined> {
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  const url = tab?.url;
  if (url === undefined || !URL.canParse(url)) return;
  const { protocol, origin } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? origin : undefined;
}

/** The host of the site whose page has this account's session; undefined for Unsay's own sign-in. */
export function hostOf(account: AccountId): string | undefined {
  const origin = originOf(account);
  if (origin === undefined) return;
  return URL.canParse(origin) ? new URL(origin).host : origin;
}

/** Shows the options page and leaves the popup to close. */
export function openOptions(): Promise<void> {
  return browser.runtime.openOptionsPage();
}
