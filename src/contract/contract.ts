import type * as v from 'valibot';
import { ownLines } from './lines/own.ts';
import { pageLines } from './lines/page.ts';
import { popupLines } from './lines/popup.ts';
import { sharedLines } from './lines/shared.ts';
import { sweepLines } from './lines/sweep.ts';
import { toolsLines } from './lines/tools.ts';

/**
 * All that may be said between contexts, put together from who carries it. A question reaches its
 * handler only when the envelope is ours, the caller may ask it, and its content fits `ask`.
 */
export const contract = {
  ...sharedLines,
  ...pageLines,
  ...toolsLines,
  ...popupLines,
  ...sweepLines,
  ...ownLines,
};

export type Contract = typeof contract;
export type Question = keyof Contract;
export type Asked<Q extends Question> = v.InferOutput<Contract[Q]['ask']>;
export type Answered<Q extends Question> = v.InferOutput<Contract[Q]['answer']>;
/** What is said after a question's name: its content, or nothing. */
export type Content<Q extends Question> = Asked<Q> extends undefined ? [] : [Asked<Q>];
