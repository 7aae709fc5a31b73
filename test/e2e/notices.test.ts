import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { FirefoxBrowser } from '../browsers/firefox.ts';
import type { StoredMessage } from '../chat-server/stored-message.ts';
import { openWorld, type World } from './world.ts';

declare const browser: { notifications: { getAll(): Promise<Record<string, unknown>> } };

// Chromium asks for the permission in a window that no program reaches; the rest is one code.
describe.runIf(inject('browser') === 'firefox')('a notice outside of the browser’s windows', () => {
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
  const shown = (): Promise<string[]> =>
    world.browser.evaluateInWorker(async () =>
      Object.keys(await browser.notifications.getAll()).map(
        (tag) => (JSON.parse(tag) as string[])[2] ?? '',
      ),
    );

  it('comes when the user asked for it, and is gone with its message, whoever is awake', async () => {
    say('before anybody asked for notices');
    const options = await world.browser.open(world.browser.extensionUrl('options.html'));
    const { browser: driven } = world;
    if (!(driven instanceof FirefoxBrowser)) throw new Error('Not Firefox.');
    await driven.grantPermission('notifications', () => options.click({ label: 'New messages' }));
    await options.waitFor(() => document.querySelector('#notices ~ * :checked') !== null);
    await expect.poll(shown).toEqual([]);

    const first = say('the first');
    const second = say('the second');
    await expect.poll(shown).toEqual([first.id, second.id]);
    world.server.recall(first, { by: 'bob' });
    await expect.poll(shown).toEqual([second.id]);

    await world.browser.killWorker();
    world.server.recall(second, { by: 'bob' });
    await expect.poll(shown).toEqual([]);

    const third = say('the third');
    await expect.poll(shown).toEqual([third.id]);
    await options.click({ label: 'Discreet mode' });
    await expect.poll(shown).toEqual([]);
  });
});
