import { askFor } from './asking.ts';
import type { Answered, Content } from './contract.ts';
import { sweepLines } from './lines/sweep.ts';

/** Asks the worker about sweeps and receipts; see `askFor`. */
export function ask<Q extends keyof typeof sweepLines>(
  question: Q,
  ...content: Content<Q>
): Promise<Answered<Q>> {
  return askFor(sweepLines[question].answer, question, content[0]);
}
