import type { RowView } from '../contract/views.ts';
import type { AccountId, MessageId } from '../message/message.ts';
import type { Control, ControlState } from './control.ts';
import type { PageRow } from './rows.ts';

/** The message a control was offered for. */
export interface Bound {
  readonly id: MessageId;
  readonly account: AccountId;
  readonly view: RowView;
}

/** What a row has to offer. */
export interface Offered {
  readonly bound: Bound;
  /** What there is to say. */
  state: ControlState;
  /** Missing where nobody needs it. */
  of?: Control | undefined;
  /** It is still in the page, where nobody needs it any more: it is not seen. */
  isResting: boolean;
  /** Beside which it stands instead of the message. */
  readonly line: Element | undefined;
}

/** Whether nobody needs to see it who does not want to recall. */
export function isOnlyOffer(state: ControlState): boolean {
  return state.name === 'offer' && state.isWanted !== true;
}

/** The rows that have something to offer. */
export class OfferedRows extends Map<PageRow, Offered> {
  readonly #rows = new Map<Element, PageRow>();

  override set(row: PageRow, offered: Offered): this {
    this.#rows.set(row.element, row);
    return super.set(row, offered);
  }

  override delete(row: PageRow): boolean {
    this.#rows.delete(row.element);
    return super.delete(row);
  }

  /** The one in which this node lies. */
  rowAt(node: Node): PageRow | undefined {
    let at = node instanceof Element ? node : node.parentElement;
    while (at && !this.#rows.has(at)) at = at.parentElement;
    return at ? this.#rows.get(at) : undefined;
  }
}
