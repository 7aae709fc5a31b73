import type { AccountId } from '../message/message.ts';
import { Keeper } from './keeper.ts';
import type { KeepersParts } from './keepers-parts.ts';
import type { Memory } from './memory.ts';

/** A keeper for an account that nobody is signed in as: its link is one that no page will ever sit in. */
export async function restingKeeper(
  account: AccountId,
  memory: Memory,
  { makePageLink, changed, report }: KeepersParts,
): Promise<Keeper> {
  const link = makePageLink(account);
  const onState = (): Promise<void> => Promise.resolve();
  const keeper = await Keeper.of({ link, memory, changed, report, onState });
  link.open();
  return keeper;
}
