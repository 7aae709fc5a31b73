import * as v from 'valibot';
import { AskError } from '../../contract/asking.ts';
import type { Answered } from '../../contract/contract.ts';
import type { PageSession } from '../../contract/lines/page.ts';
import type { ask } from '../../contract/page-ask.ts';
import {
  missedEvents,
  type answerSeat,
  type SeatCall,
  type SeatReply,
} from '../../contract/seat.ts';
import { hearWayBack } from '../../contract/way-back.ts';
import { askEvent, callEvent, isReady, rideWith, tellEvent, wordEvent } from './names.ts';

/** Longest text of one word of the rider: a page of history has some 30 kB. */
const longestWord = 2_000_000;
/** Events are gathered this long (ms), so that a burst is a few messages to the worker. */
const gathering = 30;
/** Events per message to the worker. */
const most = 100;
/** Events that wait while the worker does not answer; of later ones it is told that there were some. */
const mostWaiting = 1_000;
/** Pauses before asking a worker again that did not answer, ms. */
const firstPause = 500;
const longestPause = 30_000;
/** How often events are told that nobody took; after that it waits until something else is told. */
const mostTries = 5;

/** The SDK's code for no answer in time. */
const timedOut = 2801;

/** Stands for events that are not handed on, or cannot be read; the worker catches up. */
const missed = { name: missedEvents, data: 0 };

/** By their `news`; an answer to a call has none. */
const Word = v.variant('news', [
  v.object({
    news: v.literal('session'),
    of: v.object({
      isFound: v.boolean(),
      app: v.number(),
      user: v.optional(v.string()),
      isReady: v.boolean(),
    }),
  }),
  v.object({ news: v.literal('event'), name: v.string(), of: v.optional(v.unknown()) }),
  v.object({
    news: v.optional(v.undefined()),
    n: v.number(),
    code: v.optional(v.number()),
    ok: v.optional(v.unknown()),
  }),
]);

export interface FerryOptions {
  readonly document: Document;
  readonly window: Window;
  readonly ask: typeof ask;
  readonly answerSeat: typeof answerSeat;
  /** Whether the worker lets the page's rows be decorated; told with every change. */
  readonly onAnswer: (answer: Answered<'pageSession'>) => void;
  /** The worker does not want to hear from this page: the site is off, or never was on. */
  readonly onRefused: () => void;
  readonly signal: AbortSignal;
}

/**
 * Carries the page's session between the rider in the page's world and the worker: the worker's
 * calls to the one, the SDK's events to the other. Holds nothing itself.
 */
export function startFerry(options: FerryOptions): void {
  const { document, window, ask, answerSeat, onAnswer, onRefused, signal } = options;
  const seat = crypto.randomUUID();
  let secret = '';
  const waiting = new Map<number, (reply: SeatReply) => void>();
  const events: { name: string; data: unknown }[] = [];
  /** How often the events that are first in line were told to nobody. */
  let tries = 0;
  let calls = 0;
  let session: PageSession | undefined;
  /** Counts the rider's words, to see whether it answers. */
  let words = 0;
  let isTelling = false;
  let mustTell = false;
  let flushing: ReturnType<typeof setTimeout> | undefined;
  let pause = 0;

  const say = (name: string, detail: string): void => {
    document.dispatchEvent(new CustomEvent(name, { detail }));
  };

  /** Tells the worker whose session the page has; told again while it tells, once more after. */
  const tellSession = async (): Promise<void> => {
    mustTell = true;
    if (isTelling) return;
    isTelling = true;
    const isWanted = (): boolean => mustTell && !signal.aborted;
    while (isWanted()) {
      mustTell = false;
      try {
        const answer = await ask('pageSession', {
          seat,
          isVisible: !document.hidden,
          ...(session && { session }),
        });
        pause = 0;
        if (!signal.aborted) onAnswer(answer);
      } catch (error) {
        if (error instanceof AskError && error.isRefused) onRefused();
        else {
          // No worker, for now or for good; whether for good the news find out.
          pause = Math.min(pause * 2 || firstPause, longestPause);
          // Left meanwhile, it tells nothing.
          setTimeout(() => void tellSession(), pause);
        }
        break;
      }
    }
    isTelling = false;
  };

  const flush = async (): Promise<void> => {
    const batch = events.splice(0, most);
    if (batch.length === 0 || signal.aborted) return;
    try {
      const { isKnown } = await ask('pageEvents', { seat, events: batch });
      tries = 0;
      if (!isKnown) await tellSession();
    } catch {
      // The worker may live on, and would not know that it missed anything. Told twice is told once.
      tries = (tries + 1) % mostTries;
      events.unshift(...(tries > 0 ? batch : [missed]));
      if (tries === 0) return;
    }
    if (events.length > 0) flushSoon(gathering + tries * firstPause);
  };
  const flushSoon = (delay: number = gathering): void => {
    flushing ??= setTimeout(() => {
      flushing = undefined;
      void flush();
    }, delay);
  };
  const putInLine = (event: (typeof events)[number]): void => {
    if (events.length < mostWaiting) events.push(event);
    else if (events.at(-1) !== missed) events.push(missed);
    flushSoon();
  };

  const hear = (event: Event): void => {
    const word = readWord((event as CustomEvent<unknown>).detail);
    words += 1;
    if (!word) putInLine(missed);
    else if (word.news === undefined) {
      const { n, code, ok } = word;
      waiting.get(n)?.(code === undefined ? { ok } : { code });
    } else if (word.news === 'event') {
      putInLine({ name: word.name, data: word.of });
    } else {
      session = word.of;
      void tellSession();
    }
  };

  const call = (asked: SeatCall): Promise<SeatReply> =>
    new Promise((resolve) => {
      const n = (calls += 1);
      const settle = (reply: SeatReply): void => {
        clearTimeout(timer);
        waiting.delete(n);
        resolve(reply);
      };
      const timer = setTimeout(() => {
        settle({ code: timedOut });
      }, asked.ms);
      waiting.set(n, settle);
      // Whoever calls is awake.
      flushSoon();
      // A tab that was frozen hears late what nobody waits for any more. The clock may have been set back.
      if (Math.abs(Date.now() - asked.at) < asked.ms) {
        say(callEvent(secret), JSON.stringify({ n, ...asked }));
      }
    });

  /** Agrees with the rider on a word of their own, unless the last one still holds. */
  const join = (): void => {
    const before = words;
    if (secret !== '') say(callEvent(secret), 'session');
    // An answer comes before the question returns, or never.
    if (words > before) return;
    document.removeEventListener(wordEvent(secret), hear);
    secret = crypto.randomUUID();
    document.addEventListener(wordEvent(secret), hear, { signal });
    say(askEvent, `${rideWith}${secret}`);
  };

  document.addEventListener(
    tellEvent,
    (event) => {
      // After an update of the extension a new reader may come after us, in place of an old one.
      if ((event as CustomEvent<unknown>).detail === isReady) join();
    },
    { signal },
  );
  document.addEventListener(
    'visibilitychange',
    () => {
      if (!document.hidden) void tellSession();
    },
    { signal },
  );
  // Chromium does not tell workers; and one that is asleep may have recalls that wait for it.
  window.addEventListener(
    'online',
    () => {
      void tellSession();
    },
    { signal },
  );
  window.addEventListener(
    'pagehide',
    () => {
      ask('pageLeft', { seat }).catch(() => undefined);
    },
    { signal },
  );
  // Back from the browser's memory, where it had left.
  hearWayBack(window, () => void tellSession(), signal);
  signal.addEventListener('abort', () => {
    clearTimeout(flushing);
    for (const settle of waiting.values()) settle({ code: timedOut });
  });
  answerSeat(seat, { answer: call, onLeave: onRefused }, signal);
  join();
  // Said at once, whatever the page is going to be: from now on nobody signs in beside it.
  void tellSession();
}

function readWord(text: unknown): v.InferOutput<typeof Word> | undefined {
  if (typeof text !== 'string' || text.length > longestWord) return undefined;
  try {
    const word = v.safeParse(Word, JSON.parse(text));
    return word.success ? word.output : undefined;
  } catch {
    return undefined;
  }
}
