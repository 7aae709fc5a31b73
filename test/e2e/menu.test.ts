import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tab } from '../browsers/browser.ts';
import type { StoredMessage } from '../chat-server/stored-message.ts';
import { pointAt } from './hand.ts';
import { openWorld, type World } from './world.ts';

declare const chrome: { action: { getTitle(of: object): Promise<string> } };

let world: World;
let tab: Tab;

beforeAll(async () => {
  world = await openWorld();
  world.server.seed([{ from: 'bob', to: 'GROUPteam', text: 'said long ago', ageSeconds: 90_000 }]);
  tab = await world.openChat('plain', 'GROUPteam');
  await tab.waitForText('said long ago');
  await world.turnOn(tab);
  await tab.activate();
});
afterAll(async () => {
  await world.close();
});

/** Opens the browser's own menu where these words stand, as a person does, and chooses our entry. */
async function choose(words: string): Promise<void> {
  await tab.click({ text: words, within: 'main' }, { button: 'right' });
  await world.browser.chooseInMenu('page-recall-this');
}

async function write(text: string): Promise<StoredMessage> {
  await tab.click('.composer textarea');
  await tab.type(`${text}\n`);
  const find = (): StoredMessage | undefined =>
    world.server.messages('team').find((message) => message.text === text);
  await world.server.waitFor(find);
  const sent = find();
  if (!sent) throw new Error('The server lost a message it had.');
  await pointAt(tab, text, 'main');
  return sent;
}

describe('“Recall this message” in the browser’s own menu', () => {
  it('recalls the message it was opened on, and no other, also when the worker slept', async () => {
    const meant = await write('meant by it');
    const last = await write('sent after it');
    await world.browser.killWorker();
    await choose('meant by it');
    await world.server.waitFor(() => world.server.message(meant).isRecalled);
    await tab.closed.waitFor({ css: '.line', text: 'You recalled a message' });
    expect(world.server.message(last).isRecalled).toBe(false);
  });

  it('asks a group’s owner, naming the member, before it recalls theirs', async () => {
    const theirs = world.server.post({ from: 'bob', to: 'GROUPteam', text: 'said by Bob' });
    await pointAt(tab, 'said by Bob', 'main');
    await choose('said by Bob');
    await tab.closed.waitFor({ css: '.control', text: "Recall Bob's message?" });
    expect(world.server.message(theirs).isRecalled).toBe(false);
    await tab.closed.click({ css: '.control .yes' });
    await world.server.waitFor(() => world.server.message(theirs).isRecalled);
  });

  it('says on the row that it is too late, and beside the toolbar that there is no message', async () => {
    await choose('said long ago');
    await tab.closed.waitFor({ css: '.control .note', text: 'Too late.' });
    await choose('Send');
    await expect
      .poll(() => world.browser.evaluateInWorker(() => chrome.action.getTitle({})))
      .toContain('There is no message here');
  });
});
