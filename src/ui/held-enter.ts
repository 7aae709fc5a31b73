/**
 * Until `signal` aborts, an Enter that is held down presses what has the focus once: browsers press a
 * button again for each repeat, and what it is about may be another message by then.
 */
export function pressOnce(signal: AbortSignal): void {
  window.addEventListener(
    'keydown',
    (event) => {
      const isOnButton = event.target instanceof HTMLButtonElement;
      if (event.repeat && event.key === 'Enter' && isOnButton) event.preventDefault();
    },
    { capture: true, signal },
  );
}
