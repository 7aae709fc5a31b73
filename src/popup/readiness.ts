import type { AccountGlance, Glance } from '../contract/views.ts';
import { isUnderWay } from '../ui/sent.ts';

/** Why a recall would not go out, or not as one would expect, right now; else what may be recalled. */
export type Readiness =
  | { readonly cause: 'ready' }
  /** Nobody is signed in, or no account has a connection. */
  | { readonly cause: 'connection'; readonly account: AccountGlance | undefined }
  /** Recalls asked for that have not ended. */
  | { readonly cause: 'queue'; readonly count: number }
  /** This computer's clock is off, minutes; fast above 0. The service's time is used instead. */
  | { readonly cause: 'clock'; readonly minutes: number }
  /** All is well, and in these groups members' messages can be recalled, too. */
  | { readonly cause: 'role'; readonly powers: NonNullable<AccountGlance['powers']> };

/** A clock that is off by less is right enough to say nothing, ms. */
const bearable = 60_000;

/** What is not as it should be, the worst first. */
export function readinessOf({ accounts, sent }: Glance): Readiness {
  // Without a connection, too: that there is none is said beside it.
  const count = sent.filter(({ progress }) => isUnderWay(progress)).length;
  if (count > 0) return { cause: 'queue', count };
  const unconnected = accounts.find(({ state }) => state.name !== 'connected');
  if (accounts.length === 0 || unconnected) return { cause: 'connection', account: unconnected };
  const offs = accounts.flatMap(({ time }) => (time ? time.clock - time.serverNow : []));
  const most = offs.reduce((worst, off) => (Math.abs(off) > Math.abs(worst) ? off : worst), 0);
  if (Math.abs(most) >= bearable) return { cause: 'clock', minutes: Math.round(most / 60_000) };
  const powers = accounts.flatMap((account) => account.powers ?? []);
  return powers.length > 0 ? { cause: 'role', powers } : { cause: 'ready' };
}
