import * as v from 'valibot';
import { AccountId } from '../message/message.ts';
import { stored } from './stored.ts';

const keyBytes = 32;
const Key = v.optional(v.string());
const inSession = stored('session', 'profile-key', Key, undefined);
const onDisk = stored('local', 'profile-key', Key, undefined);
const choice = stored('local', 'keeps-history', v.boolean(), false);
const hasRetired = stored('local', 'retired-key', v.boolean(), false);

/**
 * Accounts whose words were read from the service anew since the key was made; undefined: it was
 * made in an earlier browser session.
 */
const readAnew = stored('session', 'read-anew', v.optional(v.array(AccountId)), undefined);

/** The key is in two places, which change together. */
let working: Promise<unknown> = Promise.resolve();
function inTurn<R>(work: () => Promise<R>): Promise<R> {
  const turn = working.then(work, work);
  working = turn.catch(() => undefined);
  return turn;
}

/**
 * The key that opens what history keeps, 32 random bytes. It lives in `storage.session`: it
 * survives the worker's death, not the browser's exit, after which nothing on disk can be read and
 * history is read from the service anew. Only by the user's choice it lies on the disk, too; then
 * whoever reads the profile's files can read what history keeps.
 */
export function readProfileKey(): Promise<Uint8Array<ArrayBuffer>> {
  return inTurn(async () => {
    const isKept = await choice.read();
    // A worker died between the choice and what follows from it.
    if (!isKept && (await onDisk.read()) !== undefined) await retire();
    const kept = await onDisk.read();
    if (kept === undefined && (await inSession.read()) === undefined) await readAnew.write([]);
    const found = await inSession.change(
      (key) => key ?? kept ?? encode(crypto.getRandomValues(new Uint8Array(keyBytes))),
    );
    if (found === undefined) throw new Error('storage.session keeps nothing');
    if (isKept && kept !== found) await onDisk.write(found);
    return decode(found);
  });
}

/**
 * Lets the key go, wherever it is. A disk's own old copies of a file are beyond anybody's reach, so
 * what a key opened that lay there must be destroyed: noted first, and the key on the disk goes
 * last, so that whoever finds it there after a death begins anew.
 */
async function retire(): Promise<void> {
  await hasRetired.write(true);
  await inSession.clear();
  await onDisk.clear();
}

/** Takes another key than before: what is kept under that one can be read no more. */
export async function renewProfileKey(): Promise<void> {
  await inTurn(retire);
  await readProfileKey();
}

/** Whether words may be kept that a key opened which is not used any more. */
export async function hasRetiredKey(): Promise<boolean> {
  await readProfileKey();
  return hasRetired.read();
}

/** Whether words of an account may be kept that no key opens any more, and that the service has. */
export async function isToBeReadAnew(account: AccountId): Promise<boolean> {
  await readProfileKey();
  return (await readAnew.read())?.includes(account) === false;
}

/** What the service has of an account was read anew. */
export async function noteReadAnew(account: AccountId): Promise<void> {
  await readAnew.change((all) => (all?.includes(account) === false ? [...all, account] : all));
}

/** Forgets that an account's words were read. */
export async function dropReadAnew(account: AccountId): Promise<void> {
  if ((await readAnew.read())?.includes(account) !== true) return;
  await readAnew.change((all) => all?.filter((other) => other !== account));
}

/** What only an older key opened is destroyed. */
export async function noteDestroyed(): Promise<void> {
  await hasRetired.clear();
}

/** Whether what history keeps shall be readable after the browser was closed. */
export function readKeepsHistory(): Promise<boolean> {
  return choice.read();
}

/**
 * Puts the key on the disk, or takes it off again at once. A key that was there is not used any
 * longer: true says that there is a new one, and that what is sealed under the old one is to be
 * destroyed.
 */
export async function writeKeepsHistory(keeps: boolean): Promise<boolean> {
  const isRenewed = await inTurn(async () => {
    const isKept = await choice.read();
    // The choice first: a worker that dies in between has a successor that does the rest.
    await choice.write(keeps);
    if (keeps || !isKept) return false;
    await retire();
    return true;
  });
  await readProfileKey();
  return isRenewed;
}

function encode(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function decode(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
