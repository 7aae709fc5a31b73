import { browser } from './browser.ts';

const permission = { permissions: ['notifications'] } as const;

/** Whether Unsay may show notices outside of the browser's windows. */
export async function mayNotify(): Promise<boolean> {
  return browser.permissions.contains({ permissions: [...permission.permissions] });
}

/**
 * Asks the user, through the browser, whether notices may be shown. Must be called in the very turn
 * of the user's click.
 */
export function requestNotices(): Promise<boolean> {
  return browser.permissions.request({ permissions: [...permission.permissions] });
}

/** The browser's notices; undefined until they are allowed. */
export function notifications(): typeof browser.notifications | undefined {
  const { notifications }: { readonly notifications?: typeof browser.notifications } = browser;
  return notifications;
}
