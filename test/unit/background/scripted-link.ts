import { Announcer } from '../../../src/chat/announcer.ts';
import { nothing } from '../../../src/chat/link.ts';
import type {
  ChatLink,
  Credentials,
  Glimpse,
  LinkEvent,
  LinkState,
  RecallTarget,
  Stretch,
} from '../../../src/chat/link.ts';
import {
  accountId,
  type AccountId,
  type ConversationFacts,
  type ConversationId,
  type Edge,
  type MessageId,
} from '../../../src/message/message.ts';
import type { RecallOutcome } from '../../../src/message/recall.ts';

/** What a link is told to answer; read anew at every call, so a test may change it. */
export interface Script {
  conversations: () => Promise<readonly ConversationFacts[]>;
  since: ChatLink['since'];
  recall: (target: RecallTarget) => Promise<RecallOutcome>;
  /** What the session has in memory; nothing where it is missing. */
  peek?: (ids: readonly MessageId[]) => Glimpse;
  close: () => Promise<void>;
  /** What becomes of an opened link; `undefined`: it goes on connecting. */
  opens: LinkState | undefined;
  /** Server ms. */
  time: () => number;
}

/** A link that says what its script says. Its service's time is known once it was connected. */
export class ScriptedLink implements ChatLink {
  readonly account: AccountId;
  /** Where it signs in; undefined: at Tencent's own servers. */
  readonly server: string | undefined;
  opened = 0;
  isClosed = false;
  /** Whether no clock was set since its service told the time. */
  isTimeSure = true;
  tellsAll = false;
  readonly #script: Script;
  readonly #announcer = new Announcer();
  #knowsTime = false;

  constructor({ sdkAppId, userId, server }: Credentials, script: Script) {
    this.account = accountId(sdkAppId, userId);
    this.server = server;
    this.#script = script;
  }

  get state(): LinkState {
    return this.#announcer.state;
  }

  /** Brings the link into a state, as the service or the network would. */
  become(state: LinkState): void {
    if (state.name === 'connected') this.#knowsTime = true;
    this.#announcer.become(state);
  }

  tell(event: Exclude<LinkEvent, { kind: 'state' }>): void {
    this.#announcer.tell(event);
  }

  open(): void {
    if (this.#announcer.stoppedCode === undefined) return;
    this.opened += 1;
    this.become({ name: 'connecting' });
    queueMicrotask(() => {
      if (!this.isClosed && this.#script.opens) this.become(this.#script.opens);
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.become({ name: 'signed-out' });
    await this.#script.close();
  }

  poke(): void {
    // A scripted link reconnects when its test says so.
  }

  doubt(): void {
    if (this.state.name === 'connected') this.become({ name: 'reconnecting' });
  }

  ready(ms: number): Promise<void> {
    return this.#announcer.ready(ms);
  }

  hear(listener: (event: LinkEvent) => void): () => void {
    return this.#announcer.hear(listener);
  }

  conversations(): Promise<readonly ConversationFacts[]> {
    return this.#script.conversations();
  }

  since(conversation: ConversationId, time: number, most: number, from?: Edge): Promise<Stretch> {
    return this.#script.since(conversation, time, most, from);
  }

  recall(target: RecallTarget): Promise<RecallOutcome> {
    return this.#script.recall(target);
  }

  peek(ids: readonly MessageId[]): Promise<Glimpse> {
    return Promise.resolve(this.#script.peek?.(ids) ?? nothing);
  }

  serverTime(): number | undefined {
    return this.#knowsTime ? this.#script.time() : undefined;
  }
}
