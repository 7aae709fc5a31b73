import * as v from 'valibot';
import {
  LinkError,
  networkDown,
  nothing,
  timedOut,
  type Glimpse,
  type PageSeat,
  type RidingLink,
  type SeatMethod,
} from '../link.ts';
import { ConversationId, userOf, type AccountId } from '../../message/message.ts';
import type { MessageId } from '../../message/message.ts';
import type { Asking, Caller } from './caller.ts';

import { makeReadingPace } from './read-back.ts';
import { readMessages } from './readings.ts';
import { SdkLink } from './sdk-link.ts';
import { sdkEvents, type SdkEvent } from './sdk-shape.ts';

/** The SDK gives up after 15 s; this is for when the page does not answer at all, ms. */
const longestCall = 17_000;
/** What a page answers from its own memory it answers at once, ms. */
const longestPeek = 2_000;
/** A page that the browser froze is to rest all the same when it wakes, ms. */
const longestSleep = 86_400_000;
/** A conversation's newest message that is older than this is no news; catching up finds it, s. */
const longestNews = 600;

/** More than what a clock is adjusted by in passing, ms. */
const longestDrift = 2_000;
/** A message is younger than this when it is told at once, ms. */
const longestWay = 10_000;

/** A link that rides the session of a page. */
export interface PageLink extends RidingLink {
  /** How many malformed things came from the page and were left out. */
  readonly malformed: number;
}

/** Makes a link without a page, closed until `open()`. */
export function makePageLink(account: AccountId): PageLink {
  return new TencentPageLink(account);
}

/** What a page says of its session when it begins to tell. */
const Beginning = v.object({
  isReady: v.boolean(),
  isUp: v.boolean(),
  serverTime: v.optional(v.pipe(v.number(), v.minValue(1_400_000_000_000), v.maxValue(8e15))),
  drift: v.fallback(v.number(), NaN),
  /** It has told everything since it was asked the last time. */
  goesOn: v.fallback(v.boolean(), false),
});

const NetNews = v.object({ state: v.string() });

/** Of a conversation: who wrote its newest message, and when. */
const Newest = v.object({
  conversationID: ConversationId,
  lastMessage: v.object({
    fromAccount: v.string(),
    lastTime: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    lastSequence: v.fallback(v.number(), 0),
  }),
});

const eventNames: ReadonlySet<string> = new Set(Object.values(sdkEvents));

class TencentPageLink extends SdkLink implements PageLink {
  readonly tellsAll = false;
  protected pace = makeReadingPace('page');
  #seat: PageSeat | undefined;
  #caller: Caller | undefined;
  #isOpen = false;
  /** How far the clock was set by which the page's SDK counts, ms; NaN where that is not known. */
  #drift = NaN;
  /** Whether a message came that was young by the page's time: then that is not ahead. */
  #isYoungSeen = false;
  /** Counts beginnings and ends: whatever was begun in an earlier life has no say any more. */
  #life = 0;
  /** The newest message of each conversation, where it is mine. */
  readonly #newest = new Map<ConversationId, string>();

  constructor(account: AccountId) {
    super(account);
    this.announcer.hear((event) => {
      if (event.kind !== 'messages') return;
      const newest = Math.max(...event.messages.map(({ time }) => time * 1000));
      this.#isYoungSeen ||= Math.abs(this.now() - newest) < longestWay;
    });
  }

  protected get caller(): Caller | undefined {
    return this.#isOpen ? this.#caller : undefined;
  }

  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#start(this.#seat ? 'connecting' : 'page-closed');
  }

  close(): Promise<void> {
    this.#isOpen = false;
    this.#life += 1;
    this.calm();
    this.#rest();
    this.announcer.become({ name: 'signed-out' });
    return Promise.resolve();
  }

  sit(seat: PageSeat | undefined): void {
    // The page that is ridden already goes on telling: what it told meanwhile would be lost.
    if (seat?.id !== this.#seat?.id) {
      this.#rest();
      this.#seat = seat;
      this.#caller = seat && callerOf(seat);
      this.#newest.clear();
    }
    if (this.#isOpen) this.#start(seat ? 'connecting' : 'page-closed');
  }

  take(name: string, data: unknown): void {
    if (!this.#isOpen || !this.#seat || !eventNames.has(name)) return;
    if (name === sdkEvents.netStateChanged) {
      if (v.is(NetNews, data)) this.onNet(data.state === 'connected');
      return;
    }
    // Whether it is ready, or thrown out, the page tells as its session.
    this.onEvent(name as SdkEvent, data);
    if (name === sdkEvents.conversationsUpdated) this.#lookForOwn(data);
  }

  miss(): void {
    if (this.#isOpen && this.#seat) this.announcer.tell({ kind: 'missed' });
  }

  async peek(ids: readonly MessageId[]): Promise<Glimpse> {
    if (!this.#isOpen || !this.#seat || this.state.name !== 'connected') return nothing;
    try {
      const found = await this.#seat.ask('find', ids, longestPeek);
      return readMessages(found, 'history', this.now());
    } catch {
      return nothing;
    }
  }

  override get isTimeSure(): boolean {
    // Ahead it is also after the computer slept: with most systems nothing else tells that apart.
    const isPageSure =
      Math.abs(this.#drift) < longestDrift || (this.#drift > 0 && this.#isYoungSeen);
    return isPageSure && super.isTimeSure;
  }

  protected renew(): void {
    this.#start('reconnecting');
  }

  #start(state: 'connecting' | 'reconnecting' | 'page-closed'): void {
    this.#life += 1;
    this.calm();
    const seat = this.#seat;
    if (!seat) {
      this.announcer.become({ name: 'page-closed' });
      return;
    }
    // A session that goes on as it was is no news.
    if (this.state.name !== 'connected' || state !== 'connecting') {
      this.announcer.become({ name: state === 'page-closed' ? 'connecting' : state });
    }
    void this.#begin(seat, this.#life);
  }

  async #begin(seat: PageSeat, life: number): Promise<void> {
    const answer = await seat.ask('begin', undefined, longestCall).catch((error: unknown) => error);
    if (life !== this.#life) return;
    const isLate = answer instanceof LinkError && answer.code === timedOut;
    const beginning = v.safeParse(Beginning, answer);
    // A page that is not ready yet says so when it is; one that was busy or asleep does not.
    if (!beginning.success || !beginning.output.isReady) {
      this.announcer.become({ name: 'connecting' });
      if (isLate) this.backOff.schedule(() => void this.#begin(seat, life));
      return;
    }
    const { isUp, serverTime, drift, goesOn } = beginning.output;
    // Something may have been missed: whoever hears of a new connection catches up.
    if (!goesOn && this.state.name === 'connected') this.announcer.become({ name: 'connecting' });
    this.#drift = drift;
    this.#isYoungSeen = false;
    this.begun(serverTime, isUp);
  }

  #rest(): void {
    this.#seat?.ask('rest', undefined, longestSleep).catch(() => undefined);
  }

  /**
   * An SDK tells nobody of what it sent itself, but of the conversation that changed by it: what I
   * wrote there is read from the service.
   */
  #lookForOwn(list: unknown): void {
    if (!Array.isArray(list)) return;
    const me = userOf(this.account);
    for (const item of list) {
      const conversation = v.safeParse(Newest, item);
      if (!conversation.success) continue;
      const { conversationID: id, lastMessage } = conversation.output;
      const { fromAccount, lastTime, lastSequence } = lastMessage;
      const isOld = lastTime * 1000 < this.now() - longestNews * 1000;
      const name = `${lastTime} ${lastSequence}`;
      if (fromAccount !== me || isOld || this.#newest.get(id) === name) continue;
      this.#newest.set(id, name);
      this.since(id, lastTime, 15).then(
        ({ messages, recalls }) => {
          if (messages.length > 0) this.announcer.tell({ kind: 'messages', messages });
          if (recalls.length > 0) this.announcer.tell({ kind: 'recalls', recalls });
        },
        // Read again with the next news of it.
        () => this.#newest.delete(id),
      );
    }
  }
}

/** A page's SDK as if it were here. */
function callerOf(seat: PageSeat): Caller {
  return {
    async call(ask, ms = longestCall) {
      const to =
        (method: SeatMethod) =>
        (argument?: unknown): Promise<unknown> =>
          seat.ask(method, argument, ms);
      const chat: Asking = {
        getConversationList: to('getConversationList'),
        getGroupList: to('getGroupList'),
        getGroupProfile: to('getGroupProfile'),
        getUserProfile: to('getUserProfile'),
        getMessageListHopping: to('getMessageListHopping'),
        revokeMessage: to('revokeMessage'),
      };
      try {
        return await ask(chat);
      } catch (error) {
        throw error instanceof LinkError ? error : new LinkError(networkDown);
      }
    },
  };
}
