// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { HoldingView, SiteSettingsView } from '../../../src/contract/own-views.ts';
import { changedManners, defaultManners, type Manners } from '../../../src/message/manners.ts';
import { changedNotices, defaultNotices, type Notices } from '../../../src/message/notices.ts';
import { OptionsModel } from '../../../src/options/model.ts';
import { Options } from '../../../src/options/options.tsx';
import { glanceOf, speak, startWorker, type FakeWorker } from '../ui/fake-extension.ts';

const site = 'https://chat.example.com';

let worker: FakeWorker;
let model: OptionsModel;
let manners: Manners;
let notices: Notices;
let ofSite: SiteSettingsView;
let kept: { keepsHistory: boolean; keptDays: number };
let keys: Record<'recall-last' | 'open-sweep', string>;

beforeEach(async () => {
  fakeBrowser.reset();
  speak('en');
  manners = defaultManners;
  notices = defaultNotices;
  kept = { keepsHistory: false, keptDays: 5 };
  ofSite = { connectsAlone: false, staysSignedIn: false };
  keys = { 'recall-last': 'Ctrl+Shift+9', 'open-sweep': 'Ctrl+Shift+8' };
  Object.assign(fakeBrowser, {
    commands: {
      getAll: () =>
        Promise.resolve(Object.entries(keys).map(([name, shortcut]) => ({ name, shortcut }))),
    },
  });
  worker = startWorker();
  worker.on('account', () => Promise.resolve(undefined));
  worker.on('glance', () => Promise.resolve(glanceOf([])));
  worker.on('sites', () => Promise.resolve([site]));
  worker.on('manners', () => Promise.resolve(manners));
  worker.on('notices', () => Promise.resolve(notices));
  worker.on('dataSettings', () => Promise.resolve(kept));
  worker.on('siteSettings', () => Promise.resolve(ofSite));
  worker.on('setManners', (change) => {
    manners = changedManners(manners, change);
    return Promise.resolve(undefined);
  });
  worker.on('setNotices', (change) => {
    notices = changedNotices(notices, change);
    return Promise.resolve(undefined);
  });
  worker.on('setKeptDays', (keptDays) => {
    kept = { ...kept, keptDays };
    return Promise.resolve(undefined);
  });
  worker.on('setKeepsHistory', (keepsHistory) => {
    kept = { ...kept, keepsHistory };
    return Promise.resolve(undefined);
  });
  await open();
});

afterEach(() => {
  render(null, document.body);
});

async function open(): Promise<void> {
  render(null, document.body);
  model = new OptionsModel();
  await act(async () => {
    await model.refresh();
    render(<Options model={model} />, document.body);
  });
}

function labelled(label: string): HTMLInputElement & HTMLSelectElement {
  const found = [...document.querySelectorAll('label')].find(
    ({ textContent }) => textContent === label,
  );
  const input = document.getElementById(found?.htmlFor ?? '');
  if (!input) throw new Error(`There is nothing called "${label}".`);
  return input as HTMLInputElement & HTMLSelectElement;
}

test('whoever asks while it is being asked waits for what is true by then', async () => {
  let answer: () => void = () => undefined;
  const isAnswered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let times = 0;
  worker.on('sites', async () => {
    times += 1;
    if (times > 1) return [site, 'https://other.example.com'];
    await isAnswered;
    return [];
  });
  const before = model.refresh();
  let isOver = false;
  const after = model.refresh().then(() => {
    isOver = true;
  });
  await vi.waitFor(() => {
    expect(times).toBe(1);
  });
  expect(isOver).toBe(false);
  answer();
  await Promise.all([before, after]);
  expect(model.sites.value).toHaveLength(2);
});

async function tick(label: string): Promise<void> {
  await act(() => {
    labelled(label).click();
  });
}

async function choose(label: string, value: string): Promise<void> {
  await act(() => {
    const select = labelled(label);
    select.value = value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  });
}

test('a choice for a site that could not be kept is shown as it was', async () => {
  ofSite = { connectsAlone: true, staysSignedIn: false };
  worker.on('setSiteSettings', () => Promise.reject(new Error('full')));
  await open();
  const label = 'Also connect when no page is open';
  await vi.waitFor(() => {
    expect(labelled(label).checked).toBe(true);
  });
  await tick(label);
  await vi.waitFor(() => {
    expect(document.body.textContent).toContain('did not answer');
  });
  expect(labelled(label).checked).toBe(true);
});

describe('with options open in two windows', () => {
  const saved = (question: string): unknown[] =>
    worker.asked.filter((one) => one.question === question).map(({ content }) => content);
  const stays = 'Also after the browser was closed';
  const server = (): HTMLInputElement => {
    const input = document.querySelector<HTMLInputElement>('.site-settings .field input');
    if (!input) throw new Error('There is no field for a server.');
    return input;
  };
  const enter = (address: string): Promise<void> =>
    act(() => {
      server().value = address;
      server().dispatchEvent(new Event('change', { bubbles: true }));
    });

  beforeEach(async () => {
    ofSite = { connectsAlone: true, staysSignedIn: true, server: 'wss://one.example' };
    worker.on('setSiteSettings', () => Promise.resolve(undefined));
    await open();
  });

  test('what was chosen for a site in the other is shown in this', async () => {
    expect(labelled(stays).checked).toBe(true);
    ofSite = { connectsAlone: true, staysSignedIn: false, server: 'wss://two.example' };
    await act(() => model.refresh());
    expect(labelled(stays).checked).toBe(false);
    expect(server().value).toBe('wss://two.example');
    // Not while somebody types there.
    server().focus();
    server().value = 'wss://thr';
    ofSite = { ...ofSite, server: 'wss://four.example' };
    await act(() => model.refresh());
    expect(server().value).toBe('wss://thr');
  });

  test('only what is chosen in this one is saved', async () => {
    // The other has turned it off, which this one has not heard.
    ofSite = { ...ofSite, staysSignedIn: false };
    await enter(' wss://im.example ');
    await enter('');
    await tick('Also connect when no page is open');
    await vi.waitFor(() => {
      expect(saved('setSiteSettings')).toEqual([
        { origin: site, server: 'wss://im.example' },
        { origin: site, server: null },
        { origin: site, connectsAlone: false },
      ]);
    });
    fakeBrowser.permissions.request = () => Promise.resolve(true);
    await tick('A message just sent, when I turn away from the chat');
    await tick('It was begun in another conversation');
    await choose(site, 'hide');
    await vi.waitFor(() => {
      expect([...saved('setNotices'), ...saved('setManners')]).toEqual([
        { walkedAway: true },
        { rule: { name: 'begun-elsewhere', isOn: false } },
        { placeholder: { origin: site, style: 'hide' } },
      ]);
    });
  });
});

describe('what whoever manages the browser has set', () => {
  test('is shown, and not offered for changing', async () => {
    await fakeBrowser.storage.managed.set({ discreetMode: true, retentionDays: 3 });
    manners = { ...defaultManners, isDiscreet: true };
    kept = { ...kept, keptDays: 2 };
    await open();
    expect(labelled('Discreet mode').disabled).toBe(true);
    expect(document.body.textContent).toContain('Whoever manages this browser has set this.');
    const { options } = labelled('Messages are kept for') as HTMLSelectElement;
    expect([...options].map(({ value }) => value)).toEqual(['0', '1', '2', '3']);
    expect(document.body.textContent).toContain('lets messages be kept for 3 days at most');
  });

  test('stands in place of the fields for a server', async () => {
    await fakeBrowser.storage.managed.set({ serverAddress: 'wss://im.example.com' });
    worker.on('siteSettings', () =>
      Promise.resolve({ connectsAlone: true, staysSignedIn: false, server: 'wss://own.example' }),
    );
    await open();
    const said = 'has set the server. Everybody signs in at wss://im.example.com.';
    expect(document.querySelector('[aria-labelledby=account]')?.textContent).toContain(said);
    await vi.waitFor(() => {
      expect(document.querySelector('.site-settings')?.textContent).toContain(said);
    });
    expect(document.body.textContent).not.toContain('Server address');
  });

  test('keeps Unsay from other sites, and that is said before the browser is asked', async () => {
    await fakeBrowser.storage.managed.set({ allowedSites: ['https://only.example'] });
    const request = vi.fn(() => Promise.resolve(true));
    fakeBrowser.permissions.request = request;
    await open();
    const forbidden = `Whoever manages this browser does not allow Unsay on ${site}.`;
    expect(document.querySelector('.sites li')?.textContent).toContain(forbidden);
    await act(() => {
      labelled('Site address').value = 'other.example';
      labelled('Site address').form?.requestSubmit();
    });
    expect(document.querySelector('.failure')?.textContent).toBe(
      'Whoever manages this browser does not allow Unsay on https://other.example.',
    );
    expect(request).not.toHaveBeenCalled();
  });
});

describe('how Unsay behaves in pages', () => {
  test('each choice is saved at once, and the others stay as they are', async () => {
    await tick('Discreet mode');
    await vi.waitFor(() => {
      expect(manners).toEqual({ ...defaultManners, isDiscreet: true });
    });
    await tick('It looks like a password, a code, a key or a card number');
    await choose(site, 'compact');
    await vi.waitFor(() => {
      expect(manners).toEqual({
        ...defaultManners,
        isDiscreet: true,
        rulesOff: ['secret'],
        placeholders: [{ origin: site, style: 'compact' }],
      });
    });
    await tick('It looks like a password, a code, a key or a card number');
    await vi.waitFor(() => {
      expect(manners.rulesOff).toEqual([]);
    });
    expect(document.querySelector('[role=status]')?.textContent).toBe('Saved.');
  });

  test('a choice that follows at once takes the one before along', async () => {
    await act(() => {
      labelled('Discreet mode').click();
      labelled('It was begun in another conversation').click();
      labelled('The same text just went to another conversation').click();
    });
    await vi.waitFor(() => {
      expect(manners).toEqual({
        ...defaultManners,
        isDiscreet: true,
        rulesOff: ['begun-elsewhere', 'twin'],
      });
    });
  });

  test('what was read before a choice was saved does not undo it', async () => {
    const answers: (() => void)[] = [];
    worker.on('manners', async () => {
      const read = manners;
      await new Promise<void>((resolve) => answers.push(resolve));
      return read;
    });
    void model.refresh();
    await vi.waitFor(() => {
      expect(answers).toHaveLength(1);
    });
    await tick('Discreet mode');
    await vi.waitFor(() => {
      expect(manners.isDiscreet).toBe(true);
    });
    answers[0]?.();
    // Asked again after the saving, and not answered yet.
    await vi.waitFor(() => {
      expect(answers).toHaveLength(2);
    });
    expect(labelled('Discreet mode').checked).toBe(true);
    await tick('It was begun in another conversation');
    const both = { ...defaultManners, isDiscreet: true, rulesOff: ['begun-elsewhere'] };
    await vi.waitFor(() => {
      expect(manners).toEqual(both);
    });
    answers[1]?.();
    await vi.waitFor(() => {
      expect(answers).toHaveLength(3);
    });
    expect(model.manners.value).toEqual(both);
    // What somebody else chose since is shown.
    manners = defaultManners;
    answers[2]?.();
    worker.on('manners', () => Promise.resolve(manners));
    await act(() => model.refresh());
    expect(model.manners.value).toEqual(defaultManners);
  });

  test('what was read while a choice was being saved does not undo it', async () => {
    const saved = Promise.withResolvers<undefined>();
    worker.on('setManners', async (change) => {
      await saved.promise;
      manners = changedManners(manners, change);
      return undefined;
    });
    await tick('Discreet mode');
    await act(() => model.refresh());
    expect(labelled('Discreet mode').checked).toBe(true);
    saved.resolve(undefined);
    await vi.waitFor(() => {
      expect(document.querySelector('[role=status]')?.textContent).toBe('Saved.');
    });
    expect(labelled('Discreet mode').checked).toBe(true);
  });

  test('what only the undo bar would show is not offered without it, and stays as it was', async () => {
    const secret = 'It looks like a password, a code, a key or a card number';
    const guard = (): HTMLFieldSetElement | null => labelled(secret).closest('fieldset');
    const off = 'These warnings are shown in the undo bar, which is turned off.';
    await tick(secret);
    expect([guard()?.disabled, guard()?.textContent.includes(off)]).toEqual([false, false]);
    await tick('Show the undo bar after a message');
    expect([guard()?.disabled, guard()?.textContent.includes(off)]).toEqual([true, true]);
    expect(labelled(secret).checked).toBe(false);
    await tick('Show the undo bar after a message');
    expect(guard()?.disabled).toBe(false);
    await vi.waitFor(() => {
      expect(manners).toEqual({ ...defaultManners, rulesOff: ['secret'] });
    });
  });

  test('a choice that could not be saved goes back to what is', async () => {
    worker.on('setManners', () => Promise.reject(new Error('no')));
    await tick('Discreet mode');
    await vi.waitFor(() => {
      expect(labelled('Discreet mode').checked).toBe(false);
    });
    expect(document.querySelector('[role=status]')?.textContent).toContain('did not answer');
  });
});

describe('notices', () => {
  test('are asked for in the turn of the click', async () => {
    const wishes: unknown[] = [];
    fakeBrowser.permissions.request = (wish: unknown) => {
      wishes.push(wish);
      return Promise.resolve(true);
    };
    labelled('New messages').click();
    expect(wishes).toEqual([{ permissions: ['notifications'] }]);
    await vi.waitFor(() => {
      expect(notices).toEqual({ messages: true, walkedAway: false });
    });
  });

  test('that were chosen while the browser asked for others are kept', async () => {
    const asked = Promise.withResolvers<boolean>();
    fakeBrowser.permissions.request = () => asked.promise;
    await tick('New messages');
    fakeBrowser.permissions.request = () => Promise.resolve(true);
    await tick('A message just sent, when I turn away from the chat');
    await vi.waitFor(() => {
      expect(notices).toEqual({ messages: false, walkedAway: true });
    });
    asked.resolve(true);
    await vi.waitFor(() => {
      expect(notices).toEqual({ messages: true, walkedAway: true });
    });
  });

  test('stay off when the browser does not allow them, and just that is said', async () => {
    await tick('Discreet mode');
    await vi.waitFor(() => {
      expect(document.querySelector('.toast')?.textContent).toBe('Saved.');
    });
    const said: (string | undefined)[] = [];
    const stop = model.announcer.now.subscribe((now) => said.push(now?.words.text));
    const questions = worker.asked.length;
    fakeBrowser.permissions.request = () => Promise.resolve(false);
    await tick('New messages');
    await vi.waitFor(() => {
      expect(document.querySelector('.failure')?.textContent).toContain('does not allow');
    });
    await act(() => model.refresh());
    stop();
    const refusal = 'The browser does not allow notices, so none are shown.';
    expect(said.slice(1)).toEqual([refusal]);
    expect(document.querySelector('[role=status]')?.textContent).toBe(refusal);
    expect(document.body.textContent).not.toContain('Saved.');
    expect(worker.asked.slice(questions).map(({ question }) => question)).not.toContain(
      'setNotices',
    );
    expect(labelled('New messages').checked).toBe(false);
  });

  test('that are allowed at last are saved, and nothing is left of the refusal', async () => {
    fakeBrowser.permissions.request = () => Promise.resolve(false);
    await tick('New messages');
    await vi.waitFor(() => {
      expect(document.querySelector('.failure')).not.toBeNull();
    });
    fakeBrowser.permissions.request = () => Promise.resolve(true);
    await tick('New messages');
    await vi.waitFor(() => {
      expect(document.querySelector('[role=status]')?.textContent).toBe('Saved.');
    });
    expect(document.body.textContent).not.toContain('does not allow notices');
    expect(labelled('New messages').checked).toBe(true);
  });
});

describe('what is kept', () => {
  test('shows also a number of days that is not among the offered', async () => {
    expect(labelled('Messages are kept for').value).toBe('5');
    await choose('Messages are kept for', '0');
    await vi.waitFor(() => {
      expect(kept.keptDays).toBe(0);
    });
    await tick('Keep history on this computer');
    await vi.waitFor(() => {
      expect(kept.keepsHistory).toBe(true);
    });
  });

  test('is searched for a text; each kind of place is said', async () => {
    const nowhere: HoldingView = { words: 0, names: 0, ids: 0, disk: 0, session: 0 };
    const input = labelled('Look for a text in all that is stored');
    const look = async (holding: HoldingView): Promise<(string | null)[]> => {
      worker.on('searchStore', () => Promise.resolve(holding));
      input.value = ' hunter2 ';
      await act(() => {
        input.form?.requestSubmit();
      });
      await vi.waitFor(() => {
        expect(document.querySelector('.found')).not.toBeNull();
      });
      return [...document.querySelectorAll('.found li')].map(({ textContent }) => textContent);
    };
    expect(await look(nowhere)).toEqual(['It is nowhere in what Unsay keeps.']);
    expect(worker.asked.at(-1)).toEqual({ question: 'searchStore', content: 'hunter2' });
    expect(await look({ ...nowhere, words: 1, session: 1 })).toEqual([
      'It is in 1 message.',
      'It is in 1 place in memory, until the browser is closed.',
    ]);
    expect(document.querySelector('[role=status]')?.textContent).toMatch(/1 message\..*in memory/u);
    // What was found is not there any more.
    worker.on('forgetAll', () => Promise.resolve(undefined));
    await act(() => {
      document.querySelector<HTMLElement>('dialog .danger')?.click();
    });
    await vi.waitFor(() => {
      expect(document.querySelector('.toast')?.textContent).toBe(
        'What was kept of your chats was deleted.',
      );
    });
    expect(document.querySelector('.found')).toBeNull();
  });

  test('cannot be searched where it is damaged; that is said, with the way out', async () => {
    worker.on('searchStore', () => Promise.reject(new Error('damaged')));
    worker.on('rebuild', () => Promise.resolve(undefined));
    worker.on('glance', () => Promise.resolve(glanceOf([], { trouble: 'history-corrupt' })));
    const input = labelled('Look for a text in all that is stored');
    input.value = 'hunter2';
    await act(() => {
      input.form?.requestSubmit();
    });
    await vi.waitFor(() => {
      expect(document.querySelector('.failure')?.textContent).toContain('is damaged');
    });
    expect(document.querySelector('.notice[data-tone=bad]')?.textContent).toContain('Rebuild');
  });
});

test('what was changed in pages of the browser is shown when somebody comes back from there', async () => {
  notices = { messages: true, walkedAway: false };
  let mayNotify = true;
  fakeBrowser.permissions.contains = () => Promise.resolve(mayNotify);
  const life = new AbortController();
  model.follow(life.signal);
  const denied = 'The browser does not allow notices';
  await vi.waitFor(() => {
    expect(model.notices.value.messages).toBe(true);
  });
  expect(document.body.textContent).not.toContain(denied);
  keys['open-sweep'] = '';
  mayNotify = false;
  document.dispatchEvent(new Event('visibilitychange'));
  await vi.waitFor(() => {
    expect(document.querySelector('[aria-labelledby=keys]')?.textContent).toContain('Not set');
    expect(document.body.textContent).toContain(denied);
  });
  life.abort();
});

describe('keys', () => {
  test('are shown as the browser has them', async () => {
    const shown = (): string[] =>
      [...document.querySelectorAll('[aria-labelledby=keys] dd')].map((one) => one.textContent);
    expect(shown()).toEqual(['Ctrl+Shift+9', 'Ctrl+Shift+8']);
    keys['open-sweep'] = '';
    await open();
    expect(shown()).toEqual(['Ctrl+Shift+9', 'Not set']);
  });

  test.each(['recall-last', 'open-sweep'] as const)(
    'a missing one is explained: %s',
    async (name) => {
      const notice = (): string | undefined =>
        document.querySelector('[aria-labelledby=keys] .notice')?.textContent;
      expect(notice()).toBeUndefined();
      keys[name] = '';
      await open();
      expect(notice()).toMatch(/^A key that is not set may be in use by another extension/u);
    },
  );

  test('where the browser’s own page cannot be opened, the way there is told', async () => {
    fakeBrowser.tabs.create = () => Promise.reject(new Error('not from here'));
    await open();
    const section = document.querySelector('[aria-labelledby=keys]');
    await act(() => {
      section?.querySelector('button')?.click();
    });
    await vi.waitFor(() => {
      expect(section?.textContent).toContain('Manage Extension Shortcuts');
    });
  });
});
