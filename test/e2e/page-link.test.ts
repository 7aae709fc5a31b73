import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Tab } from '../browsers/browser.ts';
import { ChromiumTabPort } from '../browsers/chromium-tab.ts';
import { DrivenTab } from '../browsers/tab.ts';
import type { Peer } from '../chat-server/peer.ts';
import { until } from '../browsers/until.ts';
import { serveHtml, type ServedHtml } from './served-html.ts';
import { turnOn } from './user.ts';
import { kindOn } from '../web-chats/kinds.ts';
import { pointAt } from './hand.ts';
import { openWorld, type World } from './world.ts';

/** What the plain page leaves on its window. */
interface PlainWindow {
  readonly chat: {
    logout(): Promise<unknown>;
    login(as: { userID: string; userSig: string }): Promise<unknown>;
    getLoginUser(): string;
    isReady(): boolean;
  };
}

let world: World;
let bob: Peer;
const tabs: Tab[] = [];
const sites: ServedHtml[] = [];

const recalls = (): number =>
  world.server.requests.filter(({ servcmd }) => servcmd === 'openim.msgwithdraw').length;
const signIns = (): number =>
  world.server.requests.filter(({ servcmd }) => servcmd === 'im_open_status.wslogin').length;

async function openChat(userId = 'alice'): Promise<Tab> {
  const tab = await world.openChat('plain', 'C2Cbob', userId);
  tabs.push(tab);
  await isSignedIn(tab);
  return tab;
}

const isSignedIn = (tab: Tab): Promise<unknown> =>
  tab.waitFor(() => (window as unknown as PlainWindow).chat.isReady(), {
    what: 'the page to be signed in',
  });

async function send(tab: Tab, text: string): Promise<string> {
  await tab.click('.composer textarea');
  await tab.type(text);
  await tab.press('Enter');
  const find = (): string | undefined =>
    world.server.messages(['alice', 'bob']).find((message) => message.text === text)?.id;
  await world.server.waitFor(() => find() !== undefined);
  return find() ?? '';
}

async function serve(html: string, csp?: string): Promise<ServedHtml> {
  const site = await serveHtml(html, csp);
  sites.push(site);
  return site;
}

async function closeAll(): Promise<void> {
  for (const tab of tabs.splice(0)) await tab.close();
}

/** Says so anywhere in the popup: several accounts are folded into one line. */
const says = (popup: Tab, text: string): Promise<unknown> =>
  popup.waitFor((words) => document.body.textContent.includes(words), {
    args: [text],
    what: `“${text}” in the popup`,
  });

/** The page says by itself when it was thrown out. */
const isThrownOut = async (tab: Tab): Promise<boolean> =>
  (await tab.text()).includes('signed in elsewhere');

/** What the extension keeps, as one of its own pages sees it. */
async function read(area: 'local' | 'session'): Promise<unknown> {
  const popup = await world.popup();
  const all = await popup.evaluate(async (name) => {
    type Areas = Record<'local' | 'session', { get(): Promise<unknown> }>;
    const { browser, chrome } = globalThis as unknown as Record<
      'browser' | 'chrome',
      { storage: Areas } | undefined
    >;
    return (browser ?? chrome)?.storage[name].get();
  }, area);
  await popup.close();
  return all;
}

beforeAll(async () => {
  // As apps are by default: whoever signs in a second time throws the first one out.
  world = await openWorld({ maxWebInstances: 1 });
  world.server.seed([{ from: 'bob', to: 'C2Calice', text: 'said long ago', ageSeconds: 900 }]);
  bob = await world.peer('bob');
  // Firefox keeps the last tab of its last window, whoever closes it (seen in 153).
  await world.browser.open(world.browser.extensionUrl('options.html'));
  const tab = await openChat();
  await world.turnOn(tab);
  await closeAll();
});
afterEach(async () => {
  await closeAll();
  world.server.switches.maxWebInstances = 1;
});
afterAll(async () => {
  await world.close();
  for (const site of sites) await site.stop();
});

describe('the session of a page', () => {
  it('is all it takes: no sign-in, and the popup says whose it is', async () => {
    const before = signIns();
    const tab = await openChat();
    const popup = await world.browser.openPopup(tab);
    await says(popup, 'Connected as alice');
    await popup.waitForText('signed in as alice, and Unsay uses that');
    await popup.close();
    expect(signIns()).toBe(before + 1);
    expect(world.server.onlineCount('alice')).toBe(1);
  });

  it('may be gone: the popup keeps the list, and what is recalled is sent when a page is back', async () => {
    const tab = await openChat();
    const id = await send(tab, 'regretted at once');
    const popup = await world.popup();
    await popup.waitForText('regretted at once');
    const before = recalls();
    await closeAll();
    await says(popup, 'no chat page open');
    await popup.click(`li[data-id="${id}"] button`);
    await popup.waitForText('Waiting');
    expect(world.server.message({ id }).isRecalled).toBe(false);
    await openChat();
    await world.server.waitFor(() => world.server.message({ id }).isRecalled);
    await popup.activate();
    await popup.waitForText('You recalled a message');
    await popup.close();
    expect(recalls()).toBe(before + 1);
  });

  it('is recalled what is still being sent, as soon as it is out', async () => {
    // By a message of mine Unsay knows which ids are.
    world.server.seed([{ from: 'alice', to: 'C2Cbob', text: 'answered', ageSeconds: 3_000 }]);
    const tab = await world.openChat('react-6', 'C2Cbob');
    tabs.push(tab);
    await tab.waitForText('answered');
    const popup = await world.popup();
    await popup.waitForText('answered');
    await popup.close();
    const find = () =>
      world.server.messages(['alice', 'bob']).find(({ text }) => text === 'on its way');
    const { promise: isOut, resolve: letOut } = Promise.withResolvers<undefined>();
    world.server.switches.held.set('openim.sendmsg', isOut);
    try {
      await tab.click(kindOn('react-6').composer ?? '');
      await tab.type('on its way\n');
      await pointAt(tab, 'on its way', '#message-list-container');
      await tab.closed.click({ css: 'button', text: 'Recall this message', nth: -1 });
      await tab.closed.waitFor({ css: '.note', text: 'Waiting' });
      expect(find()).toBeUndefined();
    } finally {
      world.server.switches.held.clear();
      letOut(undefined);
    }
    await world.server.waitFor(() => find()?.isRecalled);
    // Also in the list of conversations, which the kit draws in its own time.
    await tab.waitFor(() => !document.body.innerText.includes('on its way'), {
      what: 'the words to be gone',
    });
    // Ours takes the place of the kit's own, which is there first.
    await tab.closed.waitFor({ css: '.line', text: 'You recalled a message' });
  });

  it('of two tabs is ridden in one, and in the other when that is closed', async () => {
    world.server.switches.maxWebInstances = 2;
    const first = await openChat();
    await openChat();
    const popup = await world.popup();
    await says(popup, 'Connected as alice');
    await first.close();
    tabs.splice(tabs.indexOf(first), 1);
    const told = world.server.post({ from: 'alice', to: 'C2Cbob', text: 'from my phone' });
    await popup.activate();
    await popup.waitForText('from my phone');
    await popup.click(`li[data-id="${told.id}"] button`);
    await world.server.waitFor(() => world.server.message(told).isRecalled);
    await popup.close();
  });

  // Firefox freezes no tabs.
  it.runIf(inject('browser') === 'chromium')(
    'of two tabs is ridden in the one that is awake: what is sent there has its bar, and is recalled',
    async () => {
      world.server.switches.maxWebInstances = 2;
      const asleep = await openChat();
      const popup = await world.popup();
      await says(popup, 'Connected as alice');
      await popup.close();
      const tab = await openChat();
      if (!(asleep instanceof DrivenTab && asleep.port instanceof ChromiumTabPort)) {
        throw new Error('Nobody can freeze this tab.');
      }
      await asleep.port.freeze();
      await tab.activate();
      const id = await send(tab, 'beside a frozen tab');
      // Some two seconds; a question that waits for the tab that sleeps is given up after 17.
      await tab.closed.waitFor(
        { css: '.bar .row', text: 'beside a frozen tab' },
        { timeoutMs: 14_000 },
      );
      await until('a press on it to count', async () => {
        await tab.closed.click({ css: '.bar button', text: 'Recall' });
        return world.server
          .waitFor(() => world.server.message({ id }).isRecalled, { timeoutMs: 5_000 })
          .then(
            () => true,
            () => false,
          );
      });
    },
  );

  it('ends and changes with the page: nothing is asked as somebody else', async () => {
    const tab = await openChat();
    const popup = await world.popup();
    await says(popup, 'Connected as alice');
    await tab.evaluate(async () => {
      await (window as unknown as PlainWindow).chat.logout();
    });
    await says(popup, 'no chat page open');
    await tab.evaluate(async (userSig) => {
      await (window as unknown as PlainWindow).chat.login({ userID: 'carol', userSig });
    }, world.server.userSig('carol'));
    await says(popup, 'Connected as carol');
    await says(popup, 'alice · no chat page open');
    await popup.close();
  });

  it('shows a recall in a group that the page missed together with newer messages', async () => {
    const { server } = world;
    const tab = await world.openChat('plain', 'GROUPteam');
    tabs.push(tab);
    await isSignedIn(tab);
    const slip = server.post({ from: 'bob', to: 'GROUPteam', text: 'a slip to all' });
    await tab.waitForText('a slip to all');
    server.switches.refuseConnections = true;
    server.dropConnections('alice');
    // The SDK tells nobody of it, and goes on showing what it has (seen with 3.6.6).
    server.recall(slip);
    server.post({ from: 'bob', to: 'GROUPteam', text: 'nothing to see here' });
    server.switches.refuseConnections = false;
    await tab.waitForText('nothing to see here');
    await tab.closed.waitFor({ css: '.line', text: 'Bob recalled a message' });
    // The list of conversations names the newest message in its own time.
    await tab.waitFor(() => !document.body.innerText.includes('a slip to all'), {
      what: 'the words to be gone',
    });
  });

  it('may never come back: the recall ends in time and says so, also after a restart', async () => {
    // Sent a while ago, so that nobody has to wait for its whole window.
    const [sent] = world.server.seed([
      { from: 'alice', to: 'C2Cbob', text: 'no page came', ageSeconds: 95 },
    ]);
    const row = `li[data-id="${sent?.id ?? ''}"]`;
    await openChat();
    const before = await world.popup();
    await before.waitForText('no page came');
    await closeAll();
    // Nobody else's: the page is not to send it while it closes.
    await says(before, 'alice · no chat page open');
    // The list moves as the popup says what that means: whoever missed presses again.
    await until('the recall to wait', async () => {
      await before.click(`${row} button`, { timeoutMs: 2_000 }).catch(() => undefined);
      return before.waitForText('Waiting', { timeoutMs: 2_000 }).then(
        () => true,
        () => false,
      );
    });
    await world.browser.restart();
    await world.browser.open(world.browser.extensionUrl('options.html'));
    const popup = await world.popup();
    await popup.waitFor(
      (selector) =>
        document
          .querySelector<HTMLElement>(selector)
          ?.innerText.includes('could not be reached in time'),
      { args: [row], timeoutMs: 160_000, what: 'the end to be said' },
    );
    await openChat();
    await says(popup, 'Connected as alice');
    expect(world.server.message({ id: sent?.id ?? '' }).isRecalled).toBe(false);
    await popup.close();
  });
});

describe('between pages', () => {
  const popupText = async (text: string): Promise<void> => {
    const popup = await world.popup();
    await says(popup, text);
    await popup.close();
  };

  beforeAll(async () => {
    const options = await world.browser.open(world.browser.extensionUrl('options.html'));
    await options.click({ text: 'While no page is open' });
    await options.click({ label: 'Also connect when no page is open' });
    await options.fill({ label: 'Server address' }, world.server.url);
    await options.press('Tab');
    await options.waitForText('Saved.');
    await options.close();
  });

  it('Unsay signs in by itself where the user chose so, and makes way for the next page', async () => {
    const tab = await world.openChat('react-6', 'C2Cbob');
    tabs.push(tab);
    await isSessionKept();
    const kept = JSON.stringify(await read('local'));
    const before = signIns();
    await closeAll();
    await world.server.waitFor(() => signIns() > before, {
      timeoutMs: 60_000,
      what: 'a sign-in without a page',
    });
    await popupText('Connected as alice');
    const told = world.server.post({ from: 'alice', to: 'C2Cbob', text: 'while nobody looked' });
    const popup = await world.popup();
    await popup.waitForText('while nobody looked');
    await popup.click(`li[data-id="${told.id}"] button`);
    await world.server.waitFor(() => world.server.message(told).isRecalled);
    await popup.close();
    const back = await openChat();
    await bob.sendText('C2Calice', 'are you there');
    await back.waitForText('are you there');
    expect(await isThrownOut(back)).toBe(false);
    expect(world.server.onlineCount('alice')).toBe(1);
    // What signs in is kept in memory, unless the user chose otherwise.
    expect(kept).not.toContain(world.server.userSig('alice').slice(0, 30));
    expect(JSON.stringify(await read('local'))).not.toContain('userSig');
  });

  it('a page is never thrown out, however often it is opened, closed and loaded anew', async () => {
    let tab = await openChat();
    let thrownOut = 0;
    for (let turn = 0; turn < 50; turn += 1) {
      if (turn % 4 === 3) {
        await closeAll();
        tab = await openChat();
      } else await tab.reload();
      if (turn % 10 === 0) {
        await isSignedIn(tab);
        if (await isThrownOut(tab)) thrownOut += 1;
      }
    }
    await isSignedIn(tab);
    await bob.sendText('C2Calice', 'still here');
    await tab.waitForText('still here');
    expect(thrownOut).toBe(0);
    expect(await isThrownOut(tab)).toBe(false);
    expect(world.server.onlineCount('alice')).toBe(1);
  });

  /** The page's session was seen: from here on Unsay can sign in with it. */
  async function isSessionKept(): Promise<void> {
    await expect
      .poll(() => read('session'))
      .toMatchObject({
        'page-sessions': expect.objectContaining({}) as object,
      });
  }
});

describe('a hostile page', () => {
  /** A page that says it is alice's, has an SDK of lies, floods, and forges what passes in it. */
  const hostile = `<!doctype html><meta charset="utf-8"><title>Lies</title><body>
    <div class="rows"><div data-message-id="144115-1-1">mine, they say</div></div>
    <script>
      const listeners = {};
      window.asked = [];
      const now = () => Math.floor(Date.now() / 1000);
      const lie = (n, more) => ({ ID: '1441151-' + now() + '-' + n, conversationID: 'C2Cbob',
        from: 'alice', nick: 'Alice', nameCard: '', sequence: n, random: n, time: now(),
        type: 'TIMTextElem', payload: { text: 'lie ' + n + '<img src=x onerror=alert(1)>' },
        isRevoked: false, isDeleted: false, cloudCustomData: '', status: 'success', ...more });
      window.chat = {
        on(name, f) { listeners[name] = f; }, off() {},
        getLoginUser: () => 'alice', isReady: () => true, getServerTime: () => Date.now() + 3.6e6,
        findMessage: (id) => lie(1, { ID: id }),
        getConversationList: async () => ({ data: { conversationList: [], isSyncCompleted: true } }),
        getGroupList: async () => ({ data: { groupList: [], isSyncCompleted: true } }),
        getMessageListHopping: async () => ({ data: { messageList: [], isCompleted: true } }),
        getMessageList: async () => ({ data: { messageList: [], isCompleted: true } }),
        revokeMessage: async (m) => { window.asked.push(m.ID); return {}; },
      };
      window.flood = () => {
        for (let n = 0; n < 3000; n += 1) {
          listeners.onMessageReceived?.({ data: [lie(n + 10, { payload: { text: 'x'.repeat(5000) } })] });
        }
        for (let n = 0; n < 500; n += 1) {
          for (const name of ['unsay:tell', 'unsay:ask']) {
            document.dispatchEvent(new CustomEvent(name, { detail: n % 2 ? 'ready' : 'session' }));
          }
        }
      };
      for (const name of ['unsay:tell', 'unsay:ask']) {
        document.addEventListener(name, (e) => {
          if (String(e.detail).startsWith('ride ')) {
            const word = e.detail.slice(5);
            document.dispatchEvent(new CustomEvent('unsay:tell:' + word, { detail: JSON.stringify({
              news: 'session', of: { isFound: true, app: 1400000001, user: 'alice', isReady: true } }) }));
          }
        });
      }
      Object.prototype.toJSON = undefined;
      Array.prototype.map = () => { throw new Error('broken'); };
      Object.freeze(Array.prototype);
    </script>`;

  it('speaks for nobody but its own: it sees, changes and recalls nothing of the real account', async () => {
    const tab = await openChat();
    const id = await send(tab, 'the real thing');
    const evil = await serve(
      hostile,
      "default-src 'self'; script-src 'unsafe-inline'; require-trusted-types-for 'script'",
    );
    const lies = await world.browser.open(`${evil.origin}/`);
    await turnOn(world.browser, lies, evil.origin);
    const before = recalls();
    await lies.evaluate(() => {
      (window as unknown as { flood(): void }).flood();
    });
    const popup = await world.popup();
    // The real message is still there, and is recalled by the real page's session.
    await popup.waitForText('the real thing');
    // The list moves as the popup learns of that page's account: whoever missed presses again.
    await until('the recall', async () => {
      await popup.click(`li[data-id="${id}"] button`, { timeoutMs: 2_000 }).catch(() => undefined);
      return world.server
        .waitFor(() => world.server.message({ id }).isRecalled, { timeoutMs: 4_000 })
        .then(
          () => true,
          () => false,
        );
    });
    expect(recalls()).toBe(before + 1);
    expect(await lies.evaluate(() => (window as unknown as { asked: string[] }).asked)).toEqual([]);
    expect(await popup.evaluate(() => document.querySelector('main img'))).toBeNull();
    await popup.close();
    expect(await tab.text()).not.toContain('lie ');
    await turnOff(lies);
    await lies.close();
  });

  it('that defines what our elements are called gets no inside of them', async () => {
    const tab = await openChat();
    await tab.evaluate(() => {
      const own = ['unsay-control', 'unsay-placeholder', 'unsay-bar'];
      const internals: ElementInternals[] = ((window as { internals?: unknown }).internals = []);
      const pageElement = (): typeof HTMLElement =>
        class extends HTMLElement {
          constructor() {
            super();
            internals.push(this.attachInternals());
          }
        };
      for (const name of own) customElements.define(name, pageElement());
    });
    await send(tab, 'between us');
    const names = await tab.waitFor(() => {
      const hosts = [...document.querySelectorAll('[data-unsay=bar],unsay-bar')];
      return hosts.length > 0 && hosts.map(({ localName }) => localName);
    });
    expect(names).toEqual(['section']);
    expect(
      await tab.evaluate(() =>
        (window as { internals?: ElementInternals[] }).internals?.map((of) => of.shadowRoot?.mode),
      ),
    ).toEqual([]);
  });

  it('that frames a chat of yours gets no control to lay under your hand', async () => {
    const chat = await openChat();
    const inSandbox = await openChat('carol');
    const frame = serve(
      `<!doctype html><title>Frame</title>
      <iframe width="80" height="60" sandbox="allow-scripts" src="${await inSandbox.url()}"></iframe>
      <iframe width="800" height="600" src="${await chat.url()}"></iframe>`,
    );
    await closeAll();
    const tab = await world.browser.open(`${(await frame).origin}/`);
    tabs.push(tab);
    const popup = await world.popup();
    // The session in the frame is as good as any; its rows stay as they are.
    await says(popup, 'Connected as alice');
    const told = world.server.post({ from: 'alice', to: 'C2Cbob', text: 'from within a frame' });
    await popup.waitForText('from within a frame');
    await popup.click(`li[data-id="${told.id}"] button`);
    await world.server.waitFor(() => world.server.message(told).isRecalled);
    await popup.close();
    // By keyboard every row that is seen has its control.
    await tab.clickAt(400, 300);
    await tab.press('Tab');
    expect(await tab.closed.findAll('button')).toEqual([]);
    // The other frame has the site's address only: our scripts have left it.
    const { seats } = (await read('session')) as { seats: { user?: string }[] };
    expect(seats.map(({ user }) => user)).toEqual(['alice']);
  });

  it('is none whose own site is on: what it frames is recalled by keyboard there', async () => {
    const chat = await openChat();
    const address = await chat.url();
    await closeAll();
    // Any document of the site's that is no chat itself.
    const tab = await world.browser.open(`${world.origin}/redirect.js`);
    tabs.push(tab);
    await tab.evaluate((src) => {
      const frame = document.createElement('iframe');
      Object.assign(frame, { src, width: 800, height: 600 });
      document.body.replaceChildren(frame);
    }, address);
    const inFrame = (selector: string): Promise<unknown> =>
      tab.waitFor(
        (css: string) => document.querySelector('iframe')?.contentDocument?.querySelector(css),
        { args: [selector], what: `${selector} in the frame` },
      );
    const popup = await world.popup();
    await says(popup, 'Connected as alice');
    await popup.close();
    await tab.activate();
    const told = world.server.post({ from: 'alice', to: 'C2Cbob', text: 'framed by its own site' });
    await inFrame(`[data-message-id="${told.id}"]`);
    // Known by then, it has its control when Tab comes by; and Firefox leaves the page after the last stop.
    await inFrame('[data-unsay=bar]');
    await until('the focus on its control', async () => {
      await tab.press('Tab');
      return tab.evaluate((id) => {
        const at = document.querySelector('iframe')?.contentDocument?.activeElement;
        const row = at?.closest<HTMLElement>('[data-message-id]');
        return at?.matches('[data-unsay=control]') && row?.dataset.messageId === id;
      }, told.id);
    });
    await until('a press there to count', async () => {
      await tab.press('Enter');
      return world.server.message(told).isRecalled;
    });
    expect(await tab.evaluate(() => document.querySelector('[data-unsay=bar]'))).toBeNull();
  });

  async function turnOff(tab: Tab): Promise<void> {
    const popup = await world.browser.openPopup(tab);
    // The popup grows while it fills; the switch then stays where it is.
    await popup.waitForText('signed in as alice');
    await popup.click('[role=switch]');
    await popup.waitFor(
      () => document.querySelector('[role=switch]')?.getAttribute('aria-checked') === 'false',
      { what: 'the site to be off' },
    );
    await popup.close();
  }
});
