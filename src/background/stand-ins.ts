import type { HandoverLink } from '../chat/handover.ts';
import { appOf, originOf, userOf, type AccountId } from '../message/message.ts';
import {
  dropSeenSessions,
  dropSeenSessionsFromDisk,
  readPageAccounts,
  readSeenSession,
  readSiteSettings,
  writeSeenSession,
} from '../platform/page-accounts.ts';
import { serverFor } from '../platform/policy.ts';
import { hasOpenTab } from '../platform/site-access.ts';
import { isOn } from '../platform/sites.ts';
import type { Turns } from '../platform/turns.ts';
import type { PageKeepersParts } from './page-keepers-parts.ts';
import { readSeats, signatureOf, type Seat } from './seats.ts';

/** What standing in works with. */
export interface StandInsParts extends Pick<
  PageKeepersParts,
  'openLink' | 'isServedByOwn' | 'report'
> {
  /** The links of the accounts that pages are signed in as. */
  readonly ridden: ReadonlyMap<AccountId, { readonly link: HandoverLink }>;
  /** What changes who sits where waits for each other. */
  readonly turns: Turns;
}

/** Sign-ins of Unsay's own in place of pages that are closed, on sites where the user chose so. */
export class StandIns {
  readonly #parts: StandInsParts;
  /** Where each link's stand-in signed in; undefined: at Tencent's own servers. */
  readonly #servers = new WeakMap<HandoverLink, string | undefined>();
  #isTakenUp = false;

  constructor(parts: StandInsParts) {
    this.#parts = parts;
  }

  #later(work: Promise<unknown>): void {
    work.catch(this.#parts.report);
  }

  /** Signs out all of a site: a page comes. */
  yieldAll(origin: string): void {
    for (const [account, { link }] of this.#parts.ridden) {
      if (originOf(account) === origin) this.#later(link.yield());
    }
  }

  /** Keeps the session a page has, where the user chose that Unsay connects without pages. */
  async noteSignature(owner: Seat): Promise<void> {
    const { account, app: sdkAppId, origin } = owner;
    if (!(await readSiteSettings(origin)).connectsAlone || sdkAppId === 0) return;
    const userSig = await signatureOf(owner);
    if (account === undefined || userSig === undefined) return;
    const userId = userOf(account);
    await this.#parts.turns.take(async () => {
      // The user may have chosen otherwise while the page was asked, or turned its site off.
      const settings = await readSiteSettings(origin);
      if (!settings.connectsAlone || !this.#parts.ridden.has(account)) return;
      await writeSeenSession(account, { sdkAppId, userId, userSig }, settings);
    });
  }

  /** The user chose otherwise for a site. */
  async siteSettingsChanged(origin: string): Promise<void> {
    await this.#parts.turns.take(async () => {
      const { connectsAlone, staysSignedIn } = await readSiteSettings(origin);
      const accounts = (await readPageAccounts()).filter((account) => originOf(account) === origin);
      if (!connectsAlone) {
        this.yieldAll(origin);
        await dropSeenSessions(accounts);
      } else if (!staysSignedIn) await dropSeenSessionsFromDisk(accounts);
    });
    this.#later(this.moveAll());
    for (const seat of await readSeats()) {
      if (seat.origin === origin && seat.isReady) this.#later(this.noteSignature(seat));
    }
  }

  /** Whether an account is signed in at another server than a policy or the user names by now. */
  async isMisplaced(account: AccountId): Promise<boolean> {
    const link = this.#parts.ridden.get(account)?.link;
    if (!link?.isAlone) return false;
    return (await serverOf(account)) !== this.#servers.get(link);
  }

  /** Signs those in anew of which that is so. */
  async moveAll(): Promise<void> {
    for (const account of [...this.#parts.ridden.keys()]) {
      if (await this.isMisplaced(account)) await this.connect(account);
    }
  }

  /**
   * Signs in without a page, where the user chose so: with the session a page had, at the server
   * a policy or the user named or Tencent's own, and only when no tab of the site is open, not even one
   * that is still loading. Signs out again where the site is not on any more, as by policy.
   */
  async connect(account: AccountId): Promise<void> {
    const { openLink, isServedByOwn, turns } = this.#parts;
    const ridden = this.#parts.ridden.get(account);
    const origin = originOf(account);
    if (!ridden || origin === undefined) return;
    // Without access to the site nobody could see its pages, and make way for them.
    if (!(await isOn(origin))) {
      await ridden.link.yield();
      return;
    }
    if (ridden.link.isAlone) {
      if (!(await this.isMisplaced(account))) return;
      await ridden.link.yield();
    }
    const { connectsAlone } = await readSiteSettings(origin);
    if (!connectsAlone || isServedByOwn(appOf(account), userOf(account))) return;
    const session = await readSeenSession(account);
    if (!session) return;
    await turns.take(async () => {
      const isThere = (await readSeats()).some((seat) => seat.origin === origin);
      if (isThere || (await hasOpenTab(origin))) return;
      // Asked once more: what was waited for may have been the end of it.
      if (!(await isOn(origin)) || this.#parts.ridden.get(account) !== ridden) return;
      if (ridden.link.isAlone) return;
      const server = await serverOf(account);
      const link = await openLink({ ...session, server });
      this.#servers.set(ridden.link, server);
      ridden.link.standIn(link);
    });
  }

  /**
   * Signs in anew what went with the worker before, once. To be called when it is known whom Unsay's own
   * sign-in serves.
   */
  takeUp(): void {
    if (this.#isTakenUp) return;
    this.#isTakenUp = true;
    this.#later(this.tend());
  }

  /** Between wakes: signs in where no page is open any more and the user chose so. */
  async tend(): Promise<void> {
    for (const account of [...this.#parts.ridden.keys()]) await this.connect(account);
  }
}

/** Where an account is to sign in without a page. */
async function serverOf(account: AccountId): Promise<string | undefined> {
  return serverFor(await readSiteSettings(originOf(account) ?? ''));
}
