import type { MessageId } from '../message/message.ts';
import { controlHost } from './hiding.ts';

/** Where the focus was that goes with a control, so that who goes by keys need not begin anew. */
export interface LostFocus {
  /** Whether the focus was in the control of this message, and is nowhere since that was taken away. */
  wasAt(id: MessageId | undefined): boolean;
  /** Gives it back to what had it before it came to a control. */
  giveBack(): void;
}

/** @param idAt the message whose control this is. */
export function watchFocus(
  document: Document,
  idAt: (control: Element) => MessageId | undefined,
  signal: AbortSignal,
): LostFocus {
  let last: MessageId | undefined;
  let cameFrom: HTMLElement | undefined;
  const isOurs = (one: EventTarget | null): one is HTMLElement =>
    one instanceof HTMLElement && one.matches(controlHost);

  document.addEventListener(
    'focusin',
    ({ relatedTarget }) => {
      const { activeElement } = document;
      const isFirst = last === undefined;
      last = isOurs(activeElement) ? idAt(activeElement) : undefined;
      if (last === undefined || !isFirst) return;
      cameFrom = relatedTarget instanceof HTMLElement ? relatedTarget : undefined;
    },
    { passive: true, signal },
  );
  document.addEventListener(
    'focusout',
    ({ target, relatedTarget }) => {
      // From what is taken away nobody went.
      if (isOurs(target) && target.isConnected && !relatedTarget) last = undefined;
    },
    { passive: true, signal },
  );
  return {
    wasAt: (id) =>
      id !== undefined &&
      id === last &&
      (document.activeElement ?? document.body) === document.body,
    giveBack() {
      cameFrom?.focus({ preventScroll: true });
    },
  };
}
