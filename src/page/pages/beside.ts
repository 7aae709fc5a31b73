/**
 * Kinds that draw a button of their own beside a message while it is pointed at, in which their menu
 * is: our control leaves it that room. Measured on the pages built from chat-uikit-react 2.3.1 and
 * 3.4.7: up to 47 pixels from the bubble.
 */
const rowsWithButton = '[class*="uikit-message-layout"], .message-list li.message-list-item';
const room = 46;

/**
 * In a row: what a kit writes beside a message, such as whether it was read. Seen with chat-uikit-react
 * 6.1.7, chat-uikit-vue3 6.1.8, and chat-uikit-vue 3.0.2 and its sibling for Vue 2.
 */
const written = '[class*="message-layout__status"], .message-label';

/** Pixels beside the visible message of this row, which lies there, that belong to the page itself. */
export function roomBeside(row: Element, message: DOMRect): number {
  const own = row.matches(rowsWithButton) ? room : 0;
  const { left, right, width } = row.querySelector(written)?.getBoundingClientRect() ?? message;
  return width > 0 ? Math.max(own, message.left - left, right - message.right) : own;
}
