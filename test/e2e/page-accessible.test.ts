import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tab } from '../browsers/browser.ts';
import type { Peer } from '../chat-server/peer.ts';
import type { StoredMessage } from '../chat-server/stored-message.ts';
import { ownFaultsOf } from './axe.ts';
import { openWorld, type World } from './world.ts';

const composer = '.composer textarea';

let world: World;
let bob: Peer;
let tab: Tab;

beforeAll(async () => {
  world = await openWorld();
  world.server.seed([
    { from: 'bob', to: 'C2Calice', text: 'said long ago', ageSeconds: 900 },
    { from: 'bob', to: 'GROUPteam', text: 'said long ago', ageSeconds: 900 },
  ]);
  bob = await world.peer('bob');
  await world.signIn();
  tab = await world.openChat('plain', 'C2Cbob');
  await tab.waitForText('said long ago');
  await world.turnOn(tab);
});
afterAll(async () => {
  await world.close();
});

async function write(text: string): Promise<StoredMessage> {
  await tab.click(composer);
  await tab.type(`${text}\n`);
  const find = (): StoredMessage | undefined =>
    world.server.messages(['alice', 'bob']).find((message) => message.text === text);
  await world.server.waitFor(find);
  const sent = find();
  if (!sent) throw new Error('The server lost a message it had.');
  return sent;
}

const bar = (text: string): Promise<unknown> => tab.closed.waitFor({ css: '.bar .row', text });
/** Presses Recall in the row of the bar with these words. */
async function press(words: string): Promise<void> {
  const rows = await tab.closed.findAll('.bar .row');
  const nth = rows.findIndex(({ text }) => text.includes(words));
  await tab.closed.click(`.bar .row:nth-child(${nth + 1}) .undo`);
}

describe('axe finds nothing wrong in a page', () => {
  it('with the bar in all its states, controls and placeholders', async () => {
    const { server, browser } = world;
    await bob.recall(await bob.sendText('C2Calice', 'goes'));
    await tab.closed.waitFor({ css: '.line', text: 'The other party recalled a message' });
    await write('one to take back');
    await bar('one to take back');
    expect(await ownFaultsOf(tab)).toEqual([]);
    await tab.closed.click('.bar .undo');
    await bar('Your message to Bob was recalled.');
    await tab.closed.waitFor({ css: '.reedit', text: 'Edit again' });

    await write('refused for no known reason');
    await bar('refused for no known reason');
    server.switches.refuse.set('openim.msgwithdraw', { code: 39999, times: 1 });
    await press('refused for no known reason');
    await tab.closed.waitFor({ css: '.bar [data-state=refused]', text: '39999' });
    await write('password: hunter22');
    await bar('It seems to hold a password');
    await write('one that waits');
    await bar('one that waits');
    await tab.closed.click('.bar .more');
    await bar('Your message to Bob was recalled.');
    await browser.setOffline(true);
    await press('one that waits');
    await tab.closed.waitFor({ css: '.bar [data-state=waiting]', text: 'Waiting' });
    expect(await ownFaultsOf(tab)).toEqual([]);
  });
});
