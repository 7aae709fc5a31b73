import { sweep } from '../sweep.ts';
import { findMessageId, findSession, type PageGlobals } from './find-session.ts';
import {
  addListener,
  dispatch,
  readDetail,
  readTarget,
  removeListener,
  TellEvent,
} from './intrinsics.ts';
import { apply, slice, startsWith, startTimer, stopTimer, stringify } from './language.ts';
import {
  areYouThere,
  askEvent,
  callEvent,
  isReady,
  rideWith,
  tellEvent,
  wordEvent,
} from './names.ts';
import { startRider, type Rider } from './rider.ts';

/*
 * Runs in the page's own world. Everything it needs of the language and the DOM is taken when it is
 * evaluated, before the page's scripts can replace it; whatever comes from the page may throw, lie
 * or run the page's code.
 */

/** How often (ms) the isolated script is asked whether it is still there. */
const watch = 3000;
/** How often (ms) it is looked who is signed in: pages sign in, out and as others at any time. */
const lookEvery = 1000;

/**
 * Starts to answer the isolated script's questions, in place of a reader that was there before.
 * Leaves nothing on the page but one listener on its document, and cleans up after the isolated
 * script when that is gone without a word: Firefox ends it in the middle of what it does when the
 * extension is removed or updated, with no event that it could hear (seen in 153).
 */
export function startReader(document: Document, globals: PageGlobals): void {
  let signsOfLife = 0;
  let watching: ReturnType<typeof setInterval> | undefined;
  let stopRiding = (): void => undefined;
  const tell = (target: EventTarget, detail: string, name = tellEvent): void => {
    apply(dispatch, target, [new TellEvent(name, { detail })]);
  };
  const leave = (): void => {
    apply(removeListener, document, [askEvent, answer, true]);
    stopTimer(watching);
    stopRiding();
  };
  const look = (): void => {
    const before = signsOfLife;
    tell(document, areYouThere);
    if (signsOfLife > before) return;
    leave();
    sweep(document);
  };
  const ride = (word: string): void => {
    stopRiding();
    const rider: Rider = startRider({
      find: () => findSession(globals, document),
      tell: (said) => {
        tell(document, stringify(said), wordEvent(word));
      },
    });
    const take = (event: Event): void => {
      try {
        const call = apply(readDetail, event, []);
        if (call === 'session') rider.tellSession();
        else if (typeof call === 'string') rider.answer(call);
      } catch {
        // Nothing of ours: whoever asked hears nothing.
      }
    };
    const timer = startTimer(() => {
      rider.look();
    }, lookEvery);
    apply(addListener, document, [callEvent(word), take, true]);
    stopRiding = () => {
      apply(removeListener, document, [callEvent(word), take, true]);
      stopTimer(timer);
      rider.leave();
    };
    rider.tellSession();
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
      } else if (typeof question === 'string' && apply(startsWith, question, [rideWith])) {
        ride(apply(slice, question, [rideWith.length]));
      }
    } catch {
      // Something of the page threw while it was read: it then claims nothing.
    }
  };
  apply(dispatch, document, [new TellEvent(askEvent, { detail: 'leave' })]);
  apply(addListener, document, [askEvent, answer, true]);
  tell(document, isReady);
}
