import type { Handlers } from '../contract/channel.ts';
import type { Teller } from '../contract/news.ts';
import { readAccount, idOf } from '../platform/accounts.ts';
import { dropConsent, isAgreed, keepConsent } from '../platform/consent.ts';
import { readPolicy } from '../platform/policy.ts';
import { readWindow, writeWindow } from '../platform/settings.ts';
import { readSites, register, turnOff, turnOn, turnWantedOn, wantSite } from '../platform/sites.ts';
import type { Keepers } from './keepers.ts';
import { glanceOf, rowsOf, timeOf } from './shown.ts';

/** What answering takes besides the keepers. */
export interface AnswerParts {
  readonly keepers: Keepers;
  readonly teller: Teller;
  readonly destroyHistory: () => Promise<void>;
}

/** Answers to every question of the contract. */
export function answersOf({ keepers, teller, destroyHistory }: AnswerParts): Handlers {
  return {
    async glance() {
      await keepers.wake();
      return glanceOf(keepers);
    },
    // The message is looked up in the account's own history; a page's word on it is not taken.
    recall: ({ account, id }) => keepers.recall(account, id),
    async signIn(account) {
      if (!(await isAgreed())) return { ok: false, why: 'no-consent' };
      const { server = account.server } = await readPolicy();
      const state = await keepers.signIn({ ...account, ...(server !== undefined && { server }) });
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
      await keepers.forgetAll();
    },
    async rebuild() {
      await keepers.rebuild(destroyHistory);
    },
    async agree() {
      await keepConsent();
      // Sites can be on from before: their consent was taken back, or Unsay asks anew.
      await register();
      return undefined;
    },
    async withdrawConsent() {
      await keepers.signOut();
      await keepers.forgetAll();
      for (const origin of await readSites()) {
        await turnOff(origin);
        teller.dismiss(origin);
      }
      // Last: killed before it, the user still sees it given, and takes it back again.
      await dropConsent();
      return undefined;
    },
    async look({ ids, session }) {
      await keepers.wake();
      const keeper = keepers.own;
      if (!keeper) return { rows: [] };
      const { account } = keeper;
      const isOfSomebodyElse = session !== undefined && session !== account;
      return {
        account,
        rows: isOfSomebodyElse ? [] : await rowsOf(keepers.memory, keeper, ids),
        ...(keeper.knowsTime && { time: timeOf(keeper) }),
      };
    },
  };
}
