import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { guardClicks } from '../src/page/click-guard.ts';
import { findDoor } from '../src/page/hands/door.ts';
import { startHands } from '../src/page/hands/hands.ts';
import { handSentences } from '../src/page/hands/sentences.ts';

// Run by the worker beside the chat script, in pages where there is something to do. It ends with that
// one, so it does without what WXT gives a content script to learn of its end.
export default defineUnlistedScript(() => {
  const door = findDoor();
  door?.enter(startHands(door.world, { guardClicks, sentences: handSentences }));
});
