import {
  LinkError,
  nothing,
  type ChatLink,
  type Credentials,
  type Glimpse,
  type LinkState,
  networkDown,
} from '../link.ts';
import { accountId, type MessageId } from '../../message/message.ts';
import type { Caller } from './caller.ts';
import { isExpired, isOfTheService, isPassing, uncaught } from './codes.ts';
import { makeReadingPace } from './read-back.ts';
import { readMessages } from './readings.ts';
import { SdkLink } from './sdk-link.ts';
import { Session, type Kick, type SessionEars } from './session.ts';

/** A session that was renewed and is no good again this soon will not get better, ms. */
const tooSoon = 10_000;

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

class TencentLink extends SdkLink implements OwnLink {
  readonly tellsAll = true;
  readonly #credentials: Credentials;
  protected pace = makeReadingPace('own');
  #session: Session | undefined;
  /** Counts beginnings and ends: whatever was begun in an earlier life has no say any more. */
  #life = 0;
  /** Before that a session knows nothing of its network that its sign-in does not say itself. */
  #isSignedIn = false;
  #renewedAt = -Infinity;
  #ending: Promise<void> = Promise.resolve();

  constructor(credentials: Credentials) {
    super(accountId(credentials.sdkAppId, credentials.userId));
    this.#credentials = credentials;
  }

  protected get caller(): Caller | undefined {
    return this.#session;
  }

  open(): void {
    if (this.announcer.stoppedCode === undefined) return;
    this.#life += 1;
    this.backOff.reset();
    this.announcer.become({ name: 'connecting' });
    void this.#signIn(this.#life);
  }

  async close(): Promise<void> {
    this.#stop({ name: 'signed-out' });
    await this.#ending;
  }

  peek(ids: readonly MessageId[]): Promise<Glimpse> {
    const session = this.#session;
    if (!session || this.state.name !== 'connected') return Promise.resolve(nothing);
    const found = ids.map((id) => session.find(id)).filter((message) => message !== null);
    return Promise.resolve(readMessages(found, 'history', this.now()));
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
      // Told as what it is: whoever began this worker may have been connected a moment ago.
      if (!isOfTheService(code)) this.announcer.become({ name: 'reconnecting' });
      this.backOff.schedule(() => {
        void this.#signIn(life);
      });
    }
  }

  /** Resolves with the code of the sign-in, 0 for a good one. */
  async #attempt(life: number): Promise<number> {
    const isSecondHost = this.backOff.attempts % 2 === 1;
    const session = await Session.begin(this.#credentials, this.#ears(life), isSecondHost);
    if (life === this.#life) {
      this.#session = session;
      return await session.signIn();
    }
    await session.end();
    return networkDown;
  }

  #signedIn(): void {
    this.pace = makeReadingPace('own');
    this.#isSignedIn = true;
    this.begun(this.#session?.serverTime());
  }

  /** The session is no good any more but the user is still signed in: a new one takes its place. */
  protected renew(): void {
    this.#life += 1;
    this.#renewedAt = performance.now();
    this.backOff.reset();
    this.#dropSession();
    this.announcer.become({ name: 'reconnecting' });
    void this.#signIn(this.#life);
  }

  /** Ends this life: nothing is tried and nothing is told after the new state. */
  #stop(state: LinkState): void {
    this.#life += 1;
    this.backOff.reset();
    this.#dropSession();
    this.announcer.become(state);
  }

  #dropSession(): void {
    this.calm();
    this.#isSignedIn = false;
    const session = this.#session;
    this.#session = undefined;
    if (session) this.#ending = session.end();
  }

  /** What a session of this life may tell. */
  #ears(life: number): SessionEars {
    return {
      onEvent: (name, data) => {
        if (life === this.#life) this.onEvent(name, data);
      },
      onNet: (isUp) => {
        if (life === this.#life && this.#isSignedIn) this.onNet(isUp);
      },
      onKick: (kick) => {
        if (life === this.#life) this.#onKick(kick);
      },
    };
  }

  #onKick(kick: Kick): void {
    if (kick === 'elsewhere') {
      this.#stop({ name: 'signed-in-elsewhere' });
    } else if (performance.now() - this.#renewedAt < tooSoon) {
      this.#stop({ name: 'signature-expired' });
    } else {
      // This session's ticket expired, as after a restart of the service. Whether the UserSig did
      // as well shows when signing in with it.
      this.renew();
    }
  }
}
