import {
  LinkError,
  type ChatLink,
  type Credentials,
  type LinkEvent,
  type LinkState,
  type RecallTarget,
  type Stretch,
} from '../link.ts';
import {
  accountId,
  type AccountId,
  type ConversationFacts,
  type ConversationId,
} from '../../message/message.ts';
import { refusalOf, type RecallOutcome } from '../../message/recall.ts';
import { Announcer } from '../announcer.ts';
import { BackOff } from './back-off.ts';
import {
  isExpired,
  isOfTheService,
  isPassing,
  isSignedOut,
  networkDown,
  uncaught,
} from './codes.ts';
import { Lists } from './lists.ts';
import { makeReadingPace, readBack } from './read-back.ts';
import { groupsWithNewRoles, readMessages, readRecalls } from './readings.ts';
import { probe, revoke, withNames } from './requests.ts';
import { sdkEvents, type SdkEvent } from './sdk.ts';
import { ServerClock } from './server-clock.ts';
import { Session, type Kick, type SessionEars } from './session.ts';

/** A session that was renewed and is no good again this soon will not get better, ms. */
const tooSoon = 10_000;
/** After a reconnect the SDK signs in again and reads its lists; by now it must have, ms. */
const longestReturn = 10_000;

/** The service tells its time in whole seconds, cut down: half a second on average, ms. */
const cutOff = 500;

/** However often the link is poked, the service is not asked more often than this, ms. */
const shortestBreak = 500;

/** A sign-in of our own, beside those of chat pages. */
export interface OwnLink extends ChatLink {
  /** How many malformed things came from the service and were left out. */
  readonly malformed: number;
}

/**
 * Makes a link that signs in by itself with the SDK. It is closed until `open()`. Of two links to
 * one app in the same realm the second connects when the first is closed or has stopped: the SDK
 * knows one user per app and realm.
 */
export function openOwnLink(credentials: Credentials): OwnLink {
  return new TencentLink(credentials);
}

class TencentLink implements OwnLink {
  readonly account: AccountId;
  malformed = 0;

  readonly #credentials: Credentials;
  readonly #announcer = new Announcer();
  readonly #clock = new ServerClock();
  readonly #backOff = new BackOff();
  readonly #lists: Lists;
  #pace = makeReadingPace();

  #session: Session | undefined;
  /** Counts beginnings and ends: whatever was begun in an earlier life has no say any more. */
  #life = 0;
  /** Counts what the network did: an answer to a question from before says nothing. */
  #epoch = 0;
  /** What the SDK last said of the network. */
  #isUp = true;
  /** When the service was last asked whether it is there; steady milliseconds, as the next one. */
  #asked = { epoch: -1, at: 0 };
  #renewedAt = -Infinity;
  /** Ends with the SDK's lists after a reconnect, or with a new session. */
  #returning: ReturnType<typeof setTimeout> | undefined;
  #ending: Promise<void> = Promise.resolve();
  #reading: Promise<unknown> = Promise.resolve();

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
    this.account = accountId(credentials.sdkAppId, credentials.userId);
    this.#lists = new Lists(
      (conversations) => {
        this.#announcer.tell({ kind: 'conversations', conversations });
      },
      (malformed) => {
        this.malformed += malformed;
      },
    );
  }

  get state(): LinkState {
    return this.#announcer.state;
  }

  open(): void {
    if (this.#announcer.stoppedCode === undefined) return;
    this.#life += 1;
    this.#backOff.reset();
    this.#announcer.become({ name: 'connecting' });
    void this.#signIn(this.#life);
  }

  async close(): Promise<void> {
    this.#stop({ name: 'signed-out' });
    await this.#ending;
  }

  poke(): void {
    this.#backOff.hurry();
    if (this.state.name === 'connected' && this.#clock.isDoubtful()) this.#renew();
  }

  ready(ms: number): Promise<void> {
    return this.#announcer.ready(ms);
  }

  hear(listener: (event: LinkEvent) => void): () => void {
    return this.#announcer.hear(listener);
  }

  async conversations(): Promise<readonly ConversationFacts[]> {
    return await this.#lists.all(this.#connected());
  }

  since(conversation: ConversationId, time: number, most: number): Promise<Stretch> {
    // One after the other: the SDK keeps one place per conversation, and counts for all together.
    const reading = this.#reading.then(async (): Promise<Stretch> => {
      const session = this.#connected();
      const now = (): number => this.#now();
      const read = await readBack(session, this.#pace, { conversation, time, most, now });
      this.malformed += read.malformed;
      return {
        messages: read.messages,
        recalls: await withNames(session, read.recalls),
        isComplete: read.isComplete,
      };
    });
    this.#reading = reading.catch(() => undefined);
    return reading;
  }

  async recall(target: RecallTarget): Promise<RecallOutcome> {
    const session = this.#session;
    if (this.state.name === 'refused') {
      return { ok: false, why: 'signed-out', code: this.state.code };
    }
    if (this.state.name !== 'connected' || !session) {
      this.poke();
      const code = this.#announcer.stoppedCode;
      return { ok: false, why: code === undefined ? 'waiting' : refusalOf(code) };
    }
    const code = await revoke(session, target);
    if (code === 0) {
      const at = this.#now();
      const by = this.#credentials.userId;
      const { conversation, id, author, sequence, random, time } = target;
      const facts = { conversation, id, author, sequence, random, time };
      // The SDK tells everybody but the instance that recalled.
      this.#announcer.tell({
        kind: 'recalls',
        recalls: [{ ...facts, by, at, witness: 'request' }],
      });
      return { ok: true, at };
    }
    // An expired ticket may be renewed: until that is known, nothing is final.
    const isRenewing = isExpired(code) && this.#announcer.stoppedCode === undefined;
    const why = isRenewing ? 'waiting' : refusalOf(code);
    return { ok: false, why, code };
  }

  serverTime(): number | undefined {
    return this.#clock.now();
  }

  /** One attempt to sign in; comes back by itself until it is refused or this life is over. */
  async #signIn(life: number): Promise<void> {
    const code = await this.#attempt(life).catch((error: unknown) =>
      error instanceof LinkError ? error.code : uncaught,
    );
    if (life !== this.#life) return;
    if (code === 0) {
      this.#signedIn();
    } else if (isExpired(code)) {
      this.#stop({ name: 'signature-expired' });
    } else if (!isPassing(code)) {
      this.#stop({ name: 'refused', code });
    } else {
      this.#dropSession();
      this.#backOff.schedule(() => {
        void this.#signIn(life);
      });
    }
  }

  /** Resolves with the code of the sign-in, 0 for a good one. */
  async #attempt(life: number): Promise<number> {
    const isSecondHost = this.#backOff.attempts % 2 === 1;
    const session = await Session.begin(this.#credentials, this.#ears(life), isSecondHost);
    if (life === this.#life) {
      this.#session = session;
      return await session.signIn();
    }
    await session.end();
    return networkDown;
  }

  #signedIn(): void {
    const server = this.#session?.serverTime();
    if (server !== undefined) this.#clock.set(server + cutOff);
    this.#pace = makeReadingPace();
    this.#isUp = true;
    this.#backOff.reset();
    this.#announcer.become({ name: 'connected' });
  }

  /** The session is no good any more but the user is still signed in: a new one takes its place. */
  #renew(): void {
    this.#life += 1;
    this.#renewedAt = performance.now();
    this.#backOff.reset();
    this.#dropSession();
    this.#announcer.become({ name: 'reconnecting' });
    void this.#signIn(this.#life);
  }

  /** Ends this life: nothing is tried and nothing is told after the new state. */
  #stop(state: LinkState): void {
    this.#life += 1;
    this.#backOff.reset();
    this.#dropSession();
    this.#announcer.become(state);
  }

  #dropSession(): void {
    clearTimeout(this.#returning);
    const session = this.#session;
    this.#session = undefined;
    if (session) this.#ending = session.end();
  }

  /** What a session of this life may tell. */
  #ears(life: number): SessionEars {
    return {
      onEvent: (name, data) => {
        if (life === this.#life) this.#onEvent(name, data);
      },
      onNet: (isUp) => {
        if (life === this.#life) this.#onNet(isUp);
      },
      onKick: (kick) => {
        if (life === this.#life) this.#onKick(kick);
      },
    };
  }

  #onEvent(name: SdkEvent, data: unknown): void {
    if (name === sdkEvents.messageReceived || name === sdkEvents.messageModified) {
      const { messages, recalls, malformed } = readMessages(data, 'event', this.#now());
      this.malformed += malformed;
      if (messages.length > 0) this.#announcer.tell({ kind: 'messages', messages });
      if (recalls.length > 0) this.#announcer.tell({ kind: 'recalls', recalls });
      for (const group of groupsWithNewRoles(data)) {
        this.#inBackground((session) => this.#lists.refreshRole(session, group));
      }
    } else if (name === sdkEvents.messageRevoked) {
      const { recalls, malformed } = readRecalls(data, this.#now());
      this.malformed += malformed;
      if (recalls.length > 0) this.#announcer.tell({ kind: 'recalls', recalls });
    } else if (name === sdkEvents.conversationsUpdated) {
      clearTimeout(this.#returning);
      this.#lists.onConversations(data);
    } else if (name === sdkEvents.groupsUpdated) {
      this.#inBackground((session) => this.#lists.onGroups(session, data));
    }
  }

  /** What is not done now is done with the next news, or when the caller asks for all. */
  #inBackground(work: (session: Session) => Promise<void>): void {
    if (this.#session) work(this.#session).catch(() => undefined);
  }

  #onNet(isUp: boolean): void {
    this.#epoch += 1;
    this.#isUp = isUp;
    clearTimeout(this.#returning);
    if (this.state.name === 'connected') {
      this.#announcer.become({ name: 'reconnecting' });
      this.#nudgeLater();
    }
    if (!isUp || this.state.name !== 'reconnecting') return;
    void this.#verify();
    // When the service refuses the SDK's own second sign-in, the SDK says nothing, tries nothing
    // and hears of no message any more, though questions are answered (seen with 3.6.6).
    this.#returning = setTimeout(() => {
      this.#renew();
    }, longestReturn);
  }

  /**
   * Asks again and again while the connection is lost: the SDK itself tries twice at once and then
   * only when it has something to send (seen with 3.6.6).
   */
  #nudgeLater(): void {
    this.#backOff.schedule(() => {
      this.#nudgeLater();
      void this.#verify();
    });
  }

  /** Asks the service something cheap; any answer of its own means that the connection is back. */
  async #verify(): Promise<void> {
    const session = this.#session;
    const now = performance.now();
    const epoch = this.#epoch;
    const isAsked = this.#asked.epoch === epoch && now - this.#asked.at < shortestBreak;
    if (!session || isAsked) return;
    this.#asked = { epoch, at: now };
    const code = await probe(session, this.#credentials.userId);
    const isOld = session !== this.#session || epoch !== this.#epoch;
    if (isOld || this.state.name !== 'reconnecting') return;
    if (isSignedOut(code)) {
      this.#renew();
    } else if (isOfTheService(code)) {
      // Answered though the SDK says it is cut off: its heartbeat was refused for good, and it
      // would not notice the next loss of the connection (seen with 3.6.6).
      if (!this.#isUp || this.#clock.isDoubtful()) {
        this.#renew();
        return;
      }
      this.#backOff.reset();
      this.#announcer.become({ name: 'connected' });
    }
  }

  #onKick(kick: Kick): void {
    if (kick === 'elsewhere') {
      this.#stop({ name: 'signed-in-elsewhere' });
    } else if (performance.now() - this.#renewedAt < tooSoon) {
      this.#stop({ name: 'signature-expired' });
    } else {
      // This session's ticket expired, as after a restart of the service. Whether the UserSig did
      // as well shows when signing in with it.
      this.#renew();
    }
  }

  #connected(): Session {
    if (this.#session && this.state.name === 'connected') return this.#session;
    throw new LinkError(this.#announcer.stoppedCode ?? networkDown);
  }

  /** Server milliseconds; only ever needed with a session, which knows it. */
  #now(): number {
    return this.#clock.now() ?? Date.now();
  }
}
