import { i18n } from '#i18n';
import { defineContentScript } from 'wxt/utils/define-content-script';
import { ask } from '../../src/contract/page-ask.ts';
import { hearMenuChoice } from '../../src/contract/menu-choice.ts';
import { hear } from '../../src/contract/news.ts';
import { answerSeat } from '../../src/contract/seat.ts';
import { decorate } from '../../src/page/decorate.ts';
import { share } from '../../src/page/hands/shared.ts';
import { mark } from '../../src/page/mark.ts';
import type { Pointed } from '../../src/page/menu-choice.ts';
import { MenuTarget } from '../../src/page/menu-target.ts';
import { allPages } from '../../src/page/pages/all.ts';
import { sentences } from '../../src/page/sentences.ts';
import { carryOn, ownReadings } from '../../src/page/server-clock.ts';
import { makeIsland, writeWords } from '../../src/page/shadow.ts';
import { startPage } from '../../src/page/start.ts';
import { plainText } from '../../src/ui/plain.ts';

// Registered by the worker, and only where the user turned Unsay on.
export default defineContentScript({
  registration: 'runtime',
  // WXT would otherwise post a message with our extension's id to the page.
  noScriptStartedPostMessage: true,
  main(context) {
    share({ i18n, plainText, makeIsland, writeWords, mark, carryOn, ownReadings });
    const life = new AbortController();
    context.onInvalidated(() => {
      life.abort();
    });
    const menuTarget = new MenuTarget<Pointed>(window, life.signal);
    startPage({
      document,
      window,
      ask,
      answerSeat,
      life,
      decorate: (onGone) => {
        const { signal } = life;
        const told = { ask, hear, hearMenuChoice, menuTarget };
        decorate({ document, pages: allPages, ...told, sentences, signal, onGone });
      },
    });
  },
});
