import type { ask } from '../../contract/page-ask.ts';
import type { ConversationId, MessageId, MessageRef } from '../../message/message.ts';
import type { Box } from '../box.ts';
import type { ChatPage } from '../chat-page.ts';
import type { GuardClicks } from '../click-guard.ts';
import type { Composer } from '../composer.ts';
import type { everySecond } from '../every-second.ts';
import type { HandSentences } from '../hands/sentences.ts';
import type { isDarkBehind } from '../placing.ts';
import type { makeTicking } from '../ticking.ts';
import type { PutBackOutcome } from '../tools/put-back.ts';

/** What the undo bar stands in: the page, what is known of it, and what the hands share with it. */
export interface BarWorld {
  readonly document: Document;
  readonly ask: typeof ask;
  /** The conversation that is open in the page. */
  readonly here: () => ConversationId | undefined;
  /** The kinds of pages there are. */
  readonly pages: readonly ChatPage[];
  /** Where the newest messages are in the window. */
  readonly messages: () => readonly Box[];
  /** Where that is which is told beside messages. */
  readonly told: () => readonly Box[];
  /** A recall was answered. */
  readonly onSettled: (id: MessageId) => void;
  /** A node of ours is in the page. */
  readonly onAdded: (node: Node) => void;
  readonly signal: AbortSignal;
  readonly guardClicks: GuardClicks;
  /** Whether what becomes of a recall is told in its row, where somebody asked for it. */
  readonly isToldInRow: (id: MessageId) => boolean;
  readonly composer: Composer;
  /** Into the composer, if the conversation for which it was offered is open. Never rejects. */
  readonly putBack: (
    message: MessageRef,
    offeredIn: ConversationId | undefined,
  ) => Promise<PutBackOutcome>;
  readonly sentences: HandSentences;
  /** What controls are made of, too. */
  readonly everySecond: typeof everySecond;
  readonly isDarkBehind: typeof isDarkBehind;
  readonly makeTicking: typeof makeTicking;
}
