import { defineContentScript } from 'wxt/utils/define-content-script';
import { ask } from '../../src/contract/channel.ts';
import { hear } from '../../src/contract/news.ts';
import { guardClicks } from '../../src/page/click-guard.ts';
import { decorate } from '../../src/page/decorate.ts';
import { plain } from '../../src/page/pages/plain.ts';
import { react2 } from '../../src/page/pages/react-2.ts';
import { react6 } from '../../src/page/pages/react-6.ts';
import { vue3v6 } from '../../src/page/pages/vue3-6.ts';
import { vue3 } from '../../src/page/pages/vue-3.ts';
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
      // `plain` takes whatever row is left.
      pages: [react6, vue3v6, vue3, react2, plain],
      ask,
      hear,
      sentences,
      guardClicks,
      signal: life.signal,
      onGone: leave,
    });
  },
});
