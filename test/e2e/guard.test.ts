import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Tab } from '../browsers/browser.ts';
import type { Peer } from '../chat-server/peer.ts';
import { kindOn } from '../web-chats/kinds.ts';
import { openWorld, type World } from './world.ts';

/** Kits that put the focus into their composer by themselves. */
const names = ['react-6', 'vue3-6'] as const;

describe.each(names.filter((name) => inject('browser') === 'chromium' || name === 'react-6'))(
  'who may write to the wrong person on the page %s',
  (name) => {
    const { composer = '', scroller = '' } = kindOn(name);

    let world: World;
    let bob: Peer;
    // One for each: nothing of mine is to be younger than half an hour.
    beforeAll(async () => {
      world = await openWorld({ maxWebInstances: 1 });
      world.server.seed([
        { from: 'bob', to: 'C2Calice', text: 'said long ago by Bob', ageSeconds: 7200 },
        { from: 'carol', to: 'C2Calice', text: 'said long ago by Carol', ageSeconds: 7100 },
      ]);
      bob = await world.peer('bob');
      const first = await world.openChat('plain', 'C2Cbob');
      await first.waitForText('said long ago by Bob');
      await world.turnOn(first);
      await first.close();
    });
    afterAll(async () => {
      await world.close();
    });

    const shows = (tab: Tab, text: string): Promise<unknown> =>
      tab.waitFor(
        (css, words) => document.querySelector<HTMLElement>(css)?.innerText.includes(words),
        { args: [scroller, text], what: `“${text}” in the page` },
      );
    /** Bob recalls something, which Unsay's placeholder tells: then it knows what the page shows. */
    async function settled(tab: Tab): Promise<void> {
      const words = `a slip ${crypto.randomUUID()}`;
      const slip = await bob.sendText('C2Calice', words);
      await shows(tab, words);
      await bob.recall(slip);
      await tab.closed.waitFor({ css: '.line', text: 'The other party', nth: -1 });
    }

    it('is told so right after a page loaded, though nothing of mine is in it', async () => {
      const tab = await world.openChat(name, 'C2Cbob');
      await shows(tab, 'said long ago by Bob');
      expect(
        await tab.evaluate((css) => document.activeElement?.matches(css) === true, composer),
      ).toBe(true);
      await settled(tab);
      await tab.click({ text: 'Carol', within: '.conversations' });
      await shows(tab, 'said long ago by Carol');
      await tab.click(composer);
      await tab.type(`sorry ${name}\n`);
      await tab.closed.waitFor({ css: '.bar .row', text: 'switched to this chat only just' });
      await tab.close();
    });
  },
);
