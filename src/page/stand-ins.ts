import type { RowView } from '../contract/views.ts';
import type { PlaceholderStyle } from '../message/manners.ts';
import type { MessageId } from '../message/message.ts';
import { spoken, words, type Words } from '../ui/words.ts';
import { findPlaceholder, findReedit, sentenceOf } from './chat-page.ts';
import { goneValue, hiddenAttribute, hiddenValue } from './hiding.ts';
import { mark } from './mark.ts';
import type { PageRow } from './rows.ts';
import type { Sentences } from './sentences.ts';
import { makeStandIn, type Said, type StandIn } from './stand-in.ts';

export interface StandInsOptions {
  readonly document: Document;
  readonly sentences: Sentences;
  /** Fits every row of the page. */
  readonly anyRow: string;
  /** Whether we put the words of this message back ourselves, if asked to. */
  readonly mayPutBack: (id: MessageId) => boolean;
  /** A moment of server time (ms) on this computer's clock. */
  readonly onThisClock: (server: number) => number | undefined;
  /** A node of ours is in the page. */
  readonly onAdded: (node: Node) => void;
  readonly signal: AbortSignal;
}

/** The placeholders of this page, each in its row. */
export interface StandIns {
  /** How recalled messages look from now on. */
  style: PlaceholderStyle;
  /** Makes the row say what its message's view says. */
  paint(row: PageRow, view: RowView | undefined): void;
  /** Whether the row's message is replaced, be it by nothing. */
  has(row: PageRow): boolean;
  /** Our own sentence in the row, where nothing else offers to put its words back. */
  lineOf(row: PageRow): Element | undefined;
  /** Takes the focus over from a control that is gone. */
  focus(row: PageRow): void;
  remove(row: PageRow): void;
}

interface Placed {
  view: RowView;
  /** Missing where nothing stands in the message's place. */
  standIn?: StandIn | undefined;
  /** The page's own placeholder, in which ours was put last. */
  theirs?: Element | undefined;
  /** The font size (px) of that, which ours takes over; 0 without one. */
  size: number;
  keepsReedit: boolean;
  /** Its words can still be put back: it has a line of its own, where that is offered. */
  isAlone: boolean;
  /** In a run of recalled messages: those its first row speaks for, with it; none on the others. */
  speaksFor: readonly Placed[];
}

/** How many different times and reasons a line tells of several messages, at most. */
const mostTold = 5;

export function startStandIns(options: StandInsOptions): StandIns {
  const { document, sentences, anyRow, mayPutBack, onThisClock, onAdded, signal } = options;
  const placed = new Map<PageRow, Placed>();
  let style: PlaceholderStyle = 'show';
  let frame: number | undefined;

  const remove = (row: PageRow): void => {
    const here = placed.get(row);
    here?.standIn?.remove();
    placed.delete(row);
    mark(row.element, hiddenAttribute, undefined);
    if (here) regroupSoon();
  };

  const vanish = ({ element }: PageRow, here: Placed): void => {
    here.standIn?.remove();
    here.standIn = undefined;
    mark(element, hiddenAttribute, goneValue);
  };

  /** When messages were recalled, and why: of each by itself where it is not the same of all. */
  const factsOf = (run: readonly Placed[]): Pick<Said, 'when' | 'reason'> => {
    const facts = run.map(({ view: { recalledAt, reason } }) => {
      const at = recalledAt === undefined ? undefined : onThisClock(recalledAt);
      return {
        when: at === undefined ? '' : sentences.recalledAt(at),
        reason: reason === undefined ? '' : sentences.reason(reason),
      };
    });
    const [reason = '', ...others] = new Set(facts.map((one) => one.reason));
    const isShared = others.length === 0;
    const lines = new Set(
      facts.map((one) =>
        isShared ? one.when : [one.when, one.reason].filter(Boolean).join(' · '),
      ),
    );
    const told = [...lines].filter(Boolean).slice(0, mostTold);
    // What is known of some says nothing of the others.
    if (told.length > 0 && told.length < lines.size) told.push('…');
    return { when: told.join('\n'), reason: isShared ? reason : '' };
  };

  const stand = ({ element, page }: PageRow, here: Placed, sentence: Words): void => {
    const theirs = findPlaceholder(element, page);
    // Read before ours is there and theirs is hidden.
    if (here.theirs !== theirs) {
      mark(element, hiddenAttribute, undefined);
      here.theirs = theirs;
      here.size = theirs ? Math.round(parseFloat(getComputedStyle(theirs).fontSize)) : 0;
    }
    here.standIn ??= makeStandIn(document, sentences.setLanguage);
    const { standIn, size, keepsReedit, speaksFor } = here;
    standIn.show(
      { sentence, ...factsOf(speaksFor) },
      keepsReedit ? 'reedit' : theirs ? 'inside' : 'alone',
    );
    onAdded(standIn.host);
    if (theirs) {
      if (theirs.firstChild !== standIn.host) theirs.prepend(standIn.host);
    } else if (standIn.host.parentNode !== element) element.append(standIn.host);
    mark(element, hiddenAttribute, hiddenValue(page, { keepsReedit, isBare: !theirs, size }));
  };

  const draw = (row: PageRow, here: Placed): void => {
    const { placeholder } = here.view;
    if (!placeholder) return;
    const { length } = here.speaksFor;
    if (style === 'hide' || length === 0) vanish(row, here);
    else if (length > 1) stand(row, here, words(sentences.several(length)));
    else stand(row, here, sentences.placeholder(placeholder));
  };

  /** Before the page is drawn: finds the runs of recalled messages, where they share a line. */
  const regroupSoon = (): void => {
    if (style !== 'compact' || signal.aborted) return;
    frame ??= requestAnimationFrame(() => {
      frame = undefined;
      const placedAt = new Map([...placed].map(([{ element }, here]) => [element, here]));
      let run: Placed[] | undefined;
      for (const element of document.querySelectorAll(anyRow)) {
        const here = placedAt.get(element);
        if (here && run && !here.isAlone) {
          run.push(here);
          here.speaksFor = [];
        } else if (here) {
          here.speaksFor = run = [here];
          if (here.isAlone) run = undefined;
        } else if (!element.parentElement?.closest(anyRow)) run = undefined;
      }
      for (const [row, here] of placed) draw(row, here);
    });
  };

  signal.addEventListener('abort', () => {
    if (frame !== undefined) cancelAnimationFrame(frame);
  });

  return {
    get style() {
      return style;
    },
    set style(next) {
      if (next === style) return;
      style = next;
      for (const [row, here] of placed) {
        here.speaksFor = [here];
        draw(row, here);
      }
      regroupSoon();
    },
    paint(row, view) {
      const { element, page } = row;
      const theirs = findPlaceholder(element, page);
      const reedit = theirs && findReedit(theirs, page);
      // The kits' own Re-edit takes the place of a draft (seen in chat-uikit-vue 3.0.2): it is there
      // only where ours is not.
      const isOurs = row.id !== undefined && mayPutBack(row.id);
      const mayReedit = view?.placeholder?.key === 'you' && !isOurs;
      // When it was recalled, and why, is told by ours only.
      const isRight =
        style === 'show' &&
        !isOurs &&
        view?.placeholder &&
        (view.recalledAt ?? view.reason) === undefined &&
        theirs &&
        (mayReedit || !reedit) &&
        sentenceOf(theirs, page) === spoken(sentences.placeholder(view.placeholder));
      if (!view?.placeholder || isRight) {
        remove(row);
        return;
      }
      const known = placed.get(row);
      const keepsReedit = mayReedit && reedit !== undefined;
      const isAlone = isOurs || keepsReedit;
      const isSame = known?.view === view && known.isAlone === isAlone;
      const here: Placed = Object.assign(known ?? { size: 0, speaksFor: [] }, {
        view,
        keepsReedit,
        isAlone,
      });
      // At once, as its control stands beside its line.
      if (!known || isAlone) here.speaksFor = [here];
      placed.set(row, here);
      draw(row, here);
      if (!isSame) regroupSoon();
    },
    has: (row) => placed.has(row),
    lineOf(row) {
      const here = placed.get(row);
      return here && !here.keepsReedit && here.speaksFor.length === 1
        ? here.standIn?.line
        : undefined;
    },
    focus(row) {
      placed.get(row)?.standIn?.focus();
    },
    remove,
  };
}
