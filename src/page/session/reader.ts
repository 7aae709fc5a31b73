import { sweep } from '../sweep.ts';
import { findMessageId, findSession, type PageGlobals } from './find-session.ts';
import {
  addListener,
  apply,
  dispatch,
  readDetail,
  readTarget,
  removeListener,
  startTimer,
  stopTimer,
  TellEvent,
} from './intrinsics.ts';
import { areYouThere, askEvent, isReady, tellEvent } from './names.ts';

/*
 * Runs in the page's own world. Everything it needs of the language and the DOM is taken when it is
 * evaluated, before the page's scripts can replace it; whatever comes from the page may throw, lie
 * or run the page's code.
 */

/** How often (ms) the isolated script is asked whether it is still there. */
const watch = 3000;

/**
 * Starts to answer the isolated script's questions, in place of a reader that was there before.
 * Leaves nothing on the page but one listener on its document, and cleans up after the isolated
 * script when that is gone without a word: Firefox ends it in the middle of what it does when the
 * extension is removed or updated, with no event that it could hear (seen in 153).
 */
export function startReader(document: Document, globals: PageGlobals): void {
  let signsOfLife = 0;
  let watching: ReturnType<typeof setInterval> | undefined;
  const tell = (target: EventTarget, detail: string): void => {
    apply(dispatch, target, [new TellEvent(tellEvent, { detail })]);
  };
  const leave = (): void => {
    apply(removeListener, document, [askEvent, answer, true]);
    stopTimer(watching);
  };
  const look = (): void => {
    const before = signsOfLife;
    tell(document, areYouThere);
    if (signsOfLife > before) return;
    leave();
    sweep(document);
  };
  const answer = (event: Event): void => {
    try {
      const target = apply(readTarget, event, []) as EventTarget;
      const question = apply(readDetail, event, []);
      if (question === 'leave') leave();
      else if (question === 'here') {
        signsOfLife += 1;
        watching ??= startTimer(look, watch);
      } else if (question === 'session') {
        const session = findSession(globals, document);
        if (session?.userId !== undefined) {
          tell(target, `${session.sdkAppId ?? ''}:${session.userId}`);
        }
      } else if (question === 'message') {
        const id = findMessageId(target as Element);
        if (id !== undefined) tell(target, id);
      }
    } catch {
      // Something of the page threw while it was read: it then claims nothing.
    }
  };
  apply(dispatch, document, [new TellEvent(askEvent, { detail: 'leave' })]);
  apply(addListener, document, [askEvent, answer, true]);
  tell(document, isReady);
}
