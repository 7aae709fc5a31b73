import type { ask } from '../../contract/page-ask.ts';
import type { ConversationId, MessageId } from '../../message/message.ts';
import type { ChatPage } from '../chat-page.ts';
import type { Bar } from '../bar/bar.ts';
import type { Controls } from '../controls.ts';
import type { Bound } from '../offered.ts';
import type { Knowledge } from '../knowledge.ts';
import type { PageRow } from '../rows.ts';

/** What the hands get from the page's first script, so that they need not carry it themselves. */
export interface HandsWorld {
  readonly document: Document;
  /** The kinds of pages there are. */
  readonly pages: readonly ChatPage[];
  readonly ask: typeof ask;
  readonly knowledge: Knowledge;
  /** The conversation that is open in the page, as far as its rows tell. */
  readonly here: () => ConversationId | undefined;
  /** Where the newest messages are in the window; those that cannot be seen may be missing. */
  readonly messages: () => readonly DOMRect[];
  /** How often the page has changed beyond its rows; what was found there stays until then. */
  readonly changes: () => number;
  /** A person wants this message recalled, which the row showed when the control was offered. */
  readonly onRecall: (row: PageRow, bound: Bound) => void;
  readonly onDismiss: (row: PageRow) => void;
  /** A recall that was asked for elsewhere in the page was answered: its row may have to change. */
  readonly onSettled: (id: MessageId) => void;
  /** A node of ours is in the page. */
  readonly onAdded: (node: Node) => void;
  /** A row may need another control than it has: it came near, or its time is over. */
  readonly onStale: (row: PageRow) => void;
  /** Called every second while there is anything to offer. */
  readonly onTick: () => void;
  /** Ends everything. */
  readonly signal: AbortSignal;
}

/** All with which people act in a page: a script of its own, there only where there is something to do. */
export interface Hands {
  readonly controls: Controls;
  readonly bar: Bar;
}

/** Where the two scripts of one extension meet: they share a world that no page can look into. */
export interface HandsDoor {
  readonly world: HandsWorld;
  /** The hands are there. */
  readonly enter: (hands: Hands) => void;
}

const doors = globalThis as { unsayHandsDoor?: HandsDoor };

/** Leaves the door open for the hands, in place of one that was left before. */
export function openDoor(door: HandsDoor): void {
  doors.unsayHandsDoor = door;
}

/** The door somebody left open. */
export function findDoor(): HandsDoor | undefined {
  return doors.unsayHandsDoor;
}
