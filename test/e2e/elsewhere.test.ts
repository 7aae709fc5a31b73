import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredMessage } from '../chat-server/stored-message.ts';
import { openWorld, type World } from './world.ts';

declare const chrome: {
  action: { getBadgeText(of: object): Promise<string>; getTitle(of: object): Promise<string> };
};

let world: World;
let known: StoredMessage | undefined;

beforeAll(async () => {
  world = await openWorld();
  [known] = world.server.seed([
    { from: 'alice', to: 'C2Cbob', text: 'known to Unsay', ageSeconds: 10 },
  ]);
  await world.signIn();
  // Something to stand in, which has nothing to do with any chat.
  await world.browser.open('data:text/html,elsewhere');
});
afterAll(async () => {
  await world.close();
});

const say = (text: string): StoredMessage =>
  world.server.post({ from: 'alice', to: 'C2Cbob', text });

/** What the toolbar button says. Looking wakes a dead worker. */
function button(): Promise<{ badge: string; title: string }> {
  return world.browser.evaluateInWorker(async () => ({
    badge: await chrome.action.getBadgeText({}),
    title: await chrome.action.getTitle({}),
  }));
}

async function sleep(): Promise<void> {
  await world.browser.killWorker();
  await world.server.waitFor(() => world.server.onlineCount('alice') === 0);
}

describe('with no chat open and the worker asleep', () => {
  it('the panic key recalls what was sent meanwhile; button and popup say what went and from where', async () => {
    await expect.poll(async () => (await button()).badge).toBe('1');
    await sleep();
    const meant = say('sent while it slept');
    await world.browser.pressCommand('recall-last');
    await world.server.waitFor(() => world.server.message(meant).isRecalled);
    expect(known && world.server.message(known).isRecalled).toBe(false);
    const popup = await world.browser.waitForPopup();
    await popup.waitForText('Recalled: your message to Bob');
    expect(await popup.text('.key-told')).toContain('Copy text');
    expect(await popup.text()).not.toContain('sent while it slept');
    await expect.poll(button).toEqual({ badge: '✓', title: 'Recalled: your message to Bob' });
    await popup.close();
    // Then it counts again: the other message is still there.
    await expect.poll(async () => (await button()).badge).toBe('1');
  });

  it('the badge counts what can still be recalled, as soon as the worker is back', async () => {
    const { badge } = await button();
    say('one more');
    await expect.poll(async () => (await button()).badge).toBe(String(Number(badge) + 1));
    await sleep();
    await expect.poll(async () => (await button()).badge).toBe(String(Number(badge) + 1));
  });
});

describe('a recall that fails when the popup is closed', () => {
  it('is told by the button', async () => {
    const { switches } = world.server;
    const sent = say('kept by the service');
    const popup = await world.browser.openPopup();
    await popup.waitForText('kept by the service');
    switches.refuse.set('openim.msgwithdraw', { code: 4711, times: 1 });
    switches.delayAnswerMs.set('openim.msgwithdraw', 1_500);
    const asked = (): number =>
      world.server.requests.filter(({ servcmd }) => servcmd === 'openim.msgwithdraw').length;
    const before = asked();
    await popup.click(`[data-id="${sent.id}"] button`);
    await world.server.waitFor(() => asked() > before, { what: 'the recall at the server' });
    await popup.close();
    await expect
      .poll(button)
      .toMatchObject({ badge: '!', title: expect.stringContaining('was not recalled') as string });
    switches.delayAnswerMs.clear();
    expect(world.server.message(sent).isRecalled).toBe(false);
  });
});

describe('the key for several', () => {
  it('opens a list to look at first; what stays ticked is recalled, the rest is not', async () => {
    const goes = say('goes');
    const stays = say('stays');
    await world.browser.pressCommand('open-sweep');
    const list = await world.browser.waitForTab(world.browser.extensionUrl('popup.html#sweep'));
    await list.waitForText('stays');
    await list.click({ text: 'stays' });
    expect(world.server.message(goes).isRecalled).toBe(false);
    await list.click('.sweep-buttons .main');
    await list.waitForText('messages recalled.');
    expect(world.server.message(goes).isRecalled).toBe(true);
    expect(world.server.message(stays).isRecalled).toBe(false);
    await list.close();
  });
});
