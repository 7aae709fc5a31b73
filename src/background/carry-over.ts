import type { AccountId } from '../message/message.ts';
import { carryOrders } from './orders.ts';
import { carryLog } from './recall-log.ts';
import { carryWords } from './reedit.ts';

/**
 * Hands on what only Unsay knows of an account that turned out to be another: how its recalls ended, and
 * the words that can be put back. Its messages are read anew from the service. Rejects where there was no
 * room for it.
 */
export async function carryOver(from: AccountId, to: AccountId): Promise<void> {
  await Promise.all([carryOrders(from, to), carryLog(from, to), carryWords(from, to)]);
}
