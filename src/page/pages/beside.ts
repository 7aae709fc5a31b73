/**
 * Kinds that draw a button of their own beside a message while it is pointed at, in which their menu
 * is: our control leaves it that room. Measured on the pages built from chat-uikit-react 2.3.1 and
 * 3.4.7: up to 47 pixels from the bubble.
 */
const rowsWithButton = '[class*="uikit-message-layout"], .message-list li.message-list-item';
const room = 46;

/** Pixels beside the visible message of this row that belong to the page's own button. */
export function roomBeside(row: Element): number {
  return row.matches(rowsWithButton) ? room : 0;
}
