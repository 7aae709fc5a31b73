/** An Enter this soon (ms) after words came into a field was meant for what had the focus before. */
const tooSoon = 800;

/**
 * Keeps an Enter that was meant for a button of ours from sending what the button has just put into
 * this field: one that is held down, that bounces or is pressed twice, and that is let go only now. Ends
 * with the first one that is meant: a press that comes later, or after something was typed.
 */
export function holdStrayEnter(field: HTMLElement, signal: AbortSignal): void {
  const since = performance.now();
  const life = new AbortController();
  let isTyping = false;
  const onKey = (event: KeyboardEvent): void => {
    const { target, type, key, repeat, isComposing, isTrusted } = event;
    if (!isTrusted || !(target instanceof Node) || !field.contains(target)) return;
    if (key !== 'Enter' || isComposing) {
      isTyping ||= type === 'keydown';
      return;
    }
    const isLate = performance.now() - since > tooSoon;
    const isMeant = type === 'keydown' && !repeat && (isTyping || isLate);
    if (!isMeant) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    // Pages send when it goes down or when it comes up, so it is held until it is up again.
    if (isMeant || (type === 'keyup' && isLate)) life.abort();
  };
  const ends = AbortSignal.any([life.signal, signal]);
  for (const type of ['keydown', 'keypress', 'keyup'] as const) {
    // Before any listener of the page's, wherever below the window that is.
    window.addEventListener(type, onKey, { capture: true, signal: ends });
  }
}
