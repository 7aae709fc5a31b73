/**
 * Hears that the network may be back. Must be called in the worker's first turn. Chromium gives its
 * workers no `online`, but tells them that the connection changed (looked up in 156); Firefox's event
 * page is a window, and has the first only.
 */
export function hearNetwork(back: () => void): void {
  globalThis.addEventListener('online', back);
  const { connection } = navigator as Navigator & { readonly connection?: EventTarget };
  connection?.addEventListener('change', back);
}
