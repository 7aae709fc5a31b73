import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tab } from '../browsers/browser.ts';
import type { StoredMessage } from '../chat-server/stored-message.ts';
import { servePages, type PageName, type ServedPages } from '../web-chats/pages.ts';
import { pointAt } from './hand.ts';
import { turnOn } from './user.ts';
import { openWorld, type World } from './world.ts';

/** How a person writes in each kind of page. */
const composers: Record<'plain' | 'react-6' | 'vue-3', string> = {
  plain: '.composer textarea',
  'react-6': '[class*="MessageInput"] .ProseMirror[contenteditable="true"]',
  'vue-3': '.message-input-editor-area .ProseMirror[contenteditable]',
};

/** The list of messages in each. */
const lists: typeof composers = {
  plain: '.rows',
  'react-6': '#message-list-container',
  'vue-3': '#messageScrollList',
};

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const isOver = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;
const isIn = (one: Box, other: Box): boolean =>
  one.x >= other.x &&
  one.y >= other.y &&
  one.x + one.width <= other.x + other.width &&
  one.y + one.height <= other.y + other.height;

let world: World;
let elsewhere: ServedPages;
let tab: Tab;
let count = 0;

beforeAll(async () => {
  world = await openWorld({ maxWebInstances: 9 });
  elsewhere = await servePages();
  world.server.seed([
    { from: 'bob', to: 'C2Calice', text: 'said long ago', ageSeconds: 900 },
    { from: 'carol', to: 'C2Calice', text: 'said long ago', ageSeconds: 800 },
  ]);
  await world.signIn();
});
afterAll(async () => {
  await elsewhere.stop();
  await world.close();
});

async function open(page: PageName): Promise<void> {
  tab = await world.openChat(page, 'C2Cbob');
  await tab.waitFor(
    (field) =>
      document.querySelector(field) !== null && document.body.innerText.includes('said long ago'),
    { args: [composers[page as 'plain']], timeoutMs: 20_000, what: 'the page to show its history' },
  );
}

async function write(page: PageName, words: string): Promise<StoredMessage> {
  const text = `${words} ${(count += 1)}`;
  // A kit that is still starting may put another field under the first letters.
  await expect
    .poll(async () => {
      await tab.fill(composers[page as 'plain'], text);
      return (await written(page)).trim();
    })
    .toBe(text);
  await tab.press('Enter');
  const find = (): StoredMessage | undefined =>
    world.server.messages(['alice', 'bob']).find((message) => message.text === text);
  await world.server.waitFor(find);
  const sent = find();
  if (!sent) throw new Error('The server lost a message it had.');
  return sent;
}

const bar = (text: string): Promise<unknown> => tab.closed.waitFor({ css: '.bar', text });
const press = (css: string): Promise<void> => tab.closed.click({ css: `.bar ${css}` });
const written = (page: PageName): Promise<string> =>
  tab.evaluate(
    (selector) => {
      const field = document.querySelector<HTMLElement>(selector);
      return field instanceof HTMLTextAreaElement ? field.value : (field?.innerText ?? '');
    },
    composers[page as 'plain'],
  );

describe.each(Object.keys(composers) as (keyof typeof composers)[])(
  'the undo bar in a page of the kind %s',
  (page) => {
    afterAll(() => tab.close());

    it('comes up with every message of mine, and leaves composer and focus alone', async () => {
      await open(page);
      if (page === 'plain') await world.turnOn(tab);
      const sent = await write(page, 'the wrong words, rather many for a line');
      await bar(`To Bob: ${sent.text}`);
      const [box] = await tab.closed.findAll('.bar');
      const isCut = await tab.closed.evaluate((roots) => {
        const text = roots.map((root) => root.querySelector('.row .text')).find((one) => one);
        return text ? text.scrollWidth > text.clientWidth : undefined;
      });
      expect(isCut).toBe(false);
      const field = await tab.evaluate((selector) => {
        const { x, y, width, height } =
          document.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect();
        const inside = document.activeElement?.closest(selector) !== null;
        return { x, y, width, height, hasFocus: inside };
      }, composers[page]);
      expect(field.hasFocus).toBe(true);
      const isBeside =
        box !== undefined &&
        (box.box.y + box.box.height <= field.y || box.box.x + box.box.width <= field.x);
      expect(isBeside).toBe(true);
    });

    it('leaves the keyboard to who goes on writing, where it is pressed and on rows', async () => {
      const isWriting = (): Promise<boolean> =>
        tab.evaluate((css) => document.activeElement?.closest(css) !== null, composers[page]);
      const first = await write(page, 'recalled in its row');
      const second = await write(page, 'recalled in the bar');
      await tab.click(composers[page]);
      await tab.type('a draft');
      await bar(`To Bob: ${second.text}`);
      await press('.undo');
      expect(await isWriting()).toBe(true);
      await world.server.waitFor(() => world.server.message(second).isRecalled);
      await tab.type(' goes');
      await pointAt(tab, first.text, lists[page]);
      await tab.closed.click({ css: '.control button', text: 'Recall this message', nth: -1 });
      expect(await isWriting()).toBe(true);
      await world.server.waitFor(() => world.server.message(first).isRecalled);
      await bar('Your message to Bob was recalled.');
      await tab.type(' on');
      // What was recalled one after the other can be told apart, and so can what puts it back.
      await expect
        .poll(async () => {
          const offers = await tab.closed.findAll('.control[data-state=reedit]');
          const tops = offers.filter(({ isVisible }) => isVisible).map(({ box }) => box);
          const [one, other] = tops.sort((a, b) => a.y - b.y).slice(-2);
          return one && other ? other.y - one.y - one.height : undefined;
        })
        .toBeGreaterThanOrEqual(3);
      expect((await written(page)).trim()).toBe('a draft goes on');
      await tab.fill(composers[page], '');
    });

    it('recalls, and puts the words back behind a draft that is there already', async () => {
      const sent = await write(page, 'taken back');
      await bar(`To Bob: ${sent.text}`);
      await press('.undo');
      await world.server.waitFor(() => world.server.message(sent).isRecalled);
      await bar('Your message to Bob was recalled.');
      await tab.click(composers[page]);
      await tab.type('a draft');
      await press('.reedit');
      // As by a key that bounces: it reaches the button or, once the words are there, the composer.
      await tab.press('Enter');
      await bar('The text is in the message box again.');
      const lines = (await written(page)).split('\n').filter((line) => line.trim() !== '');
      expect(lines).toEqual(['a draft', sent.text]);
      expect(
        world.server.messages(['alice', 'bob']).filter(({ text }) => text.includes('a draft')),
      ).toEqual([]);
      await press('.hide');
      await tab.fill(composers[page], '');
    });

    it.each(['Home', 'Control+A'])('… and that is not written behind, after %s', async (keys) => {
      const sent = await write(page, `taken back after ${keys}`);
      await bar(`To Bob: ${sent.text}`);
      await press('.undo');
      await bar('Your message to Bob was recalled.');
      await tab.click(composers[page]);
      await tab.type('a draft');
      await tab.press(keys);
      await press('.reedit');
      await bar('The text is in the message box again.');
      const lines = (await written(page)).split('\n').filter((line) => line.trim() !== '');
      expect(lines).toEqual(['a draft', sent.text]);
      await press('.hide');
      await tab.fill(composers[page], '');
    });
  },
);

describe('the undo bar', () => {
  it('leaves a Recall on a row alone that is close to it', async () => {
    await open('plain');
    const sent = await write('plain', 'close to the bar');
    await bar(`To Bob: ${sent.text}`);
    const [found] = await tab.closed.findAll('.bar');
    const row = `[data-message-id="${sent.id}"]`;
    await tab.evaluate(
      (css, left, bottom) => {
        const element = document.querySelector<HTMLElement>(css);
        if (!element) return;
        Object.assign(element.style, { position: 'fixed', left: `${left}px`, width: '300px' });
        element.style.top = `${bottom - element.getBoundingClientRect().height}px`;
      },
      row,
      (found?.box.x ?? 0) + 20,
      (found?.box.y ?? 0) - 6,
    );
    await tab.hover(row);
    await tab.closed.click({ css: '.control button', text: 'Recall this message', nth: -1 });
    await world.server.waitFor(() => world.server.message(sent).isRecalled, {
      what: 'the recall of a message above the bar',
    });
    await tab.close();
  });

  it('makes way for what is told beside a message when nobody is at it any more', async () => {
    // The list is full, so that the bar comes to stand over its end.
    world.server.seed(
      Array.from({ length: 14 }, (_, n) => ({
        ...{ from: 'bob', to: 'C2Calice', text: `words of long ago ${n}` },
        ageSeconds: 700 - n,
      })),
    );
    await open('react-6');
    await tab.activate();
    world.server.switches.refuse.set('openim.msgwithdraw', { code: 39999, times: 1 });
    const sent = await write('react-6', 'refused');
    await bar(`To Bob: ${sent.text}`);
    await press('.undo');
    await bar('was not recalled');
    await tab.moveTo(600, 300);
    await tab.closed.waitFor({ css: '.control .note', text: 'refused the recall' });
    await expect
      .poll(async () => {
        const [found] = await tab.closed.findAll('.bar');
        const notes = await tab.closed.findAll('.control .note');
        const note = notes.find(({ text }) => text.includes('refused the recall'));
        if (!found || !note) return undefined;
        const [one, other] = [found.box, note.box];
        return one.y < other.y + other.height && other.y < one.y + one.height;
      })
      .toBe(false);
    await tab.close();
  });

  it('puts nothing into a chat without messages that was opened meanwhile', async () => {
    world.server.addGroup({ id: 'empty', name: 'Empty One', owner: 'alice', members: ['bob'] });
    await open('react-6');
    // The bar has room beside the list of chats.
    await tab.setViewport(1500, 900);
    const sent = await write('react-6', 'for Bob alone');
    await bar(`To Bob: ${sent.text}`);
    await press('.undo');
    await bar('Edit again');
    await tab.click({ text: 'Empty One', within: '[class*="ConversationList"]' });
    await bar('Open a chat to put the text into it.');
    expect(await written('react-6')).not.toContain(sent.text);
    await tab.close();
  });

  it('stands in the chat, over neither composer nor newest message, and does not go sideways', async () => {
    world.server.seed(
      Array.from({ length: 14 }, (_, n) => ({
        ...(n % 3 === 0 ? { from: 'alice', to: 'C2Cbob' } : { from: 'bob', to: 'C2Calice' }),
        ...{ text: `words of long ago ${n}`, ageSeconds: 600 - n },
      })),
    );
    await open('react-6');
    const look = async (newest: string): Promise<Record<'bar' | 'list' | 'field' | 'own', Box>> => {
      const [found] = await tab.closed.findAll('.bar');
      const [list, field, own] = await tab.evaluate(
        (css, text) => {
          const boxOf = (one: Element | null | undefined): DOMRectReadOnly =>
            one?.getBoundingClientRect() ?? new DOMRect();
          const rows = [...document.querySelectorAll('#message-list-container [data-message-id]')];
          const row = rows.find(({ textContent }) => textContent.includes(text));
          return [
            document.querySelector('#message-list-container'),
            document.querySelector(css)?.closest('[class*="MessageInput"]'),
            row?.querySelector('[class*="message-bubble"]'),
          ].map((one) => {
            const { x, y, width, height } = boxOf(one);
            return { x, y, width, height };
          });
        },
        composers['react-6'],
        newest,
      );
      if (!found || !list || !field || !own) throw new Error('Something is not there.');
      return { bar: found.box, list, field, own };
    };
    for (const [width, height] of [
      [1280, 800],
      [1100, 760],
    ] as const) {
      await tab.setViewport(width, height);
      const sent = await write('react-6', 'rather many words in a chat that is full of them');
      await bar(`To Bob: ${sent.text}`);
      await expect
        .poll(async () => {
          const seen = await look(sent.text);
          return { isIn: isIn(seen.bar, seen.list), isOver: isOver(seen.bar, seen.own) };
        })
        .toEqual({ isIn: true, isOver: false });
      const before = await look(sent.text);
      // What comes fills the corner in which it stands.
      for (let n = 0; n < 4; n += 1) {
        world.server.post({ from: 'bob', to: 'C2Calice', text: `an answer of some length ${n}` });
        await tab.waitForText(`an answer of some length ${n}`);
        await new Promise((resolve) => setTimeout(resolve, 1200));
        const { bar: now, list, field } = await look(sent.text);
        expect(now.x).toBe(before.bar.x);
        expect(isIn(now, list)).toBe(true);
        expect(isOver(now, field)).toBe(false);
      }
    }
    // The kit's list of chats leaves nothing of the chat here.
    await tab.setViewport(360, 740);
    await expect
      .poll(async () => {
        const { bar: now, field } = await look('many words');
        return now.x + now.width <= 360 && field.width > 0 && !isOver(now, field);
      })
      .toBe(true);
    await tab.close();
  });

  it('cuts a long name, not the words and the time', async () => {
    const name = 'A group with rather a long name, as people give them at times';
    world.server.addGroup({ id: 'long', name, owner: 'alice', members: ['bob'] });
    await open('plain');
    await tab.setViewport(360, 740);
    world.server.post({ from: 'alice', to: 'GROUPlong', text: 'the wrong words' });
    await bar(`${name}: the wrong words`);
    const seen = await tab.closed.evaluate((roots) => {
      const text = roots.map((root) => root.querySelector('.row .text')).find((one) => one);
      const [called, words] = [...(text?.querySelectorAll('bdi') ?? [])];
      if (!text || !called || !words) return undefined;
      return {
        isCut: called.scrollWidth > called.clientWidth,
        areWordsSeen: words.getBoundingClientRect().right <= text.getBoundingClientRect().right + 1,
        title: text.getAttribute('title'),
      };
    });
    expect(seen).toEqual({
      isCut: true,
      areWordsSeen: true,
      title: `To ${name}: the wrong words`,
    });
    await tab.close();
  });

  it('folds several messages into one, each of which can be recalled', async () => {
    await open('plain');
    const first = await write('plain', 'the older');
    const second = await write('plain', 'the newer');
    await bar(`To Bob: ${second.text}`);
    await press('.more');
    await bar(`To Bob: ${first.text}`);
    await tab.closed.click({ css: '.bar .row:not([data-first]) .undo' });
    await world.server.waitFor(() => world.server.message(first).isRecalled);
    expect(world.server.message(second).isRecalled).toBe(false);
  });

  it('keeps the newest and the way to fold it in sight, however many it has', async () => {
    await open('plain');
    for (let n = 0; n < 14; n += 1) {
      world.server.post({ from: 'alice', to: 'C2Cbob', text: `one of many ${n}` });
    }
    await tab.setViewport(1000, 460);
    // Within one second there is no order.
    await bar('To Bob: one of many');
    await press('.more');
    await expect.poll(async () => (await tab.closed.findAll('.bar .row')).length).toBe(10);
    const seen = await tab.closed.evaluate((roots) => {
      const found = roots.map((root) => root.querySelector('.bar')).find(Boolean);
      const box = found?.getBoundingClientRect();
      const isSeen = (css: string): boolean => {
        const part = found?.querySelector(css)?.getBoundingClientRect();
        return !!box && !!part && part.top >= box.top && part.bottom <= box.bottom;
      };
      const rows = found?.querySelector('.rows');
      return {
        scrolls: !!rows && rows.scrollHeight > rows.clientHeight,
        first: isSeen('[data-first] .undo'),
        fold: isSeen('.more'),
      };
    });
    expect(seen).toEqual({ scrolls: true, first: true, fold: true });
  });

  it('on another site says only that there is something to recall', async () => {
    const other = await world.browser.open(
      elsewhere.url('plain', {
        server: world.server.url,
        sdkAppId: world.server.sdkAppId,
        userId: 'carol',
        userSig: world.server.userSig('carol'),
        conversation: 'C2Calice',
      }),
    );
    await turnOn(world.browser, other, elsewhere.origin);
    await other.activate();
    const { text } = await other.closed.waitFor({ css: '.bar', text: 'can be recalled' });
    expect(text).not.toMatch(/bob|older|newer/iu);
    await other.close();
  });
});
