import type { BarMessageView } from '../../contract/views.ts';
import { countdown, spokenLeft } from '../../ui/time.ts';
import { spoken as asText, type Words } from '../../ui/words.ts';
import type { HandSentences } from '../hands/sentences.ts';
import { mark } from '../mark.ts';
import { hideIf, makeButton, makePart, write } from '../parts.ts';
import { writeWords } from '../shadow.ts';
import type { makeTicking } from '../ticking.ts';
import type { PutBackOutcome } from '../tools/put-back.ts';
import type { BarSentences } from './bar-sentences.ts';
import type { RowState } from './bar-state.ts';
import { makeRing } from './ring.ts';

/** Rows of a folded bar at most, of the newest messages. */
export const mostUnfolded = 3;

export interface RowOptions {
  readonly document: Document;
  readonly sentences: BarSentences;
  readonly makeTicking: typeof makeTicking;
  readonly handSentences: Pick<HandSentences, 'again' | 'timeInWords'>;
  /** Whether this click on this button is one a person made, seeing it. */
  readonly allows: (event: MouseEvent, button: HTMLElement) => boolean;
  readonly onRecall: () => void;
  readonly onReedit: () => void;
  readonly onDismiss: () => void;
}

/** One message's row in the bar. */
export interface BarRow {
  readonly element: HTMLLIElement;
  /** `putBack`: what came of putting its words back, if that was tried. */
  show(
    message: BarMessageView,
    state: RowState,
    putBack: PutBackOutcome | undefined,
    shortcut: string | undefined,
  ): void;
  /** Only its time left (ms) is another than before. */
  tick(left: number): void;
  /** Reads how its time left is to be drawn there; draws it when what it returns is called. */
  prepare(): () => void;
  /** Says whether a press would count by now. */
  settle(isReady: boolean): void;
}

export function makeRow(options: RowOptions): BarRow {
  const { document, sentences } = options;
  const make = <Tag extends keyof HTMLElementTagNameMap>(
    tag: Tag,
    className: string,
  ): HTMLElementTagNameMap[Tag] => makePart(document, tag, className);
  const element = make('li', 'row');
  const left = make('span', 'left');
  const ring = makeRing(document);
  const seconds = options.makeTicking(document);
  left.append(ring.element, seconds.element);
  // Sighted people read it; those who listen get the button's name.
  left.ariaHidden = 'true';
  const text = make('span', 'text');
  text.tabIndex = -1;
  const undo = makeButton(document, 'undo', options.allows, options.onRecall);
  const hide = makeButton(document, 'hide', options.allows, options.onDismiss);
  hide.textContent = '×';
  hide.ariaLabel = sentences.dismiss();
  const warnings = make('ul', 'warnings');
  const after = make('div', 'after');
  const reedit = makeButton(document, 'reedit', options.allows, options.onReedit, true);
  const noted = make('span', 'noted');
  after.append(reedit, noted);
  // Who goes by keys comes to what may be wanted before what puts it away.
  element.append(left, text, undo, warnings, after, hide);

  let said = '';
  /** How long (ms) its message can be recalled from the beginning. */
  let whole = 0;
  /** What its button is named for: `spoken` ms of this message. */
  let namedFor: { readonly spoken: number; readonly message: BarMessageView } | undefined;
  const say = (sentence: Words): void => {
    const next = JSON.stringify(sentence);
    if (next === said) return;
    said = next;
    writeWords(text, sentence);
    text.style.setProperty('--rest', String(widthAfterName(sentence)));
    // A long name is cut, and so are many words.
    text.title = asText(sentence);
  };
  const sentenceOf = (message: BarMessageView, state: RowState): Words => {
    switch (state.name) {
      case 'offer':
        return sentences.sent(message);
      case 'recalling':
        return sentences.recalling(message, state.isUnanswered === true);
      case 'waiting':
        return sentences.waiting(message, state.wait);
      case 'refused':
        return sentences.refused(message, state.text);
      case 'over':
        return sentences.tooLate(message);
      case 'recalled':
        return sentences.recalled(message);
    }
  };

  const tick = (timeLeft: number): void => {
    ring.show(timeLeft / whole);
    const time = countdown(timeLeft);
    seconds.show(time, time);
  };

  return {
    element,
    show(message, state, putBack, shortcut) {
      const focused = (element.getRootNode() as Document | ShadowRoot).activeElement;
      const timeLeft = 'left' in state ? state.left : undefined;
      mark(element, 'data-state', state.name);
      element.toggleAttribute('data-left', state.name === 'offer');
      hideIf(state.name !== 'offer', left);
      whole = (message.until ?? 0) - message.time * 1000;
      if (state.name === 'offer') tick(state.left);
      say(sentenceOf(message, state));
      hideIf(timeLeft === undefined, undo);
      const isOffer = state.name === 'offer';
      // Shown by the style: a name is to hold all words of its button (WCAG 2.5.3), and this is none.
      mark(undo, 'data-key', isOffer ? shortcut : undefined);
      if (!isOffer) {
        namedFor = undefined;
        write(undo, options.handSentences.again());
        undo.ariaLabel = null;
      } else if (timeLeft !== undefined) {
        const spoken = spokenLeft(timeLeft);
        if (namedFor?.spoken !== spoken || namedFor.message !== message) {
          namedFor = { spoken, message };
          write(undo, sentences.recall());
          // By an attribute: a text, even an unseen one, would have the page laid out for it.
          undo.ariaLabel = sentences.recallLabel(
            message,
            options.handSentences.timeInWords(spoken),
          );
        }
      }
      const shown = state.name === 'offer' ? message.warnings : [];
      hideIf(shown.length === 0, warnings);
      if (warnings.children.length !== shown.length) {
        warnings.replaceChildren(...shown.map(() => document.createElement('li')));
      }
      shown.forEach((rule, at) => {
        const line = warnings.children[at];
        if (line) write(line, sentences.warning(rule));
      });
      const offer = state.name === 'recalled' ? state.reedit : undefined;
      const isOffered = offer?.isOffered === true && putBack?.isOver !== true;
      hideIf(!isOffered, reedit);
      write(reedit, isOffered ? offer.label : '');
      // Nobody is told to try what is not offered.
      const note = isOffered || putBack?.isOver === true ? putBack?.note : undefined;
      write(noted, note ?? (offer?.isOffered === false ? offer.label : ''));
      hideIf(noted.textContent === '', noted);
      // Whoever pressed a button by the keyboard stays with what came of it.
      const isGone = focused instanceof HTMLElement && element.contains(focused) && focused.hidden;
      if (isGone) text.focus({ preventScroll: true });
    },
    tick,
    prepare() {
      const drawings = [ring.prepare(), seconds.prepare()];
      return () => {
        for (const draw of drawings) draw();
      };
    },
    settle(isReady) {
      for (const button of [undo, reedit]) button.ariaDisabled = isReady ? null : 'true';
    },
  };
}

/** A long name leaves room for so much of the words (digits wide), and for what our sentence has around both. */
const mostAfterName = 24;
const aroundNames = 6;

/** How much of a line, in digits' widths, is better not taken by the first name of a sentence. */
function widthAfterName({ names: [, words = ''] }: Words): number {
  let width = 0;
  // In the scripts from here on letters are about twice as wide.
  for (const letter of words) width += letter < '\u2E80' ? 1 : 2;
  return aroundNames + Math.min(width, mostAfterName);
}
