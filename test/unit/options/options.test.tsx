// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { AccountView } from '../../../src/contract/own-views.ts';
import type { StateView } from '../../../src/contract/views.ts';
import { defaultManners } from '../../../src/message/manners.ts';
import { defaultNotices } from '../../../src/message/notices.ts';
import { OptionsModel } from '../../../src/options/model.ts';
import { Options } from '../../../src/options/options.tsx';
import { account, glanceOf, speak, startWorker, type FakeWorker } from '../ui/fake-extension.ts';

let worker: FakeWorker;
let model: OptionsModel;
let signedIn: AccountView | undefined;
let state: StateView;
let sites: string[];
const alice: AccountView = {
  id: account,
  sdkAppId: 1_400_000_001,
  userId: 'alice',
  staysSignedIn: false,
  windowSeconds: 120,
  sites: [],
};

beforeEach(() => {
  fakeBrowser.reset();
  speak('en');
  signedIn = undefined;
  state = { name: 'signed-out' };
  sites = [];
  worker = startWorker();
  worker.on('account', () => Promise.resolve(signedIn));
  worker.on('glance', () => Promise.resolve(glanceOf([], {}, { state })));
  worker.on('sites', () => Promise.resolve(sites));
  worker.on('manners', () => Promise.resolve(defaultManners));
  worker.on('notices', () => Promise.resolve(defaultNotices));
  worker.on('dataSettings', () => Promise.resolve({ keepsHistory: false, keptDays: 7 }));
  model = new OptionsModel();
});

afterEach(() => {
  render(null, document.body);
});

async function open(): Promise<void> {
  await act(async () => {
    await model.refresh();
    render(<Options model={model} />, document.body);
  });
}

/** The input a visible label belongs to. */
function field(label: string): HTMLInputElement {
  const found = [...document.querySelectorAll('label')].find(
    ({ textContent }) => textContent === label,
  );
  const input = document.getElementById(found?.htmlFor ?? '');
  if (!(input instanceof HTMLInputElement)) throw new Error(`There is no field "${label}".`);
  return input;
}

function button(name: string): HTMLButtonElement {
  const found = [...document.querySelectorAll('button')].find(
    ({ textContent }) => textContent === name,
  );
  if (!found) throw new Error(`There is no button "${name}".`);
  return found;
}

async function press(name: string, until: () => void): Promise<void> {
  button(name).click();
  await vi.waitFor(until);
}

function fill(): void {
  field('SDKAppID').value = '1400000001';
  field('User ID').value = 'alice';
  field('UserSig').value = 'secret-signature';
}

const content = (question: string): unknown =>
  worker.asked.find((asking) => asking.question === question)?.content;
const status = (): string | undefined => document.querySelector('[role=status]')?.textContent;

test('signing in sends what the labelled fields say and shows who is signed in', async () => {
  await open();
  fill();
  field('Server address').value = 'ws://127.0.0.1:9000';
  field('Stay signed in after the browser closes').checked = true;
  worker.on('signIn', () => {
    signedIn = alice;
    state = { name: 'connected' };
    return Promise.resolve({ ok: true });
  });
  await press('Sign in', () => {
    expect(document.querySelector('.state')?.textContent).toBe('Connected as alice');
  });
  expect(content('signIn')).toEqual({
    sdkAppId: 1_400_000_001,
    userId: 'alice',
    userSig: 'secret-signature',
    server: 'ws://127.0.0.1:9000',
    staySignedIn: true,
  });
  expect(document.querySelector('[name=userSig]')).toBeNull();
  expect(document.body.innerHTML).not.toContain('secret-signature');
});

test('the signature is nowhere in the page’s text, also when it was refused', async () => {
  await open();
  fill();
  worker.on('signIn', () =>
    Promise.resolve({ ok: false, state: { name: 'refused', code: 70_009 } }),
  );
  await press('Sign in', () => {
    expect(status()).toContain('70009');
  });
  expect(document.querySelector('form .failure')?.textContent).toContain('70009');
  expect(document.body.innerHTML).not.toContain('secret-signature');
  expect(field('UserSig').type).toBe('password');
});

test('what was typed stays while the account connects and when it is refused then', async () => {
  await open();
  fill();
  const answer = Promise.withResolvers<{ ok: false; state: StateView }>();
  worker.on('signIn', () => answer.promise);
  await press('Sign in', () => {
    expect(button('Signing in…').getAttribute('aria-disabled')).toBe('true');
  });
  signedIn = alice;
  state = { name: 'connecting' };
  await model.refresh();
  expect(model.account.value).toEqual(alice);
  expect(field('UserSig').value).toBe('secret-signature');
  state = { name: 'refused', code: 70_013 };
  answer.resolve({ ok: false, state });
  await vi.waitFor(() => {
    expect(button('Sign in').getAttribute('aria-disabled')).toBe('false');
  });
  expect(field('UserSig').value).toBe('secret-signature');
  // Where the state is told, and where the button was pressed.
  expect(document.querySelector('.state + .notice')?.textContent).toContain('70013');
  expect(document.querySelector('form .failure')?.textContent).toContain('70013');
  expect(status()).toContain('70013');
});

test('a wrong field is said next to it and asks the worker nothing', async () => {
  await open();
  fill();
  field('Server address').value = 'ws://chat.example.com';
  await press('Sign in', () => {
    expect(field('Server address').getAttribute('aria-invalid')).toBe('true');
  });
  const server = field('Server address');
  expect(
    document.getElementById(server.getAttribute('aria-describedby')?.split(' ')[1] ?? '')
      ?.textContent,
  ).toContain('wss://');
  expect(document.querySelector('details')?.open).toBe(true);
  expect(document.activeElement).toBe(server);
  expect(content('signIn')).toBeUndefined();
});

test('a worker that does not answer a sign-in is said to be silent', async () => {
  await open();
  fill();
  await press('Sign in', () => {
    expect(status()).toContain('did not answer');
  });
  expect(button('Sign in').getAttribute('aria-disabled')).toBe('false');
});

test('an expired signature brings the form back, filled in except for the signature', async () => {
  signedIn = alice;
  state = { name: 'signature-expired' };
  await open();
  expect(field('SDKAppID').value).toBe('1400000001');
  expect(field('User ID').value).toBe('alice');
  expect(field('UserSig').value).toBe('');
});

test('signing out brings the form back and keeps the focus near', async () => {
  signedIn = alice;
  state = { name: 'connected' };
  await open();
  worker.on('signOut', () => {
    signedIn = undefined;
    state = { name: 'signed-out' };
    return Promise.resolve(undefined);
  });
  button('Sign out').focus();
  await press('Sign out', () => {
    expect(document.querySelector('.state')).toBeNull();
  });
  expect(field('User ID').value).toBe('');
  expect(document.activeElement?.id).toBe('account');
  expect(status()).toBe('Signed out.');
});

test.each(['refused', 'signature-expired', 'signed-out'] as const)(
  'nobody is signed out who is not signed in (%s), but the account can be forgotten',
  async (name) => {
    signedIn = alice;
    state = { name };
    await open();
    expect(() => button('Sign out')).toThrow();
    worker.on('signOut', () => {
      signedIn = undefined;
      state = { name: 'signed-out' };
      return Promise.resolve(undefined);
    });
    await press('Forget this account', () => {
      expect(document.querySelector('.state')).toBeNull();
    });
    expect(status()).toBe('The account was forgotten.');
  },
);

test('the recall window is saved for the account', async () => {
  signedIn = alice;
  state = { name: 'connected' };
  await open();
  worker.on('setWindow', () => Promise.resolve(undefined));
  field('Recall window (seconds)').value = '300';
  await press('Save', () => {
    expect(status()).toBe('Recall window saved.');
  });
  expect(content('setWindow')).toEqual({ account, seconds: 300 });
});

test('the recall window shows what another window set after one was saved here', async () => {
  signedIn = alice;
  state = { name: 'connected' };
  await open();
  const set = (windowSeconds: number): void => {
    signedIn = { ...alice, windowSeconds };
  };
  worker.on('setWindow', ({ seconds }) => {
    set(seconds);
    return Promise.resolve(undefined);
  });
  const input = field('Recall window (seconds)');
  input.value = '300';
  await press('Save', () => {
    expect(input.defaultValue).toBe('300');
  });
  set(600);
  await act(() => model.refresh());
  expect(field('Recall window (seconds)').value).toBe('600');
  // What is being typed is not taken away.
  input.value = '70';
  set(900);
  await act(() => model.refresh());
  expect(field('Recall window (seconds)').value).toBe('70');
});

test.each(['', '0', '1.5', '604801', '-5'])('the recall window "%s" is refused', async (typed) => {
  signedIn = alice;
  state = { name: 'connected' };
  await open();
  field('Recall window (seconds)').value = typed;
  await press('Save', () => {
    expect(status()).toContain('between 1 and 604800');
  });
  expect(content('setWindow')).toBeUndefined();
});

test('a site says whether the own sign-in is used on it, and the user may say otherwise', async () => {
  sites = ['https://chat.example.com'];
  await open();
  expect(document.body.textContent).not.toContain('own sign-in is used');
  signedIn = alice;
  state = { name: 'connected' };
  worker.on('setOwnSite', ({ account: of, origin, isUsed }) => {
    signedIn = { ...alice, id: of, sites: isUsed ? [origin] : [] };
    return Promise.resolve(undefined);
  });
  await act(() => model.refresh());
  const box = (): HTMLInputElement =>
    field("Unsay's own sign-in is used on https://chat.example.com");
  expect(box().checked).toBe(false);
  await act(() => {
    box().click();
  });
  await vi.waitFor(() => {
    expect([box().checked, signedIn?.sites]).toEqual([true, ['https://chat.example.com']]);
  });
  await act(() => {
    box().click();
  });
  await vi.waitFor(() => {
    expect([box().checked, signedIn?.sites]).toEqual([false, []]);
  });
});

test('a site is added in the turn of the click and can be turned off again', async () => {
  await open();
  const wishes: unknown[] = [];
  fakeBrowser.permissions.request = (wish: unknown) => {
    wishes.push(wish);
    return Promise.resolve(true);
  };
  worker.on('wantSite', () => Promise.resolve(undefined));
  worker.on('turnSiteOn', (site) => {
    sites = [site];
    return Promise.resolve(true);
  });
  field('Site address').value = 'chat.example.com/room';
  button('Turn on').click();
  expect(wishes).toEqual([{ origins: ['https://chat.example.com/*'] }]);
  await vi.waitFor(() => {
    expect(document.querySelector('.site-name')?.textContent).toBe('https://chat.example.com');
  });
  worker.on('turnSiteOff', () => {
    sites = [];
    return Promise.resolve(undefined);
  });
  await press('Turn off', () => {
    expect(document.querySelector('.site-name')).toBeNull();
  });
  expect(status()).toBe('Unsay is off for https://chat.example.com.');
  expect(document.activeElement?.id).toBe('sites');
});

test('what is kept of chats is deleted only after a second word, which says what goes and stays', async () => {
  await open();
  worker.on('forgetAll', () => Promise.resolve(undefined));
  button('Delete what is kept of my chats').click();
  const dialog = document.querySelector('dialog');
  expect(dialog?.open).toBe(true);
  expect(dialog?.textContent).toContain('Delete what is kept of your chats?');
  expect(dialog?.textContent).toContain('“My recalls”');
  expect(dialog?.textContent).toContain('your settings and sites stay');
  expect(dialog?.textContent).toContain('reads recent messages from there anew');
  button('Cancel').click();
  expect(dialog?.open).toBe(false);
  expect(content('forgetAll')).toBeUndefined();
  button('Delete what is kept of my chats').click();
  await press('Delete', () => {
    expect(status()).toBe('What was kept of your chats was deleted.');
  });
  expect(worker.asked.map(({ question }) => question)).toContain('forgetAll');
  expect(dialog?.open).toBe(false);
});

test('of a recall window nothing is promised that is not there', async () => {
  await open();
  const section = document.querySelector('[aria-labelledby=recalls]');
  expect(section?.querySelector('input')).toBeNull();
  expect(section?.textContent).toContain('there is nothing to set');
});
