import { defineContentScript } from 'wxt/utils/define-content-script';
import { ask } from '../../src/contract/channel.ts';
import { hear } from '../../src/contract/news.ts';
import { guardClicks } from '../../src/page/click-guard.ts';
import { decorate } from '../../src/page/decorate.ts';
import { allPages } from '../../src/page/pages/all.ts';
import { sentences } from '../../src/page/sentences.ts';

// Registered by the worker, and only where the user turned Unsay on.
export default defineContentScript({
  registration: 'runtime',
  // WXT would otherwise post a message with our extension's id to the page.
  noScriptStartedPostMessage: true,
  main(context) {
    const life = new AbortController();
    const leave = (): void => {
      life.abort();
    };
    context.onInvalidated(leave);
    decorate({
      document,
      pages: allPages,
      ask,
      hear,
      sentences,
      guardClicks,
      signal: life.signal,
      onGone: leave,
    });
  },
});
