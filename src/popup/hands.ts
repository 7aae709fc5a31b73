import type { TargetedFocusEvent, TargetedKeyboardEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Props for an element that must know whether somebody's hand is in it. */
export interface HandProps {
  readonly onPointerEnter: () => void;
  readonly onPointerLeave: () => void;
  readonly onPointerDown: () => void;
  readonly onKeyDown: (event: TargetedKeyboardEvent<HTMLElement>) => void;
  readonly onFocusIn: () => void;
  readonly onFocusOut: (event: TargetedFocusEvent<HTMLElement>) => void;
}

/**
 * Says when a pointer or the keyboard comes into an element and leaves it. A focus that only
 * stayed behind after a click does not count once the pointer is gone.
 */
export function useHands(hold: (isThere: boolean) => void): HandProps {
  const hands = useRef({ pointer: false, keyboard: false, byPointer: false }).current;
  useEffect(
    () => () => {
      hold(false);
    },
    [],
  );
  const tell = (): void => {
    hold(hands.pointer || hands.keyboard);
  };
  return {
    onPointerEnter() {
      hands.pointer = true;
      tell();
    },
    onPointerLeave() {
      hands.pointer = false;
      tell();
    },
    onPointerDown() {
      hands.byPointer = true;
    },
    onKeyDown(event) {
      hands.keyboard = true;
      moveFocus(event);
      tell();
    },
    onFocusIn() {
      if (!hands.byPointer) hands.keyboard = true;
      tell();
    },
    onFocusOut({ currentTarget, relatedTarget }) {
      if (relatedTarget instanceof Node && currentTarget.contains(relatedTarget)) return;
      hands.keyboard = false;
      hands.byPointer = false;
      tell();
    },
  };
}

/** Arrow keys, Home and End go from row to row of a list, to the row's button where it has one. */
function moveFocus(event: TargetedKeyboardEvent<HTMLElement>): void {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('li')];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  const row = next === undefined ? undefined : rows[next];
  if (!row || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  (row.querySelector('button') ?? row).focus();
}
