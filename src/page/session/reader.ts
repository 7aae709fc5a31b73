import { sweep } from '../sweep.ts';
import { areYouThere, askEvent, isReady, tellEvent } from './names.ts';

/*
 * Runs in the page's own world. Everything it needs of the language and the DOM is taken when this
 * file is evaluated, before the page's scripts can replace it; whatever comes from the page may
 * throw, lie or run the page's code.
 */
const { apply, ownKeys } = Reflect;
/* eslint-disable @typescript-eslint/unbound-method -- they are called with their object by `apply` */
const addListener = EventTarget.prototype.addEventListener;
const removeListener = EventTarget.prototype.removeEventListener;
const dispatch = EventTarget.prototype.dispatchEvent;
const startsWith = String.prototype.startsWith;
/* eslint-enable @typescript-eslint/unbound-method */
const TellEvent = CustomEvent;
const startTimer = setInterval;
const stopTimer = clearInterval;
const readTarget = getterOf(Event.prototype, 'target');
const readDetail = getterOf(CustomEvent.prototype, 'detail');

function getterOf(prototype: object, name: string): (this: unknown) => unknown {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its event by `apply`
  const getter = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  if (!getter) throw new TypeError(`${name} is not readable`);
  return getter;
}

/** What a page may have put on its window; see `readSession`. */
interface PageGlobals {
  readonly __$RTC_TUILogin__?: { getContext?: () => { SDKAppID?: unknown; userID?: unknown } };
  readonly chat?: { getLoginUser?: () => unknown };
  readonly tim?: { getLoginUser?: () => unknown };
}

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
        const session = readSession(globals);
        if (session !== undefined) tell(target, session);
      } else if (question === 'message') {
        const id = readFibre(target);
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

/**
 * Who the page is signed in as. Kits on lite-chat put their login on the window (seen with
 * chat-uikit-react 6.1.7 and chat-uikit-vue 3.0.2); of what it hands out only these two fields are
 * touched. Other pages often keep their SDK there, which tells the user, but not the app (3.6.6).
 */
function readSession(globals: PageGlobals): string | undefined {
  const context = globals.__$RTC_TUILogin__?.getContext?.();
  const app = context?.SDKAppID;
  const user = context?.userID;
  if (typeof user === 'string' && user !== '') {
    return typeof app === 'number' ? `${app}:${user}` : `:${user}`;
  }
  const login = globals.chat?.getLoginUser?.() ?? globals.tim?.getLoginUser?.();
  return typeof login === 'string' && login !== '' ? `:${login}` : undefined;
}

/** Components between an element and the one that was given the message: three in 6.1.7. */
const furthest = 6;

interface Fibre {
  readonly return?: Fibre | null;
  readonly memoizedProps?: { readonly message?: { msgID?: unknown; ID?: unknown } | null } | null;
}

/**
 * The id of the message a React component was given, for placeholders that carry none: `ID` is the
 * SDK's name for it (chat-uikit-react 2.x and 3.x), `msgID` that of 6.x.
 */
function readFibre(element: EventTarget): string | undefined {
  const keys = ownKeys(element);
  // An index, not an iterator: the page can replace those.
  // eslint-disable-next-line @typescript-eslint/prefer-for-of
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at];
    if (typeof key !== 'string' || !apply(startsWith, key, ['__reactFiber$'])) continue;
    let fibre = (element as unknown as Record<string, Fibre | null | undefined>)[key];
    for (let steps = 0; fibre && steps <= furthest; steps += 1) {
      const message = fibre.memoizedProps?.message;
      const id = message?.msgID ?? message?.ID;
      if (typeof id === 'string') return id;
      fibre = fibre.return;
    }
  }
  return undefined;
}
