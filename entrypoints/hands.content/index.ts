import { defineContentScript } from 'wxt/utils/define-content-script';
import { barSentences } from '../../src/page/bar/bar-sentences.ts';
import { guardClicks } from '../../src/page/click-guard.ts';
import { findDoor } from '../../src/page/hands/door.ts';
import { startHands } from '../../src/page/hands/hands.ts';
import { handSentences } from '../../src/page/hands/sentences.ts';

// Run by the worker beside the chat script, in pages where there is something to do.
export default defineContentScript({
  registration: 'runtime',
  // WXT would otherwise post a message with our extension's id to the page.
  noScriptStartedPostMessage: true,
  main() {
    const door = findDoor();
    door?.enter(startHands(door.world, { guardClicks, sentences: handSentences, barSentences }));
  },
});
