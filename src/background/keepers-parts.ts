import type { ChatLink, Credentials, RidingLink } from '../chat/link.ts';
import type { History } from '../history/history.ts';
import type { AccountId } from '../message/message.ts';
import type { Change } from './keeper.ts';
import type { Dying } from './memory.ts';

/** What the keepers are made of; the worker hands it in. */
export interface KeepersParts {
  /** Opens Unsay's own sign-in. */
  readonly openLink: (credentials: Credentials) => ChatLink;
  /** Makes a link that rides a page's session. */
  readonly makePageLink: (account: AccountId) => RidingLink;
  readonly openHistory: () => Promise<History>;
  /** Deletes the database, also one that cannot be opened. */
  readonly destroyHistory: () => Promise<void>;
  /** Resolves when the popup's stored view shows the change. */
  readonly changed: (change: Change) => Promise<void>;
  /** Takes the words of messages that are being recalled out of the popup's stored view. */
  readonly scrub: (dying: Dying) => Promise<void>;
  /** Something failed that nobody waits for. */
  readonly report: (error: unknown) => void;
}
