import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { barSentences } from '../src/page/bar/bar-sentences.ts';
import { startBar } from '../src/page/bar/bar.ts';
import { findBarDoor } from '../src/page/bar/door.ts';

// Run by the worker beside the hands, where the user sent a message that can be recalled.
export default defineUnlistedScript(() => {
  const door = findBarDoor();
  door?.enter(startBar(door.world, barSentences));
});
