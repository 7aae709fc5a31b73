import type { Handlers } from '../contract/channel.ts';
import type { Teller } from '../contract/news.ts';
import { readAccount, idOf } from '../platform/accounts.ts';
import { readWindow, writeWindow } from '../platform/settings.ts';
import { readSites, turnOff, turnOn, turnWantedOn, wantSite } from '../platform/sites.ts';
import type { Keepers } from './keepers.ts';
import { logOf, receiptOf } from './receipts.ts';
import { glanceOf, rowsOf, timeOf } from './shown.ts';
import type { Sweeps } from './sweeps.ts';

/** What answering takes besides the keepers. */
export interface AnswerParts {
  readonly keepers: Keepers;
  readonly sweeps: Sweeps;
  readonly teller: Teller;
  readonly destroyHistory: () => Promise<void>;
}

/** Answers to every question of the contract. */
export function answersOf({ keepers, sweeps, teller, destroyHistory }: AnswerParts): Handlers {
  return {
    async glance() {
      await keepers.wake();
      return glanceOf(keepers);
    },
    // The message is looked up in the account's own history; a page's word on it is not taken. Its
    // conversation only says where to look for one that is still on its way.
    recall: ({ account, id, conversation }) => keepers.recall(account, id, conversation),
    async signIn(account) {
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
    sweepList: (wish) => sweeps.list(wish),
    sweepStart: async ({ refs }) => ({ sweep: await sweeps.start(refs) }),
    sweepState: ({ sweep }) => sweeps.state(sweep),
    async sweepStop({ sweep }) {
      await sweeps.stop(sweep);
      return undefined;
    },
    receiptOf,
    async recallLog() {
      await keepers.wake();
      return logOf(keepers);
    },
  };
}
