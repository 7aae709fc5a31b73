import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Tab } from '../browsers/browser.ts';
import type { StoredMessage } from '../chat-server/stored-message.ts';
import { kindOn } from '../web-chats/kinds.ts';
import type { PageName } from '../web-chats/pages.ts';
import { openWorld, type World } from './world.ts';

/*
 * Whom a message mentioned that was recalled and put back is mentioned again once it is sent, in every
 * kit in which people can be mentioned; elsewhere it is told that nobody is.
 */

/** An entry of the list in which people choose whom they mention, in each kit that has one. */
const members: Partial<Record<PageName, string>> = {
  'react-6': '[class*="mention-suggestion__item"]',
  'vue3-6': '[class*="mention-suggestion__item"]',
  'vue-3': '.member-list-box-body',
  'vue-2': '.member-list-box-body',
};
/** Kits without. */
const others: readonly PageName[] = ['react-2', 'react-3', 'plain'];

let world: World;
let tab: Tab | undefined;

beforeAll(async () => {
  world = await openWorld({ maxWebInstances: 9 });
  world.server.seed([{ from: 'bob', to: 'GROUPteam', text: 'said long ago', ageSeconds: 900 }]);
  const first = await world.openChat('plain', 'GROUPteam');
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
});

const page = (): Tab => {
  if (!tab) throw new Error('No page is open.');
  return tab;
};
const composerOn = (name: PageName): string => kindOn(name).composer ?? '.composer textarea';
const press = (css: string): Promise<void> => page().closed.click({ css: `.bar ${css}` });
const bar = (text: string): Promise<unknown> => page().closed.waitFor({ css: '.bar', text });
const told = async (): Promise<string> =>
  (await page().closed.findAll('.bar')).map(({ text }) => text).join('\n');
const mine = (): StoredMessage[] =>
  world.server.messages('team').filter(({ from }) => from === 'alice');
/** What a text says, however its lines and spaces are made. */
const bare = (text: string): string => text.replace(/\s+/gu, ' ').trim();

async function open(name: PageName): Promise<void> {
  tab = await world.openChat(name, 'GROUPteam');
  await page().waitForText('said long ago');
}

/** Goes on writing, sends it and gives what the server got. */
async function sendWith(more: string): Promise<StoredMessage> {
  const before = mine().length;
  // A key that is none of those held back for a moment after words came into the field.
  await page().press('End');
  await page().type(more);
  await page().press('Enter');
  await world.server.waitFor(() => mine().length > before, { what: 'a message of mine' });
  const [sent] = mine().slice(before);
  if (!sent) throw new Error('The server lost a message it had.');
  return sent;
}

/** Recalls a message in the bar, and puts its words back behind a draft. */
async function editAgain(name: PageName, sent: StoredMessage): Promise<void> {
  await press('.undo');
  await world.server.waitFor(() => world.server.message(sent).isRecalled);
  await bar('Edit again');
  await page().click(composerOn(name));
  await page().type('a draft');
  await press('.reedit');
  await bar('The text is in the message box again.');
}

/** Chooses somebody of the list a kit opens once an `@` is written. */
async function choose(member: string, who: string): Promise<void> {
  await expect
    .poll(async () => {
      const chosen = await page().evaluate(
        (css) =>
          [...document.querySelectorAll<HTMLElement>(css)].find(({ className }) =>
            /(?:^| |--)selected/u.test(className),
          )?.innerText,
        member,
      );
      const isChosen = chosen?.trim() === who;
      if (chosen !== undefined && !isChosen) await page().press('ArrowDown');
      return isChosen;
    })
    .toBe(true);
  await page().press('Enter');
}

describe.each(Object.entries(members) as [PageName, string][])('on the page %s', (name, member) => {
  it('mentions again whom it mentioned', async () => {
    await open(name);
    await page().click(composerOn(name));
    await page().type(`${name} look @`);
    await choose(member, 'Carol');
    const first = await sendWith('here');
    expect(first.mentions).toEqual(['carol']);
    expect(bare(first.text)).toBe(`${name} look @Carol here`);
    await bar(`To Team: ${name} look`);
    await editAgain(name, first);
    expect(await told()).not.toContain('mentions');
    const second = await sendWith(' and more');
    expect(second.mentions).toEqual(['carol']);
    expect(bare(second.text)).toBe(`a draft ${name} look @Carol here and more`);
  });

  it('takes nothing else of it for more than text', async () => {
    await open(name);
    const text = `${name}\n@Carol\n@Bob\n<img src="x" onerror="document.title = 0"> a@Alice`;
    const first = world.server.post({
      ...{ from: 'alice', to: 'GROUPteam', text, mentions: ['carol', 'bob'] },
    });
    await bar(`To Team: ${name} @Carol`);
    await editAgain(name, first);
    expect(await told()).not.toContain('mentions');
    const second = await sendWith(' .');
    expect(second.mentions.toSorted()).toEqual(['bob', 'carol']);
    expect(bare(second.text)).toBe(`a draft ${bare(text)} .`);
    expect(await page().evaluate(() => document.title)).not.toBe('0');
  });
});

describe.each(others)('on the page %s', (name) => {
  it('puts the words back, and tells that they mention nobody', async () => {
    await open(name);
    const first = world.server.post({
      ...{ from: 'alice', to: 'GROUPteam', text: `${name} @Carol`, mentions: ['carol'] },
    });
    await bar(`To Team: ${name} @Carol`);
    await editAgain(name, first);
    await bar('Choose again whom it mentions.');
    const second = await sendWith(' now');
    expect(second.mentions).toEqual([]);
    // chat-uikit-react 3 sends several lines as one.
    expect(bare(second.text)).toMatch(/^a draft ?[\w-]+ @Carol now$/u);
  });
});
