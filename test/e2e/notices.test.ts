import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredMessage } from '../chat-server/stored-message.ts';
import { openWorld, type World } from './world.ts';

declare const chrome: { notifications?: { getAll(): Promise<Record<string, unknown>> } };

describe('a notice outside of the browser’s windows', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
    await world.signIn();
  });
  afterAll(async () => {
    await world.close();
  });

  const say = (text: string): StoredMessage =>
    world.server.post({ from: 'bob', to: 'C2Calice', text });
  /** The ids of the messages of which the system shows a notice, as the browser tells. */
  const shown = async (): Promise<string[]> => {
    const tags = await world.browser.evaluateInWorker(async () =>
      Object.keys((await chrome.notifications?.getAll()) ?? {}),
    );
    return tags.map((tag) => (JSON.parse(tag) as string[])[2] ?? '').sort();
  };
  const ids = (...messages: StoredMessage[]): string[] => messages.map(({ id }) => id).sort();

  it('comes when the user asked for it, and is gone with its message, whoever is awake', async () => {
    const { browser, server } = world;
    say('before anybody asked for notices');
    const options = await browser.open(browser.extensionUrl('options.html'));
    const mayNotify = (): Promise<boolean> =>
      browser.evaluateInWorker(() => chrome.notifications !== undefined);
    expect(await mayNotify()).toBe(false);
    await browser.grantPermission('notifications', () => options.click({ label: 'New messages' }));
    await options.waitFor(() => document.querySelector('#notices ~ * :checked') !== null);
    expect(await mayNotify()).toBe(true);
    expect(await shown()).toEqual([]);

    const first = say('the first');
    const second = say('the second');
    await expect.poll(shown).toEqual(ids(first, second));
    server.recall(first, { by: 'bob' });
    await expect.poll(shown).toEqual(ids(second));

    await browser.killWorker();
    server.recall(second, { by: 'bob' });
    await expect.poll(shown).toEqual([]);

    const third = say('the third');
    await expect.poll(shown).toEqual(ids(third));
    await options.click({ label: 'Discreet mode' });
    await expect.poll(shown).toEqual([]);
  });
});
