import * as v from 'valibot';
import { AccountId, accountId } from '../message/message.ts';
import { enduringList, stored, storedList } from './stored.ts';

const SignedIn = v.object({
  sdkAppId: v.number(),
  userId: v.string(),
  userSig: v.string(),
  server: v.optional(v.string()),
  staySignedIn: v.boolean(),
  /**
   * Why the connection stopped for good (kicked out, expired, refused). Kept, so that no later
   * wake signs in again without being asked to.
   */
  stopped: v.optional(
    v.object({
      name: v.picklist(['signed-in-elsewhere', 'signature-expired', 'refused']),
      code: v.optional(v.number()),
    }),
  ),
});
/** The account Unsay is signed in as. `userSig` is a credential: never logged, never sent to a page. */
export type SignedIn = v.InferOutput<typeof SignedIn>;
export type Stopped = NonNullable<SignedIn['stopped']>;

const inSession = stored('session', 'account', v.optional(SignedIn), undefined);
const onDisk = stored('local', 'account', v.optional(SignedIn), undefined);
const owner = stored('local', 'own-account', v.optional(AccountId), undefined);
/** Also on a full disk: nobody is kept from leaving by it. */
const leaving = enduringList('leaving', AccountId);
/** Of these only the history is left to be deleted. */
const leavingHistory = storedList('local', 'leaving-history', AccountId);

/** Both places change together: a sign-out must not be overtaken by what was written before it. */
let writing: Promise<unknown> = Promise.resolve();
function inTurn<R>(work: () => Promise<R>): Promise<R> {
  const turn = writing.then(work, work);
  writing = turn.catch(() => undefined);
  return turn;
}

/** The signed-in account: of this browser session, or kept from an earlier one by the user's choice. */
export async function readAccount(): Promise<SignedIn | undefined> {
  return (await inSession.read()) ?? (await onDisk.read());
}

/**
 * Whose Unsay's own sign-in is, or was before it ended with the browser: then, too, something is
 * kept of them.
 */
export async function readOwner(): Promise<AccountId | undefined> {
  const account = await readAccount();
  return account ? idOf(account) : owner.read();
}

/** Remembers whose the own sign-in is; no credential. Before anything is kept of them. */
export async function noteOwner(account: AccountId): Promise<void> {
  if ((await owner.read()) !== account) await owner.write(account);
}

/**
 * Signs in as this account, and remembers whose the own sign-in is. Its signature reaches the disk only
 * with `staySignedIn`. What cannot be stored leaves who was signed in before.
 */
export function writeAccount(account: SignedIn): Promise<void> {
  return inTurn(async () => {
    const [before, ownerBefore] = await Promise.all([inSession.read(), owner.read()]);
    try {
      await noteOwner(idOf(account));
      await write(account);
    } catch (error) {
      // The disk was to take it last, and still has what it had.
      await (before ? inSession.write(before) : inSession.clear()).catch(() => undefined);
      const undone = ownerBefore === undefined ? owner.clear() : owner.write(ownerBefore);
      await undone.catch(() => undefined);
      throw error;
    }
  });
}

async function write(account: SignedIn): Promise<void> {
  await inSession.write(account);
  if (account.staySignedIn) await onDisk.write(account);
  else await onDisk.clear();
}

/**
 * Notes that an account's connection stopped for good, or (`undefined`) that it may go on. Changes
 * nothing when somebody else signed in meanwhile, or with another signature.
 */
export function noteStopped(
  of: Pick<SignedIn, 'sdkAppId' | 'userId' | 'userSig'>,
  stopped: Stopped | undefined,
): Promise<void> {
  return inTurn(async () => {
    const account = await readAccount();
    if (!account || idOf(account) !== idOf(of) || account.userSig !== of.userSig) return;
    await write({ ...account, stopped });
  });
}

/**
 * Forgets the account and its signature, also one of which the sign-in ended before. What else is kept
 * of it is noted as leaving first, so that a worker killed in the middle of a sign-out has a successor
 * that finishes it.
 */
export function clearAccount(): Promise<void> {
  return inTurn(async () => {
    const account = await readOwner();
    if (account !== undefined) await noteLeaving([account]);
    await Promise.all([inSession.clear(), onDisk.clear(), owner.clear()]);
  });
}

/**
 * Notes that these accounts are left: everything kept of them is deleted as soon as it can be, by
 * this worker or the next.
 */
export async function noteLeaving(accounts: readonly AccountId[]): Promise<void> {
  await leaving.change((all) => [...new Set([...all, ...accounts])]);
}

/** Brings to the disk who was left while that was full. Never rejects. */
export function settleLeaving(): Promise<void> {
  return leaving.settle();
}

/** Accounts that were left, and of which more may be kept than their history. */
export function readLeaving(): Promise<readonly AccountId[]> {
  return leaving.read();
}

/** Accounts that were left, and of which nothing but history may still be kept. */
export function readLeavingHistory(): Promise<readonly AccountId[]> {
  return leavingHistory.read();
}

/**
 * Everything of this account is deleted but its history. From now on it may be there again: whatever
 * is noted of it, like recalls that were asked for, is new, and nobody's to delete.
 */
export async function noteHistoryLeaving(account: AccountId): Promise<void> {
  await leavingHistory.change((all) => [...new Set([...all, account])]);
  await leaving.change((all) => all.filter((other) => other !== account));
}

/** The history of this account is deleted, too. */
export async function noteLeft(account: AccountId): Promise<void> {
  await leavingHistory.change((all) => all.filter((other) => other !== account));
}

/** The id of a signed-in account. */
export function idOf(account: Pick<SignedIn, 'sdkAppId' | 'userId'>): AccountId {
  return accountId(account.sdkAppId, account.userId);
}
