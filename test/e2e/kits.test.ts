import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Tab } from '../browsers/browser.ts';
import { until } from '../browsers/until.ts';
import type { Peer } from '../chat-server/peer.ts';
import type { StoredMessage } from '../chat-server/stored-message.ts';
import { kindOn, menuOpeners } from '../web-chats/kinds.ts';
import { PAGE_NAMES } from '../web-chats/pages.ts';
import { pointAt } from './hand.ts';
import { openWorld, type World } from './world.ts';

/*
 * Every kind of page there is, each riding its own session where the app allows one sign-in per
 * user. What two of them show in all its detail is in page.test.ts.
 */
const names = PAGE_NAMES.filter(
  (name) =>
    !['react-6', 'vue-3'].includes(name) && (inject('browser') === 'chromium' || name === 'plain'),
);

let world: World;
let bob: Peer;
let carol: Peer;
let tab: Tab | undefined;
let count = 0;
let greeting = '';
/** How often a page of Alice's was loaded; each load is one sign-in. */
let loads = 0;

beforeAll(async () => {
  world = await openWorld({ maxWebInstances: 1 });
  world.server.seed([
    { from: 'bob', to: 'C2Calice', text: 'said long ago', ageSeconds: 900 },
    // More than one page of the service's answers.
    ...Array.from({ length: 17 }, (_, at) => ({
      ...({ from: 'bob', to: 'GROUPteam', text: 'said long ago' } as const),
      ageSeconds: 900 - at,
    })),
  ]);
  [bob, carol] = await Promise.all([world.peer('bob'), world.peer('carol')]);
  const first = await world.openChat('plain', 'C2Cbob');
  loads += 1;
  await first.waitForText('said long ago');
  await world.turnOn(first);
  await first.close();
});
afterAll(async () => {
  await world.close();
});
afterEach(async () => {
  await tab?.close();
  tab = undefined;
  Object.assign(world.server.switches, { recallWindowSeconds: 120, pushRecallToCaller: true });
  // Nobody but the pages signed in, so none of them was thrown out.
  const alices = world.server.requests.filter(({ userId }) => userId === 'alice');
  expect(new Set(alices.map(({ instanceNumber }) => instanceNumber)).size).toBe(loads);
});

describe.each(names)('on the page %s, without signing in', (name) => {
  const kind = kindOn(name);
  const list = kind.scroller ?? '.rows';
  const composer = kind.composer ?? '.composer textarea';

  const page = (): Tab => {
    if (!tab) throw new Error('No page is open.');
    return tab;
  };

  /** Opens the page and waits for what Bob said last, as the newest messages are shown first. */
  async function open(conversation: 'C2Cbob' | 'GROUPteam'): Promise<void> {
    greeting = `hello ${(count += 1)}`;
    await bob.sendText(conversation === 'C2Cbob' ? 'C2Calice' : conversation, greeting);
    tab = await world.openChat(name, conversation);
    loads += 1;
    await shows(greeting);
  }

  const shows = (text: string): Promise<unknown> =>
    page().waitFor(
      (selector: string, words: string) =>
        document.querySelector<HTMLElement>(selector)?.innerText.includes(words),
      { args: [list, text], what: `“${text}” in the page` },
    );

  async function write(text: string): Promise<StoredMessage> {
    await page().click(composer);
    await page().type(`${text}\n`);
    const find = (): StoredMessage | undefined =>
      [...world.server.messages(['alice', 'bob']), ...world.server.messages('team')].find(
        (message) => message.text === text,
      );
    const sent = await world.server.waitFor(find, { what: `“${text}” at the server` });
    await shows(text);
    if (!sent) throw new Error('The server lost a message it had.');
    return sent;
  }

  async function serverRecalls(sent: StoredMessage, timeoutMs?: number): Promise<void> {
    await world.server.waitFor(() => world.server.message(sent).isRecalled, {
      what: `the recall of “${sent.text}”`,
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
  }

  /**
   * Waits until below what Bob said at `anchor` this stands `count` times, as a placeholder of ours
   * or the kit's own, and the words are gone: never both in one place, never neither.
   */
  async function says(
    sentence: string,
    instead: string,
    { count: expected = 1, anchor = greeting } = {},
  ): Promise<void> {
    let found = -1;
    let seen = '';
    await until(
      () => `“${sentence}” ${expected} times, not ${found}; the page says: ${seen}`,
      async () => {
        seen = (await page().text(list)).replace(/\s+/gu, ' ');
        found = await page().closed.evaluate(countBelow, list, anchor, sentence);
        return found === expected && !seen.includes(instead);
      },
    );
  }

  /** Goes to the row with these words, and waits until it has a control. */
  const canRecall = (words: string): Promise<void> => pointAt(page(), words, list);

  /** Opens the kit's own menu of a message, and goes to our entry in it by the keys the kit has. */
  async function goToEntry(words: string, opener: 'right' | { icon: string }): Promise<void> {
    // The bar is there, and gives way to the menu.
    await canRecall(words);
    const message = { text: words, within: list };
    if (opener === 'right') await page().click(message, { button: 'right' });
    else {
      await page().hover(message);
      await page().click({ css: `:is(${kind.rows}) ${opener.icon}` });
    }
    const entry = await page().closed.waitFor({ css: '.entry', text: 'the message from Carol' });
    expect(entry.text).toBe('Recall');
    const role = await page().evaluate(
      (css) =>
        document.querySelector(`:is(${css}):has(> [data-unsay=control])`)?.getAttribute('role'),
      kind.menu?.list ?? '',
    );
    // In a menu of the arrow keys ours is the last item, to which the first goes back.
    const key = role === 'menu' ? 'ArrowUp' : 'Tab';
    await until('our entry in the menu to have the focus', async () => {
      await page().press(key);
      return page().evaluate(
        (css) => document.activeElement?.matches(`:is(${css}) > [data-unsay=control]`),
        kind.menu?.list ?? '',
      );
    });
    await until('our entry to be ready', async () =>
      (await page().closed.findAll('.entry')).every(({ isDisabled }) => !isDisabled),
    );
  }

  it('recalls from the row, by the key and from the popup, and shows it, also after a reload', async () => {
    for (let at = 0; at < 12; at += 1) {
      world.server.post({ from: 'bob', to: 'C2Calice', text: 'fills the list' });
    }
    await open('C2Cbob');
    const sent = await write(`a slip ${name}`);
    await until('a click on the row to count', async () => {
      await canRecall(`a slip ${name}`);
      // The list may move under the pointer, which takes the control away, and what moved a moment ago
      // takes no click, by design (`settleTime`): a person sees that and goes there once more.
      const control = { css: 'button', text: 'Recall this message', nth: -1 };
      return page()
        .closed.click(control, { timeoutMs: 4_000 })
        .then(() => serverRecalls(sent, 8_000))
        .then(
          () => true,
          () => false,
        );
    });
    await says('You recalled a message', `a slip ${name}`);

    const keyed = await write(`a slip for the key ${name}`);
    // Unsay knows it now: the one before is recalled and has no control any more.
    await canRecall(`a slip for the key ${name}`);
    await world.browser.pressCommand('recall-last');
    await serverRecalls(keyed);
    await says('You recalled a message', `a slip for the key ${name}`, { count: 2 });

    // The service may not tell the page of its own recall; no kit then shows it by itself.
    world.server.switches.pushRecallToCaller = false;
    const other = await write(`another slip ${name}`);
    const popup = await world.popup();
    await popup.waitForText(`another slip ${name}`);
    await popup.click(`li[data-id="${other.id}"] button`);
    await serverRecalls(other);
    await popup.close();
    await page().activate();
    await says('You recalled a message', `another slip ${name}`, { count: 3 });

    await page().reload();
    loads += 1;
    await shows(greeting);
    await says('You recalled a message', `another slip ${name}`, { count: 3 });
    expect(world.server.message(sent).revoker).toBe('alice');
    // Our sentences are no taller than the page's own, or they would push the newest message out of sight.
    if (kind.placeholder !== undefined) {
      await until(
        'the newest message to be seen whole',
        async () => (await page().evaluate(pixelsBelow, list)) < 1,
      );
    }
  });

  it('shows what the other party recalled, also while the page was closed', async () => {
    await open('C2Cbob');
    const anchor = greeting;
    const seen = await bob.sendText('C2Calice', `bob's slip ${name}`);
    await shows(`bob's slip ${name}`);
    await bob.recall(seen);
    await says('The other party recalled a message', `bob's slip ${name}`);
    const unseen = await bob.sendText('C2Calice', `bob's second slip ${name}`);
    await shows(`bob's second slip ${name}`);
    await page().close();
    await bob.recall(unseen);
    await open('C2Cbob');
    const both = { count: 2, anchor };
    await says('The other party recalled a message', `bob's second slip ${name}`, both);
  });

  it.skipIf(kind.quote === undefined)(
    'shows nothing of a recalled message in a quote, wherever the page has that from',
    async () => {
      const { server } = world;
      const words = `to be quoted ${name}`;
      const quoted = await bob.sendText('GROUPteam', words);
      await bob.recall(quoted);
      // More than the page loads at first; chat-uikit-react 2 quotes only what it has loaded.
      const between = name === 'react-2' ? 0 : 40;
      for (let at = 0; at < between; at += 1) {
        server.post({ from: 'carol', to: 'GROUPteam', text: '…' });
      }
      const messageReply = {
        ...{ messageID: quoted.ID, messageAbstract: words, messageSender: 'Bob' },
        ...{ messageType: 1, messageSequence: 1, messageTime: 1, version: '1' },
      };
      server.post({
        ...{ from: 'carol', to: 'GROUPteam', text: `an answer ${name}` },
        cloudCustomData: JSON.stringify({ messageReply }),
      });
      await open('GROUPteam');
      await shows(`an answer ${name}`);
      await page().closed.waitFor({ css: '.line', text: 'The quoted message was recalled' });
      expect(await page().text(list)).not.toContain(words);
    },
  );

  it('names who recalled whose message in a group, and says when it is too late', async () => {
    await carol.sendText('GROUPteam', `said before ${name}`);
    await open('GROUPteam');
    // Alice owns the group: that one was never told to this page, only read.
    await canRecall(`said before ${name}`);
    const mine = await write(`off topic ${name}`);
    // Unsay knows it, too. Others' messages are named by their author.
    await canRecall(`off topic ${name}`);
    const carols = await carol.sendText('GROUPteam', `carol's slip ${name}`);
    await shows(`carol's slip ${name}`);
    const opener = menuOpeners[name];
    // The demo has its menu on my own messages only.
    if (opener && name !== 'demo') {
      await canRecall(`carol's slip ${name}`);
      await goToEntry(`carol's slip ${name}`, opener);
      await page().press('Enter');
      await page().closed.waitFor({ css: '[data-state=asking]', text: 'Carol' });
      await page().press('Escape');
      await page().closed.waitFor({ css: '[data-state=offer] button', text: 'from Carol' });
      expect(world.server.message({ id: carols.ID }).isRecalled).toBe(false);
    }
    world.server.recall(mine, { by: 'bob' });
    await says('Bob recalled your message', `off topic ${name}`);
    world.server.recall({ id: carols.ID }, { by: 'bob' });
    await says('Bob recalled a message from Carol', `carol's slip ${name}`);

    world.server.switches.recallWindowSeconds = 0;
    const late = await write(`too late ${name}`);
    await canRecall(`too late ${name}`);
    await page().closed.click({ css: 'button', text: 'Recall this message', nth: -1 });
    await page().closed.waitFor({ css: '.note', text: 'Too late' });
    expect(world.server.message(late).isRecalled).toBe(false);
    await shows(`too late ${name}`);
  });
});

/** How far (px) the list can still be scrolled down, which is to be long enough for it; runs in the page. */
function pixelsBelow(list: string): number {
  const isLong = (one: Element): boolean =>
    one.scrollHeight > one.clientHeight && getComputedStyle(one).overflowY !== 'visible';
  let at = [...document.querySelectorAll(list)].at(-1)?.lastElementChild;
  while (at && !isLong(at)) at = at.parentElement;
  if (!at) throw new Error('The list is not longer than what is seen of it.');
  return at.scrollHeight - at.clientHeight - at.scrollTop;
}

/** How often `sentence` is to be read in `list` below the row that says `anchor`; runs in the page. */
function countBelow(roots: ShadowRoot[], list: string, anchor: string, sentence: string): number {
  const isSeen = (node: Node): boolean =>
    node.parentElement?.checkVisibility({ opacityProperty: true, visibilityProperty: true }) ===
    true;
  const textsIn = (root: Node): Node[] => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts: Node[] = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    return texts.filter(isSeen);
  };
  const all = document.querySelector(list);
  const texts = all ? textsIn(all) : [];
  const start = texts.find(({ textContent }) => textContent?.trim() === anchor);
  const isBelow = (node: Node): boolean =>
    start !== undefined &&
    (start.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  const ours = roots
    .filter(({ host }) => isBelow(host))
    .flatMap((root) => [...root.querySelectorAll('.line')].filter((line) => line.checkVisibility()))
    .map(({ textContent }) => textContent);
  const theirs = texts.filter(isBelow).map(({ textContent }) => textContent);
  return [...ours, ...theirs].filter((text) => text?.includes(sentence) === true).length;
}
