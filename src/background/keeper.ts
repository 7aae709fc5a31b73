import type { ChatLink, LinkEvent, LinkState } from '../chat/link.ts';
import {
  isGroup,
  partsOf,
  type AccountId,
  type ConversationFacts,
  type ConversationId,
  type MessageId,
  type Role,
} from '../message/message.ts';
import type { RecallOutcome } from '../message/recall.ts';
import { unsureWindows, type Windows } from '../message/window.ts';
import {
  noteServerTime,
  readServerOffset,
  readWindows,
  writeServerOffset,
} from '../platform/settings.ts';
import { Backlog, type ReadOn } from './backlog.ts';
import { CatchUp } from './catch-up.ts';
import { dropOldContents } from './contents.ts';
import type { CutShort } from './cut-short.ts';
import type { Memory } from './memory.ts';
import { Recalls, type GivenUp, type RecallOptions } from './recalls.ts';
import { sweepOrders } from './orders.ts';
import { noteReads, readersOf } from './reads.ts';
import { sweepLog } from './recall-log.ts';
import { countedTime, keptSince, sweepEvery, sweepOld } from './retention.ts';
import { Storing } from './storing.ts';
import { wordlessBefore } from './stretches.ts';

/** A message of this age (ms) is long stored, where its sender's clock is right. */
const young = 600_000;

/** What changed: an account or its connection, or messages (none: the popup's view only). */
export type Change =
  | 'account'
  | {
      readonly ids: readonly MessageId[];
      /** Their recall ended without success, and whoever asked for it was told to wait. */
      readonly hasFailedLate?: true;
      /** What became of recalls of accounts that were left with their site. */
      readonly cutShort?: CutShort;
    };

/** What the keeper of one account works with. */
export interface KeeperParts {
  readonly link: ChatLink;
  readonly memory: Memory;
  /** Resolves when the popup's stored view shows the change. */
  readonly changed: (change: Change) => Promise<void>;
  /** The connection came into this state; what must be stored of it is, when this resolves. */
  readonly onState: (state: LinkState) => Promise<void>;
  /** Something failed that nobody waits for. */
  readonly report: (error: unknown) => void;
}

/**
 * Keeps the history of one account true to the service: the only module that knows both. Everything
 * it holds in memory is a cache of what is stored, so a worker that dies loses nothing.
 */
export class Keeper {
  readonly account: AccountId;
  readonly link: ChatLink;
  readonly #parts: KeeperParts;
  readonly #recalls: Recalls;
  readonly #catchUp: CatchUp;
  readonly #backlog: Backlog;
  /** Conversations as the service listed them last. */
  readonly #listed = new Map<ConversationId, ConversationFacts>();
  readonly #hush: () => void;
  /** What is being taken in of what the link told. */
  readonly #events = new Storing();
  #offset: number | undefined;
  #sweptAt = 0;
  #isClosed = false;

  /** `offset`: server time minus this computer's clock, ms, where an earlier worker measured it. */
  constructor(parts: KeeperParts, offset: number | undefined) {
    const { link, memory } = parts;
    const { account } = link;
    this.#parts = parts;
    this.#offset = offset;
    this.account = account;
    this.link = link;
    const now = (): number => this.now();
    this.#catchUp = new CatchUp({ account, link, memory, now });
    this.#backlog = new Backlog({ account, link, memory, catchUp: this.#catchUp, now });
    this.#recalls = new Recalls({
      account,
      link,
      now,
      find: (id) => memory.use((history) => history.find({ account, id })),
      learn: (recall) => memory.learn({ account, recalls: [recall] }),
      reread: (conversation, time) => this.#catchUp.reread(conversation, time),
      windows: () => this.windows(),
      roleIn: ({ conversation }) => this.roleIn(conversation),
      readersOf: (message) => readersOf(account, message),
      changed: (id) => {
        parts.changed({ ids: [id] }).catch(parts.report);
      },
      failedLate: (id) => {
        parts.changed({ ids: [id], hasFailedLate: true }).catch(parts.report);
      },
      windowChanged: () => {
        parts.changed('account').catch(parts.report);
      },
    });
    this.#hush = link.hear((event) => {
      this.#events.do(() => this.#onEvent(event)).catch(parts.report);
    });
    // They wait for the connection by themselves, each until its own deadline.
    this.#recalls.resume().catch(parts.report);
  }

  /** Makes the keeper of an account, with what an earlier worker knew of its service's time. */
  static async of(parts: KeeperParts): Promise<Keeper> {
    return new Keeper(parts, await readServerOffset(parts.link.account));
  }

  /** Whether there is a connection to keep, or one to come. */
  get isAtWork(): boolean {
    const { name } = this.link.state;
    return name === 'connecting' || name === 'connected' || name === 'reconnecting';
  }

  /** Whether the service can be asked. */
  get isConnected(): boolean {
    return this.link.state.name === 'connected';
  }

  /** Server time, ms; as well as it is known before the connection stands. */
  now(): number {
    return this.link.serverTime() ?? Date.now() + (this.#offset ?? 0);
  }

  /** Whether the service ever told this browser session what time it is. */
  get knowsTime(): boolean {
    return this.link.serverTime() !== undefined || this.#offset !== undefined;
  }

  /** How long recalls may be asked for. Where the time is not sure the service is asked, not guessed. */
  async windows(): Promise<Windows> {
    const { account, link } = this;
    const windows = await readWindows(account, this.now());
    return link.serverTime() === undefined || link.isTimeSure ? windows : unsureWindows(windows);
  }

  /** Recalls a message of this account; see `Recalls.recall`. */
  recall(id: MessageId, how?: RecallOptions): Promise<RecallOutcome> {
    return this.#recalls.recall(id, how);
  }

  /** What became of a message whose recall waited for it in vain; see `Recalls.givenUp`. */
  givenUp(id: MessageId): GivenUp | undefined {
    return this.#recalls.givenUp(id);
  }

  /** Orders recalls of a sweep; see `Recalls.recallAll`. */
  recallAll(
    ids: readonly MessageId[],
    sweep: string,
  ): Promise<ReadonlyMap<MessageId, RecallOutcome>> {
    return this.#recalls.recallAll(ids, sweep);
  }

  stopSweep(sweep: string): Promise<void> {
    return this.#recalls.stop(sweep);
  }

  /** My role in a group; undefined one to one and where it is not known. */
  async roleIn(conversation: ConversationId): Promise<Role | undefined> {
    if (!isGroup(conversation)) return;
    const { account } = this;
    const known = await this.#parts.memory.use((history) =>
      history.conversation(account, conversation),
    );
    return known?.role;
  }

  /**
   * A page shows these messages, or they were recalled: those that history does not know are taken from
   * what the session has in memory. One just sent can then be recalled before anything else tells of it,
   * and has its placeholder when it is. What is too old to keep is met without its words: whose it is
   * has to be known, as an admin can recall it all the same.
   */
  async meet(ids: readonly MessageId[], areRecalled = false): Promise<void> {
    const { account, link } = this;
    const { memory } = this.#parts;
    const known = await memory.use((history) => history.findAll(account, ids));
    const here = new Set(known.map(({ id }) => id));
    const isWorthIt = (id: MessageId): boolean =>
      areRecalled || !link.tellsAll || !(this.now() - (partsOf(id)?.madeAt ?? NaN) > young);
    const unknown = ids.filter((id) => !here.has(id) && isWorthIt(id));
    if (unknown.length === 0) return;
    const { messages: found, recalls } = await link.peek(unknown);
    if (found.length + recalls.length === 0) return;
    const oldest = await keptSince(account, Math.floor(this.now() / 1000));
    await memory.learn({ account, messages: wordlessBefore(found, oldest), recalls });
  }

  /** Reads the service anew, as after everything was forgotten. */
  catchUp(): Promise<void> {
    return this.#catchUp.run();
  }

  /** Conversations whose newest messages are not known yet. */
  get waiting(): readonly ConversationId[] {
    return this.#catchUp.waiting;
  }

  /** Reads older messages of a conversation; see `Backlog.readOn`. */
  readOn(conversation: ConversationId): Promise<ReadOn> {
    return this.#backlog.readOn(conversation);
  }

  /**
   * Ends the connection and everything under way; what is stored is left to the next, and nothing is
   * stored after it resolves.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#hush();
    this.#catchUp.stop();
    await Promise.all([this.#recalls.close(), this.link.close(), this.#events.end()]);
  }

  /**
   * Between wakes: takes up what got stuck, looks for recalls nobody told of, and takes out what is
   * too old to keep.
   */
  async tend(): Promise<void> {
    await this.#recalls.resume();
    await this.age();
    await this.#catchUp.reconcile();
  }

  /** Takes out what is too old to keep, when it is time to; orders that ended are for minutes only. */
  async age(): Promise<void> {
    // Neither waits for the other, as in `sweep`.
    await Promise.all([sweepOrders(this.account, this.now()), this.#sweepInTime()]);
  }

  async #sweepInTime(): Promise<void> {
    // Also when the clock was set back: nobody knows how long ago that was.
    if (Math.abs(Date.now() - this.#sweptAt) > (await sweepEvery())) await this.sweep();
  }

  /**
   * Takes out what is too old to keep: by the service's time, which an earlier worker may have heard
   * from a page that is gone; where nobody told it in this browser session see `countedTime`. The log
   * of recalls goes by this computer's clock then.
   */
  async sweep(isAskedFor = false): Promise<void> {
    // Neither waits for the other: one that cannot be written must not keep the other from its end.
    await Promise.all([sweepLog(this.account, this.now()), this.#sweepHistory(isAskedFor)]);
  }

  async #sweepHistory(isAskedFor: boolean): Promise<void> {
    const { account, link } = this;
    const told = link.serverTime();
    if (told !== undefined) await this.#noteTime(told);
    const time = this.knowsTime ? this.now() : await countedTime(account, isAskedFor);
    if (time === undefined) return;
    this.#sweptAt = Date.now();
    const now = Math.floor(time / 1000);
    const { memory, changed } = this.#parts;
    const removed = await memory.use((history) => sweepOld(history, account, now));
    // What is shown, and kept to be shown, is not to outlive it.
    if (removed > 0) await changed('account');
    // Also without that: a worker before may have died here.
    await dropOldContents(account, (ids) => memory.use((history) => history.findAll(account, ids)));
  }

  /** Notes the service's time, ms, for when nobody tells it: as well as a full disk lets it. */
  async #noteTime(server: number): Promise<void> {
    if (!this.#isClosed) await noteServerTime(this.account, server).catch(() => undefined);
  }

  async #onEvent(event: LinkEvent): Promise<void> {
    const { account } = this;
    const { memory } = this.#parts;
    switch (event.kind) {
      case 'messages':
        await memory.learn({ account, messages: event.messages });
        this.#recalls.noteMessages(event.messages.map(({ id }) => id));
        break;
      case 'recalls': {
        // The SDK lowers the unread number before it tells of the recall. Said together with the
        // recall the number wins; history would otherwise lower it once more.
        const conversations = event.recalls.flatMap(
          ({ conversation }) => this.#listed.get(conversation) ?? [],
        );
        await memory.learn({ account, recalls: event.recalls, conversations });
        await this.#recalls.noteRecalls(event.recalls);
        await this.meet(
          event.recalls.flatMap(({ id }) => id ?? []),
          true,
        );
        break;
      }
      case 'conversations':
        for (const facts of event.conversations) this.#listed.set(facts.id, facts);
        await memory.learn({ account, conversations: event.conversations });
        // Closed meanwhile: whoever closed it may have deleted everything by now.
        if (!this.#isClosed) await this.#noteReads(event.conversations);
        break;
      case 'reads':
        await noteReads(account, event.reads);
        break;
      case 'missed':
        this.#catchUp.runSoon();
        break;
      case 'state':
        await this.#onState(event.state);
    }
  }

  /** How far the other parties have read comes with the conversations, too. */
  async #noteReads(conversations: readonly ConversationFacts[]): Promise<void> {
    const reads = conversations.flatMap(({ id, peerReadTime }) =>
      peerReadTime === undefined ? [] : [{ conversation: id, upTo: peerReadTime }],
    );
    if (reads.length > 0) await noteReads(this.account, reads);
  }

  async #onState(state: LinkState): Promise<void> {
    const { changed, onState, report } = this.#parts;
    await onState(state);
    if (state.name === 'connected') {
      const serverTime = this.link.serverTime();
      if (serverTime !== undefined) this.#offset = serverTime - Date.now();
      // Orders first: they have deadlines.
      this.#recalls.resume().catch(report);
      this.#catchUp.run().catch(report);
      if (this.#offset !== undefined && !this.#isClosed) {
        await writeServerOffset(this.account, this.#offset);
        await this.#noteTime(Date.now() + this.#offset);
      }
    }
    await changed('account');
  }
}
