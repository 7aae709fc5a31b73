import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Tab } from '../browsers/browser.ts';
import type { Peer } from '../chat-server/peer.ts';
import type { StoredMessage } from '../chat-server/stored-message.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let popup: Tab;
let bob: Peer;
let carol: Peer;

beforeAll(async () => {
  world = await openWorld();
  await world.signIn();
  bob = await world.peer('bob');
  carol = await world.peer('carol');
});
afterAll(async () => {
  await world.close();
});
beforeEach(async () => {
  popup = await world.popup();
  await popup.waitForText('Connected as alice');
});
afterEach(async () => {
  await popup.close();
  Object.assign(world.server.switches, { recallWindowSeconds: 120, pushRecallToCaller: true });
  world.server.switches.refuse.clear();
});

/** Alice says something on another device of hers. */
async function say(text: string, to: 'C2Cbob' | 'GROUPteam' = 'C2Cbob'): Promise<StoredMessage> {
  const sent = world.server.post({ from: 'alice', to, text });
  await popup.waitForText(text);
  return sent;
}

const row = (message: { id: string }): string => `li[data-id="${message.id}"]`;

async function shows(text: string, message: { id: string }): Promise<void> {
  await popup.waitFor(
    (selector, words) => document.querySelector<HTMLElement>(selector)?.innerText.includes(words),
    { args: [row(message), text], what: `“${text}” in the row` },
  );
}

describe('recalling from the popup', () => {
  it('recalls a message one to one; the peer is told and the words are gone', async () => {
    const sent = await say('the wrong window');
    const heard = bob.next('onMessageRevoked');
    await popup.click(`${row(sent)} button`);
    await shows('You recalled a message', sent);
    expect(await popup.text()).not.toContain('the wrong window');
    expect(world.server.message(sent)).toMatchObject({ isRecalled: true, revoker: 'alice' });
    await heard;
  });

  it('recalls a message in a group', async () => {
    const sent = await say('wrong group', 'GROUPteam');
    const heard = carol.next('onMessageRevoked');
    await popup.click(`${row(sent)} button`);
    await shows('You recalled a message', sent);
    expect(world.server.message(sent)).toMatchObject({ isRecalled: true, revoker: 'alice' });
    await heard;
  });

  it('is right also when the service sends its notice to others only', async () => {
    world.server.switches.pushRecallToCaller = false;
    const sent = await say('no notice for me');
    await popup.click(`${row(sent)} button`);
    await shows('You recalled a message', sent);
    expect(world.server.message(sent).isRecalled).toBe(true);
  });

  it('recalls the last message by its own button', async () => {
    const phone = await world.peer('alice');
    const before = world.server.message(await phone.sendText('C2Cbob', 'not this one'));
    const last = world.server.message(await phone.sendText('C2Cbob', 'but this one'));
    await popup.waitFor(
      () => document.querySelector<HTMLElement>('.recall-last')?.innerText.includes('but this one'),
      { what: 'the button to name the message' },
    );
    await popup.click('.recall-last');
    await shows('You recalled a message', last);
    expect(world.server.message(last).isRecalled).toBe(true);
    expect(world.server.message(before).isRecalled).toBe(false);
    await phone.stop();
  });

  it('can be done without a mouse', async () => {
    const sent = await say('by keyboard');
    await popup.evaluate(() => {
      document.body.focus();
    });
    for (let presses = 0; presses < 12; presses++) {
      await popup.press('Tab');
      const isThere = await popup.evaluate(
        (selector) => document.activeElement?.closest(selector) !== null,
        row(sent),
      );
      if (isThere) break;
    }
    await popup.press('Enter');
    await shows('You recalled a message', sent);
    expect(world.server.message(sent).isRecalled).toBe(true);
  });

  it('sends one request, however often it is clicked', async () => {
    const sent = await say('click, click');
    const count = (): number =>
      world.server.requests.filter(({ servcmd }) => servcmd === 'openim.msgwithdraw').length;
    const before = count();
    await popup.evaluate((selector) => {
      const button = document.querySelector<HTMLElement>(`${selector} button`);
      for (let clicks = 0; clicks < 5; clicks++) button?.click();
    }, row(sent));
    await shows('You recalled a message', sent);
    expect(count() - before).toBe(1);
  });
});

// Before the service refuses any for its age, which makes the time short that is counted on.
describe('the popup over a sleeping worker', () => {
  it('opens from the cache, before the worker has answered', async () => {
    const sent = await say('kept in the cache');
    await world.browser.killWorker();
    await popup.reload();
    await popup.waitForText('kept in the cache');
    await popup.click(`${row(sent)} button`);
    await shows('You recalled a message', sent);
    expect(world.server.message(sent).isRecalled).toBe(true);
  });
});

describe('a recall that fails', () => {
  it('is said to be too late when the service says so', async () => {
    world.server.switches.recallWindowSeconds = 0;
    const sent = await say('a second too late');
    await popup.click(`${row(sent)} button`);
    await shows('Too late', sent);
    expect(world.server.message(sent).isRecalled).toBe(false);
    expect(await popup.text()).toContain('a second too late');
  });

  it.each([
    [20022, 'does not know this message'],
    [10041, 'switched recalls off'],
    [4711, 'code 4711'],
  ])('is said in words for code %i', async (code, words) => {
    world.server.switches.refuse.set('openim.msgwithdraw', { code, times: 1 });
    const sent = await say(`refused with ${code}`);
    await popup.click(`${row(sent)} button`);
    await shows(words, sent);
    expect(world.server.message(sent).isRecalled).toBe(false);
  });

  it('is not offered any more for what is older than a message the service refused', async () => {
    world.server.switches.recallWindowSeconds = 0;
    const refused = await say('too late already');
    await popup.click(`${row(refused)} button`);
    await shows('Too late', refused);
    const [old] = world.server.seed([
      { from: 'alice', to: 'C2Cbob', text: 'long ago', ageSeconds: 400 },
    ]);
    await world.browser.killWorker();
    await popup.reload();
    await popup.waitForText('Connected as alice');
    await popup.waitForText('long ago');
    // The new worker may still be reading what the one before it learnt.
    await shows('Too late', old ?? { id: '' });
    const buttons = await popup.evaluate(
      (selector) => document.querySelectorAll(`${selector} button`).length,
      row(old ?? { id: '' }),
    );
    expect(buttons).toBe(0);
  });
});

describe('what others recall', () => {
  it('appears as a placeholder, one to one', async () => {
    const sent = await bob.sendText('C2Calice', 'never mind');
    await bob.recall(sent);
    await popup.waitForText('The other party recalled a message');
    expect(await popup.text()).not.toContain('never mind');
  });

  it('appears with the name, in a group', async () => {
    const sent = await carol.sendText('GROUPteam', 'oops');
    await carol.recall(sent);
    await popup.waitForText('Carol recalled a message');
  });

  it('names the admin and whose message it was', async () => {
    const sent = await carol.sendText('GROUPteam', 'off topic');
    const [seen] = world.server.messages('team').slice(-1);
    await bob.recall(seen ?? sent);
    await popup.waitForText('Bob recalled a message from Carol');
  });

  it('appears after waking when the worker was dead', async () => {
    const sent = await bob.sendText('C2Calice', 'said to a sleeping worker');
    await world.server.waitFor(() => world.server.message(sent));
    await popup.close();
    await world.browser.killWorker();
    await bob.recall(sent);
    popup = await world.popup();
    await popup.waitFor(
      () => document.body.innerText.split('The other party recalled a message').length > 2,
      { what: 'a second placeholder' },
    );
  });

  it('is found also when the service tells nobody', async () => {
    const sent = await carol.sendText('GROUPteam', 'recalled on the server');
    world.server.recallSilently(sent, { by: 'bob', reason: 'house rules' });
    await world.browser.killWorker();
    await popup.reload();
    await popup.waitForText('house rules');
  });
});
