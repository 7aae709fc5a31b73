// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { Glance } from '../../../src/contract/views.ts';
import { PopupModel } from '../../../src/popup/model.ts';
import { Popup } from '../../../src/popup/popup.tsx';
import {
  account,
  clockAtStart,
  glanceOf,
  sentView,
  speak,
  start,
  startWorker,
  type FakeWorker,
} from '../ui/fake-extension.ts';

const ofPage = '1400000001@https%3A%2F%2Fchat.example.com:alice';
const placeholder = { key: 'you', who: '', whose: '' } as const;

let worker: FakeWorker;
let model: PopupModel;
let keys: Record<'recall-last' | 'open-sweep', string>;
let copied: string[];

beforeEach(() => {
  fakeBrowser.reset();
  vi.useFakeTimers({ now: clockAtStart });
  speak('en');
  worker = startWorker();
  model = new PopupModel();
  keys = { 'recall-last': 'Ctrl+Shift+9', 'open-sweep': 'Ctrl+Shift+8' };
  copied = [];
  Object.assign(fakeBrowser, {
    commands: {
      getAll: () =>
        Promise.resolve(Object.entries(keys).map(([name, shortcut]) => ({ name, shortcut }))),
    },
  });
  vi.stubGlobal('navigator', {
    onLine: true,
    clipboard: {
      writeText: (text: string) => {
        copied.push(text);
        return Promise.resolve();
      },
    },
  });
});

afterEach(() => {
  render(null, document.body);
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function settle(): Promise<void> {
  await act(async () => {
    await vi.advanceTimersByTimeAsync(0);
  });
}

async function open(glance: Glance, url = 'about:blank'): Promise<void> {
  worker.on('glance', () => Promise.resolve(glance));
  Object.assign(fakeBrowser.tabs, { query: () => Promise.resolve([{ url }]) });
  await act(async () => {
    await Promise.all([model.refresh(), model.readKeys()]);
    render(<Popup model={model} />, document.body);
  });
  await settle();
}

async function click(element: Element | null | undefined): Promise<void> {
  await act(() => {
    element?.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }));
  });
  await settle();
}

const text = (css: string): string | undefined => document.querySelector(css)?.textContent;

describe('several accounts', () => {
  const both: Partial<Glance> = {
    accounts: [
      ...glanceOf([]).accounts,
      { id: ofPage, state: { name: 'reconnecting' }, time: { serverNow: start, clock: start } },
    ],
  };

  test('are one line in the header, which says what is wrong, and can be opened', async () => {
    await open(glanceOf([], both));
    expect(text('summary')).toBe('1 of 2 accounts connected');
    expect(document.querySelector('summary .state')?.getAttribute('data-state')).toBe(
      'reconnecting',
    );
    const all = [...document.querySelectorAll('.several .place')].map((one) => one.textContent);
    expect(all).toEqual(["alice · Unsay's own sign-in", 'alice · chat.example.com']);
  });

  test('are named with every message and on “Recall last”, by user and site', async () => {
    await open(glanceOf([sentView(1, 10), sentView(2, 20, { account: ofPage })], both));
    const named = [...document.querySelectorAll('.recall-last .place, .row .place')];
    expect(named.map((one) => one.textContent)).toEqual([
      "alice · Unsay's own sign-in",
      "alice · Unsay's own sign-in",
      'alice · chat.example.com',
    ]);
  });

  test('are named where it is said what the connection of one of them means', async () => {
    await open(glanceOf([], both));
    expect(text('.notice')).toMatch(/^alice · chat\.example\.comThere is no connection now/u);
  });

  test('are not spoken of when there is one', async () => {
    await open(glanceOf([sentView(1, 10)]));
    expect(document.querySelector('.place, .several')).toBeNull();
  });
});

describe('the line under the header', () => {
  test('names a wrong clock, and that it does not matter', async () => {
    await open(glanceOf([]));
    expect(text('.readiness')).toBe(
      "Your clock is 60 minutes fast. Recalls use the server's time.",
    );
  });

  test.each([
    [[{ name: 'Team', role: 'owner' }], 'Owner of Team: may'],
    [[{ name: 'Team', role: 'admin' }], 'Admin of Team: may'],
    [
      [
        { name: 'Team', role: 'owner' },
        { name: 'Sales', role: 'admin' },
      ],
      'Owner or admin of 2 groups: may',
    ],
  ] as const)('says where members’ messages can be recalled: %j', async (powers, said) => {
    const time = { serverNow: start, clock: clockAtStart - 3_600_000 };
    await open(glanceOf([], {}, { powers: [...powers], time }));
    expect(text('.readiness')).toContain(said);
  });

  test('keeps the room of what it says at rest, whatever it says instead', async () => {
    const powers = [{ name: 'Team', role: 'owner' as const }];
    const time = { serverNow: start, clock: clockAtStart - 3_600_000 };
    const kept = (): (string | undefined)[] =>
      [...document.querySelectorAll<HTMLElement>('.readiness-room > .role')].map(
        ({ dataset }) => dataset.kept,
      );
    const waiting = sentView(1, 10, { progress: { state: 'waiting' } });
    await open(glanceOf([waiting], {}, { powers, time }));
    expect(text('.readiness')).toContain('1 recall');
    expect(kept()).toEqual(['true']);
    await open(glanceOf([], {}, { powers, time, state: { name: 'reconnecting' } }));
    expect(kept()).toEqual(['true']);
    await open(glanceOf([], {}, { powers, time }));
    expect(kept()).toEqual(['false']);
  });

  test('says of several whose right it is, also while another has no connection', async () => {
    const powers = [{ name: 'Team', role: 'owner' as const }];
    const time = { serverNow: start, clock: start };
    const {
      accounts: [mine],
    } = glanceOf([], {}, { powers, time });
    const {
      accounts: [closed],
    } = glanceOf([], {}, { id: ofPage, time, state: { name: 'page-closed' } });
    if (!mine || !closed) throw new Error('There are no accounts.');
    await open({ ...glanceOf([]), accounts: [mine, closed] });
    expect(text('.readiness-room')).toContain('alice · Owner of Team: may');
    expect(document.querySelector<HTMLElement>('.role')?.dataset.kept).toBe('false');
  });

  test('says that recalls wait also while there is no connection', async () => {
    const waiting = sentView(1, 10, { progress: { state: 'waiting' } });
    await open(glanceOf([waiting], {}, { state: { name: 'reconnecting' } }));
    expect(text('.readiness')).toBe('1 recall is under way');
  });

  test.each([
    ['reconnecting', 'Reconnecting…', 'alice · chat.example.com'],
    ['page-closed', 'alice · no chat page open', 'chat.example.com'],
  ] as const)('says whose connection is missing (%s)', async (name, state, whose) => {
    await open(glanceOf([], {}, { id: ofPage, state: { name } }));
    expect(text('.top .state')).toBe(state);
    expect(text('.readiness-room')).toBe(whose);
  });

  test('is not there when all is well', async () => {
    await open(glanceOf([], {}, { time: { serverNow: start, clock: start } }));
    expect(text('.readiness')).toBeUndefined();
  });
});

describe('what is to be done where Unsay is not in use yet', () => {
  const nobody: Partial<Glance> = { accounts: [], idle: 'unused' };
  const site = 'https://chat.example.com/room';

  beforeEach(() => {
    worker.on('sites', () => Promise.resolve([]));
    worker.on('siteState', () => Promise.resolve({ name: 'nobody' }));
  });

  test('is to open the chat, and nobody is asked to sign in', async () => {
    await open(glanceOf([], nobody));
    expect(text('.notice')).toMatch(/^Open your chat, click Unsay in the toolbar/u);
    expect(document.querySelector('.notice button')).toBeNull();
  });

  test('is the switch below, where the popup is over a page that may be the chat', async () => {
    await open(glanceOf([], nobody), site);
    expect(text('.notice')).toMatch(/^If this page is your chat, turn Unsay on for it below\./u);
    expect(document.querySelector('.notice button')).toBeNull();
  });

  test('is never that switch where there is none, or it is on', async () => {
    worker.on('siteState', () => Promise.resolve({ name: 'forbidden' }));
    await open(glanceOf([], nobody), site);
    expect(text('.notice')).toMatch(/^Open your chat/u);
    render(null, document.body);
    worker.on('siteState', () => Promise.resolve({ name: 'nobody' }));
    worker.on('sites', () => Promise.resolve(['https://chat.example.com']));
    await open(glanceOf([], nobody), site);
    expect(text('.notice')).toMatch(/^Open your chat/u);
  });

  test('is to sign in to the chat where Unsay is on', async () => {
    await open(glanceOf([], { accounts: [], idle: 'no-page' }));
    expect(text('.notice')).toMatch(/^Open your chat and sign in there\./u);
    expect(document.querySelector('.notice button')).toBeNull();
  });

  test('is to sign in again for who was signed in to Unsay itself', async () => {
    await open(glanceOf([], { accounts: [], idle: 'signed-out' }));
    expect(text('.notice')).not.toContain('need not');
    expect(text('.notice button')).toBe('Sign in');
  });
});

describe('the page in front', () => {
  const becomes = async (url: string, told: object): Promise<void> => {
    Object.assign(fakeBrowser.tabs, { query: () => Promise.resolve([{ url }]) });
    await fakeBrowser.tabs.onUpdated.trigger(1, told, { active: true } as never);
    await settle();
  };
  const footer = (): string | undefined => text('footer.site');

  test('is told of as soon as it is there, where the popup was opened before', async () => {
    await open(glanceOf([]));
    expect(footer()).toContain('this page is not one');
    await becomes('https://chat.example.com/room', { status: 'loading' });
    expect(footer()).toContain('this page is not one');
    worker.on('sites', () => Promise.resolve(['https://chat.example.com']));
    await becomes('https://chat.example.com/room', { status: 'complete' });
    expect(footer()).toContain('chat.example.com');
    expect(document.querySelector('[role=switch]')?.getAttribute('aria-checked')).toBe('true');
  });

  test('of an answer that comes late is not the one that is shown', async () => {
    const answers: ((sites: string[]) => void)[] = [];
    worker.on('sites', () => new Promise((resolve) => answers.push(resolve)));
    await open(glanceOf([]), 'https://old.example.com');
    await becomes('https://new.example.com', { status: 'complete' });
    for (const answer of answers.reverse())
      await act(() => {
        answer([]);
      });
    await settle();
    expect(footer()).toContain('new.example.com');
  });
});

describe('while no page is open', () => {
  const closed = { id: ofPage, state: { name: 'page-closed' } } as const;
  const until = start + 60_000;
  const waiting = sentView(1, 10, {
    account: ofPage,
    progress: { state: 'waiting', why: 'waiting', until },
  });

  test('a recall waits for a page, not for a connection', async () => {
    await open(glanceOf([waiting], {}, closed));
    expect(text('.row .progress')).toMatch(/^Waiting for your chat to be opened, until .+\.$/u);
  });

  test('that is nothing to be warned of: the sign and the notice are both quiet', async () => {
    await open(glanceOf([], {}, closed));
    expect(document.querySelector('.top .state')?.getAttribute('data-tone')).toBe('quiet');
    expect(document.querySelector('.notice')?.getAttribute('data-tone')).toBe('quiet');
  });
});

describe('the key', () => {
  const create = vi.fn().mockResolvedValue({});
  beforeEach(() => {
    create.mockClear();
    Object.assign(fakeBrowser.tabs, { create });
  });

  test('for the last message is named as it is set, with the way to change keys', async () => {
    await open(glanceOf([]));
    expect(text('p.key-hint')).toBe('Ctrl+Shift+9 does this from anywhere. Change keys');
    await click(document.querySelector('p.key-hint button'));
    expect(create).toHaveBeenCalledWith({ url: 'chrome://extensions/shortcuts' });
  });

  test('for the last message can be set where none is: the browser’s own page is opened', async () => {
    keys['recall-last'] = '';
    await open(glanceOf([]));
    expect(text('p.key-hint')).toContain('No key is set');
    await click(document.querySelector('p.key-hint button'));
    expect(create).toHaveBeenCalledWith({ url: 'chrome://extensions/shortcuts' });
  });

  test('for several is named beside what opens them', async () => {
    await open(glanceOf([]));
    expect(text('.list-head')).toBe('What you sentRecall several…Ctrl+Shift+8');
  });

  test('for several can be set where none is', async () => {
    keys['open-sweep'] = '';
    await open(glanceOf([]));
    expect(text('.list-head')).toBe('What you sentRecall several…Set a key');
    await click(document.querySelectorAll('.list-head button')[1]);
    expect(create).toHaveBeenCalledWith({ url: 'chrome://extensions/shortcuts' });
    expect(model.isSweeping.value).toBe(false);
  });
});

describe('the same words in several chats', () => {
  const offers = (): string[] =>
    [...document.querySelectorAll('.row-words button')].map(({ textContent }) => textContent);

  test('are offered to be recalled together, from each of their rows', async () => {
    await open(
      glanceOf([
        sentView(1, 10, { twins: 0 }),
        sentView(2, 20, { twins: 0 }),
        sentView(3, 30, { twins: 0, conversation: 'C2Cpeer2' }),
        sentView(4, 40, { twins: 1 }),
        sentView(5, 50),
      ]),
    );
    expect(offers()).toEqual(Array.from({ length: 3 }, () => 'In 2 chats…'));
    expect(document.querySelector('.row-words button')?.getAttribute('aria-label')).toBe(
      'Recall in 2 chats…',
    );
    await click(document.querySelector('.row-words button'));
    expect(model.isSweeping.value).toBe(true);
    expect(model.sweepOf.value?.id).toBe(sentView(1, 10).id);
  });

  test('are not offered once one of two is recalled or its time is over', async () => {
    const [young, old] = [sentView(1, 10, { twins: 0 }), sentView(2, 100, { twins: 0 })];
    await open(glanceOf([young, old]));
    expect(offers()).toHaveLength(2);
    vi.setSystemTime(clockAtStart + 21_000);
    await act(() => {
      model.tick();
    });
    expect(offers()).toEqual([]);
  });

  test('the list of what was just sent is not about them', async () => {
    await open(glanceOf([sentView(1, 10, { twins: 0 }), sentView(2, 20, { twins: 0 })]));
    await click(document.querySelector('.row-words button'));
    await act(() => {
      model.isSweeping.value = false;
    });
    await click(document.querySelector('.list-head button'));
    expect(model.sweepOf.value).toBeUndefined();
  });
});

describe('the words of a message I recalled', () => {
  const recalled = sentView(1, 10, { excerpt: '', placeholder, reeditUntil: start + 60_000 });

  test('are copied at a click, and forgotten by the worker then', async () => {
    worker.on('reedit', () => Promise.resolve('what I wrote'));
    worker.on('reeditDone', () => Promise.resolve(undefined));
    await open(glanceOf([recalled]));
    document.querySelector<HTMLElement>('.re-edit button')?.focus();
    await click(document.querySelector('.re-edit button'));
    expect(copied).toEqual(['what I wrote']);
    expect(document.activeElement?.textContent).toBe('Text copied');
    expect(worker.asked.at(-1)).toEqual({
      question: 'reeditDone',
      content: { account, conversation: recalled.conversation, id: recalled.id },
    });
    expect(text('[role=status]')).toBe('Text copied');
    expect(document.body.textContent).not.toContain('what I wrote');
  });

  test('are put back in the chat page, which is brought to the front or opened', async () => {
    const ofSite = { ...recalled, account: ofPage };
    const { accounts } = glanceOf([], {}, { id: ofPage });
    await open(glanceOf([ofSite], { accounts }));
    const toChat = (): Promise<void> => click(document.querySelector('.re-edit button.icon'));
    const tabs: object[] = [];
    const done: unknown[] = [];
    Object.assign(fakeBrowser.tabs, {
      query: () => Promise.resolve(tabs),
      create: (of: unknown) => Promise.resolve(done.push(of)),
      update: (...of: unknown[]) => Promise.resolve(done.push(of)),
    });
    Object.assign(fakeBrowser.windows, { update: (...of: unknown[]) => done.push(of) });
    await toChat();
    expect(done).toEqual([{ url: 'https://chat.example.com' }]);
    const url = 'https://chat.example.com/x';
    tabs.push({ id: 1, windowId: 4, url, lastAccessed: 1 });
    tabs.push({ id: 2, windowId: 5, url, lastAccessed: 2 });
    await toChat();
    expect(done.slice(1)).toEqual([
      [2, { active: true }],
      [5, { focused: true }],
    ]);
    expect(copied).toEqual([]);
  });

  test('are only copied where the account is of no page', async () => {
    await open(glanceOf([recalled]));
    expect(document.querySelectorAll('.re-edit button')).toHaveLength(1);
  });

  test('are not offered when their time is over', async () => {
    await open(glanceOf([recalled]));
    vi.setSystemTime(clockAtStart + 61_000);
    await act(() => {
      model.tick();
    });
    expect(document.querySelector('.re-edit button')).toBeNull();
  });

  test('stay with the worker when the browser does not let them be copied, and that is said', async () => {
    worker.on('reedit', () => Promise.resolve('what I wrote'));
    Object.assign(navigator.clipboard, { writeText: () => Promise.reject(new Error('no')) });
    await open(glanceOf([recalled]));
    await click(document.querySelector('.re-edit button'));
    expect(text('[role=status]')).toContain('could not be copied');
    expect(worker.asked.map(({ question }) => question)).not.toContain('reeditDone');
  });
});
