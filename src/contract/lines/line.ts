import * as v from 'valibot';

/**
 * Who may ask: our own extension pages; our content script in a page the user turned on; or in a
 * frame of such a site inside of somebody else's page, which may only tell of its session.
 */
export type Caller = 'own' | 'page' | 'frame';

/** One question: who may ask it, what goes in and what comes out. */
export interface Line {
  readonly from: readonly Caller[];
  readonly ask: v.GenericSchema;
  readonly answer: v.GenericSchema;
}

/** Questions by their names. */
export type Lines = Readonly<Record<string, Line>>;

/** Where nothing is asked with a question, or answered to it. */
export const nothing = v.undefined();

/** Our own extension pages only. */
export const own = ['own'] as const;
