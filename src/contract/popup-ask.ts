import { askFor } from './asking.ts';
import type { Answered, Content } from './contract.ts';
import { popupLines } from './lines/popup.ts';
import { sharedLines } from './lines/shared.ts';

const lines = { ...sharedLines, ...popupLines };

/** Asks the worker from the popup; see `askFor`. */
export function ask<Q extends keyof typeof lines>(
  question: Q,
  ...content: Content<Q>
): Promise<Answered<Q>> {
  return askFor(lines[question].answer, question, content[0]);
}
