import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/**
 * Puts the focus on `to` where what had it in `room` is gone, so that whoever uses the keyboard goes on
 * from there. To be called by the component whose change takes it away.
 */
export function useKeptFocus(
  room: RefObject<HTMLElement | null>,
  to: RefObject<HTMLElement | null>,
): void {
  // Read before this render's changes reach the page.
  const hadFocus = room.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (hadFocus && !room.current?.contains(document.activeElement)) to.current?.focus();
  });
}
