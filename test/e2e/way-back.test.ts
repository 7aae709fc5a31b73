import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Tab } from '../browsers/browser.ts';
import type { StoredMessage } from '../chat-server/stored-message.ts';
import { serveHtml, type ServedHtml } from './served-html.ts';
import { turnOn } from './user.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let page: ServedHtml;
let elsewhere: ServedHtml;
let theirs: StoredMessage;
let mine: StoredMessage;
let tab: Tab;

declare global {
  /** Whether the browser had kept the page when it was shown last. */
  var wasKept: boolean | undefined;
}

beforeAll(async () => {
  world = await openWorld();
  await world.signIn();
  theirs = world.server.post({ from: 'bob', to: 'C2Calice', text: 'soon to be recalled' });
  mine = world.server.post({ from: 'alice', to: 'C2Cbob', text: 'of my own' });
  const row = ({ id }: StoredMessage, text: string): string =>
    `<li class="row" data-message-id="${id}"><div class="bubble">${text}</div></li>`;
  page = await serveHtml(
    `<!doctype html><title>Chat</title><style>li { margin: 40px }</style><ol class="rows">
    ${row(theirs, 'soon to be recalled')}${row(mine, 'of my own')}</ol><textarea></textarea>`,
  );
  elsewhere = await serveHtml('<!doctype html><title>Elsewhere</title>');
});
afterAll(async () => {
  await page.stop();
  await elsewhere.stop();
  await world.close();
});

beforeEach(async () => {
  tab = await world.browser.open(page.origin);
  await tab.evaluate(() => {
    window.addEventListener('pageshow', ({ persisted }) => {
      globalThis.wasKept = persisted;
    });
  });
  return () => tab.close();
});

async function leave(to = `${elsewhere.origin}/`): Promise<void> {
  await tab.evaluate((url) => {
    location.assign(url);
  }, to);
  const isThere = (url: string): boolean =>
    location.href === url && document.readyState === 'complete';
  await tab.waitFor(isThere, { what: 'the other page', args: [to] });
}

async function comeBack(): Promise<void> {
  await tab.evaluate(() => {
    history.back();
  });
  await tab.waitFor(() => globalThis.wasKept, { what: 'the page the browser had kept' });
}

const placeholder = (): Promise<unknown> =>
  tab.waitFor(() => document.querySelector('[data-unsay=placeholder]') !== null, {
    what: 'the placeholder',
  });

it('a page the browser kept while its site was turned on has Unsay when somebody goes back', async () => {
  await leave(`${page.origin}/other`);
  await turnOn(world.browser, tab, page.origin);
  await comeBack();
  await tab.hover('.row:last-child');
  await tab.closed.waitFor({ css: 'button', text: 'Recall this message' });
});

it('what came of a recall is told to who left meanwhile and came back', async () => {
  const isOnItsWay = Promise.withResolvers<undefined>();
  world.server.switches.held.set('openim.msgwithdraw', isOnItsWay.promise);
  await tab.hover('.row:last-child');
  await tab.closed.click({ css: 'button', text: 'Recall this message', nth: -1 });
  await world.server.waitFor(
    () => world.server.requests.some(({ servcmd }) => servcmd === 'openim.msgwithdraw'),
    { what: 'the recall at the server' },
  );
  await leave();
  world.server.switches.recallWindowSeconds = 0;
  isOnItsWay.resolve(undefined);
  await comeBack();
  await tab.closed.waitFor({ css: '.note', text: 'Too late' });
});

it('what was recalled is hidden also in a page that somebody went back to', async () => {
  await tab.activate();
  await leave();
  await comeBack();
  world.server.recall(theirs, { by: 'bob' });
  await placeholder();
  expect(await tab.text()).not.toContain('soon to be recalled');
});
