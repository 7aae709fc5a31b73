import { askFor } from './asking.ts';
import type { Answered, Content } from './contract.ts';
import { pageLines } from './lines/page.ts';
import { sharedLines } from './lines/shared.ts';

const lines = { ...sharedLines, ...pageLines };

/** Asks the worker from a chat page; see `askFor`. */
export function ask<Q extends keyof typeof lines>(
  question: Q,
  ...content: Content<Q>
): Promise<Answered<Q>> {
  return askFor(lines[question].answer, question, content[0]);
}
