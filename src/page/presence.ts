import type { MessageId } from '../message/message.ts';
import type { PageRow } from './rows.ts';

/** Which rows of the page show which message; one message may be shown several times. */
export class Presence {
  readonly #rows = new Map<MessageId, Set<PageRow>>();
  readonly #ids = new WeakMap<PageRow, MessageId>();

  /** The messages shown now, in the order in which they were first seen. */
  get ids(): Iterable<MessageId> {
    return this.#rows.keys();
  }

  /** The messages that came last into the page, at most so many. */
  newest(most: number): MessageId[] {
    return [...this.#rows.keys()].slice(-most);
  }

  has(id: MessageId): boolean {
    return this.#rows.has(id);
  }

  rowsOf(id: MessageId): Iterable<PageRow> {
    return this.#rows.get(id) ?? [];
  }

  /** Takes down which message a row shows now; true when it is another than before. */
  note(row: PageRow): boolean {
    if (row.id === this.#ids.get(row)) return false;
    this.leave(row);
    if (row.id === undefined) return true;
    this.#ids.set(row, row.id);
    const others = this.#rows.get(row.id);
    if (others) others.add(row);
    else this.#rows.set(row.id, new Set([row]));
    return true;
  }

  /** The row shows no message any more. */
  leave(row: PageRow): void {
    const id = this.#ids.get(row);
    this.#ids.delete(row);
    if (id === undefined) return;
    const others = this.#rows.get(id);
    others?.delete(row);
    if (others?.size === 0) this.#rows.delete(id);
  }
}
