import { getElementsByTagName, readFirstChild, readNext } from './intrinsics.ts';
import { apply, keep, lookUp, now, promise, settle, WeakTable } from './language.ts';
import { messageOfFibre, rootFibre, searchFibres } from './react-fibres.ts';
import {
  messageOfInstance,
  messageOfNode,
  searchApp,
  searchInstances,
  searchNodes,
} from './vue-nodes.ts';
import { askSeldom } from './seldom.ts';
import { call, keysOf, listOf, mayStep, peek, type Budget } from './wary.ts';

/**
 * What an SDK instance of a page can be asked: the same in @tencentcloud/chat 3, lite-chat 1 and
 * tim-js-sdk 2. Any of it may throw, lie or never answer.
 */
export interface PageChat {
  on(name: string, listener: unknown): unknown;
  off(name: string, listener: unknown): unknown;
  findMessage(id: unknown): unknown;
  getMessageList(request: unknown): unknown;
  getMessageListHopping?(request: unknown): unknown;
  getConversationList(): unknown;
  getGroupList?(): unknown;
  getGroupProfile?(request: unknown): unknown;
  getUserProfile?(request: unknown): unknown;
  revokeMessage(message: unknown): unknown;
  /** Not in tim-js-sdk, nor are the next two (2.27.6). */
  getServerTime?(): unknown;
  getLoginUser?(): unknown;
  isReady?(): unknown;
  createTextMessage?(message: unknown): unknown;
}

/** The session a page has. */
export interface FoundSession {
  readonly chat: PageChat;
  /** Undefined where the page does not tell: no SDK has a public call that does. */
  readonly sdkAppId: number | undefined;
  /** Undefined: nobody is signed in, yet or any more. */
  readonly userId: string | undefined;
  /**
   * The UserSig where the page hands it out, which only kits on lite-chat do. Called only when the
   * user chose so; nothing else may touch it.
   */
  readonly signature: () => string | undefined;
}

/** What a page may have put on its window. */
export interface PageGlobals {
  /** The login of kits on lite-chat: chat-uikit-react 3 to 6, chat-uikit-vue 3, chat-uikit-vue3 6. */
  readonly __$RTC_TUILogin__?: unknown;
  /** That of chat-uikit-vue 1. */
  readonly TUIKitTUICore?: unknown;
  /** Where Tencent's demos, and most pages made from them, put their SDK. */
  readonly tim?: unknown;
  readonly chat?: unknown;
  readonly TUIKit?: unknown;
}

/** What a session was made of. `about` tells SDKAppID and user, where something does. */
interface Candidate {
  readonly chat: PageChat;
  readonly about?: unknown;
}

/** Fewest milliseconds between two walks through a page's components. */
const rest = 1000;
/** A walk takes at most this many milliseconds, and steps. */
const longestWalk = 8;
const mostSteps = 20_000;
/**
 * Of an element's children so many are looked into: an app is not mounted in the thousandth row of a
 * list, and looking there took up to 8 ms for ten thousand of them.
 */
const mostChildren = 100;
/** After a walk, so many times its length goes by before the next: at most one hundredth of the time. */
const patience = 100;

/** Where something was found the last time, and when it may be walked again. */
let remembered: { readonly document: Document; readonly chat: PageChat } | undefined;
let nextWalk = 0;

/**
 * The session of the page; undefined where none can be reached. Cheap enough to be called every
 * second: what lies on the window is looked up, and what was found among components is remembered.
 */
export function findSession(globals: PageGlobals, document: Document): FoundSession | undefined {
  let signedOut: FoundSession | undefined;
  const consider = (candidate: Candidate | undefined): FoundSession | undefined => {
    if (!candidate) return undefined;
    const session = describe(candidate, globals);
    if (session.userId !== undefined) return session;
    signedOut ??= session;
    return undefined;
  };
  const login = contextOf(globals);
  const core = peek(globals, 'TUIKitTUICore');
  return (
    consider(candidateOf(peek(login, 'chat'), login)) ??
    consider(candidateOf(peek(core, 'tim'), core)) ??
    consider(candidateOf(peek(globals, 'tim'))) ??
    consider(candidateOf(peek(globals, 'chat'))) ??
    consider(candidateOf(peek(globals, 'TUIKit'))) ??
    consider(remembered?.document === document ? candidateOf(remembered.chat) : undefined) ??
    consider(walk(document)) ??
    signedOut
  );
}

/** The message's id behind a row or placeholder that names none. */
export function findMessageId(element: Element): string | undefined {
  try {
    const message = messageOfFibre(element) ?? messageOfInstance(element) ?? messageOfNode(element);
    // `ID` is the SDK's name for it, `msgID` that of chat-uikit-react 6 and chat-uikit-vue3 6.
    const id = peek(message, 'msgID') ?? peek(message, 'ID');
    return typeof id === 'string' && id !== '' ? id : undefined;
  } catch {
    return undefined;
  }
}

/** Kits on lite-chat make it anew each time they are asked (seen with chat-uikit-react 6.1.7). */
function contextOf(globals: PageGlobals): unknown {
  return call(peek(globals, '__$RTC_TUILogin__'), 'getContext');
}

function candidateOf(value: unknown, about?: unknown): Candidate | undefined {
  return isChat(value) ? { chat: value, about } : undefined;
}

const chatMethods = [
  'on',
  'off',
  'findMessage',
  'getMessageList',
  'getConversationList',
  'revokeMessage',
] as const;

function isChat(value: unknown): value is PageChat {
  // eslint-disable-next-line @typescript-eslint/prefer-for-of -- the page can replace iterators
  for (let at = 0; at < chatMethods.length; at += 1) {
    if (typeof peek(value, chatMethods[at] ?? '') !== 'function') return false;
  }
  return true;
}

function describe({ chat, about }: Candidate, globals: PageGlobals): FoundSession {
  const app = peek(about, 'SDKAppID');
  const claimed = peek(about, 'userID');
  const user = userOf(chat);
  // While a page signs out or lets another user in, its SDK and its kit may not agree.
  const isAgreed = typeof claimed !== 'string' || claimed === user;
  const userId = isAgreed ? user : undefined;
  return {
    chat,
    sdkAppId: typeof app === 'number' && app > 0 && app % 1 === 0 ? app : undefined,
    userId,
    signature: () => {
      const login = contextOf(globals);
      if (
        userId === undefined ||
        peek(login, 'chat') !== chat ||
        peek(login, 'userID') !== userId
      ) {
        return undefined;
      }
      const signature = peek(login, 'userSig');
      return typeof signature === 'string' && signature !== '' ? signature : undefined;
    },
  };
}

function userOf(chat: PageChat): string | undefined {
  const user = askSeldom(chat, 'user', () =>
    typeof peek(chat, 'getLoginUser') === 'function' ? call(chat, 'getLoginUser') : profileOf(chat),
  );
  return typeof user === 'string' && user !== '' ? user : undefined;
}

/** An answer this late (ms) is not awaited any more. */
const latest = 5000;
/** Milliseconds for which a profile is as good as new. */
const fresh = 500;

interface Profile {
  user: unknown;
  isAwaited: boolean;
  askedAt: number;
}
const profiles = new WeakTable<PageChat, Profile>();

/**
 * Who is signed in, by a promise of the SDK: tim-js-sdk tells it in no other way. It answers from
 * its memory, and refuses when nobody is signed in (2.27.6), so it is asked anew each time and what
 * it said the last time counts.
 */
function profileOf(chat: PageChat): unknown {
  const time = now();
  let profile = apply(lookUp, profiles, [chat]) as Profile | undefined;
  if (profile === undefined) {
    profile = { user: undefined, isAwaited: false, askedAt: -latest };
    apply(keep, profiles, [chat, profile]);
  }
  const known = profile;
  if (known.isAwaited && time - known.askedAt > latest) known.user = undefined;
  if (known.isAwaited || time - known.askedAt < fresh) return known.user;
  known.isAwaited = true;
  known.askedAt = time;
  const learn = (user: unknown): void => {
    known.user = user;
    known.isAwaited = false;
  };
  try {
    void apply(settle, promise(call(chat, 'getMyProfile')), [
      (answer: unknown) => {
        learn(peek(peek(answer, 'data'), 'userID'));
      },
      () => {
        learn(undefined);
      },
    ]);
  } catch {
    learn(undefined);
  }
  return known.user;
}

/**
 * Looks through the page's components, now and then: chat-uikit-react 2 and chat-uikit-vue 2 put
 * nothing on the window, and the latter shows its SDK only while a conversation is open (2.5.6).
 */
function walk(document: Document): Candidate | undefined {
  const begun = now();
  if (begun < nextWalk) return undefined;
  const budget: Budget = { steps: mostSteps, until: begun + longestWalk };
  let chat: PageChat | undefined;
  try {
    chat = searchDocument(document, budget);
  } catch {
    // Something of the page threw: it is as if nothing were there.
  }
  const end = now();
  nextWalk = end + rest + patience * (end - begun);
  if (!chat) return undefined;
  remembered = { document, chat };
  return { chat };
}

function searchDocument(document: Document, budget: Budget): PageChat | undefined {
  let signedOut: PageChat | undefined;
  const consider = (held: unknown): PageChat | undefined => {
    const chat = chatIn(held);
    if (!chat || userOf(chat) !== undefined) return chat;
    signedOut ??= chat;
    return undefined;
  };
  let lastRoot: unknown;
  const searchElement = (element: Element): PageChat | undefined => {
    const keys = keysOf(element);
    for (let each = 0; each < keys.length && mayStep(budget); each += 1) {
      const key = keys[each] ?? '';
      let found: PageChat | undefined;
      if (key === '__vue_app__') found = searchApp(peek(element, key), consider);
      else if (key === '_vnode') found = searchNodes(peek(element, key), consider, budget);
      else if (key === '__vue__') {
        const root = peek(peek(element, key), '$root');
        if (root !== lastRoot) found = searchInstances(root, consider, budget);
        lastRoot = root;
      } else {
        const root = rootFibre(key, element);
        if (root !== undefined) found = searchFibres(root, consider, budget);
      }
      if (found) return found;
    }
    return undefined;
  };
  const search = (first: Element | null | undefined): PageChat | undefined => {
    let element = first;
    for (let at = 0; at < mostChildren && element && mayStep(budget); at += 1) {
      const found =
        searchElement(element) ?? search(apply(readFirstChild, element, []) as Element | null);
      if (found) return found;
      element = apply(readNext, element, []) as Element | null;
    }
    return undefined;
  };
  return search(apply(getElementsByTagName, document, ['*'])[0]) ?? signedOut;
}

/**
 * The SDK in what a component holds: itself, in a context, or behind a model of chat-uikit-engine,
 * which leads to its engine and that to the SDK. Of a list the first model will do.
 */
function chatIn(held: unknown): PageChat | undefined {
  if (typeof held !== 'object' || held === null) return undefined;
  if (isChat(held)) return held;
  const inside = peek(held, 'chat');
  if (isChat(inside)) return inside;
  const model = listOf(held)[0] ?? held;
  const behind = peek(call(model, 'getEngine'), 'chat');
  return isChat(behind) ? behind : undefined;
}
