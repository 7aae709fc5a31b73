import type { RowView } from '../contract/views.ts';
import { words } from '../ui/words.ts';
import { quoteAttribute } from './hiding.ts';
import { mark } from './mark.ts';
import type { PageRow } from './rows.ts';
import type { Sentences } from './sentences.ts';
import { makeStandIn, type StandIn } from './stand-in.ts';

export interface QuotesOptions {
  readonly document: Document;
  readonly sentences: Pick<Sentences, 'quoteRecalled' | 'setLanguage'>;
  /** A node of ours is in the page. */
  readonly onAdded: (node: Node) => void;
}

/** Quotes in living messages of messages that were recalled, where the page goes on showing them. */
export interface Quotes {
  paint(row: PageRow, view: RowView | undefined): void;
  has(row: PageRow): boolean;
  remove(row: PageRow): void;
}

export function startQuotes({ document, sentences, onAdded }: QuotesOptions): Quotes {
  const covered = new Map<PageRow, { readonly quote: Element; readonly standIn: StandIn }>();

  const remove = (row: PageRow): void => {
    const cover = covered.get(row);
    if (!cover) return;
    covered.delete(row);
    cover.standIn.remove();
    mark(cover.quote, quoteAttribute, undefined);
  };

  return {
    paint(row, view) {
      const { element, page } = row;
      const quote = view?.isQuoteRecalled && page.quote ? element.querySelector(page.quote) : null;
      if (covered.get(row)?.quote !== quote) remove(row);
      if (!quote?.parentElement) return;
      const standIn = covered.get(row)?.standIn ?? makeStandIn(document, sentences.setLanguage);
      covered.set(row, { quote, standIn });
      standIn.show({ sentence: words(sentences.quoteRecalled()), when: '', reason: '' }, 'inside');
      onAdded(standIn.host);
      mark(quote, quoteAttribute, '');
      const { parentElement } = quote;
      if (standIn.host.parentNode !== parentElement) parentElement.append(standIn.host);
    },
    has: (row) => covered.has(row),
    remove,
  };
}
