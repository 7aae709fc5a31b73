import { askFor } from './asking.ts';
import type { Answered, Content } from './contract.ts';
import { toolsLines } from './lines/tools.ts';

/** Asks the worker from the tools in a chat page; see `askFor`. */
export function ask<Q extends keyof typeof toolsLines>(
  question: Q,
  ...content: Content<Q>
): Promise<Answered<Q>> {
  return askFor(toolsLines[question].answer, question, content[0]);
}
