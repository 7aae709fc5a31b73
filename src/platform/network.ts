/** What the browser says of the network. */
export interface NetworkEars {
  /** It may be back. */
  readonly back: () => void;
  readonly gone: () => void;
}

/**
 * Hears what the browser says of the network. Must be called in the worker's first turn. Chromium gives
 * its workers neither `online` nor `offline`, but tells them at once that the connection changed, and
 * `onLine` says then how (seen with 156); Firefox's event page is a window, and has the two only.
 */
export function hearNetwork({ back, gone }: NetworkEars): void {
  globalThis.addEventListener('online', back);
  globalThis.addEventListener('offline', gone);
  const { connection } = navigator as Navigator & { readonly connection?: EventTarget };
  connection?.addEventListener('change', () => {
    if (navigator.onLine) back();
    else gone();
  });
}
