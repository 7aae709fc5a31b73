import * as v from 'valibot';
import { LinkError, type Credentials, networkDown, timedOut } from '../link.ts';
import { uncaught } from './codes.ts';
import { sleep } from './pace.ts';
import type { Caller } from './caller.ts';
import { sdkEvents, type Chat, type SdkEvent } from './sdk-shape.ts';

/** The SDK gives up after 15 s by a clock that can be set; this is for when it does not. */
const longestCall = 17_000;
/** The SDK itself waits 90 s for a sign-in. */
const longestSignIn = 30_000;
/** Without a network signing out takes the SDK 15 s; nobody has to wait for that. */
const longestEnd = 3_000;
const longestDestroy = 20_000;
/** What the SDK may take to say why it broke the connection off during a sign-in. */
const explanation = 100;

/** Why the SDK was thrown out: another sign-in, or the ticket is no longer good. */
export type Kick = 'elsewhere' | 'expired';

/** What a session tells the link it belongs to. */
export interface SessionEars {
  /** `data` of the SDK's event, unchecked. */
  onEvent(name: SdkEvent, data: unknown): void;
  onNet(isUp: boolean): void;
  onKick(kick: Kick): void;
}

const Failure = v.object({ code: v.pipe(v.number(), v.integer()) });
const EventShape = v.object({ data: v.optional(v.unknown()) });
const NetShape = v.object({ data: v.object({ state: v.string() }) });
const KickShape = v.object({ data: v.object({ type: v.string() }) });

/** Who holds the SDK of an app; the next in line waits until it is given back. */
const turns = new Map<number, Promise<void>>();

/**
 * Waits for the app's SDK instance to be free. The returned function gives it back.
 */
async function takeTurn(sdkAppId: number): Promise<() => void> {
  const before = turns.get(sdkAppId);
  let giveBack = (): void => undefined;
  const mine = new Promise<void>((resolve) => {
    giveBack = resolve;
  });
  turns.set(sdkAppId, mine);
  await before;
  return giveBack;
}

/** One SDK instance signed in as one user, from `create()` to `destroy()`. */
export class Session implements Caller {
  readonly #chat: Chat;
  readonly #credentials: Credentials;
  readonly #ears: SessionEars;
  readonly #giveBack: () => void;
  readonly #listeners: (readonly [SdkEvent, (event: unknown) => void])[] = [];
  /** Rejects the calls that are under way when the session ends: the SDK never settles them. */
  readonly #underWay = new Set<(error: LinkError) => void>();
  #end: Promise<void> | undefined;

  private constructor(
    credentials: Credentials,
    ears: SessionEars,
    giveBack: () => void,
    chat: Chat,
  ) {
    this.#credentials = credentials;
    this.#ears = ears;
    this.#giveBack = giveBack;
    this.#chat = chat;
    this.#listen();
  }

  /**
   * Makes an instance as soon as the one before it in this realm is gone. Rejects with `LinkError`
   * when these credentials cannot make one.
   */
  static async begin(
    credentials: Credentials,
    ears: SessionEars,
    isSecondHost: boolean,
  ): Promise<Session> {
    const giveBack = await takeTurn(credentials.sdkAppId);
    try {
      // Three quarters of the worker's script, which nothing else has to wait for.
      const { createChat } = await import('./sdk.ts');
      const chat = createChat(credentials.sdkAppId, credentials.server, isSecondHost);
      return new Session(credentials, ears, giveBack, chat);
    } catch {
      giveBack();
      throw new LinkError(uncaught);
    }
  }

  /** Signs in. Resolves with 0, or with the code of why it could not be done. */
  async signIn(): Promise<number> {
    const { userId, userSig } = this.#credentials;
    try {
      // The SDK keeps a sign-in waiting for a network that does not come: going down ends it here.
      const down = new Promise<never>((_, reject) => {
        this.#listenTo(sdkEvents.netStateChanged, (event) => {
          if (isUp(event) !== false) return;
          setTimeout(() => {
            reject(new LinkError(networkDown));
          }, explanation);
        });
      });
      down.catch(() => undefined);
      // The SDK answers to the sign-in before it takes any other question (seen with 3.6.6).
      const ready = new Promise<void>((resolve) => {
        this.#listenTo(sdkEvents.ready, () => {
          resolve();
        });
      });
      const signIn = async (chat: Chat): Promise<void> => {
        await chat.login({ userID: userId, userSig });
        await ready;
      };
      await this.call((chat) => Promise.race([signIn(chat), down]), longestSignIn);
      return 0;
    } catch (error) {
      return error instanceof LinkError ? error.code : networkDown;
    }
  }

  /** Server milliseconds by the SDK; undefined while it does not know. */
  serverTime(): number | undefined {
    const time = this.#chat.getServerTime();
    if (time instanceof Promise) time.catch(() => undefined);
    return typeof time === 'number' && Number.isFinite(time) ? time : undefined;
  }

  /** A message of this instance's memory, unchecked; null when it has none. */
  find(id: string): unknown {
    return this.#chat.findMessage(id);
  }

  /**
   * Calls the SDK; whatever goes wrong rejects with a `LinkError`: the SDK's or the service's code,
   * `timedOut`, or `networkDown` when the session ends meanwhile. The answer is unchecked.
   */
  call(ask: (chat: Chat) => Promise<unknown>, ms = longestCall): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const fail = (error: LinkError): void => {
        settle();
        reject(error);
      };
      const timer = setTimeout(() => {
        fail(new LinkError(timedOut));
      }, ms);
      const settle = (): void => {
        clearTimeout(timer);
        this.#underWay.delete(fail);
      };
      if (this.#end) {
        fail(new LinkError(networkDown));
        return;
      }
      this.#underWay.add(fail);
      const failed = (error: unknown): void => {
        if (error instanceof LinkError) fail(error);
        else fail(new LinkError(v.is(Failure, error) ? error.code : uncaught));
      };
      try {
        ask(this.#chat).then((answer) => {
          settle();
          resolve(answer);
        }, failed);
      } catch (error) {
        failed(error);
      }
    });
  }

  /** Signs out, takes the instance apart and tells nothing any more. The next one waits for it. */
  end(): Promise<void> {
    this.#end ??= this.#takeApart();
    return this.#end;
  }

  async #takeApart(): Promise<void> {
    for (const [name, listener] of this.#listeners) this.#chat.off(name, listener);
    for (const fail of [...this.#underWay]) fail(new LinkError(networkDown));
    const gone = this.#destroy().then(this.#giveBack);
    await Promise.race([gone, sleep(longestEnd)]);
  }

  /** Resolves when the SDK is gone: until then `create()` returns this instance again. */
  async #destroy(): Promise<void> {
    for (;;) {
      // An instance that says it was kicked out is about to forget its requests: signing out in
      // the same turn would never be answered.
      await sleep(0);
      // Not signed in, the SDK rejects and is gone all the same. While the network comes and goes
      // it may do neither: its request is put off or forgotten (all seen with 3.6.6).
      const isGone = this.#chat.destroy().then(
        () => true,
        () => true,
      );
      if (await Promise.race([isGone, sleep(longestDestroy)])) return;
    }
  }

  #listen(): void {
    const passOn = (name: SdkEvent): void => {
      this.#listenTo(name, (event) => {
        this.#ears.onEvent(name, v.is(EventShape, event) ? event.data : undefined);
      });
    };
    passOn(sdkEvents.messageReceived);
    passOn(sdkEvents.messageModified);
    passOn(sdkEvents.messageRevoked);
    passOn(sdkEvents.readByPeer);
    passOn(sdkEvents.readReceipt);
    passOn(sdkEvents.conversationsUpdated);
    passOn(sdkEvents.groupsUpdated);
    this.#listenTo(sdkEvents.netStateChanged, (event) => {
      const up = isUp(event);
      if (up !== undefined) this.#ears.onNet(up);
    });
    this.#listenTo(sdkEvents.kickedOut, (event) => {
      if (!v.is(KickShape, event)) return;
      this.#ears.onKick(event.data.type === 'userSigExpired' ? 'expired' : 'elsewhere');
    });
  }

  #listenTo(name: SdkEvent, listener: (event: unknown) => void): void {
    this.#listeners.push([name, listener]);
    this.#chat.on(name, listener);
  }
}

/** Whether the network is there, by a `NET_STATE_CHANGE`; undefined when the event says nothing. */
function isUp(event: unknown): boolean | undefined {
  return v.is(NetShape, event) ? event.data.state === 'connected' : undefined;
}
