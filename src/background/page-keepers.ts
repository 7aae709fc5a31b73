import { HandoverLink } from '../chat/handover.ts';
import type { RidingLink } from '../chat/link.ts';
import type { Asker } from '../contract/asker.ts';
import type { Answered, Asked } from '../contract/contract.ts';
import type { SeatId } from '../contract/seat.ts';
import { appOf, originOf, userOf, type AccountId } from '../message/message.ts';
import {
  dropSeenSessions,
  dropSiteSettings,
  forgetPageAccounts,
  keepSettingsOf,
  meetPageAccount,
  pageAccountOf,
  readPageAccounts,
  untoldOf,
} from '../platform/page-accounts.ts';
import { keepStyles } from '../platform/settings.ts';
import { isAllowed, isOn, isTabOpen, offAmong, readSites } from '../platform/sites.ts';
import { Turns } from '../platform/turns.ts';
import { carryOver } from './carry-over.ts';
import { cutShortOf } from './cut-short.ts';
import { Weir } from './flood.ts';
import { Keeper } from './keeper.ts';
import { isRecalling } from './orders.ts';
import type { PageKeepersParts } from './page-keepers-parts.ts';
import {
  dismissSeat,
  electOwner,
  giveWay,
  isAt,
  isElsewhere,
  leaveSeats,
  pageSeatOf,
  readSeats,
  takeSeat,
  type Seat,
} from './seats.ts';
import { StandIns } from './stand-ins.ts';

/** Whoever asks from a page. */
export type PageAsker = Extract<Asker, { tab: number }>;

interface Ridden {
  readonly keeper: Keeper;
  readonly link: HandoverLink;
  readonly page: RidingLink;
  readonly weir: Weir;
}

/**
 * How long after its last page an account may be signed in to without one, ms. A page that is only
 * loaded anew is back by then, and its sign-in must not meet ours.
 */
const grace = 10_000;

/**
 * The keepers of the accounts that pages are signed in as. A page speaks for accounts of its own
 * origin only: the account's id is made here from what the browser stamped, not taken from the page.
 */
export class PageKeepers {
  readonly standIns: StandIns;
  readonly #parts: PageKeepersParts;
  readonly #ridden = new Map<AccountId, Ridden>();
  /** What changes who sits where waits for each other. */
  readonly #turns = new Turns();
  #waking: Promise<void> | undefined;
  /** Sites that are off though the user turned them on: a policy is against them, or nobody agreed. */
  #off: ReadonlySet<string> = new Set();

  constructor(parts: PageKeepersParts) {
    this.#parts = parts;
    const { openLink, isServedByOwn, report } = parts;
    const [ridden, turns] = [this.#ridden, this.#turns];
    this.standIns = new StandIns({ ridden, turns, openLink, isServedByOwn, report });
  }

  /** Everybody's keeper. */
  get every(): readonly Keeper[] {
    return [...this.#ridden.values()].map(({ keeper }) => keeper);
  }

  /** Those of sites that are off left out, and of users that Unsay's own sign-in serves. */
  get all(): readonly Keeper[] {
    return this.every.filter(
      ({ account }) =>
        !this.#isOff(account) && !this.#parts.isServedByOwn(appOf(account), userOf(account)),
    );
  }

  #isOff(account: AccountId): boolean {
    return this.#off.has(originOf(account) ?? '');
  }

  #later(work: Promise<unknown>): void {
    work.catch(this.#parts.report);
  }

  /**
   * Takes up what an earlier worker left, once, whoever asks; looks after lost connections, leaves what
   * is off by now, and signs in where it is to be.
   */
  async wake(): Promise<void> {
    await this.#leaveOff();
    await this.standIns.moveAll().catch(this.#parts.report);
    for (const { link } of this.#ridden.values()) link.poke();
    await this.#takeUp();
  }

  #takeUp(): Promise<void> {
    this.#waking ??= this.#turns
      .take(async () => {
        await this.#leaveRest().catch(this.#parts.report);
        for (const account of await readPageAccounts()) {
          await this.#begin(account);
          await this.#settle(account);
        }
      })
      .catch((error: unknown) => {
        // What the browser could not read once must not keep everybody out for good.
        this.#waking = undefined;
        throw error;
      });
    return this.#waking;
  }

  /** Whether an account is served, or not, as it is to be by now: a policy may say otherwise since. */
  async isRight(account: AccountId): Promise<boolean> {
    const origin = originOf(account);
    if (origin === undefined) return true;
    const isServed = (await isAllowed(origin)) !== this.#isOff(account);
    return isServed && !(await this.standIns.isMisplaced(account));
  }

  /** The accounts there are of sites that are on. */
  async known(): Promise<readonly AccountId[]> {
    const accounts = await readPageAccounts();
    const off = await offAmong(accounts.map(originOf));
    return accounts.filter((account) => !off.has(originOf(account) ?? ''));
  }

  /**
   * Pages of sites that are off are left at once. What is kept of their accounts stays and grows old, as
   * a policy can be taken back, and is neither shown nor served. Recalls that waited are told of once: who
   * has no page by then has them end at their deadline.
   */
  async #leaveOff(): Promise<void> {
    const [accounts, seats] = await Promise.all([readPageAccounts(), readSeats()]);
    const before = this.#off;
    this.#off = await offAmong([...accounts.map(originOf), ...seats.map(({ origin }) => origin)]);
    const isNews =
      this.#off.size !== before.size || [...this.#off].some((origin) => !before.has(origin));
    if (!isNews && !seats.some(({ origin }) => this.#off.has(origin))) return;
    await this.#turns.take(async () => {
      const gone = await leaveSeats(({ origin }) => this.#off.has(origin));
      for (const seat of gone) this.#later(dismissSeat(seat));
      for (const account of this.#ridden.keys()) {
        if (!this.#isOff(account)) continue;
        await this.#settle(account);
        this.#later(this.standIns.connect(account));
      }
      await this.#tellCutShort(gone.flatMap(({ account }) => account ?? []));
    });
    await this.#parts.changed('account');
  }

  async #tellCutShort(accounts: readonly AccountId[]): Promise<void> {
    const cutShort = await cutShortOf(accounts);
    if (cutShort) this.#later(this.#parts.changed({ ids: [], cutShort }));
  }

  /** Leaves what a worker left behind that died, or could not go on, while a site was turned off. */
  async #leaveRest(): Promise<void> {
    const sites = await readSites();
    const isLeft = (account: AccountId): boolean => !sites.includes(originOf(account) ?? '');
    await keepSettingsOf(sites);
    await keepStyles((origin) => sites.includes(origin));
    const left = (await readPageAccounts()).filter(isLeft);
    if (left.length > 0) await this.#forget(left, true);
  }

  async #begin(account: AccountId): Promise<Ridden> {
    const known = this.#ridden.get(account);
    if (known) return known;
    const { memory, changed, report, makePageLink } = this.#parts;
    const page = makePageLink(account);
    // What did not hold once is not tried again: only a page gives a new one.
    const link = new HandoverLink(page, () => {
      this.#later(dropSeenSessions([account]));
    });
    const onState = (): Promise<void> => Promise.resolve();
    const keeper = await Keeper.of({ link, memory, changed, report, onState });
    const ridden: Ridden = { keeper, link, page, weir: new Weir(page) };
    this.#ridden.set(account, ridden);
    link.open();
    return ridden;
  }

  /** Seats the account's link in the page that is to be ridden, if there is one. */
  async #settle(account: AccountId): Promise<void> {
    const ridden = this.#ridden.get(account);
    const owner = await electOwner(account);
    if (!ridden) return;
    ridden.weir.flush();
    // A page is there: its sign-in must find the place free.
    if (owner) this.#later(ridden.link.yield());
    ridden.page.sit(
      owner &&
        pageSeatOf(owner, {
          gone: ({ id }) => {
            this.#later(this.#leave((other) => other.id === id));
          },
          late: (seat) => this.#relieve(account, seat),
        }),
    );
    if (owner?.isReady) this.#later(this.standIns.noteSignature(owner));
  }

  /**
   * A page does not answer in time: a browser freezes tabs that nobody looks at. Another page of the
   * account is ridden from now on, if there is one, and what was missed is read. Resolves with whether
   * there is one; never rejects.
   */
  async #relieve(account: AccountId, seat: Seat): Promise<boolean> {
    try {
      const hasOther = await this.#turns.take(async () => {
        const isRelieved = await giveWay(seat);
        if (isRelieved) await this.#settle(account);
        return isRelieved;
      });
      const keeper = this.#ridden.get(account)?.keeper;
      if (hasOther && keeper) this.#later(keeper.catchUp());
      return hasOther;
    } catch (error) {
      this.#parts.report(error);
      return false;
    }
  }

  /** A page told whose session it has. */
  pageSession(
    asker: PageAsker,
    { seat, session, isVisible }: Asked<'pageSession'>,
  ): Promise<Answered<'pageSession'>> {
    return this.#turns.take(async () => {
      // What a page said before it went can arrive after its tab was closed, or its site turned off.
      const [isThere, isWanted] = await Promise.all([isTabOpen(asker.tab), isOn(asker.origin)]);
      if (!isThere || !isWanted) return { decorates: false };
      const account =
        session?.user === undefined
          ? undefined
          : await pageAccountOf(asker.origin, session.app, session.user);
      // Whatever it is going to be signed in as: nobody else of this site may sign in meanwhile.
      this.standIns.yieldAll(asker.origin);
      if (account !== undefined) await this.#meet(account, seat);
      const before = await takeSeat(asker, seat, account, session, isVisible);
      for (const one of new Set([account, ...before.map((was) => was.account)])) {
        if (one !== undefined) await this.#settle(one);
      }
      this.#later(this.#parts.changed('account'));
      return {
        decorates: asker.kind === 'page',
        ...(account !== undefined && { account }),
      };
    });
  }

  async #meet(account: AccountId, seat: SeatId): Promise<void> {
    const untold = await untoldOf(account);
    const isUsed =
      untold !== undefined && ((await isElsewhere(untold, seat)) || (await isRecalling(untold)));
    if (untold !== undefined && !isUsed) {
      await carryOver(untold, account).catch(this.#parts.report);
      await this.#forget([untold]);
    }
    // What is being deleted is what was there before.
    if (!this.#ridden.has(account)) await this.#parts.forgotten(account);
    const gone = await meetPageAccount(account);
    if (gone.length > 0) await this.#forget(gone);
    this.#parts.memory.meet(account);
    await this.#begin(account);
  }

  /** What a page's SDK told; only the page that is ridden is listened to. */
  async pageEvents(asker: PageAsker, { seat, events }: Asked<'pageEvents'>): Promise<boolean> {
    const known = (await readSeats()).find((one) => one.id === seat && isAt(one, asker));
    if (!known) return false;
    const ridden = known.account === undefined ? undefined : this.#ridden.get(known.account);
    if (!ridden || !known.isOwner) return true;
    ridden.weir.pass(events);
    return true;
  }

  /** A page was left. */
  pageLeft(asker: PageAsker, seat: string): Promise<void> {
    return this.#leave((one) => one.id === seat && isAt(one, asker));
  }

  /** A tab was closed. */
  tabClosed(tab: number): Promise<void> {
    return this.#leave((one) => one.tab === tab);
  }

  #leave(isGone: (seat: Seat) => boolean): Promise<void> {
    return this.#turns.take(async () => {
      const gone = await leaveSeats(isGone);
      const accounts = new Set(gone.flatMap(({ account }) => account ?? []));
      for (const account of accounts) {
        await this.#settle(account);
        setTimeout(() => {
          this.#later(this.standIns.connect(account));
        }, grace);
      }
      if (gone.length > 0) this.#later(this.#parts.changed('account'));
    });
  }

  /** Which account serves a page, by where it asks from; undefined where its session is not known. */
  async servedTo(asker: PageAsker): Promise<Keeper | undefined> {
    const seat = (await readSeats()).find((one) => isAt(one, asker));
    return seat?.account === undefined ? undefined : this.#ridden.get(seat.account)?.keeper;
  }

  /** Whom the page at this place says to be signed in as. */
  async claimOf(asker: PageAsker): Promise<{ app: number; user: string } | undefined> {
    const seat = (await readSeats()).find((one) => isAt(one, asker));
    return seat?.user === undefined ? undefined : { app: seat.app, user: seat.user };
  }

  /**
   * Whether the bar of a tab belongs here: into its page, or into the frames where somebody is signed in
   * when nobody is in the page itself. It would else be there in each of them.
   */
  async holdsBar({ tab, frame }: PageAsker): Promise<boolean> {
    const seats = (await readSeats()).filter((seat) => seat.tab === tab && seat.user !== undefined);
    const isInPage = seats.length === 0 || seats.some((seat) => seat.frame === 0);
    return isInPage ? frame === 0 : seats.some((seat) => seat.frame === frame);
  }

  /** Whether our scripts are in a page of a site, as far as is known. */
  async hasSeat(origin: string): Promise<boolean> {
    return (await readSeats()).some((seat) => seat.origin === origin);
  }

  /**
   * A site was turned off: nothing stays of what was chosen for it and of the accounts its pages had.
   * Its pages are told to leave, also those that hear no news because nobody looked at them yet.
   */
  async leaveSite(origin: string): Promise<void> {
    // First: what its pages still hand out finds nothing chosen.
    await dropSiteSettings(origin);
    await this.#leaveAll((of) => of === origin);
    await keepStyles((of) => of !== origin);
  }

  /** Every site was turned off, also those that were off before. */
  async leaveSites(): Promise<void> {
    await this.#leaveAll(() => true);
    await keepStyles(() => false);
  }

  #leaveAll(isLeft: (origin: string | undefined) => boolean): Promise<void> {
    return this.#turns.take(async () => {
      const seats = await leaveSeats(({ origin }) => isLeft(origin));
      for (const seat of seats) this.#later(dismissSeat(seat));
      const accounts = await readPageAccounts();
      const left = accounts.filter((account) => isLeft(originOf(account)));
      await this.#forget(left, true);
      await this.#parts.changed('account');
    });
  }

  async #forget(accounts: readonly AccountId[], isSiteOff = false): Promise<void> {
    for (const account of accounts) {
      const ridden = this.#ridden.get(account);
      this.#ridden.delete(account);
      this.#parts.memory.leave(account);
      await ridden?.keeper.close();
    }
    // What was under way has come to its end by now.
    if (isSiteOff) await this.#tellCutShort(accounts);
    await dropSeenSessions(accounts);
    // Noted as leaving before it is forgotten that they were there.
    await this.#parts.forget(accounts);
    await forgetPageAccounts(accounts);
  }
}
