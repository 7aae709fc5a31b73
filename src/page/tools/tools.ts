import type { ask as AskForTools } from '../../contract/tools-ask.ts';
import type { Tools, ToolsWorld } from './door.ts';
import { startMenuEntries } from './menu-entries.ts';
import { makePutBack } from './put-back.ts';

/** Makes what is needed now and then only. */
export function startTools(world: ToolsWorld, askForTools: typeof AskForTools): Tools {
  return { startMenuEntries, putBack: makePutBack({ ...world, askForTools }) };
}
