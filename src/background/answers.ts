import type { Asker } from '../contract/asker.ts';
import type { Handlers } from '../contract/channel.ts';
import type { Teller } from '../contract/news.ts';
import type { Glance, RowView } from '../contract/views.ts';
import type { MessageId } from '../message/message.ts';
import type { RecallOutcome } from '../message/recall.ts';
import { readAccount, idOf } from '../platform/accounts.ts';
import { dropConsent, isAgreed, keepConsent } from '../platform/consent.ts';
import { changeSiteSettings, readSiteSettings } from '../platform/page-accounts.ts';
import { mayHaveWords, readOwnSites, writeOwnSite } from '../platform/own-sites.ts';
import { allowsSite, readPolicy } from '../platform/policy.ts';
import {
  changeNotices,
  readManners,
  readNotices,
  readWindow,
  writeWindow,
} from '../platform/settings.ts';
import { readSites, register, turnOff, turnOn, turnWantedOn, wantSite } from '../platform/sites.ts';
import { barAnswers } from './bar.ts';
import { browsingAnswersOf } from './browsing.ts';
import type { Keepers } from './keepers.ts';
import { logOf, receiptOf } from './receipts.ts';
import { searchingAnswersOf } from './searching.ts';
import { siteStateOf } from './seats.ts';
import { sendingRowsOf } from './sending.ts';
import { rowsOf, timeOf } from './shown.ts';
import type { Sweeps } from './sweeps.ts';

/** What answering takes besides the keepers. */
export interface AnswerParts {
  readonly keepers: Keepers;
  readonly sweeps: Sweeps;
  readonly teller: Teller;
  /** What the popup shows, as it is now. */
  readonly look: () => Promise<Glance>;
  /** Makes the popup's stored view true to the settings. */
  readonly publish: () => Promise<void>;
  /** Makes the notices that are shown true to them. */
  readonly hush: () => Promise<void>;
  /** Says that a recall failed whose asker is gone. */
  readonly failedUnheard: (id: MessageId) => void;
}

/** Answers to every question of the contract. */
export function answersOf(parts: AnswerParts): Handlers {
  const { keepers, sweeps, teller, look, publish, hush, failedUnheard } = parts;
  const bar = barAnswers({ keepers, teller });
  /** A popup closes with the next click, and a page with its tab: then somebody else has to say it. */
  const told = (id: MessageId, outcome: RecallOutcome, asker: Asker): RecallOutcome => {
    const hasFailed = !outcome.ok && outcome.why !== 'waiting';
    if (hasFailed && !teller.isThere(asker)) failedUnheard(id);
    return outcome;
  };
  const leaveSite = async (origin: string): Promise<void> => {
    await turnOff(origin);
    teller.dismiss(origin);
    await keepers.pages.leaveSite(origin);
  };
  return {
    ...bar,
    notices: readNotices,
    async setNotices(change) {
      await changeNotices(change);
      teller.tell({ kind: 'glance' });
      return undefined;
    },
    async setManners(change, asker) {
      await bar.setManners(change, asker);
      // Discreet from now on: no words are left in what the popup shows first, nor in notices.
      await publish();
      await hush();
      return undefined;
    },
    async glance() {
      await keepers.wake();
      return look();
    },
    async recall({ account, id, conversation }, asker) {
      // The message is looked up in the account's own history; a page's word on it is not taken. Nor
      // is its word on the account: it may ask for the one that is served to it, and no other. The conversation only
      // says where to look for a message that is still on its way.
      if (asker.kind !== 'own') {
        await keepers.rouse(account);
        const keeper = await keepers.servedTo(asker, account);
        if (keeper?.account !== account) return { ok: false, why: 'signed-out' };
      }
      return told(id, await keepers.recall(account, id, { conversation }), asker);
    },
    async recallMine(wish, asker) {
      return told(wish.id, await bar.recallMine(wish, asker), asker);
    },
    async signIn(account) {
      if (!(await isAgreed())) return { ok: false, why: 'no-consent' };
      const state = await keepers.signIn(account);
      return state.name === 'connected' ? { ok: true } : { ok: false, state };
    },
    async signOut() {
      await keepers.signOut();
    },
    async reconnect() {
      await keepers.reconnect();
    },
    async account() {
      const account = await readAccount();
      if (!account) return undefined;
      const { sdkAppId, userId, staySignedIn } = account;
      const { server = account.server } = await readPolicy();
      const id = idOf(account);
      return {
        id,
        sdkAppId,
        userId,
        staysSignedIn: staySignedIn,
        windowSeconds: await readWindow(id),
        sites: [...(await readOwnSites(id))],
        ...(server !== undefined && { server }),
      };
    },
    async setWindow({ account, seconds }) {
      await writeWindow(account, seconds);
      teller.tell({ kind: 'account' });
      return undefined;
    },
    async setOwnSite({ account, origin, isUsed }) {
      await writeOwnSite(account, origin, isUsed);
      teller.tell({ kind: 'account' });
      return undefined;
    },
    async sites() {
      return [...(await readSites())];
    },
    async wantSite(origin) {
      await wantSite(origin);
      // Access that is there already is granted to nobody anew.
      await turnWantedOn();
      return undefined;
    },
    async turnSiteOn(origin) {
      const isOn = await turnOn(origin);
      await publish();
      return isOn;
    },
    async turnSiteOff(origin) {
      await leaveSite(origin);
      // What was left is deleted by the time this is answered.
      await keepers.wake();
      await publish();
      return undefined;
    },
    siteState: async (origin) =>
      (await allowsSite(origin)) ? siteStateOf(origin) : { name: 'forbidden' },
    siteSettings: (origin) => readSiteSettings(origin),
    async setSiteSettings({ origin, ...change }) {
      await changeSiteSettings(origin, change);
      teller.tell({ kind: 'glance' });
      await keepers.pages.standIns.siteSettingsChanged(origin);
      return undefined;
    },
    async pageSession(told, asker) {
      if (asker.kind === 'own') return { decorates: false };
      await keepers.wake();
      return keepers.pages.pageSession(asker, told);
    },
    async pageEvents(told, asker) {
      if (asker.kind === 'own') return { isKnown: false };
      await keepers.wake();
      return { isKnown: await keepers.pages.pageEvents(asker, told) };
    },
    async pageLeft({ seat }, asker) {
      if (asker.kind !== 'own') await keepers.pages.pageLeft(asker, seat);
      return undefined;
    },
    async forgetAll() {
      await keepers.forgetAll();
    },
    async rebuild() {
      await keepers.rebuild();
    },
    async agree() {
      await keepConsent();
      // Sites can be on from before: their consent was taken back, or Unsay asks anew.
      await register();
      return undefined;
    },
    async withdrawConsent() {
      // Whatever fails keeps nothing else from being done, nor the consent from being taken back.
      const failures: unknown[] = [];
      const attempt = async (step: () => Promise<unknown>): Promise<void> => {
        await step().catch((error: unknown) => failures.push(error));
      };
      await attempt(async () => {
        for (const origin of await readSites()) await attempt(() => leaveSite(origin));
      });
      await attempt(() => keepers.pages.leaveSites());
      await attempt(() => keepers.signOut());
      await attempt(() => keepers.forgetAll());
      // Last: killed before it, the user still sees it given, and takes it back again.
      await attempt(dropConsent);
      // Whoever is still connected is so no longer.
      await attempt(() => keepers.wake());
      if (failures.length > 0) throw failures[0];
      return undefined;
    },
    ...searchingAnswersOf(keepers, teller),
    ...browsingAnswersOf(keepers),
    async look({ ids, session, here }, asker) {
      await keepers.wake();
      if (asker.kind === 'own') return { rows: [] };
      const { placeholders } = await readManners();
      const style = placeholders.find(({ origin }) => origin === asker.origin)?.style;
      const how = style && { style };
      const keeper = await keepers.servedTo(asker, session);
      // What was covered for somebody stays so when nobody is served any more, and as it was.
      if (!keeper) return { ...how, rows: [] };
      const { account } = keeper;
      await keeper.meet(ids);
      const rows = await rowsOf(keepers.memory, keeper, ids);
      const known = new Set(rows.map(({ id }) => id));
      const unknown = ids.filter((id) => !known.has(id));
      const all = [...rows, ...(await sendingRowsOf(keepers.memory, keeper, unknown, here))];
      return {
        account,
        ...how,
        rows: (await mayHaveWords(account, asker.origin)) ? all : all.map(wordless),
        ...(keeper.knowsTime && { time: timeOf(keeper) }),
      };
    },
    sweepList: (wish) => sweeps.list(wish),
    async sweepStart(wish) {
      await sweeps.start(wish);
      return undefined;
    },
    sweepState: ({ sweep }) => sweeps.state(sweep),
    async sweepStop({ sweep }) {
      await sweeps.stop(sweep);
      return undefined;
    },
    receiptOf: (ref) => receiptOf(keepers, ref),
    recallLog: () => logOf(keepers),
  };
}

/** A row as a page gets it that may have no words: nor those with which somebody recalled it. */
function wordless(row: RowView): RowView {
  const copy = { ...row };
  delete copy.reeditUntil;
  delete copy.reason;
  return copy;
}
