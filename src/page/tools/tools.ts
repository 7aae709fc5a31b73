import type { Tools, ToolsWorld } from './door.ts';
import { makeMenuEntry } from './menu-entry.ts';
import { makePutBack } from './put-back.ts';

/** Makes what is needed now and then only. */
export function startTools(world: ToolsWorld): Tools {
  return { makeMenuEntry, putBack: makePutBack(world) };
}
