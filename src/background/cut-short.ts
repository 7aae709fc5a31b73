import type { AccountId } from '../message/message.ts';
import { readAwaited } from './awaited.ts';
import { readOrders } from './orders.ts';

/**
 * What became of recalls that were left with their site: none was sent, or of some it is not known what
 * the service did.
 */
export type CutShort = 'left' | 'unanswered';

/**
 * What becomes of the recalls of these accounts that have not ended, if nobody asks for them any more;
 * undefined where there are none.
 */
export async function cutShortOf(accounts: readonly AccountId[]): Promise<CutShort | undefined> {
  const [orders, ...awaited] = await Promise.all([readOrders(), ...accounts.map(readAwaited)]);
  const open = orders.filter(({ account, outcome }) => accounts.includes(account) && !outcome);
  if (open.some(({ isSent }) => isSent)) return 'unanswered';
  return open.length > 0 || awaited.flat().length > 0 ? 'left' : undefined;
}
