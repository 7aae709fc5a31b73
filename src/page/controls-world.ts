import type { ChatPage } from './chat-page.ts';
import type { GuardClicks } from './click-guard.ts';
import type { HandSentences } from './hands/sentences.ts';
import type { Knowledge } from './knowledge.ts';
import type { Bound } from './offered.ts';
import type { PageRow } from './rows.ts';
import type { Tools } from './tools/door.ts';
import type { PutBackOutcome } from './tools/put-back.ts';

/** What the controls of a page stand in: the page, what is known of it, and who is told what. */
export interface ControlsWorld {
  readonly document: Document;
  readonly pages: readonly ChatPage[];
  readonly sentences: HandSentences;
  readonly guardClicks: GuardClicks;
  readonly knowledge: Knowledge;
  /** A person wants this message recalled, which the row showed when the control was offered. */
  readonly onRecall: (row: PageRow, bound: Bound) => void;
  /** A person wants the words of what they recalled back in the composer. Never rejects. */
  readonly onReedit: (bound: Bound) => Promise<PutBackOutcome>;
  readonly onDismiss: (row: PageRow) => void;
  /** Where the newest messages are in the window. */
  readonly messages: () => readonly DOMRect[];
  /** What is needed for an entry in a menu. */
  readonly tools: () => Promise<Tools>;
  /** These menus of the page are open. */
  readonly onMenus: (lists: readonly Element[]) => void;
  /** One may take up another part of the window. */
  readonly onResized: () => void;
  /** A node of ours is in the page. */
  readonly onAdded: (node: Node) => void;
  /** A row may need another control than it has: it came near, or its time is over. */
  readonly onStale: (row: PageRow) => void;
  /** Called every second while there is anything to offer. */
  readonly onTick: () => void;
  readonly signal: AbortSignal;
}
