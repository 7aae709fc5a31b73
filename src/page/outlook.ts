import type { Asked } from '../contract/contract.ts';
import type { ConversationId } from '../message/message.ts';
import { findBubble } from './chat-page.ts';
import type { Knowledge } from './knowledge.ts';
import type { Presence } from './presence.ts';
import type { PageRow } from './rows.ts';
import type { PageClaims } from './session/claims.ts';

/** What can be said of the page as a whole from the rows it shows. */
export interface Outlook {
  /** The conversation that is open: that of the newest message known. */
  readonly here: () => ConversationId | undefined;
  /** Where the newest messages are in the window. */
  readonly messages: () => readonly DOMRect[];
  /** What the page says of itself. */
  readonly self: () => Asked<'bar'>;
}

/** Messages by which a page shows whose it is, and that a bar would rather not cover. */
const most = 20;

export function makeOutlook(
  claims: Pick<PageClaims, 'session'>,
  knowledge: Knowledge,
  presence: Presence,
  lineOf: (row: PageRow) => Element | undefined,
): Outlook {
  const here = (): ConversationId | undefined => {
    for (const id of presence.newest(most).reverse()) {
      const view = knowledge.view(id);
      if (view) return view.conversation;
    }
    return undefined;
  };
  return {
    here,
    messages: () =>
      presence.newest(most).flatMap((id, at, all) =>
        [...presence.rowsOf(id)].flatMap((row) => {
          const isRecalled = knowledge.shown(id)?.placeholder !== undefined;
          // Of what is recalled there is nothing to read or to press that matters more than the
          // bar, but of the newest, which it may speak about.
          const isLast = at === all.length - 1;
          const seen = isRecalled ? isLast && lineOf(row) : findBubble(row.element, row.page);
          return seen ? seen.getBoundingClientRect() : [];
        }),
      ),
    self() {
      const session = claims.session();
      const conversation = here();
      return {
        ids: presence.newest(most),
        ...(session && { user: session.userId }),
        ...(session?.account !== undefined && { session: session.account }),
        ...(conversation !== undefined && { conversation }),
      };
    },
  };
}
