import type { Handlers } from '../contract/channel.ts';
import type { Teller } from '../contract/news.ts';
import { readAccount, idOf } from '../platform/accounts.ts';
import { readManners, readWindow, writeWindow } from '../platform/settings.ts';
import { readSites, turnOff, turnOn, turnWantedOn, wantSite } from '../platform/sites.ts';
import { barAnswers } from './bar.ts';
import type { Keepers } from './keepers.ts';
import { glanceOf, rowsOf, timeOf } from './shown.ts';

/** What answering takes besides the keepers. */
export interface AnswerParts {
  readonly keepers: Keepers;
  readonly teller: Teller;
  readonly destroyHistory: () => Promise<void>;
  /** Makes the popup's stored view true to the settings. */
  readonly publish: () => Promise<void>;
}

/** Answers to every question of the contract. */
export function answersOf({ keepers, teller, destroyHistory, publish }: AnswerParts): Handlers {
  const bar = barAnswers({ keepers, teller });
  return {
    ...bar,
    async setManners(manners, asker) {
      await bar.setManners(manners, asker);
      // Discreet from now on: no words are left in what the popup shows first.
      await publish();
      return undefined;
    },
    async glance() {
      await keepers.wake();
      return glanceOf(keepers);
    },
    // The message is looked up in the account's own history; a page's word on it is not taken.
    recall: ({ account, id }) => keepers.recall(account, id),
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
    async look({ ids, session }, asker) {
      await keepers.wake();
      const keeper = keepers.own;
      if (!keeper) return { rows: [] };
      const { account } = keeper;
      const isOfSomebodyElse = session !== undefined && session !== account;
      const styles = (await readManners()).placeholders;
      const style = asker.kind === 'page' ? styles[asker.origin] : undefined;
      return {
        account,
        ...(style && { style }),
        rows: isOfSomebodyElse ? [] : await rowsOf(keepers.memory, keeper, ids),
        ...(keeper.knowsTime && { time: timeOf(keeper) }),
      };
    },
  };
}
