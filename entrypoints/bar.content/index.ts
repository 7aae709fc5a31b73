import { defineContentScript } from 'wxt/utils/define-content-script';
import { startBar } from '../../src/page/bar/bar.ts';
import { barSentences } from '../../src/page/bar/bar-sentences.ts';
import { findDoor } from '../../src/page/bar/door.ts';

// Run by the worker beside the chat script, in pages that have something for it to show.
export default defineContentScript({
  registration: 'runtime',
  // WXT would otherwise post a message with our extension's id to the page.
  noScriptStartedPostMessage: true,
  main() {
    const door = findDoor();
    door?.enter(startBar(door.world, barSentences));
  },
});
