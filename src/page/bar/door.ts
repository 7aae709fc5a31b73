import type { ask } from '../../contract/channel.ts';
import type { BarView, ProgressView } from '../../contract/views.ts';
import type { ConversationId } from '../../message/message.ts';
import type { GuardClicks } from '../click-guard.ts';
import type { Composer } from '../composer.ts';

/** What the bar's script gets from the page's first script, so that it need not carry it itself. */
export interface BarWorld {
  readonly document: Document;
  readonly ask: typeof ask;
  readonly guardClicks: GuardClicks;
  readonly composer: Composer;
  /** The conversation that is open in the page, as far as its rows tell. */
  readonly here: () => ConversationId | undefined;
  /** Where the newest messages are in the window; those that cannot be seen may be missing. */
  readonly messages: () => readonly DOMRect[];
  readonly refusal: (progress: ProgressView) => string;
  readonly unanswered: () => string;
  readonly waiting: (left: string | undefined) => string;
  /** Milliseconds in words. */
  readonly timeInWords: (ms: number) => string;
  /** Ends everything. */
  readonly signal: AbortSignal;
}

export interface Bar {
  /** Shows what the worker said last. */
  show(view: BarView): void;
}

/** Where the two scripts of one extension meet: they share a world that no page can look into. */
export interface BarDoor {
  readonly world: BarWorld;
  /** The bar is there. */
  readonly enter: (bar: Bar) => void;
}

const doors = globalThis as { unsayBarDoor?: BarDoor };

/** Leaves the door open for the bar's script, in place of one that was left before. */
export function openDoor(door: BarDoor): void {
  doors.unsayBarDoor = door;
}

/** The door somebody left open. */
export function findDoor(): BarDoor | undefined {
  return doors.unsayBarDoor;
}
