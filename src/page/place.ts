import type { Box } from './box.ts';

/** Pixels between a message and its control. */
export const closest = 6;
/** Pixels by which a control lies over a message that leaves no room beside it. */
export const overlap = 10;

/** The part of the window in which something can be seen: to the sides all of a list but its scroll bar. */
export interface View {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** What the place of a control comes from. All in window pixels. */
export interface Place {
  readonly message: DOMRect;
  readonly size: Pick<Box, 'width' | 'height'>;
  readonly view: View;
  readonly room: DOMRect;
  /** Pixels between message and control. */
  readonly gap: number;
}

/** What a control may choose from that need not stand where it belongs. */
export interface Choice extends Place {
  /** Where it belongs. */
  readonly wanted: Box;
  /** That is beside its message, not over the edge of it. */
  readonly isBeside: boolean;
  /** Other controls of one line, which nobody is to lose. */
  readonly quiet: readonly Box[];
  /** Other controls with something to read. */
  readonly tall: readonly Box[];
  /** Other messages, better not covered. */
  readonly messages: readonly Box[];
}
