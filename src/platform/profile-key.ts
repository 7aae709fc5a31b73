import * as v from 'valibot';
import { stored } from './stored.ts';

const keyBytes = 32;
const kept = stored('session', 'profile-key', v.optional(v.string()), undefined);

/**
 * The key that opens what history keeps, 32 random bytes. It lives in `storage.session` only: it
 * survives the worker's death, not the browser's exit, after which nothing on disk can be read and
 * history is read from the service anew.
 */
export async function readProfileKey(): Promise<Uint8Array<ArrayBuffer>> {
  const found = await kept.change(
    (key) => key ?? encode(crypto.getRandomValues(new Uint8Array(keyBytes))),
  );
  if (found === undefined) throw new Error('storage.session keeps nothing');
  return decode(found);
}

function encode(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function decode(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
