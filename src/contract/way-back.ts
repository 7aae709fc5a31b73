/** Calls `listener` whenever somebody comes back to a page that the browser kept meanwhile. */
export function hearWayBack(window: Window, listener: () => void, signal: AbortSignal): void {
  window.addEventListener(
    'pageshow',
    ({ persisted, isTrusted }) => {
      // A page could say so itself.
      if (persisted && isTrusted) listener();
    },
    { signal },
  );
}
