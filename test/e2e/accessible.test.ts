import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultsOf } from './axe.ts';
import { openWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld({ isAgreed: false });
});
afterAll(async () => {
  await world.close();
});

describe('axe finds nothing wrong', () => {
  it('before the user has agreed, and with the welcome page and its practice chat', async () => {
    const { browser } = world;
    const popup = await world.popup();
    await popup.waitForText('Before you start');
    expect(await faultsOf(popup)).toEqual([]);
    await popup.close();
    const welcome = await browser.waitForTab(browser.extensionUrl('welcome.html'));
    await welcome.activate();
    await welcome.fill({ label: 'Your message' }, 'one to recall\n');
    await welcome.click({ role: 'button', name: /^recall this message/iu });
    await welcome.waitForText('You recalled a message');
    await welcome.fill({ label: 'Your message' }, 'one that waits\n');
    await welcome.click({ role: 'switch', name: 'Offline' });
    await welcome.click({ role: 'button', name: /^recall this message/iu });
    await welcome.waitForText('Waiting for the connection');
    expect(await faultsOf(welcome)).toEqual([]);
    await welcome.click({ role: 'button', name: 'I agree' });
    await welcome.waitForText('You agreed on');
    expect(await faultsOf(welcome)).toEqual([]);
    await welcome.close();
  });

  it('with the popup and the options page of somebody signed out', async () => {
    const popup = await world.popup();
    await popup.waitForText('Not in use');
    expect(await faultsOf(popup)).toEqual([]);
    await popup.close();
    const options = await world.browser.open(world.browser.extensionUrl('options.html'));
    await options.waitForText('SDKAppID');
    await options.click({ text: 'Advanced' });
    expect(await faultsOf(options)).toEqual([]);
    await options.close();
  });

  it('with them when there are messages, placeholders and a refusal', async () => {
    const { server, browser } = world;
    await world.signIn();
    const bob = await world.peer('bob');
    const popup = await world.popup();
    await popup.waitForText('Connected as alice');
    server.switches.refuse.set('openim.msgwithdraw', { code: 20016, times: 1 });
    const sent = server.post({ from: 'alice', to: 'C2Cbob', text: 'stays' });
    await popup.click(`li[data-id="${sent.id}"] button`);
    await popup.waitFor(() => document.querySelector('.failure') !== null, { what: 'the refusal' });
    await bob.recall(await bob.sendText('C2Calice', 'goes'));
    await popup.waitForText('The other party recalled a message');
    const mine = server.post({ from: 'alice', to: 'C2Cbob', text: 'to take back' });
    await popup.waitForText('to take back');
    await popup.click(`li[data-id="${mine.id}"] button.recall`);
    await popup.click(`li[data-id="${mine.id}"] summary`);
    await popup.waitForText('The service recalled it at');
    server.post({ from: 'alice', to: 'C2Cbob', text: 'the same' });
    server.post({ from: 'alice', to: 'GROUPteam', text: 'the same' });
    await popup.waitForText('In 2 chats…');
    expect(await faultsOf(popup)).toEqual([]);
    server.post({ from: 'alice', to: 'C2Cbob', text: 'to be swept' });
    const sweep = await browser.open(browser.extensionUrl('popup.html#sweep'));
    await sweep.waitForText('to be swept');
    expect(await faultsOf(sweep)).toEqual([]);
    await sweep.close();
    await popup.close();
    const options = await browser.open(browser.extensionUrl('options.html'));
    await options.waitForText('Signed in as');
    await options.click({ role: 'button', name: 'Show my recalls' });
    await options.waitForText('The service recalled it at');
    expect(await faultsOf(options)).toEqual([]);
    await options.close();
  });
});

describe('the log of my recalls', () => {
  it('is saved as a file that holds no word of any message', async () => {
    const { browser } = world;
    const options = await browser.open(browser.extensionUrl('options.html'));
    await options.waitForText('Export as CSV');
    await options.evaluate(() => {
      const make = URL.createObjectURL.bind(URL);
      URL.createObjectURL = (file: Blob) => {
        void file.text().then((text) => {
          document.documentElement.dataset.saved = text;
        });
        return make(file);
      };
    });
    await options.click({ role: 'button', name: 'Export as CSV' });
    await options.waitFor(() => document.documentElement.dataset.saved !== undefined, {
      what: 'the file',
    });
    const saved = await options.evaluate(() => document.documentElement.dataset.saved ?? '');
    const [head = '', ...lines] = saved.trim().split('\r\n');
    expect(head.split(',').length).toBeGreaterThan(5);
    expect(lines.some((line) => line.includes('Bob') && line.includes('Recalled'))).toBe(true);
    expect(saved).not.toContain('to take back');
    expect(saved).not.toContain('stays');
    await options.close();
  });
});

describe('while the service cannot be reached', () => {
  it('axe finds nothing wrong in the popup and the side panel', async () => {
    const { server, browser } = world;
    const popup = await world.popup();
    const sent = server.post({ from: 'alice', to: 'C2Cbob', text: 'said too much' });
    await popup.waitForText('said too much');
    await server.stop();
    await popup.waitForText('Reconnecting');
    await popup.click(`li[data-id="${sent.id}"] button`);
    await popup.waitForText('Waiting for the connection');
    expect(await faultsOf(popup)).toEqual([]);
    await popup.close();
    const panel = await browser.open(browser.extensionUrl('sidepanel.html'));
    await panel.fill('.search', 'said nowhere');
    await panel.waitForText('No message found');
    expect(await faultsOf(panel)).toEqual([]);
  });
});
