/** Until then a page that nobody sees has waited long enough for its turn, ms. */
const longest = 100;

/**
 * Calls `work` once, when what is in the page by now has been painted: what wakes the worker must not
 * come before, as its start takes the time of that frame (20 ms in both browsers, measured).
 */
export function afterPaint(work: () => void): void {
  const begin = (): void => {
    clearTimeout(late);
    cancelAnimationFrame(frame);
    work();
  };
  const late = setTimeout(begin, longest);
  const frame = requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      begin();
    };
    port2.postMessage(undefined);
  });
}
