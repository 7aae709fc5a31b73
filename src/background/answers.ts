import type { Handlers } from '../contract/channel.ts';
import type { Teller } from '../contract/news.ts';
import { readAccount, idOf } from '../platform/accounts.ts';
import { readManners, readWindow, writeWindow } from '../platform/settings.ts';
import { readSites, turnOff, turnOn, turnWantedOn, wantSite } from '../platform/sites.ts';
import { barAnswers } from './bar.ts';
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
    ...barAnswers({
      keepers: () => [keeper],
      tell: (news) => {
        teller.tell(news);
      },
    }),
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
      const state = await keeper.signIn(account);
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
    async look({ ids, session }, asker) {
      await keeper.wake();
      const account = keeper.account;
      const time = { serverNow: keeper.now(), clock: Date.now() };
      if (account === undefined) return { rows: [] };
      const isOfSomebodyElse = session !== undefined && session !== account;
      const styles = (await readManners()).placeholders;
      const style = asker.kind === 'page' ? styles[asker.origin] : undefined;
      return {
        account,
        ...(style && { style }),
        rows: isOfSomebodyElse ? [] : await rowsOf(keeper, account, ids),
        ...(keeper.knowsTime && { time }),
      };
    },
  };
}
