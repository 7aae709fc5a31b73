import * as v from 'valibot';
import { contract, type Asked } from '../contract/contract.ts';

/** The fields of the sign-in form, in their order. */
export const signInFields = ['sdkAppId', 'userId', 'userSig', 'server'] as const;
export type SignInField = (typeof signInFields)[number];

/** What somebody typed. */
export interface SignInEntries extends Readonly<Record<SignInField, string>> {
  readonly staySignedIn: boolean;
}

/**
 * What was typed as the contract wants it, or the fields that are wrong. White space around and
 * inside a pasted UserSig (a wrapped line) is nobody's intent and is left out.
 */
export function readSignIn(
  typed: SignInEntries,
):
  | { readonly ok: true; readonly credentials: Asked<'signIn'> }
  | { readonly ok: false; readonly wrong: readonly SignInField[] } {
  const server = typed.server.trim();
  const sdkAppId = typed.sdkAppId.trim();
  const parsed = v.safeParse(contract.signIn.ask, {
    sdkAppId: /^\d+$/u.test(sdkAppId) ? Number(sdkAppId) : Number.NaN,
    userId: typed.userId,
    userSig: typed.userSig.replace(/\s+/gu, ''),
    ...(server === '' ? {} : { server }),
    staySignedIn: typed.staySignedIn,
  });
  if (parsed.success) return { ok: true, credentials: parsed.output };
  const found = new Set(parsed.issues.map((issue) => issue.path?.[0].key));
  return { ok: false, wrong: signInFields.filter((field) => found.has(field)) };
}
