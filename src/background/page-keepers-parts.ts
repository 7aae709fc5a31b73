import type { ChatLink, Credentials, RidingLink } from '../chat/link.ts';
import type { AccountId } from '../message/message.ts';
import type { KeeperParts } from './keeper.ts';

/** What the keepers of pages' sessions are made of. */
export interface PageKeepersParts extends Omit<KeeperParts, 'link' | 'onState'> {
  /** Makes a link without a page. */
  readonly makePageLink: (account: AccountId) => RidingLink;
  /** Opens a sign-in of Unsay's own, for between pages. */
  readonly openLink: (credentials: Credentials) => Promise<ChatLink>;
  /** Notes that everything kept of these accounts is to be deleted, and begins to. */
  readonly forget: (accounts: readonly AccountId[]) => Promise<void>;
  /** Resolves when nothing of an account is being deleted any more. */
  readonly forgotten: (account: AccountId) => Promise<void>;
  /** Whether Unsay's own sign-in serves this user of this app (0: unknown) already. */
  readonly isServedByOwn: (app: number, user: string) => boolean;
}
