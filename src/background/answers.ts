import type { Handlers } from '../contract/channel.ts';
import type { Teller } from '../contract/news.ts';
import { readAccount, idOf } from '../platform/accounts.ts';
import { dropConsent, isAgreed, keepConsent } from '../platform/consent.ts';
import { readPolicy } from '../platform/policy.ts';
import { readWindow, writeWindow } from '../platform/settings.ts';
import { readSites, register, turnOff, turnOn, turnWantedOn, wantSite } from '../platform/sites.ts';
import type { Keeper } from './keeper.ts';
import { glanceOf, rowsOf } from './shown.ts';

/** What answering takes besides the keeper. */
export interface AnswerParts {
  readonly keeper: Keeper;
  readonly teller: Teller;
  readonly destroyHistory: () => Promise<void>;
}

/** Answers to every question of the contract. */
export function answersOf({ keeper, teller, destroyHistory }: AnswerParts): Handlers {
  return {
    async glance() {
      await keeper.wake();
      return glanceOf(keeper);
    },
    async recall({ account, id }) {
      await keeper.wake();
      // The message is looked up in the asker's own account; a page's word on it is not taken.
      if (account !== keeper.account) return { ok: false, why: 'signed-out' };
      return keeper.recall(id);
    },
    async signIn(account) {
      if (!(await isAgreed())) return { ok: false, why: 'no-consent' };
      const { server = account.server } = await readPolicy();
      const state = await keeper.signIn({ ...account, ...(server !== undefined && { server }) });
      return state.name === 'connected' ? { ok: true } : { ok: false, state };
    },
    async signOut() {
      await keeper.signOut();
    },
    async reconnect() {
      await keeper.reconnect();
    },
    async account() {
      const account = await readAccount();
      if (!account) return undefined;
      const { sdkAppId, userId, server, staySignedIn } = account;
      const id = idOf(account);
      return {
        id,
        sdkAppId,
        userId,
        staysSignedIn: staySignedIn,
        windowSeconds: await readWindow(id),
        ...(server !== undefined && { server }),
      };
    },
    async setWindow({ account, seconds }) {
      await writeWindow(account, seconds);
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
      return turnOn(origin);
    },
    async turnSiteOff(origin) {
      await turnOff(origin);
      teller.dismiss(origin);
      return undefined;
    },
    async forgetAll() {
      await keeper.forgetAll();
    },
    async rebuild() {
      await keeper.rebuild(destroyHistory);
    },
    async agree() {
      await keepConsent();
      // Sites can be on from before: their consent was taken back, or Unsay asks anew.
      await register();
      return undefined;
    },
    async withdrawConsent() {
      await keeper.signOut();
      await keeper.forgetAll();
      for (const origin of await readSites()) {
        await turnOff(origin);
        teller.dismiss(origin);
      }
      // Last: killed before it, the user still sees it given, and takes it back again.
      await dropConsent();
      return undefined;
    },
    async look({ ids, session }) {
      await keeper.wake();
      const account = keeper.account;
      const time = { serverNow: keeper.now(), clock: Date.now() };
      if (account === undefined) return { rows: [] };
      const isOfSomebodyElse = session !== undefined && session !== account;
      return {
        account,
        rows: isOfSomebodyElse ? [] : await rowsOf(keeper, account, ids),
        ...(keeper.knowsTime && { time }),
      };
    },
  };
}
