import { networkDown, timedOut } from '../link.ts';

/*
 * What the codes mean that end a call. Four digits are SDK 3.6.6's own (seen), five the service's
 * (Tencent's table of error codes); what they mean for a recall is told in `message/recall.ts`.
 */

/** The SDK refuses more requests of this kind for now. */
export const tooMany = 2996;
/** An error inside the SDK; here also an answer nobody can read. */
export const uncaught = 2903;
/** Why nothing can be asked while the link is signed out, kicked out, expired. */
export const notSignedIn = 2024;
export const kickedOut = 3003;
export const signatureExpired = 3004;

/** The UserSig, or the ticket that was given for it, has expired. */
export function isExpired(code: number): boolean {
  return code === 20002 || code === 70001;
}

/** The gateway's and the account server's "busy, try again", and what a dead network looks like. */
const passing: ReadonlySet<number> = new Set([
  networkDown,
  timedOut,
  2999,
  3000,
  60007,
  60008,
  60009,
  60011,
  60014,
  60022,
  70169,
  70500,
]);

/** Whether a sign-in that ended with this code may do better later. */
export function isPassing(code: number): boolean {
  return passing.has(code);
}

/** Whether the answer came from the service itself: it is there. 60022 comes from the SDK. */
export function isOfTheService(code: number): boolean {
  return code === 0 || (code >= 10_000 && code !== 60022);
}

/** What is answered to an instance that is not signed in (any more), by the SDK or the service. */
export function isSignedOut(code: number): boolean {
  return code === notSignedIn || (code >= 3001 && code <= 3006) || (code >= 70002 && code <= 70060);
}
