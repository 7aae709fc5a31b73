import { afterEach, describe, expect, it } from 'vitest';
import type { Tab } from '../browsers/browser.ts';
import { until } from '../browsers/until.ts';
import { enterAccount } from './user.ts';
import { openWorld, type World } from './world.ts';

let world: World;

afterEach(async () => {
  await world.close();
});

async function openOptions({ browser }: World): Promise<Tab> {
  return browser.open(browser.extensionUrl('options.html'));
}

const recalls = ({ server }: World): number =>
  server.requests.filter(({ servcmd }) => servcmd === 'openim.msgwithdraw').length;

describe('signing in', () => {
  it('refuses a wrong signature in words, then takes a good one', async () => {
    world = await openWorld();
    const { server } = world;
    const options = await openOptions(world);
    await enterAccount(options, server, { userId: 'alice', userSig: server.userSig('bob') });
    await options.waitForText('The UserSig was made for another user');
    await options.fill({ label: 'UserSig' }, server.userSig('alice', -60));
    await options.click({ role: 'button', name: 'Sign in' });
    await options.waitForText('Signature expired');
    await options.fill({ label: 'UserSig' }, server.userSig('alice'));
    await options.click({ role: 'button', name: 'Sign in' });
    await options.waitForText('Signed in as');
    expect(await options.text()).not.toContain(server.userSig('alice').slice(0, 40));
    const popup = await world.popup();
    await popup.waitForText('Connected as alice');
  });

  it('is over with the browser, unless the user chose to stay signed in', async () => {
    world = await openWorld();
    const { browser } = world;
    await world.signIn('alice');
    await browser.restart();
    const popup = await world.popup();
    await popup.waitForText('Signed out');
    await popup.close();
    await world.signIn('alice', { staysSignedIn: true });
    await browser.restart();
    const again = await world.popup();
    await again.waitForText('Connected as alice');
  });

  it('can be ended: the account and everything of it are gone', async () => {
    world = await openWorld();
    const { server } = world;
    server.seed([{ from: 'alice', to: 'C2Cbob', text: 'zanzibar', ageSeconds: 5 }]);
    await world.signIn('alice', { staysSignedIn: true });
    const popup = await world.popup();
    await popup.waitForText('zanzibar');
    const options = await openOptions(world);
    await options.click({ role: 'button', name: 'Sign out' });
    await options.waitForText('Sign in');
    await popup.activate();
    await popup.waitForText('Not in use');
    expect(await popup.text()).not.toContain('zanzibar');
    expect(server.onlineCount('alice')).toBe(0);
  });
});

describe('losing the connection', () => {
  it('says so when the server goes, and is back soon after the server is', async () => {
    world = await openWorld();
    const { server } = world;
    await world.signIn();
    const popup = await world.popup();
    await popup.waitForText('Connected as alice');
    await server.stop();
    await popup.waitForText('Reconnecting');
    await server.start();
    server.post({ from: 'alice', to: 'C2Cbob', text: 'sent while it was gone' });
    await popup.waitFor(() => document.body.innerText.includes('Connected as alice'), {
      timeoutMs: 90_000,
      what: 'the connection to come back',
    });
    await popup.waitForText('sent while it was gone');
  });

  it('sends a recall asked for without a network as soon as the network is back', async () => {
    world = await openWorld();
    const { server, browser } = world;
    await world.signIn();
    const sent = server.post({ from: 'alice', to: 'C2Cbob', text: 'said too much' });
    const popup = await world.popup();
    await popup.waitForText('said too much');
    await browser.setOffline(true);
    await popup.waitFor(() => document.body.innerText.includes('Reconnecting'), {
      timeoutMs: 60_000,
      what: 'the loss to be noticed',
    });
    await popup.click(`li[data-id="${sent.id}"] button`);
    await popup.waitForText('Waiting for the connection');
    expect(server.message(sent).isRecalled).toBe(false);
    await browser.setOffline(false);
    await popup.waitFor(() => document.body.innerText.includes('You recalled a message'), {
      timeoutMs: 90_000,
      what: 'the recall to be done',
    });
    expect(server.message(sent).isRecalled).toBe(true);
    expect(recalls(world)).toBe(1);
  });
});

describe('a service that does not answer a recall', () => {
  it('is said to be slow in the popup and in the page, until it does', async () => {
    world = await openWorld();
    const { server } = world;
    await world.signIn();
    const tab = await world.openChat('plain', 'C2Cbob');
    await world.turnOn(tab);
    server.switches.silent.set('openim.msgwithdraw', 'ignored');
    const sent = server.post({ from: 'alice', to: 'C2Cbob', text: 'asked for in vain' });
    const popup = await world.popup();
    await popup.waitForText('asked for in vain');
    await popup.click(`li[data-id="${sent.id}"] button`);
    await popup.waitForText('Recalling…');
    // The SDK waits 15 s for an answer.
    await popup.waitForText('No answer from the chat service yet. Trying again…');
    await tab.activate();
    await until('the page to say so', () =>
      tab.closed.evaluate((roots) =>
        roots.some((root) => root.textContent.includes('No answer from the chat service yet')),
      ),
    );
    server.switches.silent.clear();
    await popup.waitForText('You recalled a message', { timeoutMs: 60_000 });
    expect(server.message(sent).isRecalled).toBe(true);
  });
});

describe('being signed in elsewhere', () => {
  it('stops, says so, does not fight, and connects again only when told to', async () => {
    world = await openWorld({ maxWebInstances: 1 });
    const { server, browser } = world;
    await world.signIn();
    const popup = await world.popup();
    await popup.waitForText('Connected as alice');
    const elsewhere = await world.peer('alice');
    await popup.waitForText('Signed in elsewhere');
    // Neither a wake, nor a new worker, nor an opened popup may sign in again.
    await browser.killWorker();
    await popup.reload();
    await popup.waitForText('Signed in elsewhere');
    const chat = await elsewhere.sendText('C2Cbob', 'the page lives');
    expect(chat).toBeTruthy();
    expect(server.onlineCount('alice')).toBe(1);
    await popup.click({ role: 'button', name: 'Connect again' });
    await popup.waitForText('Connected as alice');
  });

  it('says that the signature expired when it does in the middle of a session', async () => {
    world = await openWorld();
    const { server } = world;
    await world.signIn();
    const popup = await world.popup();
    await popup.waitForText('Connected as alice');
    // A week and a day later nothing of the sign-in is valid any more.
    server.switches.clockOffsetSeconds = 8 * 86_400;
    server.expireTickets('alice');
    server.dropConnections('alice');
    await popup.waitForText('Signature expired');
  });
});
