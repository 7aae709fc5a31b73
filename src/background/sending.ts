import type { RowView } from '../contract/views.ts';
import {
  partsOf,
  userOf,
  type AccountId,
  type ConversationId,
  type MessageId,
} from '../message/message.ts';
import { onItsWayFor, readAwaited } from './awaited.ts';
import type { Keeper } from './keeper.ts';
import type { Memory } from './memory.ts';

/** An SDK gives up a message that is not answered after this long, ms (seen with 3.6.6). */
const longestSending = 15_000;
/** How much an SDK's idea of the service's time may be ahead of ours, ms. */
export const longestDrift = 5_000;
/** Recalled messages looked through for one of mine. */
const mostSeen = 50;
/** More than anybody has on its way at once; a page may name any number. */
const mostShown = 50;

/** A message of mine that is on its way out: no history knows it yet. */
export interface Sending {
  readonly account: AccountId;
  readonly id: MessageId;
  /** When it was made, or at the latest; server ms. */
  readonly at: number;
  /** Its recall was asked for, and waits for it. */
  readonly isAwaited: boolean;
}

/** Those that pages showed, newest last. In memory alone: a worker is there for as long as it takes. */
let shown: readonly Sending[] = [];

/**
 * What a page may know of rows whose messages are still being sent. No SDK hands those out before
 * the service took them, and no history has them; but their ids are made when they are written, and
 * tell by whom and when (seen with 3.6.6, lite-chat 1.6.13 and tim-js-sdk 2.27.6). `here`: the
 * conversation that the page shows. It is only where the message is waited for; what is recalled is
 * decided when it is known.
 */
export async function sendingRowsOf(
  memory: Memory,
  keeper: Keeper,
  unknown: readonly MessageId[],
  here: ConversationId | undefined,
): Promise<RowView[]> {
  if (here === undefined || !keeper.knowsTime) return [];
  const now = keeper.now();
  const fresh = unknown.flatMap((id) => {
    const { tinyId = '', madeAt = NaN } = partsOf(id) ?? {};
    const age = now - madeAt;
    return age > -longestDrift && age < onItsWayFor ? [{ id, tinyId, age }] : [];
  });
  if (fresh.length === 0) return [];
  const { account } = keeper;
  const [mine, awaited] = await Promise.all([tinyIdOf(memory, account), readAwaited(account)]);
  return fresh
    .filter(({ tinyId }) => tinyId === mine)
    .flatMap(({ id, age }): RowView[] => {
      const wanted = awaited.find((one) => one.id === id);
      if (!wanted && age > longestSending) return [];
      if (!wanted) note({ account, id, at: now - age, isAwaited: false });
      const row = {
        id,
        conversation: wanted?.conversation ?? here,
        isMine: true,
        author: userOf(account),
        // From then on it has failed, and there is nothing to recall.
        until: now + longestSending - age,
        isAtLeast: true,
      };
      return [wanted ? { ...row, progress: { state: 'waiting', until: wanted.until } } : row];
    });
}

function note(sending: Sending): void {
  const others = shown.filter((one) => one.account !== sending.account || one.id !== sending.id);
  shown = [...others, sending].slice(-mostShown);
}

/**
 * My messages that are on their way out: those whose recall waits for them, and those that a page
 * showed as being sent, for as long as an SDK would go on with them.
 */
export async function sendingOf(memory: Memory, keeper: Keeper): Promise<readonly Sending[]> {
  const { account } = keeper;
  const now = keeper.now();
  shown = shown.filter((one) => one.account !== account || now - one.at <= longestSending);
  const awaited = await readAwaited(account);
  const seen = shown.filter(
    (one) => one.account === account && !awaited.some(({ id }) => id === one.id),
  );
  if (awaited.length + seen.length === 0) return [];
  const mine = await tinyIdOf(memory, account);
  const waitedFor = awaited.flatMap(({ id, askedAt }): Sending[] => {
    const parts = partsOf(id);
    // Whose it is, not every id tells: then it may be mine.
    if (parts && mine !== undefined && parts.tinyId !== mine) return [];
    return [{ account, id, at: parts?.madeAt ?? askedAt, isAwaited: true }];
  });
  const all = [...waitedFor, ...seen];
  const ids = all.map(({ id }) => id);
  const known = await memory.use((history) => history.findAll(account, ids));
  return all.filter(({ id }) => !known.some((entry) => entry.id === id));
}

/** The first part of the ids of my messages; undefined before one of them is known. */
async function tinyIdOf(memory: Memory, account: AccountId): Promise<string | undefined> {
  const [alive] = await memory.use((history) => history.mine(account, 0, 1));
  const one =
    alive ??
    (await memory.use((history) => history.recalled(account, 0, mostSeen))).find(
      ({ author }) => author === userOf(account),
    );
  return one && partsOf(one.id)?.tinyId;
}
