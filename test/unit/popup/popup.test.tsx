// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import {
  StateView,
  TroubleView,
  type Glance,
  type KeyView,
  type SentView,
} from '../../../src/contract/views.ts';
import { refusals } from '../../../src/message/recall.ts';
import { PopupModel } from '../../../src/popup/model.ts';
import { Popup } from '../../../src/popup/popup.tsx';
import { keyMissWords } from '../../../src/ui/key-words.ts';
import { refusalWords, spoken, stateHelp, troubleWords, words } from '../../../src/ui/words.ts';
import {
  account,
  clockAtStart,
  glanceOf,
  locales,
  sentView,
  speak,
  start,
  startWorker,
  type FakeWorker,
} from '../ui/fake-extension.ts';

let worker: FakeWorker;
let model: PopupModel;
const life = new AbortController();

beforeEach(() => {
  fakeBrowser.reset();
  vi.useFakeTimers({ now: clockAtStart });
  speak('en');
  worker = startWorker();
  model = new PopupModel();
});

afterEach(() => {
  render(null, document.body);
  vi.useRealTimers();
});

/** Opens the popup over a tab and lets it read what it asks for. */
async function open(glance: Glance, url = 'about:blank'): Promise<void> {
  worker.on('glance', () => Promise.resolve(glance));
  Object.assign(fakeBrowser.tabs, { query: () => Promise.resolve([{ url }]) });
  await act(async () => {
    await model.refresh();
    render(<Popup model={model} />, document.body);
  });
  await settle();
}

/** Lets everything that was asked be answered and shown. */
async function settle(): Promise<void> {
  await act(async () => {
    await vi.advanceTimersByTimeAsync(0);
  });
}

async function show(glance: Glance): Promise<void> {
  worker.on('glance', () => Promise.resolve(glance));
  await act(() => model.refresh());
}

async function click(
  element: Element | null | undefined,
  init: MouseEventInit = {},
): Promise<void> {
  await act(() => {
    element?.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1, ...init }));
  });
  await settle();
}

function rowOf(id: string): HTMLElement | null {
  return document.querySelector(`li[data-id="${id}"]`);
}

function ids(): (string | undefined)[] {
  return [...document.querySelectorAll<HTMLElement>('li[data-id]')].map(
    ({ dataset }) => dataset.id,
  );
}

function status(): string | undefined {
  return document.querySelector('[role=status]')?.textContent;
}

const [one, two, three] = [sentView(1, 10), sentView(2, 20), sentView(3, 30)];

test('each row shows its conversation, its words and the time left, which goes down', async () => {
  await open(glanceOf([one]));
  const row = rowOf(one.id);
  expect(row?.querySelector('.row-name')?.textContent).toBe('Peer 1');
  expect(row?.querySelector('.excerpt')?.textContent).toBe('Words 1');
  expect(row?.querySelector('.digits')?.textContent).toBe('1:50');
  vi.setSystemTime(clockAtStart + 31_000);
  await act(() => {
    model.tick();
  });
  expect(row?.querySelector('.digits')?.textContent).toBe('1:19');
});

test('when the time is over the row says so and has no button', async () => {
  await open(glanceOf([one, sentView(4, 500)]));
  vi.setSystemTime(clockAtStart + 200_000);
  await act(() => {
    model.tick();
  });
  for (const row of document.querySelectorAll('li')) {
    expect(row.querySelector('button')).toBeNull();
    expect(row.textContent).toContain('Too late to recall');
  }
  expect(document.querySelector('.recall-last')?.getAttribute('aria-disabled')).toBe('true');
});

test('a time that may be longer says so, and when it may be over the service can be asked', async () => {
  const until = start + 10_000;
  const vague = sentView(5, 300, { until, isAtLeast: true, askUntil: until + 60_000 });
  await open(glanceOf([vague]));
  const row = rowOf(vague.id);
  expect(row?.querySelector('.digits')?.textContent).toBe('at least 0:10');
  vi.setSystemTime(clockAtStart + 11_000);
  await act(() => {
    model.tick();
  });
  expect(row?.textContent).toContain('Perhaps too late');
  expect(document.querySelector('.recall-last')?.textContent).toContain('Perhaps too late');
  worker.on('recall', () => Promise.resolve({ ok: false, why: 'too-late', code: 20016 }));
  await click(row?.querySelector('button'));
  expect(worker.asked.filter(({ question }) => question === 'recall')).toHaveLength(1);
  expect(row?.textContent).toContain('Too late');
});

test('“Recall last” does not deny what the list below can still try', async () => {
  const until = start - 3_600_000;
  await open(glanceOf([sentView(5, 7_200, { until, askUntil: start + 3_600_000 })]));
  const last = document.querySelector('.recall-last');
  expect(last?.getAttribute('aria-disabled')).toBe('true');
  expect(last?.textContent).toBe('Recall lastPerhaps too late; you can still try below');
});

test('“Recall last” does not deny a last message whose recall is under way or waits', async () => {
  const as = (progress: SentView['progress']): SentView => ({ ...one, progress });
  const last = (): string | undefined => document.querySelector('.recall-last')?.textContent;
  await open(glanceOf([as({ state: 'waiting', until: start + 60_000 })]));
  expect(last()).toBe('Recall lastWaiting for the connection…');
  await show(glanceOf([as({ state: 'asking' })]));
  expect(last()).toBe('Recall lastRecalling…');
  // It is the last one, whatever was recalled after it or may be tried below.
  const placeholder = { key: 'you', who: '', whose: '' } as const;
  const recalled = sentView(2, 5, { excerpt: '', placeholder });
  const old = sentView(5, 7_200, { until: start - 1, askUntil: start + 3_600_000 });
  await show(glanceOf([recalled, as({ state: 'waiting' }), old]));
  expect(last()).toBe('Recall lastWaiting for the connection…');
  const refused = sentView(3, 5, { progress: { state: 'refused', why: 'switched-off' } });
  await show(glanceOf([refused, as({ state: 'waiting' })]));
  expect(last()).toBe('Recall lastNo recent message can be recalled now');
});

test('what was refused for good counts no time down', async () => {
  const refused = (why: 'switched-off' | 'too-many'): SentView =>
    sentView(1, 10, { progress: { state: 'refused', why } });
  await open(glanceOf([refused('switched-off')]));
  expect(document.querySelector('.row .left')).toBeNull();
  await show(glanceOf([refused('too-many')]));
  expect(document.querySelector('.row .left')).not.toBeNull();
});

test('a click recalls the message of the row it hit, though the glance changed meanwhile', async () => {
  await open(glanceOf([one, two]));
  const list = document.querySelector('ul');
  await act(() => {
    list?.dispatchEvent(new PointerEvent('pointerenter'));
  });
  const button = rowOf(two.id)?.querySelector('button');
  await show(glanceOf([three, two, one]));
  expect(ids()).toEqual([one.id, two.id, three.id]);
  worker.on('recall', () => Promise.resolve({ ok: true, at: start }));
  await click(button);
  expect(worker.asked.find(({ question }) => question === 'recall')?.content).toMatchObject({
    id: two.id,
  });
  await act(() => {
    list?.dispatchEvent(new PointerEvent('pointerleave'));
  });
  expect(ids()).toEqual([three.id, two.id, one.id]);
});

test('keyboard focus in the list holds its order, too', async () => {
  await open(glanceOf([one, two]));
  await act(() => {
    rowOf(one.id)?.querySelector('button')?.focus();
  });
  await show(glanceOf([three, two, one]));
  expect(ids()).toEqual([one.id, two.id, three.id]);
});

test('the placeholder takes the message’s place, and the focus stays in the row', async () => {
  await open(glanceOf([one, two]));
  const button = rowOf(one.id)?.querySelector('button');
  button?.focus();
  const placeholder = { key: 'you', who: '', whose: '' } as const;
  worker.on('recall', () => Promise.resolve({ ok: true, at: start }));
  worker.on('glance', () => Promise.resolve(glanceOf([{ ...one, excerpt: '', placeholder }, two])));
  await click(button);
  const row = rowOf(one.id);
  expect(row?.textContent).toContain('You recalled a message');
  expect(document.body.textContent).not.toContain('Words 1');
  expect(row?.querySelector('button')).toBeNull();
  expect(document.activeElement).toBe(row);
  expect(status()).toBe('You recalled a message');
});

test('arrow keys go from row to row', async () => {
  await open(glanceOf([one, two, three]));
  const button = (id: string): HTMLElement | null | undefined => rowOf(id)?.querySelector('button');
  button(one.id)?.focus();
  const press = async (key: string): Promise<void> => {
    await act(() => {
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    });
  };
  await press('ArrowDown');
  expect(document.activeElement).toBe(button(two.id));
  await press('End');
  expect(document.activeElement).toBe(button(three.id));
  await press('ArrowDown');
  expect(document.activeElement).toBe(button(three.id));
  await press('Home');
  expect(document.activeElement).toBe(button(one.id));
});

test('the second click of a double click does nothing', async () => {
  await open(glanceOf([one, two]));
  worker.on('recall', () => Promise.resolve({ ok: true, at: start }));
  const last = document.querySelector('.recall-last');
  await click(last);
  await click(last, { detail: 2 });
  expect(worker.asked.filter(({ question }) => question === 'recall')).toHaveLength(1);
});

test('Recall last names what it will recall', async () => {
  await open(glanceOf([one]));
  const last = document.querySelector('.recall-last');
  expect(last?.textContent).toBe('Recall last1:50Peer 1Words 1');
});

test('hostile names and words are shown as text, each an island of its direction', async () => {
  const evil = '<img src=x onerror=alert(1)>\u202E';
  const many = 'x'.repeat(1_000_000);
  const evilAccount = `1400000001:${evil}`;
  await open(
    glanceOf(
      [{ ...one, account: evilAccount, conversationName: evil, excerpt: `${evil}${many}` }],
      {
        recalled: [
          {
            id: '9-9-9',
            account: evilAccount,
            conversation: 'GROUPg',
            conversationName: many,
            time: 1e300,
            placeholder: { key: 'someoneFrom', who: evil, whose: many },
            reason: many,
          },
        ],
      },
      { id: evilAccount },
    ),
  );
  expect(document.querySelector('main img, header img')).toBeNull();
  expect(document.body.textContent).not.toMatch(/\u202E/u);
  expect(document.body.textContent.length).toBeLessThan(2_000);
  expect(document.querySelector('.state bdi')?.textContent).toContain('<img');
  expect(document.querySelector(`li[data-id="${one.id}"] bdi`)?.textContent).toContain('<img');
});

test('what others recalled is shown by its placeholder, with the reason', async () => {
  await open(
    glanceOf([], {
      recalled: [
        {
          id: '9-9-9',
          account,
          conversation: 'GROUPg',
          conversationName: 'Hikers',
          time: start / 1000,
          placeholder: { key: 'someoneFrom', who: 'Carol', whose: 'Bob' },
          reason: 'Spam',
        },
      ],
    }),
  );
  const section = document.querySelector('[aria-labelledby=others]');
  expect(section?.textContent).toContain('Carol recalled a message from Bob');
  expect(section?.textContent).toContain('Reason: Spam');
  expect(section?.textContent).toContain('Hikers');
});

test('a recall that got no answer says so, also before its own question is answered', async () => {
  await open(glanceOf([one]));
  worker.on('recall', () => new Promise(() => undefined));
  await click(rowOf(one.id)?.querySelector('button'));
  await show(glanceOf([{ ...one, progress: { state: 'asking' } }]));
  expect(rowOf(one.id)?.textContent).toContain('Recalling…');
  await show(glanceOf([{ ...one, progress: { state: 'asking', why: 'unanswered' } }]));
  expect(rowOf(one.id)?.textContent).toContain('No answer from the chat service yet');
  expect(status()).toContain('No answer from the chat service yet');
});

test('a deadline on a wrong clock is shown in the time of that clock', async () => {
  const progress = { state: 'waiting', why: 'waiting', until: start + 60_000 } as const;
  await open(glanceOf([{ ...one, progress }]));
  const time = new Date(clockAtStart + 60_000).toLocaleTimeString('en', { timeStyle: 'short' });
  expect(rowOf(one.id)?.textContent).toContain(`until ${time}`);
});

describe.each(locales)('in %s', (locale) => {
  beforeEach(() => {
    speak(locale);
  });

  test.each(refusals)('a recall refused with %s says why in its row', async (why) => {
    await open(glanceOf([{ ...one, progress: { state: 'refused', why } }]));
    expect(rowOf(one.id)?.textContent).toContain(refusalWords({ why }));
  });

  test.each(StateView.entries.name.options)('the state %s is explained', async (name) => {
    await open(glanceOf([], {}, { state: { name, code: 70_009 } }));
    const help = stateHelp({ name, code: 70_009 });
    expect(document.querySelector('.notice')?.textContent).toEqual(
      help === undefined ? undefined : expect.stringContaining(help),
    );
    expect(document.querySelector('.state')?.textContent).not.toBe('');
  });

  test.each(TroubleView.options)('the trouble %s is explained', async (trouble) => {
    await open(glanceOf([], { trouble }));
    expect(document.querySelector('.notice')?.textContent).toContain(troubleWords(trouble));
    // What cannot be read may be there all the same.
    expect(document.body.textContent).not.toContain('You have sent no message');
  });
});

test('Connect again asks for just that', async () => {
  worker.on('reconnect', () => Promise.resolve(undefined));
  await open(glanceOf([], {}, { state: { name: 'signed-in-elsewhere' } }));
  await click(document.querySelector('.notice button'));
  expect(worker.asked.map(({ question }) => question)).toContain('reconnect');
});

test('a damaged store offers to be rebuilt, and failing to do so is said', async () => {
  worker.on('rebuild', () => Promise.reject(new Error('broken')));
  await open(glanceOf([], { trouble: 'history-corrupt' }));
  await click(document.querySelector('.notice button'));
  expect(document.querySelector('.notice .failure')?.textContent).toContain('did not answer');
  expect(status()).toContain('did not answer');
});

describe('what the key for my last message did', () => {
  const placeholder = { key: 'you', who: '', whose: '' } as const;
  const recalled = { ...one, excerpt: '', placeholder, reeditUntil: start + 60_000 };
  const key = (more: Partial<KeyView> = {}): KeyView => ({
    at: Date.now(),
    sent: { account, id: one.id },
    ...more,
  });
  const told = (): HTMLElement | null => document.querySelector('.key-told');

  test('is said first and announced, with the way to have the words back', async () => {
    await open(glanceOf([recalled, two], { key: key() }));
    expect(told()?.textContent).toContain('Recalled: your message to Peer 1');
    expect(told()?.dataset.tone).toBe('good');
    expect(status()).toBe('Recalled: your message to Peer 1');
    expect(told()?.querySelector('button')?.textContent).toBe('Copy text');
  });

  test.each(['none', 'unsure', 'two', 'failed'] as const)('also where it was %s', async (why) => {
    await open(glanceOf([two], { key: { at: Date.now(), why } }));
    expect(told()?.textContent).toBe(spoken(keyMissWords(why)));
    expect(told()?.querySelector('button')).toBeNull();
    expect(status()).toBe(told()?.textContent);
  });

  test('is told as it becomes, and announced once', async () => {
    const waiting = { ...one, progress: { state: 'waiting', why: 'waiting' } as const };
    const said = key();
    await open(glanceOf([waiting], { key: said }));
    expect(told()?.dataset.tone).toBe('warn');
    expect(told()?.textContent).toContain('as soon as there is a connection');
    await show(glanceOf([recalled]));
    expect(told()?.dataset.tone).toBe('good');
    expect(told()?.textContent).toContain('Recalled: your message to Peer 1');
    expect(status()).toBe('You recalled a message');
    const refused = { ...one, progress: { state: 'refused', why: 'not-allowed' } as const };
    await show(glanceOf([refused], { key: { ...said, at: said.at + 1 } }));
    expect(told()?.dataset.tone).toBe('bad');
    expect(told()?.textContent).toContain('Your message to Peer 1 was not recalled.');
    expect(status()).not.toContain('Peer 1');
  });

  test('gives way to the choice of several, and is not announced anew after it', async () => {
    await open(glanceOf([recalled, two], { key: key() }));
    await act(() => {
      model.sweep();
    });
    expect(told()).toBeNull();
    model.announcer.announce(words('something else'));
    await act(() => {
      model.leaveSweep();
    });
    expect(told()).not.toBeNull();
    expect(status()).toBe('something else');
  });

  test('is over some time later, and when nothing is known of its message', async () => {
    await open(glanceOf([recalled], { key: key({ at: Date.now() - 21_000 }) }));
    expect(told()).toBeNull();
    await show(glanceOf([two], { key: key() }));
    expect(told()).toBeNull();
    await show(glanceOf([one], { key: key() }));
    expect(told()).toBeNull();
  });
});

describe('this site', () => {
  const url = 'https://chat.example.com:8443/room?x=1';
  const origin = 'https://chat.example.com:8443';
  const siteSwitch = (): HTMLElement | null => document.querySelector('[role=switch]');

  test('is not offered on pages that are no websites', async () => {
    await open(glanceOf([]), 'chrome://extensions');
    expect(siteSwitch()).toBeNull();
    expect(document.querySelector('.site')?.textContent).toContain('websites only');
  });

  test('is turned on in the turn of the click: the browser is asked before anything is awaited', async () => {
    const wishes: unknown[] = [];
    fakeBrowser.permissions.request = (wish: unknown) => {
      wishes.push(wish);
      return Promise.resolve(true);
    };
    worker.on('sites', () => Promise.resolve([]));
    worker.on('wantSite', () => Promise.resolve(undefined));
    worker.on('turnSiteOn', () => Promise.resolve(true));
    worker.on('siteState', () => Promise.resolve({ name: 'user', user: 'alice', account }));
    await open(glanceOf([]), url);
    expect(siteSwitch()?.textContent).toBe('Turn on for chat.example.com:8443');
    siteSwitch()?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    expect(wishes).toEqual([{ origins: ['https://chat.example.com/*'] }]);
    await settle();
    const asked = worker.asked.filter(({ content }) => content === origin);
    expect(asked.map(({ question }) => question)).toEqual([
      ...['siteState', 'wantSite', 'turnSiteOn'],
      'siteState',
    ]);
    await settle();
    expect(document.querySelector('.site')?.textContent).toContain('signed in as alice');
    expect(siteSwitch()?.getAttribute('aria-checked')).toBe('true');
    expect(siteSwitch()?.textContent).toBe('On for chat.example.com:8443');
  });

  test.each([
    ['no-page', 'Reload the page'],
    ['nobody', 'Nobody is signed in'],
    ['not-found', 'cannot see who is signed in'],
  ] as const)('that is on says when its page gives no session: %s', async (name, words) => {
    worker.on('sites', () => Promise.resolve([origin]));
    worker.on('siteState', () => Promise.resolve({ name }));
    await open(glanceOf([]), url);
    await settle();
    expect(document.querySelector('.site')?.textContent).toContain(words);
  });

  test('is not offered where whoever manages the browser does not allow it, and that is said', async () => {
    worker.on('sites', () => Promise.resolve([origin]));
    worker.on('siteState', () => Promise.resolve({ name: 'forbidden' }));
    await open(glanceOf([]), url);
    await settle();
    expect(siteSwitch()).toBeNull();
    expect(document.querySelector('.site')?.textContent).toBe(
      'Whoever manages this browser does not allow Unsay on chat.example.com:8443.',
    );
  });

  test('stays off when the browser does not give access, and says so', async () => {
    fakeBrowser.permissions.request = () => Promise.resolve(false);
    worker.on('sites', () => Promise.resolve([]));
    worker.on('wantSite', () => Promise.resolve(undefined));
    await open(glanceOf([]), url);
    await click(siteSwitch());
    expect(siteSwitch()?.getAttribute('aria-checked')).toBe('false');
    expect(document.querySelector('.site')?.textContent).toContain('did not give access');
    expect(status()).toContain('did not give access');
  });

  test('is turned off by the same switch', async () => {
    worker.on('sites', () => Promise.resolve([origin]));
    worker.on('turnSiteOff', () => Promise.resolve(undefined));
    await open(glanceOf([]), url);
    await click(siteSwitch());
    expect(worker.asked.at(-1)).toEqual({ question: 'turnSiteOff', content: origin });
    expect(siteSwitch()?.getAttribute('aria-checked')).toBe('false');
  });
});

test('the ticker stops with the popup', async () => {
  worker.on('glance', () => Promise.resolve(glanceOf([one])));
  model.follow(life.signal);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(model.clock.value).toBe(clockAtStart + 1_000);
  life.abort();
  expect(vi.getTimerCount()).toBe(0);
});

describe('without any account', () => {
  test.each([
    ['nothing is in use', 'unused', 'Not in use', 'turn it on for that site', 'Turn it on'],
    ['a page is missing', 'no-page', 'No chat connected', 'and sign in there.', 'Open your chat'],
    ['the own sign-in is over', 'signed-out', 'Signed out', 'Sign in again, or', 'Sign in again'],
  ] as const)('says that %s and what to do', async (_, idle, said, help, first) => {
    await open(glanceOf([], { accounts: [], idle }));
    expect(document.querySelector('.state')?.textContent).toBe(said);
    expect(document.querySelector('.notice')?.textContent).toContain(help);
    expect(document.querySelector('.recall-last-what')?.textContent).toContain(first);
  });
});

test('asks on “Recall last” too for another sign-in where the one there was is refused', async () => {
  await open(glanceOf([], {}, { state: { name: 'refused', code: 70003 } }));
  expect(document.querySelector('.recall-last-what')?.textContent).toBe('Sign in again first');
});

test('offers the text of the next message after that of one before was copied', async () => {
  const writeText = vi.fn(() => Promise.resolve());
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } });
  worker.on('reedit', () => Promise.resolve('words'));
  worker.on('reeditDone', () => Promise.resolve(undefined));
  const placeholder = { key: 'you', who: '', whose: '' } as const;
  const recalled = (n: number): SentView =>
    sentView(n, 10, { placeholder, excerpt: '', reeditUntil: start + 200_000 });
  const [one, other] = [recalled(1), recalled(2)];
  const keyOf = ({ id }: SentView, at: number): KeyView => ({ at, sent: { account, id } });
  const button = (): HTMLButtonElement | null | undefined =>
    document.querySelector('.key-told')?.querySelector('button');
  await open(glanceOf([one, other], { key: keyOf(one, Date.now()) }));
  await act(async () => {
    button()?.click();
    await vi.advanceTimersByTimeAsync(0);
  });
  expect(button()?.textContent).toBe('Text copied');
  await show(glanceOf([one, other], { key: keyOf(other, Date.now() + 1) }));
  await settle();
  expect(document.querySelector('.key-told')?.textContent).toContain('Peer 2');
  expect(button()?.textContent).not.toBe('Text copied');
});
