import { apply, ownKeys, startsWith } from './intrinsics.ts';

/** What an SDK instance of a page can be asked. Any of it may throw, lie or never answer. */
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
  getServerTime?(): unknown;
  getLoginUser?(): unknown;
  isReady?(): unknown;
}

/** The session a page has. */
export interface FoundSession {
  readonly chat: PageChat;
  /** Undefined where the page does not tell. */
  readonly sdkAppId: number | undefined;
  /** Undefined: nobody is signed in, yet or any more. */
  readonly userId: string | undefined;
  /** The UserSig where the page hands it out. Called only when the user chose so. */
  readonly signature: () => string | undefined;
}

/** What a page may have put on its window. */
export interface PageGlobals {
  readonly __$RTC_TUILogin__?: {
    getContext?: () => {
      chat?: unknown;
      SDKAppID?: unknown;
      userID?: unknown;
      userSig?: unknown;
    };
  };
  readonly chat?: unknown;
  readonly tim?: unknown;
}

/** The session of the page; undefined where none can be reached. */
export function findSession(globals: PageGlobals): FoundSession | undefined {
  const context = globals.__$RTC_TUILogin__?.getContext?.();
  const chat = isChat(context?.chat)
    ? context.chat
    : isChat(globals.chat)
      ? globals.chat
      : isChat(globals.tim)
        ? globals.tim
        : undefined;
  if (!chat) return undefined;
  const app = context?.SDKAppID;
  const user = context?.userID ?? chat.getLoginUser?.();
  return {
    chat,
    sdkAppId: typeof app === 'number' ? app : undefined,
    userId: typeof user === 'string' && user !== '' ? user : undefined,
    signature: () => {
      const userSig = globals.__$RTC_TUILogin__?.getContext?.().userSig;
      return typeof userSig === 'string' ? userSig : undefined;
    },
  };
}

function isChat(value: unknown): value is PageChat {
  if (typeof value !== 'object' || value === null) return false;
  const chat = value as Partial<PageChat>;
  return typeof chat.on === 'function' && typeof chat.revokeMessage === 'function';
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
export function findMessageId(element: Element): string | undefined {
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
