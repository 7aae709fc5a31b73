import { afterEach, describe, expect, it } from 'vitest';
import { openWorld, type World } from './world.ts';

let world: World;

afterEach(async () => {
  await world.close();
});

describe('what is left on the disk', () => {
  it('is no word of any message and no signature, recalled or not', async () => {
    world = await openWorld();
    await world.signIn();
    const bob = await world.peer('bob');
    const popup = await world.popup();
    const kept = await bob.sendText('C2Calice', 'quixwarble');
    const gone = await bob.sendText('C2Calice', 'flimzottery');
    world.server.post({ from: 'alice', to: 'GROUPteam', text: 'brandywugs' });
    await popup.waitForText('brandywugs');
    await bob.recall(gone);
    await popup.waitForText('The other party recalled a message');
    expect(kept.ID).toBeTruthy();
    // Closing writes out what a browser still held in memory.
    await world.browser.restart();
    for (const word of ['quixwarble', 'flimzottery', 'brandywugs']) {
      expect(await world.browser.searchProfile(word)).toEqual([]);
    }
    expect(await world.browser.searchProfile(world.server.userSig('alice').slice(0, 24))).toEqual(
      [],
    );
    // The search itself must be able to find something: an id is no word.
    expect(await world.browser.searchProfile('unsay-history')).not.toEqual([]);
  });

  it('is nothing at all of the messages after “Delete everything”', async () => {
    world = await openWorld();
    await world.signIn();
    const popup = await world.popup();
    world.server.post({ from: 'alice', to: 'C2Cbob', text: 'to be deleted' });
    await popup.waitForText('to be deleted');
    world.server.switches.refuseConnections = true;
    world.server.dropConnections();
    const options = await world.browser.open(world.browser.extensionUrl('options.html'));
    await options.click({ role: 'button', name: 'Delete everything' });
    await options.click({ role: 'button', name: 'Delete', within: 'dialog' });
    await popup.activate();
    await popup.waitFor(() => !document.body.innerText.includes('to be deleted'), {
      what: 'the words to leave the popup',
    });
  });
});
