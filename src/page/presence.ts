import type { MessageId } from '../message/message.ts';
import type { PageRow } from './rows.ts';

/** So many of the newest messages are kept at hand. */
const handy = 100;

/** Which rows of the page show which message; one message may be shown several times. */
export class Presence {
  /** A message is shown once as a rule: a set for each would be most of what ten thousand rows take. */
  readonly #rows = new Map<MessageId, PageRow | ReadonlySet<PageRow>>();
  /** The messages that stand last, each at the end of it, some of them gone or there again later. */
  #latest: MessageId[] = [];
  /** Whether they are in the order of the page: history comes before what is there. */
  #isInOrder = true;

  /** The messages shown now, in the order in which they were first seen. */
  get ids(): Iterable<MessageId> {
    return this.#rows.keys();
  }

  /** The messages that stand last in the page, at most so many. */
  newest(most: number): MessageId[] {
    if (!this.#isInOrder) this.#arrange(this.#latest);
    const found = this.#findNewest(most);
    if (found.length >= Math.min(most, this.#rows.size)) return found;
    this.#arrange(this.#rows.keys());
    this.#latest = this.#latest.slice(-Math.max(handy, most));
    return this.#findNewest(most);
  }

  /** Keeps those of these at hand that are shown, in the order of the page. */
  #arrange(ids: Iterable<MessageId>): void {
    this.#latest = [...new Set(ids)]
      .filter((id) => this.has(id))
      .sort((one, other) => (this.#isAfter(one, other) ? 1 : -1));
    this.#isInOrder = true;
  }

  #isAfter(id: MessageId, other: MessageId): boolean {
    const [[row], [before]] = [[...this.rowsOf(id)], [...this.rowsOf(other)]];
    // 4 is `Node.DOCUMENT_POSITION_FOLLOWING`.
    return !!row && !!before && (before.element.compareDocumentPosition(row.element) & 4) > 0;
  }

  #findNewest(most: number): MessageId[] {
    const found = new Set<MessageId>();
    for (let at = this.#latest.length - 1; at >= 0 && found.size < most; at -= 1) {
      const id = this.#latest[at];
      if (id !== undefined && this.#rows.has(id)) found.add(id);
    }
    return [...found].reverse();
  }

  has(id: MessageId): boolean {
    return this.#rows.has(id);
  }

  rowsOf(id: MessageId): Iterable<PageRow> {
    const shown = this.#rows.get(id);
    if (shown === undefined) return [];
    return shown instanceof Set ? (shown as ReadonlySet<PageRow>) : [shown as PageRow];
  }

  /** Takes down which message a row shows now; true when it is another than before. */
  note(row: PageRow): boolean {
    const { id, counted } = row;
    if (id === counted) return false;
    if (counted !== undefined) this.leave(row);
    if (id === undefined) return true;
    row.counted = id;
    if (this.#rows.has(id)) this.#rows.set(id, new Set([...this.rowsOf(id), row]));
    else {
      this.#rows.set(id, row);
      const last = this.#latest.at(-1);
      this.#isInOrder &&= last === undefined || this.#isAfter(id, last);
      this.#latest.push(id);
      if (this.#latest.length > 2 * handy) {
        if (!this.#isInOrder) this.#arrange(this.#latest);
        this.#latest = this.#latest.slice(-handy);
      }
    }
    return true;
  }

  /** The row shows no message any more. */
  leave(row: PageRow): void {
    const id = row.counted;
    row.counted = undefined;
    if (id === undefined) return;
    const [first, ...others] = [...this.rowsOf(id)].filter((other) => other !== row);
    if (!first) this.#rows.delete(id);
    else this.#rows.set(id, others.length === 0 ? first : new Set([first, ...others]));
  }
}
