import { countdown, spokenLeft } from '../ui/time.ts';
import { words } from '../ui/words.ts';
import type { ClickGuard, GuardClicks } from './click-guard.ts';
import type { Box } from './box.ts';
import { makeNote } from './control-note.ts';
import { controlCss } from './control-style.ts';
import type { HandSentences } from './hands/sentences.ts';
import { mark } from './mark.ts';
import type { OwnProgress } from './progress.ts';
import { keepToOurselves } from './own-events.ts';
import { hideIf, makeButton, makePart, write } from './parts.ts';
import { isDarkBehind, placeBeside, type Pass } from './placing.ts';
import { makeIsland } from './shadow.ts';
import { makeTicking, type Kin } from './ticking.ts';
import type { PutBackOutcome } from './tools/put-back.ts';

/** What a control says. Times are server ms. */
export type ControlState =
  | {
      readonly name: 'offer';
      readonly until: number;
      /** There may well be more time than that. */
      readonly isAtLeast?: boolean;
      /** Only the service knows whether there is any time left. */
      readonly isUnsure?: boolean;
      /** A person said elsewhere that they want it recalled, and was not asked yet. */
      readonly isWanted?: boolean;
    }
  /** `isUnanswered`: a question got no answer, and is asked again. */
  | { readonly name: 'recalling'; readonly isUnanswered?: boolean }
  /** It was recalled, and its words can be put back until then. */
  | { readonly name: 'reedit'; readonly until: number }
  | { readonly name: 'waiting'; readonly until?: number | undefined }
  /** `until`: it may be tried again. */
  | {
      readonly name: 'refused';
      readonly progress: OwnProgress;
      readonly until?: number | undefined;
      readonly isWanted?: boolean;
    };

export interface ControlOptions {
  readonly document: Document;
  readonly sentences: HandSentences;
  readonly guardClicks: GuardClicks;
  /** Whose message it is; undefined when it is mine. Somebody else's is asked about first. */
  readonly author: string | undefined;
  /** A person wants the message recalled, and saw what they pressed. */
  readonly onRecall: () => void;
  /** A person wants its words back in the composer. Never rejects. */
  readonly onReedit: () => Promise<PutBackOutcome>;
  /** A person has read why it was refused. */
  readonly onDismiss: () => void;
  /** They were asked about somebody else's message. */
  readonly onAsked: () => void;
  /** It may need another place. */
  readonly onResize: () => void;
  /** It came into sight or went out of it. */
  readonly onSight: () => void;
}

/** The Recall control of one row. */
export interface Control {
  readonly host: HTMLElement;
  /** `serverNow`: ms; undefined where nothing tells it, and nothing counts down. */
  show(state: ControlState, serverNow: number | undefined): void;
  /**
   * Says a refusal in one line while nobody is at it: several whole ones push each other to where nobody
   * can tell whose they are.
   */
  shorten(isBrief: boolean): void;
  /** Finds its place beside the visible message; puts it there when what it returns is called. */
  place(bubble: Pick<Element, 'getBoundingClientRect'>, row: Element, pass: Pass): () => void;
  /** Reads how its time left is to be drawn there; draws it when what it returns is called. */
  prepare(): () => void;
  /** It is moved with its row: no click counts until that is over. */
  unsettle(): void;
  /**
   * Takes down where it is now, and says on it whether a click would count.
   *
   * @returns milliseconds until one would, if nothing changes; Infinity while it is not seen.
   */
  settle(): number;
  isFocused(): boolean;
  /** Whether somebody is at it, so that it must not go. */
  isHeld(): boolean;
  /** Where it is in the window. */
  region(): Box;
  /** Whether it offers to recall. */
  mayRecall(): boolean;
  /** What it would recall, for those who do not see it. */
  label(): string;
  /**
   * A person wants the message recalled, here or in a menu. Somebody else's is asked about first; mine
   * is left to the button here where they may not have seen what they pressed.
   */
  begin(isSeen: boolean): void;
  remove(): void;
}

/** The times left on all controls of a page. */
const kin: Kin = {};

export function makeControl(options: ControlOptions): Control {
  const { document, sentences, author, onRecall, onDismiss } = options;
  const { host, inside } = makeIsland(document, 'control', controlCss);
  const box = makePart(document, 'div', 'control');
  sentences.setLanguage(box);
  const note = makeNote(document, kin);
  let guard: ClickGuard | undefined;
  let isAsking = false;
  /** What came of putting the words back the last time. */
  let cameOf: PutBackOutcome | undefined;
  /** For how many seconds left (ms) its button is named. */
  let namedFor: { readonly spoken: number | undefined } | undefined;
  let latest: { state: ControlState; serverNow: number | undefined } | undefined;

  const allows: ClickGuard['allows'] = (event, button) => guard?.allows(event, button) === true;
  const redraw = (): void => {
    if (!latest) return;
    draw(latest.state, latest.serverNow);
    options.onResize();
  };
  const begin = (isSeen: boolean): void => {
    if (author === undefined && isSeen) onRecall();
    else if (author === undefined) recall.focus({ preventScroll: true });
    else {
      isAsking = true;
      note.speak();
      redraw();
      no.focus({ preventScroll: true });
    }
  };
  const putBack = async (): Promise<void> => {
    note.speak();
    // Said again it is read out again.
    cameOf = undefined;
    redraw();
    cameOf = await options.onReedit();
    redraw();
  };
  const recall = makeButton(document, 'recall', allows, () => {
    begin(true);
  });
  const recallWords = makeTicking(document, kin);
  recall.append(recallWords.element);
  let name = '';
  const yes = makeButton(document, 'yes', allows, () => {
    isAsking = false;
    onRecall();
  });
  const no = makeButton(document, 'no', allows, () => {
    stopAsking();
  });
  const dismiss = makeButton(document, 'dismiss', allows, onDismiss);
  const reedit = makeButton(document, 'reedit', allows, () => void putBack(), true);
  const stopAsking = (): void => {
    isAsking = false;
    redraw();
    recall.focus({ preventScroll: true });
  };
  // Before it is placed no click counts.
  for (const button of [recall, reedit, yes]) mark(button, 'aria-disabled', 'true');
  yes.textContent = sentences.yes();
  no.textContent = sentences.no();
  dismiss.textContent = '×';
  dismiss.ariaLabel = sentences.dismiss();
  box.addEventListener('focusin', note.speak);
  box.append(note.element, recall, reedit, yes, no, dismiss);
  inside.append(box);
  keepToOurselves(inside);
  inside.addEventListener('keydown', (event) => {
    const isEscape = event instanceof KeyboardEvent && event.key === 'Escape';
    if (isAsking && isEscape && event.isTrusted) stopAsking();
  });

  const draw = (state: ControlState, serverNow: number | undefined): void => {
    const until = 'until' in state ? state.until : undefined;
    const left = until === undefined || serverNow === undefined ? undefined : until - serverNow;
    const isOffered = (state.name === 'offer' || state.name === 'refused') && left !== undefined;
    if (!isOffered) isAsking = false;
    const focused = inside.activeElement;
    mark(box, 'data-state', isAsking ? 'asking' : state.name);
    hideIf(!isOffered || isAsking, recall);
    hideIf(!isAsking, yes);
    hideIf(!isAsking, no);
    if (cameOf?.isPast?.() === true) cameOf = undefined;
    hideIf(state.name !== 'reedit' || cameOf?.isOver === true, reedit);
    hideIf(state.name !== 'refused' || isAsking, dismiss);
    if (isAsking && author !== undefined) note.say(sentences.ask(author));
    else if (state.name === 'offer') note.say(words(''));
    else if (state.name === 'reedit') {
      note.say(words(cameOf?.note ?? ''));
      write(reedit, sentences.reedit(Math.ceil((left ?? 0) / 60_000)));
    } else if (state.name === 'recalling')
      note.say(words(sentences.recalling(state.isUnanswered === true)));
    else if (state.name === 'waiting') {
      const time = left === undefined ? undefined : countdown(left);
      note.count(sentences.waiting(undefined), sentences.waiting(time), time ?? '');
    } else {
      const { progress } = state;
      const isUnanswered = progress.state === 'unanswered';
      note.say(words(isUnanswered ? sentences.unanswered() : sentences.refusal(progress)));
    }
    if (left !== undefined && isOffered) {
      const { isAtLeast = false, isUnsure = false } = state.name === 'offer' ? state : {};
      const shown = isUnsure ? '' : countdown(left);
      const spoken = isUnsure ? undefined : spokenLeft(left);
      // Putting a time into words costs more than all else here.
      if (!namedFor || namedFor.spoken !== spoken) {
        namedFor = { spoken };
        name = sentences.recallLabel(spoken, author);
      }
      const isAgain = state.name === 'refused';
      recallWords.show(
        isAgain ? sentences.again() : sentences.recall(shown || undefined, isAtLeast),
        shown,
      );
      mark(recall, 'aria-label', isAgain ? undefined : name);
    }
    // Whoever pressed a button by the keyboard stays with what came of it.
    if (focused instanceof HTMLElement && focused.hidden)
      note.element.focus({ preventScroll: true });
  };

  return {
    host,
    show(state, serverNow) {
      latest = { state, serverNow };
      draw(state, serverNow);
      const isWanted = 'isWanted' in state && state.isWanted;
      if (!isWanted || author === undefined || isAsking) return;
      options.onAsked();
      begin(true);
    },
    region: () => box.getBoundingClientRect(),
    shorten(isBrief) {
      mark(box, 'data-brief', isBrief ? '' : undefined);
    },
    place(bubble, row, pass) {
      // It is larger only while somebody reads it, and would move away under the pointer.
      if (box.matches('[data-brief][data-state=refused]:is(:hover,:focus-within)'))
        return () => undefined;
      const scheme = isDarkBehind(row, pass.grounds) ? 'dark' : 'light';
      const move = placeBeside(box, host, bubble, row, pass);
      return () => {
        mark(box, 'data-scheme', scheme);
        move();
      };
    },
    prepare() {
      const drawings = [recallWords.prepare(), note.prepare()];
      return () => {
        for (const draw of drawings) draw();
      };
    },
    unsettle() {
      guard?.unsettle();
    },
    settle() {
      if (!guard) {
        guard = options.guardClicks(box, host, inside);
        guard.onSight(options.onSight);
      }
      const left = guard.settlesIn();
      for (const button of [recall, reedit, yes]) {
        mark(button, 'aria-disabled', left === 0 ? undefined : 'true');
      }
      return left;
    },
    isFocused: () => inside.activeElement !== null,
    isHeld: () => isAsking || inside.activeElement !== null,
    mayRecall: () => !recall.hidden,
    label: () => name,
    begin,
    remove() {
      guard?.stop();
      host.remove();
    },
  };
}
