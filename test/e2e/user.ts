import type { Tab, TestBrowser } from '../browsers/browser.ts';
import type { ChatServer } from '../chat-server/server.ts';

/** What somebody types to sign in. */
export interface SignIn {
  readonly userId: string;
  readonly userSig: string;
  readonly staysSignedIn?: boolean;
}

/**
 * Agrees on the welcome page, which the installation opened in a tab, and closes it. Once per
 * profile: before that Unsay does nothing.
 */
export async function agree(browser: TestBrowser): Promise<void> {
  const tab = await browser.waitForTab(browser.extensionUrl('welcome.html'));
  await tab.click({ role: 'button', name: 'I agree' });
  await tab.waitForText('Unsay is ready');
  await tab.close();
}

/** Fills in the options page's form by its visible labels and presses "Sign in". */
export async function enterAccount(tab: Tab, server: ChatServer, account: SignIn): Promise<void> {
  await tab.fill({ label: 'SDKAppID' }, String(server.sdkAppId));
  await tab.fill({ label: 'User ID' }, account.userId);
  await tab.fill({ label: 'UserSig' }, account.userSig);
  if (account.staysSignedIn === true) {
    await tab.click({ label: 'Stay signed in after the browser closes' });
  }
  await tab.click({ text: 'Advanced' });
  await tab.fill({ label: 'Server address' }, server.url);
  await tab.click({ role: 'button', name: 'Sign in' });
}

/** Signs Unsay in on its options page; resolves when that says so. */
export async function signIn(
  browser: TestBrowser,
  server: ChatServer,
  userId: string,
  options: { staysSignedIn?: boolean } = {},
): Promise<void> {
  const tab = await browser.open(browser.extensionUrl('options.html'));
  await enterAccount(tab, server, { userId, userSig: server.userSig(userId), ...options });
  await tab.waitForText('Signed in as');
  await tab.close();
}

/** Turns Unsay on for the site in this tab: the toolbar button, the switch, the browser's question. */
export async function turnOn(browser: TestBrowser, tab: Tab, origin: string): Promise<void> {
  const popup = await browser.openPopup(tab);
  await popup.waitFor(() => document.querySelector('[role=switch]') !== null, {
    what: 'the site switch',
  });
  await browser.grantSite(origin, () => popup.click('[role=switch]'));
  await popup.close();
  // Looked at in a new popup: the browser may have closed the first one while it asked.
  const again = await browser.openPopup(tab);
  await again.waitFor(
    () => document.querySelector('[role=switch]')?.getAttribute('aria-checked') === 'true',
    { what: 'the site to be on' },
  );
  await again.close();
}
