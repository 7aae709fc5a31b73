import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StoredMessage } from '../chat-server/stored-message.ts';
import { serveHtml, type ServedHtml } from './served-html.ts';
import { turnOn } from './user.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let page: ServedHtml;
let elsewhere: ServedHtml;
let sent: StoredMessage;

declare global {
  /** Whether the browser had kept the page when it was shown last. */
  var wasKept: boolean | undefined;
}

beforeAll(async () => {
  world = await openWorld();
  await world.signIn();
  sent = world.server.post({ from: 'bob', to: 'C2Calice', text: 'soon to be recalled' });
  page = await serveHtml(
    `<!doctype html><title>Chat</title><ol class="rows"><li class="row" data-message-id="${sent.id}">
    <div class="bubble">soon to be recalled</div></li></ol><textarea></textarea>`,
  );
  elsewhere = await serveHtml('<!doctype html><title>Elsewhere</title>');
});
afterAll(async () => {
  await page.stop();
  await elsewhere.stop();
  await world.close();
});

it('what was recalled is hidden also in a page that somebody went back to', async () => {
  const tab = await world.browser.open(page.origin);
  await turnOn(world.browser, tab, page.origin);
  await tab.activate();
  await tab.evaluate(() => {
    window.addEventListener('pageshow', ({ persisted }) => {
      globalThis.wasKept = persisted;
    });
  });
  await tab.evaluate((to) => {
    location.assign(to);
  }, elsewhere.origin);
  await tab.waitFor(() => document.title === 'Elsewhere', { what: 'the other page' });
  await tab.evaluate(() => {
    history.back();
  });
  await tab.waitFor(() => globalThis.wasKept, { what: 'the page the browser had kept' });
  world.server.recall(sent, { by: 'bob' });
  await tab.waitFor(() => document.querySelector('unsay-placeholder') !== null, {
    what: 'the placeholder',
  });
  expect(await tab.text()).not.toContain('soon to be recalled');
});
