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
/** Recalled before Unsay read any of its conversation, and older than what is read on connecting. */
let longGone: StoredMessage | undefined;

beforeAll(async () => {
  world = await openWorld();
  const { server, browser } = world;
  server.seed([{ from: 'bob', to: 'C2Calice', text: 'the harbour at noon', ageSeconds: 3000 }]);
  // More than are read on connecting.
  [longGone] = server
    .seed(
      Array.from({ length: 150 }, (_, n) => ({
        ...({ from: 'carol', to: 'C2Calice', text: `line ${150 - n} of Carol's` } as const),
        ageSeconds: 9_000 - 10 * n,
        ...(n === 20 && { recalledBy: 'carol' }),
      })),
    )
    .filter(({ isRecalled }) => isRecalled);
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
    // Not all is known of Carol's: before what was found stands the way to have it read.
    await panel.waitFor(() => document.querySelector('.covered button'));
    expect(await faultsOf(panel)).toEqual([]);
    await panel.press('Tab');
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
    await panel.waitForText('1 of 1 message recalled.');
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

  it('says what a search covers and what not', async () => {
    await panel.press('Escape');
    await panel.fill('.search', "line 140 of Carol's");
    await panel.waitForText('No message found');
    await panel.waitForText('1 conversation was not read, or not all the way back.');
    expect(await panel.text('.covered')).toContain('conversations kept here, back to');
    expect(await faultsOf(panel)).toEqual([]);
    await panel.fill('.search', '');
  });

  it('reads older messages from the service where somebody scrolls, and finds them then', async () => {
    await panel.click({ role: 'button', name: /Carol/u });
    await panel.waitForText("line 1 of Carol's");
    // Meanwhile others write: all that is shown is asked for anew each time.
    const writing = setInterval(() => {
      world.server.post({ from: 'bob', to: 'C2Calice', text: 'and one more' });
    }, 40);
    try {
      await panel.waitFor(() => {
        scrollTo(0, document.documentElement.scrollHeight);
        return document.querySelector('.begins')?.textContent;
      });
    } finally {
      clearInterval(writing);
    }
    const lines = await panel.text('main');
    expect(lines).toContain("line 150 of Carol's");
    expect(lines).toContain('The kept history begins here. Messages are kept for 7 days.');
    expect(await panel.text(`[data-id="${longGone?.id}"]`)).toContain(
      'The other party recalled a message',
    );
    const all = await panel.evaluate(() => document.documentElement.outerHTML);
    expect(all).not.toContain("line 130 of Carol's");
    expect(await panel.evaluate(() => document.querySelectorAll('.line').length)).toBe(150);
    expect(await faultsOf(panel)).toEqual([]);
    await panel.press('Escape');
    await panel.fill('.search', "line 140 of Carol's");
    await panel.waitForText('1 message found');
    await panel.waitFor(() => !document.querySelector('.covered button'));
  });

  it('lists my recalls with what was seen of each', async () => {
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
