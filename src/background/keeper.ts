import type { ChatLink, Credentials, LinkEvent, LinkState } from '../chat/link.ts';
import type { History, HistoryError } from '../history/history.ts';
import {
  isGroup,
  type AccountId,
  type ConversationFacts,
  type ConversationId,
  type MessageId,
  type Role,
} from '../message/message.ts';
import type { RecallOutcome } from '../message/recall.ts';
import {
  clearAccount,
  idOf,
  noteLeft,
  noteStopped,
  readAccount,
  readLeaving,
  writeAccount,
  type SignedIn,
} from '../platform/accounts.ts';
import { readServerOffset, writeServerOffset } from '../platform/settings.ts';
import { CatchUp, day, keptDays } from './catch-up.ts';
import { Memory, type Dying } from './memory.ts';
import { dropOrders } from './orders.ts';
import { Recalls } from './recalls.ts';

/** What changed: the account or its connection, or messages (none: the popup's view only). */
export type Change = 'account' | { readonly ids: readonly MessageId[] };

/** What a keeper is made of; the worker hands it in. */
export interface KeeperParts {
  readonly openLink: (credentials: Credentials) => ChatLink;
  readonly openHistory: () => Promise<History>;
  /** Resolves when the popup's stored view shows the change. */
  readonly changed: (change: Change) => Promise<void>;
  /** Takes the words of messages that are being recalled out of the popup's stored view. */
  readonly scrub: (dying: Dying) => Promise<void>;
  /** Something failed that nobody waits for. */
  readonly report: (error: unknown) => void;
}

/** Days that the fact of a recall is kept. */
const keptTombstoneDays = 30;
const sweepEvery = 3_600_000;
/** How long a sign-in is waited for, ms. */
const longestSignIn = 20_000;

interface Session {
  readonly signedIn: SignedIn;
  readonly account: AccountId;
  readonly link: ChatLink;
  readonly recalls: Recalls;
  readonly catchUp: CatchUp;
  /** As the service listed them last. */
  readonly listed: Map<ConversationId, ConversationFacts>;
  readonly hush: () => void;
}

/**
 * Keeps history true to the service: the only module that knows both. Everything it holds in
 * memory is a cache of what is stored, so a worker that dies loses nothing.
 */
export class Keeper {
  readonly memory: Memory;
  readonly #parts: KeeperParts;
  #session: Session | undefined;
  /** Wakes, sign-ins and sign-outs wait for each other. */
  #turns: Promise<unknown> = Promise.resolve();
  #offset: number | undefined;
  #sweptAt = 0;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.memory = new Memory({
      openHistory: parts.openHistory,
      scrub: parts.scrub,
      // What was learnt is learnt, whether or not it can be shown.
      changed: (ids) => parts.changed({ ids }).catch(parts.report),
    });
  }

  /** Why history cannot be used, if it cannot. */
  get trouble(): HistoryError['trouble'] | undefined {
    return this.memory.trouble;
  }

  /** The account this keeper works for; undefined before `wake()` and when signed out. */
  get account(): AccountId | undefined {
    return this.#session?.account;
  }

  /** Whether there is a connection to keep, or one to come. */
  get isAtWork(): boolean {
    const state = this.#session?.link.state.name;
    return state === 'connecting' || state === 'connected' || state === 'reconnecting';
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turns.then(work, work);
    this.#turns = turn.catch(() => undefined);
    return turn;
  }

  #tell(change: Change): void {
    this.#parts.changed(change).catch(this.#parts.report);
  }

  /**
   * Brings the keeper to life: opens the link of the signed-in account, looks after a lost
   * connection, takes up what an earlier worker left. Cheap when all is well; call it on every event.
   */
  wake(): Promise<void> {
    return this.#inTurn(() => this.#wake());
  }

  async #wake(): Promise<void> {
    this.#offset ??= await readServerOffset();
    await this.#forgetLeaving();
    const account = await readAccount();
    if (!account) return;
    const session = this.#session ?? this.#begin(account);
    if (account.stopped) return;
    session.link.open();
    session.link.poke();
  }

  /** Must run in turn, and only when no session stands. */
  #begin(signedIn: SignedIn): Session {
    const { sdkAppId, userId, userSig, server } = signedIn;
    const account = idOf(signedIn);
    const { memory } = this;
    const link = this.#parts.openLink({ sdkAppId, userId, userSig, server });
    const now = (): number => this.now();
    const catchUp = new CatchUp({ account, link, memory, now });
    const recalls = new Recalls({
      account,
      link,
      now,
      find: (id) => memory.use((history) => history.find({ account, id })),
      learn: (recall) => memory.learn({ account, recalls: [recall] }),
      reread: (conversation, time) => catchUp.reread(conversation, time),
      roleIn: ({ conversation }) => this.roleIn(conversation),
      changed: (id) => {
        this.#tell({ ids: [id] });
      },
      windowChanged: () => {
        this.#tell('account');
      },
    });
    const hush = link.hear((event) => {
      this.#onEvent(event).catch(this.#parts.report);
    });
    const listed = new Map<ConversationId, ConversationFacts>();
    this.#session = { signedIn, account, link, recalls, catchUp, listed, hush };
    // They wait for the connection by themselves, each until its own deadline.
    recalls.resume().catch(this.#parts.report);
    return this.#session;
  }

  /** Server time, ms; as well as it is known before the connection stands. */
  now(): number {
    return this.#session?.link.serverTime() ?? Date.now() + (this.#offset ?? 0);
  }

  /** Whether the service ever told this browser session what time it is. */
  get knowsTime(): boolean {
    return this.#session?.link.serverTime() !== undefined || this.#offset !== undefined;
  }

  /** Where the connection stands. A stop is told as it is stored, also by a worker just woken. */
  async state(): Promise<LinkState> {
    const account = await readAccount();
    if (!account) return { name: 'signed-out' };
    const { stopped } = account;
    if (stopped) {
      return stopped.name === 'refused'
        ? { name: 'refused', code: stopped.code ?? 0 }
        : { name: stopped.name };
    }
    const state = this.#session?.link.state ?? { name: 'connecting' };
    return state.name === 'signed-out' ? { name: 'connecting' } : state;
  }

  /** Signs in; replaces the account before. Resolves with where that ended, after 20 s at most. */
  async signIn(account: Omit<SignedIn, 'stopped'>): Promise<LinkState> {
    const link = await this.#inTurn(async () => {
      const before = await readAccount();
      await this.#end();
      // Somebody else's history and recalls do not outlive their sign-in.
      if (before && idOf(before) !== idOf(account)) await clearAccount();
      await this.#forgetLeaving();
      await noteLeft(idOf(account));
      await writeAccount(account);
      const session = this.#begin(account);
      session.link.open();
      return session.link;
    });
    this.#tell('account');
    try {
      await link.ready(longestSignIn);
      return link.state;
    } catch {
      return link.state.name === 'signed-out' ? this.state() : link.state;
    }
  }

  /** Signs out and forgets the account, its signature and everything kept of it. */
  signOut(): Promise<void> {
    return this.#inTurn(async () => {
      await clearAccount();
      const ending = this.#end();
      await this.#parts.changed('account');
      await ending;
      await this.#forgetLeaving();
      await this.#parts.changed('account');
    });
  }

  /** Connects again after a stop; only ever at the user's wish. */
  async reconnect(): Promise<void> {
    const account = await readAccount();
    if (!account) return;
    await noteStopped(account, undefined);
    this.#tell('account');
    await this.wake();
  }

  async #end(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    this.#offset = undefined;
    if (!session) return;
    session.hush();
    session.recalls.close();
    await session.link.close();
  }

  /** Deletes what is left of accounts that were signed out; what cannot be is tried again on waking. */
  async #forgetLeaving(): Promise<void> {
    for (const account of await readLeaving()) {
      const left = await readAccount();
      if (left && idOf(left) === account) await clearAccount();
      await dropOrders(account);
      try {
        await this.memory.use((history) => history.forget(account));
        await noteLeft(account);
      } catch {
        // Noted by the memory; the account stays among the leaving.
      }
    }
  }

  /** Recalls a message of the signed-in account. */
  async recall(id: MessageId): Promise<RecallOutcome> {
    await this.wake();
    const session = this.#session;
    if (!session) return { ok: false, why: 'signed-out' };
    const stopped = (await readAccount())?.stopped;
    if (stopped?.name === 'refused') {
      const { code } = stopped;
      return { ok: false, why: 'signed-out', ...(code !== undefined && { code }) };
    }
    if (stopped) return { ok: false, why: stopped.name };
    return session.recalls.recall(id);
  }

  /** My role in a group; undefined one to one and where it is not known. */
  async roleIn(conversation: ConversationId): Promise<Role | undefined> {
    const account = this.account;
    if (account === undefined || !isGroup(conversation)) return;
    const known = await this.memory.use((history) => history.conversation(account, conversation));
    return known?.role;
  }

  /** Throws the database away and reads the service anew. */
  async rebuild(destroy: () => Promise<void>): Promise<void> {
    await this.memory.rebuild(destroy);
    await this.#parts.changed('account');
    await this.#session?.catchUp.run();
  }

  /** Forgets everything this computer remembers of every account. */
  async forgetAll(): Promise<void> {
    await this.memory.use((history) => history.forget());
    await this.#parts.changed('account');
  }

  async #onEvent(event: LinkEvent): Promise<void> {
    const session = this.#session;
    if (!session) return;
    const { account } = session;
    switch (event.kind) {
      case 'messages':
        await this.memory.learn({ account, messages: event.messages });
        break;
      case 'recalls': {
        // The SDK lowers the unread number before it tells of the recall. Said together with the
        // recall the number wins; history would otherwise lower it once more.
        const conversations = event.recalls.flatMap(
          ({ conversation }) => session.listed.get(conversation) ?? [],
        );
        await this.memory.learn({ account, recalls: event.recalls, conversations });
        break;
      }
      case 'conversations':
        for (const facts of event.conversations) session.listed.set(facts.id, facts);
        await this.memory.learn({ account, conversations: event.conversations });
        break;
      case 'state':
        await this.#onState(session, event.state);
    }
  }

  async #onState(session: Session, state: LinkState): Promise<void> {
    switch (state.name) {
      case 'signed-in-elsewhere':
      case 'signature-expired':
        await noteStopped(session.signedIn, { name: state.name });
        break;
      case 'refused':
        await noteStopped(session.signedIn, { name: state.name, code: state.code });
        break;
      case 'connected': {
        const serverTime = session.link.serverTime();
        if (serverTime !== undefined) this.#offset = serverTime - Date.now();
        // Orders first: they have deadlines.
        session.recalls.resume().catch(this.#parts.report);
        session.catchUp.run().catch(this.#parts.report);
        if (this.#offset !== undefined) await writeServerOffset(this.#offset);
        break;
      }
      case 'signed-out':
      case 'connecting':
      case 'reconnecting':
    }
    await this.#parts.changed('account');
  }

  /**
   * Between wakes: takes up what got stuck, looks for recalls nobody told of, and takes out what is
   * too old to keep. By the service's clock only: this computer's may be years off.
   */
  async tend(): Promise<void> {
    await this.wake();
    const session = this.#session;
    if (!session) return;
    const { account, link } = session;
    await session.recalls.resume();
    const serverTime = link.serverTime();
    if (serverTime !== undefined && Date.now() - this.#sweptAt > sweepEvery) {
      this.#sweptAt = Date.now();
      const now = Math.floor(serverTime / 1000);
      await this.memory.use((history) =>
        history.sweep(account, now - keptDays * day, now - keptTombstoneDays * day),
      );
    }
    await session.catchUp.reconcile();
  }
}
