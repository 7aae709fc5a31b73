import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Tab } from '../browsers/browser.ts';
import { until } from '../browsers/until.ts';
import type { Peer } from '../chat-server/peer.ts';
import type { StoredMessage } from '../chat-server/stored-message.ts';
import type { PageName } from '../web-chats/pages.ts';
import { kindOn } from '../web-chats/kinds.ts';
import { openWorld, type World } from './world.ts';

/** How a person types, where the rows are, and the conversations to choose from, per kind of page. */
const pages: Record<
  'plain' | 'react-6' | 'vue-3',
  { composer: string; rows: string; conversations?: string }
> = {
  plain: { composer: '.composer textarea', rows: '.rows' },
  'react-6': {
    composer: '[class*="MessageInput"] .ProseMirror[contenteditable="true"]',
    rows: '#message-list-container',
    conversations: '[class*="ConversationList"]',
  },
  'vue-3': {
    composer: '.message-input-editor-area .ProseMirror[contenteditable]',
    rows: '#messageScrollList',
    conversations: '.tui-conversation',
  },
};

/** The tests under this title see the group's page. */
const inGroup = 'in a group';

describe.each(Object.entries(pages))(
  'in a chat page of the kind %s',
  (name, { composer, rows, conversations }) => {
    let world: World;
    let bob: Peer;
    let carol: Peer;
    let tab: Tab;
    let count = 0;
    /** Words that no other test of this file uses. */
    const unique = (words: string): string => `${words} ${name} ${(count += 1)}`;

    async function open(conversation: 'C2Cbob' | 'GROUPteam'): Promise<Tab> {
      const opened = await world.openChat(name as PageName, conversation);
      // A kit that is still loading loses what arrives meanwhile: it is ready when it shows history.
      await opened.waitFor(
        (field, list) =>
          document.querySelector(field) !== null &&
          document.querySelector<HTMLElement>(list)?.innerText.includes('said long ago'),
        { args: [composer, rows], what: 'the page to show its history' },
      );
      return opened;
    }

    async function write(text: string): Promise<StoredMessage> {
      await tab.click(composer);
      await tab.type(text);
      await tab.press('Enter');
      const find = (): StoredMessage | undefined =>
        [...world.server.messages(['alice', 'bob']), ...world.server.messages('team')].find(
          (message) => message.text === text,
        );
      await world.server.waitFor(find);
      const sent = find();
      if (!sent) throw new Error('The server lost a message it had.');
      return sent;
    }

    /** Waits until the list of messages shows these words, or no longer shows them. */
    const shows = (text: string, isThere = true): Promise<unknown> =>
      tab.waitFor(
        (selector: string, words: string, wanted: boolean) =>
          (document.querySelector<HTMLElement>(selector)?.innerText ?? '').includes(words) ===
          wanted,
        { args: [rows, text, isThere], what: `“${text}” ${isThere ? 'in' : 'to leave'} the page` },
      );

    /** The control of the newest message that has one. */
    const newest = { css: '.control button', text: 'Recall', nth: -1 };

    const { bubble } = kindOn(name as PageName);
    /** Goes to the message with the pointer, and waits until its row has a control. */
    const hasControl = ({ id }: { id: string }): Promise<unknown> =>
      until('a Recall control on the row', async () => {
        // Not just anywhere in the row, where the bar may lie.
        await tab.hover(`:is([data-message-id="${id}"],[id="tui-${id}"]) :is(${bubble})`);
        return tab.evaluate(
          (one, other) =>
            [...document.querySelectorAll('[data-unsay=control]:not([data-under])')].some(
              ({ parentElement: row }) =>
                row instanceof HTMLElement && (row.dataset.messageId === one || row.id === other),
            ),
          id,
          `tui-${id}`,
        );
      });

    /**
     * Presses Recall on a message's row, until that has the effect. The row may move between the driver's
     * look and its click, or away from under the pointer, and what moved a moment ago takes none, by
     * design (`settleTime`): a person sees that, goes there and clicks again.
     */
    const pressOn = (sent: { id: string }, effect: () => Promise<unknown>): Promise<unknown> =>
      until('a click on the row to count', async () => {
        await hasControl(sent);
        return tab.closed
          .click(newest, { timeoutMs: 2_000 })
          .then(effect)
          .then(
            () => true,
            () => false,
          );
      });
    const recallOn = (sent: StoredMessage): Promise<unknown> =>
      pressOn(sent, () =>
        world.server.waitFor(() => world.server.message(sent).isRecalled, { timeoutMs: 8_000 }),
      );

    /** Opens the kit's own menu of the message with these words, and waits for our entry in it. */
    async function openMenu(words: string): Promise<void> {
      const { rows: row, bubble, menu } = kindOn(name as PageName);
      const at = await tab.waitFor(
        (rowCss: string, bubbleCss: string, text: string) => {
          const box = [...document.querySelectorAll(rowCss)]
            .find((one) => one.textContent.includes(text))
            ?.querySelector(bubbleCss)
            ?.getBoundingClientRect();
          return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
        },
        { args: [row, bubble, words], what: 'the message' },
      );
      await tab.clickAt(at.x, at.y, { button: 'right' });
      await tab.waitFor(
        (list: string) => document.querySelector(`:is(${list}) > [data-unsay=control]`),
        {
          args: [menu?.list ?? ''],
          what: 'our entry in the menu',
        },
      );
    }

    /** The sentences of Unsay's own that can be seen. */
    const ours = async (): Promise<string[]> =>
      (await tab.closed.findAll('.line'))
        .filter(({ isVisible }) => isVisible)
        .map(({ text }) => text);

    /**
     * Waits until a placeholder says this, be it ours or the kit's own, and never both in one place.
     */
    async function says(sentence: string): Promise<void> {
      let inPage = '';
      let inOurs: string[] = [];
      await until(
        () => `“${sentence}”; the page says: ${inPage}; ours: ${String(inOurs)}`,
        async () => {
          inPage = await tab.evaluate(
            (selector) =>
              (document.querySelector<HTMLElement>(selector)?.innerText ?? '').replace(
                /\s+/gu,
                ' ',
              ),
            rows,
          );
          inOurs = await ours();
          return inPage.includes(sentence) || inOurs.includes(sentence);
        },
      );
      await tab.waitFor(
        () =>
          [...document.querySelectorAll('[data-unsay=placeholder]')].every(
            ({ parentElement }) => !parentElement?.innerText.includes('recalled'),
          ),
        { what: 'one placeholder in each place, not two' },
      );
    }

    /**
     * How many placeholders say that I recalled, be they ours or the kit's own: counted in one go, as ours
     * may just take the place of the kit's.
     */
    const countMine = (): Promise<number> =>
      tab.closed.evaluate(
        (roots, list, sentence) => {
          const text = document.querySelector<HTMLElement>(list)?.innerText ?? '';
          const inOurs = roots
            .flatMap((root) => [...root.querySelectorAll<HTMLElement>('.line')])
            .filter((line) => line.checkVisibility({ visibilityProperty: true }))
            .filter((line) => line.innerText === sentence);
          return text.replace(/\s+/gu, ' ').split(sentence).length - 1 + inOurs.length;
        },
        rows,
        'You recalled a message',
      );

    /** Scrolls all the way up and down, and looks into the group, where the kit has a list for that. */
    async function lookElsewhere(count: number): Promise<void> {
      // Ours takes the place of the kit's own: in between there is none.
      await expect.poll(countMine).toBe(count);
      for (const end of ['top', 'bottom']) {
        await tab.evaluate(
          (selector, where) => {
            const list = document.querySelector(selector);
            list?.scrollTo({ top: where === 'top' ? 0 : list.scrollHeight });
          },
          rows,
          end,
        );
        await expect.poll(countMine).toBe(count);
      }
      if (conversations === undefined) return;
      await tab.click({ text: 'Team', within: conversations });
      await shows('to the group');
      await tab.click({ text: 'Bob', within: conversations });
      await shows('to the group', false);
      await shows('said long ago');
      // Each is there once again: none twice, none missing.
      await expect.poll(countMine).toBe(count);
    }

    beforeAll(async () => {
      // Kits are ridden, with one sign-in per user as apps have it by default. The plain page is
      // served by a sign-in of Unsay's own beside it: nothing in a page may depend on which it is.
      const isRidden = name !== 'plain';
      world = await openWorld({ maxWebInstances: isRidden ? 1 : 2 });
      world.server.seed([
        { from: 'bob', to: 'C2Calice', text: 'said long ago', ageSeconds: 900 },
        { from: 'bob', to: 'GROUPteam', text: 'said long ago', ageSeconds: 900 },
        { from: 'bob', to: 'GROUPteam', text: 'to the group', ageSeconds: 890 },
      ]);
      // An update of the extension ends what lives with the browser session, the sign-in too.
      if (!isRidden) await world.signIn('alice', { staysSignedIn: true });
      bob = await world.peer('bob');
      carol = await world.peer('carol');
      tab = await open('C2Cbob');
      await world.turnOn(tab);
      await tab.close();
    });
    afterAll(async () => {
      await world.close();
    });
    beforeEach(async ({ task }) => {
      tab = await open(task.suite?.name === inGroup ? 'GROUPteam' : 'C2Cbob');
    });
    afterEach(async () => {
      await tab.close();
      Object.assign(world.server.switches, {
        recallWindowSeconds: 120,
        pushRecallToCaller: true,
        loseNotices: false,
      });
      world.server.switches.refuse.clear();
    });

    it('recalls what was just sent, from the row; placeholder here, notice there', async () => {
      const words = unique('to the wrong person');
      const sent = await write(words);
      // The pointer is where people write, and nobody is at the row yet.
      await tab.closed.waitFor({ css: '.bar .row', text: words });
      expect(await tab.closed.findAll('.control[data-state=offer]')).toEqual([]);
      await hasControl(sent);
      await tab.hover(composer);
      await until('the control to be gone', async () =>
        (await tab.closed.findAll('.control')).every(({ isVisible }) => !isVisible),
      );
      await hasControl(sent);
      const { label } = await tab.closed.waitFor(newest);
      expect(label).toMatch(/2 minutes|\d+ seconds/u);
      const drawn = await tab.closed.waitFor({ css: '.recall .ticking', nth: -1 });
      expect(drawn.label).toMatch(/^[12]:\d\d$/u);
      const heard = bob.next('onMessageRevoked');
      const before = await countMine();
      await recallOn(sent);
      await says('You recalled a message');
      await shows(words, false);
      await heard;
      expect(world.server.message(sent)).toMatchObject({ isRecalled: true, revoker: 'alice' });
      await lookElsewhere(before + 1);
      await shows(words, false);
    });

    it('recalls by the key from anywhere, and shows it also when the kit hears nothing of it', async () => {
      world.server.switches.pushRecallToCaller = false;
      world.server.switches.loseNotices = true;
      const words = unique('unheard');
      const sent = await write(words);
      await hasControl(sent);
      const before = await countMine();
      await world.browser.pressCommand('recall-last');
      await shows(words, false);
      await says('You recalled a message');
      expect(world.server.message(sent).isRecalled).toBe(true);
      await lookElsewhere(before + 1);
      await shows(words, false);
    });

    it('does nothing on a scripted click', async () => {
      const sent = await write(unique('nobody clicked'));
      await hasControl(sent);
      await tab.evaluate(() => {
        for (const element of document.querySelectorAll<HTMLElement>('*')) {
          if (!element.localName.includes('unsay')) continue;
          element.click();
          element.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
        }
      });
      const popup = await world.popup();
      await popup.waitFor((selector) => document.querySelector(selector) !== null, {
        args: [`li[data-id="${sent.id}"] button`],
        what: 'the message, not recalled',
      });
      await popup.close();
      expect(world.server.message(sent).isRecalled).toBe(false);
    });

    it('shows what the peer recalled, also after a reload', async () => {
      const words = unique('said by Bob');
      const said = await bob.sendText('C2Calice', words);
      await shows(words);
      await bob.recall(said);
      await says('The other party recalled a message');
      await shows(words, false);
      await tab.reload();
      await says('The other party recalled a message');
      await shows(words, false);
    });

    describe(inGroup, () => {
      it('names the member who recalled', async () => {
        const words = unique('said by Carol');
        const said = await carol.sendText('GROUPteam', words);
        await shows(words);
        await carol.recall(said);
        await says('Carol recalled a message');
        await shows(words, false);
      });

      it('names the admin and whose message it was, whatever the kit says', async () => {
        const words = unique('off topic');
        const said = await carol.sendText('GROUPteam', words);
        await bob.seen<{ ID: string }[]>('onMessageReceived', (list) =>
          list.some(({ ID }) => ID === said.ID),
        );
        await shows(words);
        await bob.recall({ id: said.ID });
        await says('Bob recalled a message from Carol');
        await shows(words, false);
      });

      it('lets the group’s owner recall a member’s message, from the kit’s menu if any, after asking', async () => {
        const words = unique('from a member');
        const said = await carol.sendText('GROUPteam', words);
        await shows(words);
        const isAsked = (): Promise<unknown> =>
          tab.closed.waitFor({ css: '.control .note', text: 'Carol' }, { timeoutMs: 8_000 });
        const { menu } = kindOn(name as PageName);
        if (menu) {
          await hasControl({ id: said.ID });
          await openMenu(words);
          // The guard takes no press on what moved a moment ago: a person presses again.
          await expect
            .poll(
              async () => {
                const isOpen = await tab.evaluate(
                  (list) =>
                    [...document.querySelectorAll(list)].some((one) => one.checkVisibility()),
                  menu.list,
                );
                if (isOpen) {
                  await tab.closed.click({ css: '.entry', text: 'the message from Carol' });
                }
                return isOpen;
              },
              { interval: 1_000 },
            )
            .toBe(false);
          await isAsked();
        } else await pressOn({ id: said.ID }, isAsked);
        expect(world.server.message(said).isRecalled).toBe(false);
        await tab.closed.click(newest);
        await says('You recalled a message from Carol');
        await shows(words, false);
        expect(world.server.message(said)).toMatchObject({ isRecalled: true, revoker: 'alice' });
      });
    });

    it('says why when the service refuses', async () => {
      const sent = await write(unique('too late'));
      await hasControl(sent);
      world.server.switches.recallWindowSeconds = 0;
      await tab.closed.click(newest);
      await tab.closed.waitFor({ css: '*', text: 'Too late' });
      expect(world.server.message(sent).isRecalled).toBe(false);
    });

    it('recalls from the row also when the worker was just killed', async () => {
      const words = unique('over a dead worker');
      const sent = await write(words);
      await hasControl(sent);
      await world.browser.killWorker();
      await recallOn(sent);
      await shows(words, false);
      await says('You recalled a message');
    });

    it('leaves no trace when the site is turned off', async () => {
      const said = await bob.sendText('C2Calice', unique('recalled'));
      await shows(unique('recalled').replace(/\d+$/u, String(count - 1)));
      await bob.recall(said);
      await hasControl(await write(unique('fresh')));
      const popup = await world.browser.openPopup(tab);
      // The popup grows while it fills; the switch then stays where it is.
      await popup.waitForText('signed in as alice');
      await popup.click('[role=switch]');
      await popup.waitFor(
        () => document.querySelector('[role=switch]')?.getAttribute('aria-checked') === 'false',
        { what: 'the site to be off' },
      );
      await popup.close();
      await tab.waitFor(
        () => !/unsay/iu.test(document.documentElement.outerHTML.replace(/127\.0\.0\.1/gu, '')),
        { what: 'every trace to be gone' },
      );
      expect(await ours()).toEqual([]);
      await world.turnOn(tab);
      await says('The other party recalled a message');
    });

    it('comes back by itself after the extension was updated', async () => {
      await hasControl(await write(unique('before the update')));
      await world.browser.reloadExtension();
      const sent = await write(unique('after the update'));
      await hasControl(sent);
      expect(world.server.message(sent).isRecalled).toBe(false);
    });
  },
);
