/** Events in a burst, and per second after it. A busy chat has some; a page that floods has more. */
const burst = 120;
const perSecond = 10;
/** Messages or conversations a list may bring for the price of one event. */
const perEvent = 20;

/** Keeps one page from having more written than a person's chat ever brings. */
export class Flood {
  #credit = burst;
  #at = performance.now();

  /** Whether what a page told may still be taken; what is refused is found by catching up. */
  admits(data: unknown): boolean {
    const now = performance.now();
    this.#credit = Math.min(burst, this.#credit + ((now - this.#at) / 1000) * perSecond);
    this.#at = now;
    const price = Array.isArray(data) ? Math.max(1, Math.ceil(data.length / perEvent)) : 1;
    if (price > this.#credit) return false;
    this.#credit -= price;
    return true;
  }
}

/** One list in place of several of the same kind in a row: a burst is then learnt in one go. */
export function joined(
  events: readonly { readonly name: string; readonly data?: unknown }[],
): { name: string; data: unknown }[] {
  const result: { name: string; data: unknown }[] = [];
  for (const { name, data } of events) {
    const last = result.at(-1);
    if (last?.name === name && Array.isArray(last.data) && Array.isArray(data)) {
      last.data = [...(last.data as unknown[]), ...(data as unknown[])];
    } else result.push({ name, data });
  }
  return result;
}
