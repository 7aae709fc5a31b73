import {
  LinkError,
  type ChatLink,
  type Glimpse,
  type LinkEvent,
  type LinkState,
  type RecallTarget,
  type Stretch,
  networkDown,
} from '../link.ts';
import {
  isGroup,
  userOf,
  type AccountId,
  type ConversationFacts,
  type ConversationId,
  type Edge,
  type MessageId,
  type Recall,
} from '../../message/message.ts';
import { refusalOf, type RecallOutcome } from '../../message/recall.ts';
import { Announcer } from '../announcer.ts';
import { BackOff } from './back-off.ts';
import type { Caller } from './caller.ts';
import { isExpired, isOfTheService, isSignedOut } from './codes.ts';
import { Lists } from './lists.ts';
import { readBack, type ReadingPace, type Wanted } from './read-back.ts';
import { groupsWithNewRoles, readMessages, readRecalls } from './readings.ts';
import { readReads } from './reads.ts';
import { probe, revoke, withNames } from './requests.ts';
import { sdkEvents, type SdkEvent } from './sdk-shape.ts';
import { ServerClock } from './server-clock.ts';

/** The service tells its time in whole seconds, cut down: half a second on average, ms. */
const cutOff = 500;
/** After a reconnect the SDK signs in again and reads its lists; by now it must have, ms. */
const longestReturn = 10_000;
/** However often the link is poked, the service is not asked more often than this, ms. */
const shortestBreak = 500;

/** What every link has that works through an SDK instance, whoever signed that in. */
export abstract class SdkLink implements ChatLink {
  readonly account: AccountId;
  /** How many malformed things came from the service and were left out. */
  malformed = 0;

  protected readonly announcer = new Announcer();
  protected readonly clock = new ServerClock();
  protected readonly backOff = new BackOff();
  /** How fast history may be read through the present session. */
  protected abstract pace: ReadingPace;
  readonly #lists: Lists;
  /** Counts what the network did: an answer to a question from before says nothing. */
  #epoch = 0;
  /** What the SDK last said of the network. */
  #isUp = true;
  /** When the service was last asked whether it is there; steady milliseconds, as the next one. */
  #asked = { epoch: -1, at: 0 };
  /** Ends with the SDK's lists after a reconnect, or with a new session. */
  #returning: ReturnType<typeof setTimeout> | undefined;
  /** The end of what is being read of each conversation. */
  readonly #readings = new Map<ConversationId, Promise<unknown>>();

  constructor(account: AccountId) {
    this.account = account;
    this.#lists = new Lists(
      userOf(account),
      (conversations) => {
        this.announcer.tell({ kind: 'conversations', conversations });
      },
      (malformed) => {
        this.malformed += malformed;
      },
    );
  }

  /** The SDK instance that is signed in, if one is. */
  protected abstract get caller(): Caller | undefined;
  /** The session is no good any more, or the time is to be measured again: begins one anew. */
  protected abstract renew(): void;
  abstract open(): void;
  abstract close(): Promise<void>;
  abstract peek(ids: readonly MessageId[]): Promise<Glimpse>;
  abstract readonly tellsAll: boolean;

  get state(): LinkState {
    return this.announcer.state;
  }

  poke(): void {
    this.backOff.hurry();
    if (this.state.name === 'connected' && this.clock.isDoubtful()) this.renew();
  }

  doubt(): void {
    if (this.state.name !== 'connected') return;
    this.#epoch += 1;
    this.#lose();
    void this.#verify();
  }

  ready(ms: number): Promise<void> {
    return this.announcer.ready(ms);
  }

  hear(listener: (event: LinkEvent) => void): () => void {
    return this.announcer.hear(listener);
  }

  async conversations(): Promise<readonly ConversationFacts[]> {
    return await this.#lists.all(this.connected());
  }

  since(conversation: ConversationId, time: number, most: number, from?: Edge): Promise<Stretch> {
    // One after the other, as the SDK keeps one place in each conversation. What somebody waits for
    // who asked what they sent last does not stand behind all that is caught up with.
    const before = this.#readings.get(conversation) ?? Promise.resolve();
    const reading = before.then(() => this.#read({ conversation, time, most, from }));
    const end = reading
      .catch(() => undefined)
      .finally(() => {
        if (this.#readings.get(conversation) === end) this.#readings.delete(conversation);
      });
    this.#readings.set(conversation, end);
    return reading;
  }

  async #read(wanted: Omit<Wanted, 'now'>): Promise<Stretch> {
    const caller = this.connected();
    const now = (): number => this.now();
    const { malformed, ...stretch } = await readBack(caller, this.pace, { ...wanted, now });
    this.malformed += malformed;
    return { ...stretch, recalls: await withNames(caller, stretch.recalls) };
  }

  async recall(target: RecallTarget): Promise<RecallOutcome> {
    const { caller } = this;
    if (this.state.name === 'refused') {
      return { ok: false, why: 'signed-out', code: this.state.code };
    }
    if (this.state.name !== 'connected' || !caller) {
      this.poke();
      const code = this.announcer.stoppedCode;
      return { ok: false, why: code === undefined ? 'waiting' : refusalOf(code) };
    }
    const code = await revoke(caller, target);
    if (code === 0) {
      const at = this.now();
      const by = userOf(this.account);
      const { conversation, id, author, sequence, random, time } = target;
      const facts = { conversation, id, author, sequence, random, time };
      // The SDK tells everybody but the instance that recalled.
      this.announcer.tell({
        kind: 'recalls',
        recalls: [{ ...facts, by, at, witness: 'request' }],
      });
      return { ok: true, at };
    }
    // An expired ticket may be renewed: until that is known, nothing is final.
    const isRenewing = isExpired(code) && this.announcer.stoppedCode === undefined;
    const why = isRenewing ? 'waiting' : refusalOf(code);
    return { ok: false, why, code };
  }

  serverTime(): number | undefined {
    return this.clock.now();
  }

  get isTimeSure(): boolean {
    return this.clock.now() !== undefined && !this.clock.isDoubtful();
  }

  /**
   * The SDK is signed in and says that it is `server` (ms) there. Not `isUp`, its connection is lost
   * just now: whoever waits must not be told otherwise in between.
   */
  protected begun(server: number | undefined, isUp = true): void {
    if (server !== undefined) this.clock.set(server + cutOff);
    this.#isUp = isUp;
    this.backOff.reset();
    this.#lists.begin();
    this.announcer.become({ name: isUp ? 'connected' : 'reconnecting' });
    if (isUp) return;
    this.#epoch += 1;
    this.#nudgeLater();
  }

  /** Nothing is waited for any more. */
  protected calm(): void {
    clearTimeout(this.#returning);
    this.backOff.reset();
  }

  /** Takes in what the SDK tells; `data` is unchecked. */
  protected onEvent(name: SdkEvent, data: unknown): void {
    if (name === sdkEvents.messageReceived || name === sdkEvents.messageModified) {
      this.tellMessages(data);
      for (const group of groupsWithNewRoles(data)) {
        this.#inBackground((caller) => this.#lists.refreshRole(caller, group));
      }
    } else if (name === sdkEvents.messageRevoked) {
      const { recalls, malformed } = readRecalls(data, this.now());
      this.malformed += malformed;
      this.#tellRecalls(recalls);
    } else if (name === sdkEvents.readByPeer || name === sdkEvents.readReceipt) {
      const { reads, malformed } = readReads(data);
      this.malformed += malformed;
      if (reads.length > 0) this.announcer.tell({ kind: 'reads', reads });
    } else if (name === sdkEvents.conversationsUpdated) {
      clearTimeout(this.#returning);
      this.#lists.onConversations(data);
    } else if (name === sdkEvents.groupsUpdated) {
      this.#inBackground((caller) => this.#lists.onGroups(caller, data));
    }
  }

  /** Tells a list of the SDK's messages, unchecked. */
  protected tellMessages(list: unknown): void {
    const { messages, recalls, malformed } = readMessages(list, 'event', this.now());
    this.malformed += malformed;
    if (messages.length > 0) this.announcer.tell({ kind: 'messages', messages });
    this.#tellRecalls(recalls);
  }

  /** At once, and again with their names where the SDK tells none with them (tim-js-sdk 2.27.6). */
  #tellRecalls(recalls: readonly Recall[]): void {
    if (recalls.length === 0) return;
    this.announcer.tell({ kind: 'recalls', recalls });
    const me = userOf(this.account);
    const nameless = recalls.filter(
      ({ conversation, by, byName }) => isGroup(conversation) && by !== me && !byName,
    );
    this.#inBackground(async (caller) => {
      const named = (await withNames(caller, nameless)).filter(({ byName }) => byName);
      if (named.length > 0) this.announcer.tell({ kind: 'recalls', recalls: named });
    });
  }

  /** What is not done now is done with the next news, or when the caller asks for all. */
  #inBackground(work: (caller: Caller) => Promise<void>): void {
    if (this.caller) work(this.caller).catch(() => undefined);
  }

  /** The SDK says that its connection is there or lost. */
  protected onNet(isUp: boolean): void {
    this.#epoch += 1;
    this.#isUp = isUp;
    clearTimeout(this.#returning);
    if (this.state.name === 'connected') this.#lose();
    if (!isUp || this.state.name !== 'reconnecting') return;
    void this.#verify();
    // When the service refuses the SDK's own second sign-in, the SDK says nothing, tries nothing
    // and hears of no message any more, though questions are answered (seen with 3.6.6).
    this.#returning = setTimeout(() => {
      this.renew();
    }, longestReturn);
  }

  #lose(): void {
    this.announcer.become({ name: 'reconnecting' });
    this.#nudgeLater();
  }

  /**
   * Asks again and again while the connection is lost: the SDK itself tries twice at once and then
   * only when it has something to send (seen with 3.6.6).
   */
  #nudgeLater(): void {
    this.backOff.schedule(() => {
      this.#nudgeLater();
      void this.#verify();
    });
  }

  /** Asks the service something cheap; any answer of its own means that the connection is back. */
  async #verify(): Promise<void> {
    const { caller } = this;
    const now = performance.now();
    const epoch = this.#epoch;
    const isAsked = this.#asked.epoch === epoch && now - this.#asked.at < shortestBreak;
    if (!caller || isAsked) return;
    this.#asked = { epoch, at: now };
    const code = await probe(caller, userOf(this.account));
    const isOld = caller !== this.caller || epoch !== this.#epoch;
    if (isOld || this.state.name !== 'reconnecting') return;
    if (isSignedOut(code)) {
      this.renew();
    } else if (isOfTheService(code)) {
      // Answered though the SDK says it is cut off: its heartbeat was refused for good, and it
      // would not notice the next loss of the connection (seen with 3.6.6).
      if (!this.#isUp || this.clock.isDoubtful()) {
        this.renew();
        return;
      }
      this.backOff.reset();
      this.announcer.become({ name: 'connected' });
    }
  }

  /** The SDK instance to ask. Throws `LinkError` while there is none that is connected. */
  protected connected(): Caller {
    if (this.caller && this.state.name === 'connected') return this.caller;
    throw new LinkError(this.announcer.stoppedCode ?? networkDown);
  }

  /** Server milliseconds; only ever needed with a session, which knows it. */
  protected now(): number {
    return this.clock.now() ?? Date.now();
  }
}
