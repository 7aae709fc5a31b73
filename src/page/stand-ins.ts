import type { RowView } from '../contract/views.ts';
import { spoken } from '../ui/words.ts';
import { findPlaceholder, findReedit, sentenceOf } from './chat-page.ts';
import { hiddenAttribute, hiddenValue } from './hiding.ts';
import { mark } from './mark.ts';
import type { PageRow } from './rows.ts';
import type { Sentences } from './sentences.ts';
import { makeStandIn, type StandIn } from './stand-in.ts';

export interface StandInsOptions {
  readonly document: Document;
  readonly sentences: Pick<Sentences, 'placeholder' | 'reason'>;
  /** A node of ours is in the page. */
  readonly onAdded: (node: Node) => void;
}

/** The placeholders of this page, each in its row. */
export interface StandIns {
  /** Makes the row say what its message's view says. */
  paint(row: PageRow, view: RowView | undefined): void;
  has(row: PageRow): boolean;
  /** Takes the focus over from a control that is gone. */
  focus(row: PageRow): void;
  remove(row: PageRow): void;
}

interface Placed {
  readonly standIn: StandIn;
  /** The font size (px) of the page's own placeholder, which ours takes over; 0 without one. */
  readonly size: number;
}

export function startStandIns({ document, sentences, onAdded }: StandInsOptions): StandIns {
  const placed = new WeakMap<PageRow, Placed>();

  const remove = (row: PageRow): void => {
    placed.get(row)?.standIn.remove();
    placed.delete(row);
    mark(row.element, hiddenAttribute, undefined);
  };

  const place = (row: PageRow, theirs: Element | undefined): Placed => {
    // Read before ours is there and theirs is hidden.
    const size = theirs ? Math.round(parseFloat(getComputedStyle(theirs).fontSize)) : 0;
    const fresh = { standIn: makeStandIn(document), size };
    placed.set(row, fresh);
    return fresh;
  };

  return {
    paint(row, view) {
      const { element, page } = row;
      const words = view?.placeholder && sentences.placeholder(view.placeholder);
      const theirs = findPlaceholder(element, page);
      const reedit = theirs && findReedit(theirs, page);
      const mayReedit = view?.placeholder?.key === 'you';
      const isRight =
        words !== undefined &&
        theirs !== undefined &&
        (mayReedit || !reedit) &&
        sentenceOf(theirs, page) === spoken(words);
      if (!words || isRight) {
        remove(row);
        return;
      }
      const { standIn, size } = placed.get(row) ?? place(row, theirs);
      const keepsReedit = mayReedit && reedit !== undefined;
      standIn.show(
        words,
        view.reason === undefined ? '' : sentences.reason(view.reason),
        keepsReedit ? 'reedit' : theirs ? 'inside' : 'alone',
      );
      onAdded(standIn.host);
      if (theirs) {
        if (theirs.firstChild !== standIn.host) theirs.prepend(standIn.host);
      } else if (standIn.host.parentNode !== element) element.append(standIn.host);
      mark(element, hiddenAttribute, hiddenValue(page, { keepsReedit, isBare: !theirs, size }));
    },
    has: (row) => placed.has(row),
    focus(row) {
      placed.get(row)?.standIn.focus();
    },
    remove,
  };
}
