import type { LinkState } from '../chat/link.ts';
import type { RecallOutcome } from '../message/recall.ts';
import type { Stopped } from '../platform/accounts.ts';

/** What a link's state says of an end that only the user's “Connect again” undoes; undefined: none. */
export function stopOf(state: LinkState): Stopped | undefined {
  const { name } = state;
  if (name === 'refused') return { name, code: state.code };
  return name === 'signed-in-elsewhere' || name === 'signature-expired' ? { name } : undefined;
}

/** The state of an account that stopped. */
export function stateAfter({ name, code = 0 }: Stopped): LinkState {
  return name === 'refused' ? { name, code } : { name };
}

/** What becomes of a recall that was not sent when its account stopped. */
export function refusalAfter({ name, code = 0 }: Stopped): RecallOutcome {
  return name === 'refused' ? { ok: false, why: 'signed-out', code } : { ok: false, why: name };
}

/** Whether a link may be connected later, by itself or when a page is opened. */
export function isTrying({ name }: LinkState): boolean {
  return name === 'connecting' || name === 'reconnecting' || name === 'page-closed';
}
