import type { ChatLink, Credentials, LinkState } from '../chat/link.ts';
import { appOf, userOf, type AccountId, type MessageId } from '../message/message.ts';
import type { RecallOutcome } from '../message/recall.ts';
import {
  clearAccount,
  idOf,
  noteOwner,
  noteStopped,
  readAccount,
  readOwner,
  writeAccount,
  type SignedIn,
} from '../platform/accounts.ts';
import { isAgreed } from '../platform/consent.ts';
import { useOnOnlySite } from '../platform/own-sites.ts';
import { serverFor } from '../platform/policy.ts';
import { readSites } from '../platform/sites.ts';
import { Turns } from '../platform/turns.ts';
import { Deletion } from './deletion.ts';
import { Keeper, type Change } from './keeper.ts';
import type { KeepersParts } from './keepers-parts.ts';
import { Leaving } from './leaving.ts';
import { Memory } from './memory.ts';
import { PageKeepers, type PageAsker } from './page-keepers.ts';
import { dropOldWords } from './reedit.ts';
import type { RecallOptions } from './recalls.ts';
import { restingKeeper } from './resting.ts';
import { Sealing } from './sealing.ts';
import { refusalAfter, stateAfter, stopOf } from './stop.ts';

/** How long a sign-in is waited for, ms. */
const longestSignIn = 20_000;

/** The keepers of all accounts there are, each made as soon as its account is known. */
export class Keepers {
  readonly memory: Memory;
  readonly sealing: Sealing;
  /** Those of the accounts that pages are signed in as. */
  readonly pages: PageKeepers;
  readonly #parts: KeepersParts;
  /** Links that stopped and of which that is stored, as far as anything can be. */
  readonly #told = new WeakSet<ChatLink>();
  #own: Keeper | undefined;
  /** Where that signs in; undefined: at Tencent's own servers. */
  #ownServer: string | undefined;
  /** Of the own sign-in that ended with the browser: it connects no more and is shown to nobody. */
  #resting: Keeper | undefined;
  #isTidied = false;
  /** Wakes, sign-ins and sign-outs wait for each other. */
  readonly #turns = new Turns();
  readonly #leaving: Leaving;
  readonly #deletion: Deletion;

  constructor(parts: KeepersParts) {
    this.#parts = parts;
    this.memory = new Memory({
      openHistory: parts.openHistory,
      scrub: parts.scrub,
      // What was learnt is learnt, whether or not it can be shown.
      changed: (ids) => parts.changed({ ids }).catch(parts.report),
    });
    this.sealing = new Sealing(this.memory);
    this.#deletion = new Deletion({
      sealing: this.sealing,
      destroyHistory: parts.destroyHistory,
      deleted: () => parts.changed('account'),
      report: parts.report,
    });
    this.#leaving = new Leaving({
      memory: this.memory,
      forgotten: (account) => {
        this.#readAnew(account);
      },
      report: parts.report,
    });
    this.pages = new PageKeepers({
      memory: this.memory,
      changed: parts.changed,
      report: parts.report,
      openLink: (credentials) => this.#openLink(credentials),
      makePageLink: parts.makePageLink,
      forget: async (accounts) => {
        await this.#leaving.note(accounts);
        // Not waited for: another site's page need not wait until this one's history is deleted.
        void this.#leaving.finish();
      },
      forgotten: (account) => this.#leaving.isOver(account),
      isServedByOwn: (app, user) => this.isServedByOwn(app, user),
    });
  }

  /** Everybody's keeper; empty before `wake()`. */
  get all(): readonly Keeper[] {
    return this.#own ? [this.#own, ...this.pages.all] : this.pages.all;
  }

  /** The keeper of Unsay's own sign-in; undefined before `wake()` and when signed out. */
  get own(): Keeper | undefined {
    return this.#own;
  }

  /** The keeper of an account, where there is one. */
  of(account: AccountId): Keeper | undefined {
    return this.all.find((keeper) => keeper.account === account);
  }

  /** The accounts there are: only these are shown. What is kept of another is nobody's. */
  async known(): Promise<ReadonlySet<AccountId>> {
    if (!(await isAgreed())) return new Set();
    const [own, ofPages] = await Promise.all([readAccount(), this.pages.known()]);
    return new Set([...(own ? [idOf(own)] : []), ...ofPages]);
  }

  /** Whether there is a connection to keep, or one to come. */
  get isAtWork(): boolean {
    return this.all.some((keeper) => keeper.isAtWork);
  }

  /**
   * Whether Unsay's own sign-in serves this user of this app (0: unknown). One that has stopped
   * serves nobody, so that a page that took its place is ridden instead.
   */
  isServedByOwn(app: number, user: string): boolean {
    const own = this.#own;
    if (!own?.isAtWork || userOf(own.account) !== user) return false;
    return app === 0 || appOf(own.account) === app;
  }

  /**
   * The keeper whose account a page shows: of the page's own session; of Unsay's sign-in where that
   * is the same user, or where nothing is known of the page's. `claim` is what the page itself says.
   */
  async servedTo(asker: PageAsker, claim: AccountId | undefined): Promise<Keeper | undefined> {
    const told = await this.pages.claimOf(asker);
    if (told) {
      return this.isServedByOwn(told.app, told.user) ? this.#own : this.pages.servedTo(asker);
    }
    return claim === undefined || claim === this.#own?.account ? this.#own : undefined;
  }

  /** History was deleted that this account left when it was there before. */
  #readAnew(account: AccountId): void {
    const here = [this.#own, ...this.pages.every].find((keeper) => keeper?.account === account);
    if (!here) return;
    this.#tell('account');
    here.catchUp().catch(this.#parts.report);
  }

  #tell(change: Change): void {
    this.#parts.changed(change).catch(this.#parts.report);
  }

  /**
   * Brings everything to life: opens the link of the signed-in account, looks after lost
   * connections, takes up what an earlier worker left. Cheap when all is well; call it on every event.
   */
  wake(): Promise<void> {
    return this.#turns.take(() => this.#wake());
  }

  /**
   * Wakes what serves an account, unless it is a page whose connection stands and nothing is under way
   * that might change that: each wake reads the disk, and somebody waits. The own sign-in is woken: a
   * policy may name another server by now.
   */
  async rouse(account: AccountId): Promise<void> {
    const keeper = this.of(account);
    const isUp = keeper?.link.state.name === 'connected' && keeper !== this.#own;
    if (isUp && (await this.pages.isRight(account)) && this.#turns.isIdle) keeper.link.poke();
    else await this.wake();
  }

  /** `isWished`: the user wants it connected again after a stop. */
  async #wake(isWished = false): Promise<void> {
    await this.#leaving.finish();
    await this.#deletion.finish();
    await this.pages.wake();
    // Also when consent is asked for anew, to more than the user agreed to at sign-in, or whoever
    // manages the browser does not give it any more.
    if (!(await isAgreed())) {
      const wasShown = this.#own !== undefined;
      if (wasShown) await this.#end();
      await this.#rest();
      if (wasShown) await this.#parts.changed('account');
      return;
    }
    if (!this.#isTidied) {
      this.#isTidied = true;
      // Nobody waits for it. What fails is done by the next worker.
      this.sealing.tidy().catch(this.#parts.report);
    }
    // What keeps the own sign-in from it keeps no page from its own.
    const waking = this.#wakeOwn(isWished);
    await (isWished ? waking : waking.catch(this.#parts.report));
    this.pages.standIns.takeUp();
  }

  async #wakeOwn(isWished: boolean): Promise<void> {
    const account = await readAccount();
    if (!account) {
      await this.#rest();
      return;
    }
    // A policy may name another server than when this worker signed in.
    if (this.#own && (await serverFor(account)) !== this.#ownServer) await this.#end();
    const keeper = this.#own ?? (await this.#begin(account));
    // It may have stopped since that was read, or is being stored: opened now, it would throw whoever
    // signed in elsewhere out again.
    if (account.stopped || (!isWished && stopOf(keeper.link.state))) return;
    this.#told.delete(keeper.link);
    keeper.link.open();
    keeper.link.poke();
  }

  /** The browser says that there is no network; see `ChatLink.doubt`. */
  doubt(): void {
    for (const { link } of this.all) link.doubt();
  }

  /**
   * Looks after what is left of a sign-in that ended with the browser: its recalls come to their
   * ends, and what is kept grows old. All of it is there for its user to come back to.
   */
  async #rest(): Promise<void> {
    const account = await readOwner();
    if (account === undefined || this.#own || this.#resting) return;
    this.#resting = await restingKeeper(account, this.memory, this.#parts);
  }

  /** Must run in turn, and only when nobody is signed in. */
  async #begin(signedIn: SignedIn): Promise<Keeper> {
    const { sdkAppId, userId, userSig, server } = signedIn;
    this.memory.meet(idOf(signedIn));
    this.#ownServer = await serverFor(signedIn);
    // Noted when it signed in, but by older versions.
    await noteOwner(idOf(signedIn)).catch(this.#parts.report);
    await this.#resting?.close();
    this.#resting = undefined;
    const link = await this.#openLink({ sdkAppId, userId, userSig, server });
    this.#own = await Keeper.of({
      link,
      memory: this.memory,
      changed: this.#parts.changed,
      report: this.#parts.report,
      onState: async (state) => {
        const stop = stopOf(state);
        if (stop) await noteStopped(signedIn, stop).finally(() => this.#told.add(link));
      },
    });
    return this.#own;
  }

  /** Opens a sign-in of Unsay's own, whoever chose it: at a policy's server where there is one. */
  async #openLink(credentials: Credentials): Promise<ChatLink> {
    return this.#parts.openLink({ ...credentials, server: await serverFor(credentials) });
  }

  /**
   * Where an account's connection stands. A stop of our own sign-in is told as it is stored, also by
   * a worker just woken.
   */
  async stateOf(keeper: Keeper): Promise<LinkState> {
    const stopped = keeper === this.#own ? (await readAccount())?.stopped : undefined;
    if (stopped) return stateAfter(stopped);
    const { link } = keeper;
    // Told before it is stored, a stop could end with this worker.
    const isUntold = keeper === this.#own && stopOf(link.state) && !this.#told.has(link);
    return isUntold || link.state.name === 'signed-out' ? { name: 'connecting' } : link.state;
  }

  /**
   * Signs in; replaces the account before. Resolves with where that ended, after 20 s at most. Rejects
   * where it could not be stored: nothing of it is left then.
   */
  async signIn(account: Omit<SignedIn, 'stopped'>): Promise<LinkState> {
    const signingIn = this.#turns.take(async () => {
      const before = await readOwner();
      // Somebody else's history and recalls are not left to whoever signs in after them.
      const gone = before === idOf(account) ? undefined : before;
      if (gone !== undefined) this.memory.leave(gone);
      await this.#end();
      if (gone !== undefined) await clearAccount();
      await this.#leaving.finish();
      await this.#leaving.isOver(idOf(account));
      await writeAccount(account);
      // The user can say it in the options.
      await useOnOnlySite(await readSites()).catch(this.#parts.report);
      const begun = await this.#begin(account);
      begun.link.open();
      return begun;
    });
    // Also where that failed: whoever was signed in is gone, or is taken up again by who asks for it.
    const keeper = await signingIn.finally(() => {
      this.#tell('account');
    });
    const { link } = keeper;
    try {
      await link.ready(longestSignIn);
      return link.state;
    } catch {
      return link.state.name === 'signed-out' ? this.stateOf(keeper) : link.state;
    }
  }

  /** Signs out and forgets the account, its signature and everything kept of it. */
  signOut(): Promise<void> {
    return this.#turns.take(async () => {
      const account = await readOwner();
      if (account !== undefined) this.memory.leave(account);
      try {
        await clearAccount();
      } catch (error) {
        // Signed in still, it goes on learning.
        if (account !== undefined) this.memory.meet(account);
        throw error;
      }
      const ending = this.#end();
      await this.#parts.changed('account');
      await ending;
      await this.#leaving.finish();
      await this.#parts.changed('account');
    });
  }

  /** Connects again after a stop; only ever at the user's wish. */
  reconnect(): Promise<void> {
    return this.#turns.take(async () => {
      const account = await readAccount();
      if (!account) return;
      await noteStopped(account, undefined);
      this.#tell('account');
      await this.#wake(true);
    });
  }

  async #end(): Promise<void> {
    const ended = [this.#own, this.#resting].filter((keeper) => keeper !== undefined);
    this.#own = this.#resting = undefined;
    await Promise.all(ended.map((keeper) => keeper.close()));
  }

  /** Recalls a message of one of the accounts. */
  async recall(account: AccountId, id: MessageId, how?: RecallOptions): Promise<RecallOutcome> {
    await this.rouse(account);
    const keeper = await this.#readyToRecall(account);
    return keeper instanceof Keeper ? keeper.recall(id, how) : keeper;
  }

  /** Orders recalls of a sweep; see `Recalls.recallAll`. */
  async recallAll(
    account: AccountId,
    ids: readonly MessageId[],
    sweep: string,
  ): Promise<ReadonlyMap<MessageId, RecallOutcome>> {
    const keeper = await this.#readyToRecall(account);
    if (keeper instanceof Keeper) return keeper.recallAll(ids, sweep);
    return new Map(ids.map((id) => [id, keeper]));
  }

  async #readyToRecall(account: AccountId): Promise<Keeper | RecallOutcome> {
    const keeper = this.of(account);
    if (!keeper) return { ok: false, why: 'signed-out' };
    const stop = stopOf(await this.stateOf(keeper));
    return stop ? refusalAfter(stop) : keeper;
  }

  /** Sends nothing more of a sweep. */
  async stopSweep(sweep: string): Promise<void> {
    await Promise.all(this.all.map((keeper) => keeper.stopSweep(sweep)));
  }

  /** Throws the database away and reads the service anew. */
  async rebuild(): Promise<void> {
    await this.memory.rebuild(this.#parts.destroyHistory);
    await this.#parts.changed('account');
    await Promise.all(this.all.map((keeper) => keeper.catchUp()));
  }

  /** See `Deletion.all`. A worker that dies in the middle of it has a successor that goes on. */
  forgetAll(): Promise<void> {
    return this.#deletion.all();
  }

  /** Between wakes: see `Keeper.tend`. Words whose time is over go first, whatever else fails. */
  async tend(): Promise<void> {
    await dropOldWords();
    await this.wake();
    await this.pages.standIns.tend();
    await Promise.all(this.all.map((keeper) => keeper.tend()));
    await this.#resting?.tend();
    // Also of those that another serves nothing is kept for longer.
    await Promise.all(this.pages.every.map((keeper) => keeper.age()));
  }

  /** Takes out what is too old to keep, now: the user wants less to be kept. */
  async sweep(): Promise<void> {
    const others = [this.#own, this.#resting].filter((keeper) => keeper !== undefined);
    for (const keeper of [...others, ...this.pages.every]) await keeper.sweep(true);
  }
}
