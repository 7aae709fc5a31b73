/** Events in a burst, and per second after it. A busy chat has some; a page that floods has more. */
const burst = 120;
const perSecond = 10;
/** New messages or conversations a list may bring for the price of one event. */
const perEvent = 20;
/** What an SDK tells whole, whatever changed in it: who has a thousand conversations gets them with each message. */
const wholeLists: readonly string[] = ['onConversationListUpdated', 'onGroupListUpdated'];

/** Keeps one page from having more written than a person's chat ever brings. */
export class Flood {
  #credit = burst;
  #at = performance.now();
  /** The marks of what was in each whole list that was taken last. */
  readonly #known = new Map<string, ReadonlySet<number>>();

  /** Whether what a page told may still be taken; what is refused is to be found by catching up. */
  admits(name: string, data: unknown): boolean {
    const now = performance.now();
    this.#credit = Math.min(burst, this.#credit + ((now - this.#at) / 1000) * perSecond);
    this.#at = now;
    const items = Array.isArray(data) ? (data as unknown[]) : [];
    const whole = wholeLists.includes(name) ? new Set(items.map(markOf)) : undefined;
    const known = this.#known.get(name);
    const news = whole && known ? [...whole].filter((item) => !known.has(item)) : items;
    const price = Math.max(1, Math.ceil(news.length / perEvent));
    if (price > this.#credit) return false;
    this.#credit -= price;
    if (whole) this.#known.set(name, whole);
    return true;
  }
}

/**
 * A number to know something by that was told before (FNV-1a, 32 bits): not its words, which may be
 * recalled. Two things with one number are no harm: one is taken for free.
 */
function markOf(item: unknown): number {
  const text = JSON.stringify(item);
  let mark = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    mark = Math.imul(mark ^ text.charCodeAt(at), 0x01000193);
  }
  return mark;
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
