import { browser } from './browser.ts';

/** Chrome's side panel, which the polyfill's types do not know. */
interface ChromePanel {
  readonly sidePanel?: { open(of: { windowId: number }): Promise<void> };
}

/**
 * Opens Unsay's side panel (Firefox: sidebar) in a window, the current one unless said otherwise. Must be called in the very turn of the
 * user's click: after an await Firefox does not count it as theirs any more.
 */
export function openSidePanel(windowId: number = browser.windows.WINDOW_ID_CURRENT): Promise<void> {
  const { sidePanel } = browser as typeof browser & ChromePanel;
  return sidePanel ? sidePanel.open({ windowId }) : browser.sidebarAction.open();
}
