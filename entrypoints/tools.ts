import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { ask } from '../src/contract/tools-ask.ts';
import { findToolsDoor } from '../src/page/tools/door.ts';
import { startTools } from '../src/page/tools/tools.ts';

// Run by the worker beside the hands, where somebody needs more than those have at hand.
export default defineUnlistedScript(() => {
  const door = findToolsDoor();
  door?.enter(startTools(door.world, ask));
});
