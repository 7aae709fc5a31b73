import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tab } from '../browsers/browser.ts';
import type { StoredMessage } from '../chat-server/stored-message.ts';
import { faultsOf } from './axe.ts';
import { openWorld, type World } from './world.ts';

declare const chrome: {
  runtime: { getContexts(of: { contextTypes: string[] }): Promise<unknown[]> };
  /** Firefox only. */
  sidebarAction?: { isOpen(of: object): Promise<boolean> };
};

let world: World;
let goes: StoredMessage;
let stays: StoredMessage;
let panel: Tab;

beforeAll(async () => {
  world = await openWorld();
  const { server, browser } = world;
  server.seed([{ from: 'bob', to: 'C2Calice', text: 'the harbour at noon', ageSeconds: 3000 }]);
  await world.signIn();
  goes = server.post({ from: 'alice', to: 'C2Cbob', text: 'goes' });
  stays = server.post({ from: 'alice', to: 'C2Cbob', text: 'stays' });
  panel = await browser.open(browser.extensionUrl('sidepanel.html'));
  await panel.setViewport(360, 640);
});
afterAll(async () => {
  await world.close();
});

describe('the side panel', () => {
  it('finds a message by its words while they are typed, and leads to it', async () => {
    await panel.waitForText('Bob');
    await panel.fill('.search', 'HARB');
    await panel.waitForText('1 message found');
    expect(await faultsOf(panel)).toEqual([]);
    await panel.press('Tab');
    await panel.press('Enter');
    await panel.waitForText('Go to the newest message');
    expect(await panel.text('main')).not.toContain('stays');
    await panel.click({ role: 'button', name: 'Go to the newest message' });
    await panel.waitForText('stays');
  });

  it('recalls what was chosen, after showing it once more', async () => {
    await panel.click(`[data-id="${goes.id}"] input`);
    expect(await faultsOf(panel)).toEqual([]);
    await panel.click('.chosen button');
    await panel.waitForText('Recall what you chose');
    await panel.waitForText('goes');
    expect(world.server.message(goes).isRecalled).toBe(false);
    expect(await faultsOf(panel)).toEqual([]);
    await panel.click('.sweep-buttons .main');
    await panel.waitForText('1 of 1 messages recalled.');
    expect(world.server.message(goes).isRecalled).toBe(true);
    expect(world.server.message(stays).isRecalled).toBe(false);
    await panel.click({ role: 'button', name: 'Back' });
    await panel.waitForText('You recalled a message');
    expect(await panel.text('main')).not.toContain('goes');
  });

  it('shows a placeholder where somebody else recalls, and no word of it is left', async () => {
    const bob = await world.peer('bob');
    const slip = await bob.sendText('C2Calice', 'a slip of the tongue');
    await panel.waitForText('a slip of the tongue');
    await bob.recall(slip);
    await panel.waitForText('The other party recalled a message');
    expect(await panel.evaluate(() => document.documentElement.outerHTML)).not.toContain('slip of');
  });

  it('lists my recalls with what was seen of each', async () => {
    await panel.press('Escape');
    await panel.fill('.search', '');
    await panel.click({ role: 'button', name: 'My recalls' });
    await panel.waitForText('The service recalled it at');
    expect(await faultsOf(panel)).toEqual([]);
  });

  it('is never wider than the browser makes it, also with several accounts', async () => {
    const chat = await world.openChat('plain', 'GROUPteam', 'carol');
    await world.turnOn(chat);
    await panel.activate();
    await panel.waitForText('2 of 2 accounts connected');
    await panel.setViewport(250, 640);
    const excess = (): number =>
      document.documentElement.scrollWidth - document.documentElement.clientWidth;
    expect(await panel.evaluate(excess)).toBe(0);
    await chat.close();
  });

  it('opens beside the page from the popup’s button', async () => {
    const popup = await world.popup();
    await popup.click({ role: 'button', name: 'Open side panel' });
    await expect
      .poll(() =>
        world.browser.evaluateInWorker(async () => {
          if (chrome.sidebarAction) return chrome.sidebarAction.isOpen({});
          return (await chrome.runtime.getContexts({ contextTypes: ['SIDE_PANEL'] })).length > 0;
        }),
      )
      .toBe(true);
  });
});
