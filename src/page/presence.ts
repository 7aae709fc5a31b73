import type { MessageId } from '../message/message.ts';
import type { PageRow } from './rows.ts';

/** So many of the newest messages are kept at hand. */
const handy = 100;

/** Which rows of the page show which message; one message may be shown several times. */
export class Presence {
  /** A message is shown once as a rule: a set for each would be most of what ten thousand rows take. */
  readonly #rows = new Map<MessageId, PageRow | ReadonlySet<PageRow>>();
  /** The messages that came last, each at the end of it, some of them gone or there again later. */
  #latest: MessageId[] = [];

  /** The messages shown now, in the order in which they were first seen. */
  get ids(): Iterable<MessageId> {
    return this.#rows.keys();
  }

  /** The messages that came last into the page, at most so many. */
  newest(most: number): MessageId[] {
    const found = this.#findNewest(most);
    if (found.length >= Math.min(most, this.#rows.size)) return found;
    this.#latest = [...this.#rows.keys()].slice(-Math.max(handy, most));
    return this.#findNewest(most);
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
      this.#latest.push(id);
      if (this.#latest.length > 2 * handy) this.#latest = this.#latest.slice(-handy);
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
