import { defineContentScript } from 'wxt/utils/define-content-script';
import { ask } from '../../src/contract/channel.ts';
import { hear } from '../../src/contract/news.ts';
import { answerSeat } from '../../src/contract/seat.ts';
import { guardClicks } from '../../src/page/click-guard.ts';
import { decorate } from '../../src/page/decorate.ts';
import { plain } from '../../src/page/pages/plain.ts';
import { react2 } from '../../src/page/pages/react-2.ts';
import { react6 } from '../../src/page/pages/react-6.ts';
import { vue3v6 } from '../../src/page/pages/vue3-6.ts';
import { vue3 } from '../../src/page/pages/vue-3.ts';
import { sentences } from '../../src/page/sentences.ts';
import { startPage } from '../../src/page/start.ts';

// Registered by the worker, and only where the user turned Unsay on.
export default defineContentScript({
  registration: 'runtime',
  // WXT would otherwise post a message with our extension's id to the page.
  noScriptStartedPostMessage: true,
  main(context) {
    const life = new AbortController();
    context.onInvalidated(() => {
      life.abort();
    });
    // `plain` takes whatever row is left.
    const pages = [react6, vue3v6, vue3, react2, plain];
    startPage({
      document,
      window,
      ask,
      answerSeat,
      life,
      decorate: (onGone) => {
        const { signal } = life;
        decorate({ document, pages, ask, hear, sentences, guardClicks, signal, onGone });
      },
    });
  },
});
