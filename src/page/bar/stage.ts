import type { ask } from '../../contract/channel.ts';
import type { Asked } from '../../contract/contract.ts';
import type { ConversationId } from '../../message/message.ts';
import { findBubble } from '../chat-page.ts';
import type { GuardClicks } from '../click-guard.ts';
import type { Composer } from '../composer.ts';
import type { Knowledge } from '../knowledge.ts';
import type { Presence } from '../presence.ts';
import type { Sentences } from '../sentences.ts';
import type { PageClaims } from '../session/claims.ts';
import type { BarWorld } from './door.ts';

/** What the page's first script knows that the bar is made from. */
export interface StageOptions {
  readonly document: Document;
  readonly ask: typeof ask;
  readonly guardClicks: GuardClicks;
  readonly sentences: Sentences;
  readonly composer: Composer;
  readonly claims: Pick<PageClaims, 'session'>;
  readonly knowledge: Knowledge;
  readonly presence: Presence;
  readonly signal: AbortSignal;
}

/** The bar's stage: its world, and what the page says of itself. */
export interface Stage {
  readonly world: BarWorld;
  readonly self: () => Asked<'bar'>;
}

/** Messages by which a page shows whose it is. */
const mostNamed = 20;
/** Newest messages that the bar would rather not cover. */
const mostSpared = 20;

export function setStage(options: StageOptions): Stage {
  const { claims, knowledge, presence, sentences } = options;
  const { document, ask, guardClicks, composer, signal } = options;

  const here = (): ConversationId | undefined => {
    const known = presence.newest(mostNamed).reverse();
    for (const id of known) {
      const view = knowledge.view(id);
      if (view) return view.conversation;
    }
    return undefined;
  };

  return {
    world: {
      document,
      ask,
      guardClicks,
      composer,
      signal,
      here,
      messages: () =>
        presence
          .newest(mostSpared)
          .flatMap((id) =>
            [...presence.rowsOf(id)].map(({ element, page }) =>
              findBubble(element, page).getBoundingClientRect(),
            ),
          ),
      refusal: sentences.refusal,
      unanswered: sentences.unanswered,
      waiting: sentences.waiting,
      timeInWords: sentences.timeInWords,
    },
    self() {
      const session = claims.session();
      const conversation = here();
      return {
        ids: presence.newest(mostNamed),
        ...(session && { user: session.userId }),
        ...(session?.account !== undefined && { session: session.account }),
        ...(conversation !== undefined && { conversation }),
      };
    },
  };
}
