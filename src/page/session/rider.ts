import {
  copyConversationAnswer,
  copyConversations,
  copyGroupAnswer,
  copyGroups,
  copyMessage,
  copyMessages,
  copyPage,
  copyProfiles,
  copyRead,
  copyReceipts,
} from './copies.ts';
import { codeOf, codes, failure } from './failures.ts';
import type { FoundSession, PageChat } from './find-session.ts';
import { isArray, parse, stringify } from './language.ts';
import { readPage } from './page-history.ts';
import { askAnew, askSeldom, stir } from './seldom.ts';

/*
 * Runs in the page's own world and asks the page's own SDK, by its public calls only. Whatever comes
 * from the page may throw, lie or run the page's code; the worker believes none of it unchecked.
 */

/** Events of the SDK that are told, with what is copied of each. */
const told: Readonly<Record<string, (data: unknown) => unknown>> = {
  onMessageReceived: copyMessages,
  onMessageModified: copyMessages,
  onMessageRevoked: copyMessages,
  onMessageReadByPeer: copyRead,
  onMessageReadReceiptReceived: copyReceipts,
  onConversationListUpdated: copyConversations,
  onGroupListUpdated: copyGroups,
  netStateChange: (data) => ({ state: (data as { state?: unknown } | undefined)?.state }),
};
const eventNames = [
  'onMessageReceived',
  'onMessageModified',
  'onMessageRevoked',
  'onMessageReadByPeer',
  'onMessageReadReceiptReceived',
  'onConversationListUpdated',
  'onGroupListUpdated',
  'netStateChange',
] as const;

/** Events after which somebody else may be signed in, or nobody; `sdkDestroy` is not in older SDKs. */
const turns = ['sdkStateReady', 'sdkStateNotReady', 'kickedOut', 'sdkDestroy'] as const;

/** What the rider says to the isolated script; each is written as JSON. */
export type RiderWord =
  /** Who is signed in in the page, whenever that changes; without a user nobody is. */
  | { readonly news: 'session'; readonly of: RiderSession }
  /** The SDK told something. */
  | { readonly news: 'event'; readonly name: string; readonly of: unknown }
  /** The answer to call `n`, or the code of why there is none. */
  | { readonly n: number; readonly ok: unknown }
  | { readonly n: number; readonly code: number };

/** A page's session as the page tells it. */
export interface RiderSession {
  /** Whether there is an SDK in the page that can be reached. */
  readonly isFound: boolean;
  /** SDKAppID; 0 where the page does not tell. */
  readonly app: number;
  readonly user: string | undefined;
  readonly isReady: boolean;
}

/** Rides the page's session for whoever asks. */
export interface Rider {
  /** Looks who is signed in, and says so if it changed. */
  look(): void;
  /** Who is signed in, told again whether or not it changed. */
  tellSession(): void;
  /** Takes a call, written as JSON `{ n, as, method, argument }`; answers by `tell`. */
  answer(call: string): void;
  /** Hears the SDK no more. */
  leave(): void;
}

export interface RiderOptions {
  /** Finds the page's session, cheaply when it was found before. */
  readonly find: () => FoundSession | undefined;
  readonly tell: (word: RiderWord) => void;
}

/** Starts to ride; hears no more of the SDK than who is signed in before it is told to begin. */
export function startRider({ find, tell }: RiderOptions): Rider {
  let session: FoundSession | undefined;
  let last = '';
  let heard: PageChat | undefined;
  let watched: PageChat | undefined;
  let isUp = true;
  /** Whether somebody wants to hear: also after the page made another SDK instance. */
  let isWanted = false;
  /** Whether everything was heard since it was last begun. */
  let goesOn = false;

  const hear = (name: string, event: unknown): void => {
    try {
      const data = (event as { readonly data?: unknown } | null | undefined)?.data;
      const copy = told[name]?.(data);
      if (name === 'netStateChange') isUp = (copy as { state?: unknown }).state === 'connected';
      tell({ news: 'event', name, of: copy });
    } catch {
      // Something of the page threw while it was read: it is as if it had told nothing.
    }
  };
  const ears = {} as Record<(typeof eventNames)[number], Ear>;
  // eslint-disable-next-line @typescript-eslint/prefer-for-of -- the page can replace iterators
  for (let at = 0; at < eventNames.length; at += 1) {
    const name = eventNames[at] ?? 'netStateChange';
    ears[name] = (event) => {
      hear(name, event);
    };
  }
  const deafen = (): void => {
    if (heard) onEach(heard, 'off', eventNames, ears);
    heard = undefined;
    goesOn = false;
  };
  const listen = (chat: PageChat): void => {
    if (heard === chat) return;
    deafen();
    isUp = true;
    heard = chat;
    onEach(chat, 'on', eventNames, ears);
  };

  const turn = (): void => {
    if (watched) stir(watched);
    look(false);
  };
  const ofTurns: Ears<(typeof turns)[number]> = {
    sdkStateReady: turn,
    sdkStateNotReady: turn,
    kickedOut: turn,
    sdkDestroy: turn,
  };
  /** Has it tell when another question is worth it. */
  const watch = (chat: PageChat | undefined): void => {
    if (watched === chat) return;
    if (watched) onEach(watched, 'off', turns, ofTurns);
    watched = chat;
    if (chat) onEach(chat, 'on', turns, ofTurns);
  };

  const describe = (): RiderSession => {
    try {
      session = find();
    } catch {
      session = undefined;
    }
    watch(session?.chat);
    const user = session?.userId;
    return {
      isFound: session !== undefined,
      app: session?.sdkAppId ?? 0,
      user,
      isReady: session !== undefined && user !== undefined && isReadyNow(session.chat),
    };
  };
  const look = (isAsked: boolean): void => {
    const now = describe();
    if (isWanted && session && now.user !== undefined) listen(session.chat);
    else if (now.user === undefined) deafen();
    const json = stringify(now);
    if (!isAsked && json === last) return;
    last = json;
    tell({ news: 'session', of: now });
  };

  const answer = async (method: unknown, argument: unknown): Promise<unknown> => {
    const found = session;
    if (!found) throw failure(codes.notSignedIn);
    const { chat } = found;
    switch (method) {
      case 'begin': {
        isWanted = true;
        listen(chat);
        const before = goesOn;
        goesOn = true;
        return {
          isReady: isReady(chat),
          isUp,
          serverTime: serverTime(chat),
          drift: clockDrift(),
          goesOn: before,
        };
      }
      case 'rest':
        isWanted = false;
        deafen();
        return true;
      case 'find':
        return findMessages(chat, argument);
      case 'signature':
        return found.signature();
      case 'revokeMessage':
        return revoke(chat, argument as Target);
      case 'getConversationList':
        return copyConversationAnswer(await chat.getConversationList());
      case 'getMessageListHopping':
        return copyPage(await readPage(chat, argument));
      case 'getGroupList':
        return copyGroupAnswer(await readGroups(chat));
      case 'getGroupProfile':
        await chat.getGroupProfile?.(argument);
        return true;
      case 'getUserProfile':
        return copyProfiles(await chat.getUserProfile?.(argument));
      default:
        throw failure(codes.failed);
    }
  };

  const take = async (call: string): Promise<void> => {
    let n = 0;
    try {
      const { n: number, as, method, argument } = parse(call) as Call;
      n = number;
      // The page's user may have changed since this was asked.
      if (session) askAnew(session.chat);
      look(false);
      if (as !== session?.userId) throw failure(codes.notSignedIn);
      const ok = await answer(method, argument);
      tell({ n, ok });
    } catch (error) {
      tell({ n, code: codeOf(error) });
    }
  };

  return {
    look: () => {
      look(false);
    },
    tellSession: () => {
      look(true);
    },
    answer: (call) => {
      void take(call);
    },
    leave: () => {
      isWanted = false;
      deafen();
      watch(undefined);
    },
  };
}

type Ear = (event: unknown) => void;
type Ears<Name extends string> = Readonly<Record<Name, Ear>>;

/** Begins or ends to listen. A page's SDK without one of these events tells less. */
function onEach<Name extends string>(
  chat: PageChat,
  how: 'on' | 'off',
  names: readonly Name[],
  ears: Ears<Name>,
): void {
  // eslint-disable-next-line @typescript-eslint/prefer-for-of -- the page can replace iterators
  for (let at = 0; at < names.length; at += 1) {
    const name = names[at];
    if (name === undefined) continue;
    try {
      chat[how](name, ears[name]);
    } catch {
      // It has no such event.
    }
  }
}

interface Call {
  readonly n: number;
  readonly as: unknown;
  readonly method: unknown;
  readonly argument: unknown;
}

interface Target {
  readonly ID: string;
  readonly conversationID: string;
  readonly from: string;
  readonly sequence: number;
  readonly random: number;
  readonly time: number;
}

function isReadyNow(chat: PageChat): boolean {
  return askSeldom(chat, 'isReady', () => isReady(chat)) === true;
}

/** Asked where somebody is signed in: an SDK that cannot say more is ready then (tim-js-sdk). */
function isReady(chat: PageChat): boolean {
  try {
    const ready = chat.isReady?.();
    return typeof ready === 'boolean' ? ready : serverTime(chat) !== undefined;
  } catch {
    return false;
  }
}

/** Server milliseconds by the page's SDK; undefined while it does not know, or cannot tell. */
function serverTime(chat: PageChat): number | undefined {
  try {
    const time =
      typeof chat.getServerTime === 'function' ? chat.getServerTime() : timeOfNewMessage(chat);
    // Not signed in, it gives a rejected promise (seen with 3.6.6).
    if (typeof time === 'object') Promise.resolve(time).catch(() => undefined);
    return typeof time === 'number' && time > 0 && time < 8e15 ? time : undefined;
  } catch {
    return undefined;
  }
}

/**
 * How far this computer's clock was set since the page was opened, or for how long the computer
 * slept, ms: the SDK counts the server's time by that clock, from when it signed in.
 */
function clockDrift(): number | undefined {
  try {
    return Math.round(Date.now() - performance.timeOrigin - performance.now());
  } catch {
    // The page has made something else of its clocks.
    return undefined;
  }
}

/**
 * tim-js-sdk does not tell the service's time, but writes it, in seconds, on each message it makes
 * (seen in 2.27.6). One that is made is neither sent nor kept: no request, no event, nothing in the
 * SDK's lists. None of its public calls says more: messages that came tell only that it is not
 * earlier than they, and by that a recall could not be told to be in time; its answers from the
 * service pass in a worker of its own.
 */
function timeOfNewMessage(chat: PageChat): unknown {
  const message = chat.createTextMessage?.({
    to: 'nobody',
    conversationType: 'C2C',
    payload: { text: '-' },
  });
  // Not signed in, it gives a rejected promise.
  Promise.resolve(message).catch(() => undefined);
  const seconds = (message as { readonly clientTime?: unknown } | undefined)?.clientTime;
  return typeof seconds === 'number' ? seconds * 1000 : undefined;
}

/** What the SDK has in memory and the service took. */
function findMessages(chat: PageChat, ids: unknown): unknown {
  const found: unknown[] = [];
  if (!isArray(ids)) return found;
  for (let at = 0; at < ids.length && at < 500; at += 1) {
    try {
      const message = chat.findMessage(ids[at]) as { readonly status?: unknown } | null;
      if (!message || (message.status !== undefined && message.status !== 'success')) continue;
      found[found.length] = copyMessage(message);
    } catch {
      // Something of the page threw while it was read: it is as if it were not there.
    }
  }
  return found;
}

/**
 * Recalls just the message that was named: where the SDK holds another one under this id, nothing
 * is recalled. Its own object is handed over, so that the page learns of the recall as well.
 */
async function revoke(chat: PageChat, target: Target): Promise<unknown> {
  const live = chat.findMessage(target.ID) as (Target & { readonly isRevoked?: unknown }) | null;
  if (live) {
    const isSame =
      live.ID === target.ID &&
      live.conversationID === target.conversationID &&
      live.from === target.from &&
      live.sequence === target.sequence &&
      live.random === target.random &&
      live.time === target.time;
    if (!isSame) throw failure(codes.notFound);
    // Handed a message it holds for recalled, an SDK throws without a code (seen with 3.6.6).
    if (live.isRevoked === true) throw failure(codes.alreadyRecalled);
  }
  await chat.revokeMessage(live ?? target);
  return true;
}

/** A page built without the SDK's groups has none; any other failure is one. */
async function readGroups(chat: PageChat): Promise<unknown> {
  try {
    return await chat.getGroupList?.();
  } catch (error) {
    const code = codeOf(error);
    if (code === codes.failed || code === codes.noModule) return undefined;
    throw failure(code);
  }
}
