// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { Handlers } from '../../../src/contract/channel.ts';
import { publishGlance } from '../../../src/contract/glance.ts';
import type { CoverageView, HitView, LineView, LogView } from '../../../src/contract/own-views.ts';
import { piecesOf } from '../../../src/sidepanel/hits.tsx';
import { PanelModel } from '../../../src/sidepanel/model.ts';
import { Panel } from '../../../src/sidepanel/panel.tsx';
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

const conversation = 'C2Cbob';
const named = { account, conversation, conversationName: 'Bob' };

/** A message of Bob's, sent `n` seconds before the start. */
function lineView(n: number, more: Partial<LineView> = {}): LineView {
  return {
    ...{ account, conversation, id: `m${n}`, sequence: 1000 - n, time: start / 1000 - n },
    ...{ author: 'Bob B.', isMine: false, kind: 'text', text: `Words ${n}` },
    ...more,
  };
}

/** One of mine, which can still be recalled. */
const mine = (n: number, more: Partial<LineView> = {}): LineView =>
  lineView(n, { isMine: true, author: 'alice', until: start + 60_000, ...more });

function hitView(n: number, more: Partial<HitView> = {}): HitView {
  return {
    ...{ ...named, id: `m${n}`, sequence: 1000 - n, time: start / 1000 - n },
    ...{ author: 'Bob B.', isMine: false, kind: 'text', excerpt: `Words ${n}`, spots: [[0, 5]] },
    ...more,
  };
}

/** Tells when the end of the lines is in sight; undefined: nobody looks for it. */
let sight: (() => Promise<void>) | undefined;

class FakeObserver {
  readonly #tell: IntersectionObserverCallback;
  constructor(tell: IntersectionObserverCallback) {
    this.#tell = tell;
  }
  observe(): void {
    sight = async () => {
      await act(() => {
        this.#tell([{ isIntersecting: true } as IntersectionObserverEntry], this as never);
      });
      await settle();
    };
  }
  disconnect(): void {
    sight = undefined;
  }
}

const pageOf: Handlers['historyPage'] = ({ most, before }) => {
  const from = before ? kept.findIndex(({ sequence }) => sequence < before.sequence) : 0;
  const lines = from < 0 ? [] : kept.slice(from, from + most);
  return Promise.resolve({
    ...{ lines, isEnd: lines.length < most, keptFor: 7 * 86_400 },
    ...(since !== undefined && { since }),
  });
};

let worker: FakeWorker;
let model: PanelModel;
let life: AbortController;
/** The conversation as the worker keeps it, newest first. */
let kept: LineView[];
let hits: HitView[];
let log: LogView[];
/** From where on everything of the conversation is known. */
let since: number | undefined;
/** Older messages that the service has. */
let atService: LineView[];
let coverage: CoverageView;

beforeEach(() => {
  fakeBrowser.reset();
  vi.useFakeTimers({ now: clockAtStart });
  speak('en');
  worker = startWorker();
  kept = [lineView(1), mine(2), mine(3)];
  hits = [];
  log = [];
  since = 0;
  atService = [];
  coverage = { messages: 3, conversations: 1, since: start / 1000, missing: 0, failed: 0 };
  sight = undefined;
  vi.stubGlobal('IntersectionObserver', FakeObserver);
  worker.on('glance', () => Promise.resolve(glanceOf([])));
  worker.on('conversations', () =>
    Promise.resolve([{ ...named, time: start / 1000, ...(kept[0] && { last: kept[0] }) }]),
  );
  worker.on('historyPage', pageOf);
  worker.on('search', ({ most, before }) => {
    const from = before ? hits.findIndex(({ id }) => id === before.id) + 1 : 0;
    return Promise.resolve({ hits: hits.slice(from, from + most), since: 0 });
  });
  worker.on('coverage', () => Promise.resolve(coverage));
  worker.on('readOlder', () => {
    kept.push(...atService.splice(0, 2));
    const isWhole = atService.length === 0;
    since = isWhole ? 0 : kept.at(-1)?.time;
    return Promise.resolve({ ok: true, isWhole });
  });
  worker.on('warmSearch', () => Promise.resolve(undefined));
  worker.on('recallLog', () => Promise.resolve(log));
  worker.on('sweepList', (wish) =>
    Promise.resolve(
      wish.of === 'refs' ? wish.refs.map(({ id }, n) => ({ ...sentView(n, 10), id })) : [],
    ),
  );
  worker.on('sweepStart', () => Promise.resolve(undefined));
  worker.on('sweepState', () => Promise.resolve({ isOver: false, isStopped: false, items: [] }));
  model = new PanelModel();
  life = new AbortController();
});

afterEach(() => {
  life.abort();
  vi.unstubAllGlobals();
  render(null, document.body);
  vi.useRealTimers();
});

async function settle(ms = 0): Promise<void> {
  await act(async () => {
    await vi.advanceTimersByTimeAsync(ms);
  });
}

async function open(): Promise<void> {
  await act(() => {
    render(<Panel model={model} />, document.body);
    model.follow(life.signal);
  });
  await settle();
}

async function click(element: Element | null | undefined): Promise<void> {
  expect(element).toBeTruthy();
  await act(() => {
    (element as HTMLElement).click();
  });
  await settle();
}

async function type(words: string): Promise<void> {
  const field = document.querySelector<HTMLInputElement>('input[type=search]');
  await act(() => {
    if (!field) return;
    field.value = words;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

const button = (name: string): HTMLButtonElement | undefined =>
  [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name);
const boxes = (): HTMLInputElement[] => [
  ...document.querySelectorAll<HTMLInputElement>('input[type=checkbox]'),
];
const ids = (): (string | null)[] =>
  [...document.querySelectorAll('.line')].map((line) => line.getAttribute('data-id'));
const said = (): string | undefined =>
  document.querySelector('[role=status]')?.textContent ?? undefined;
const asked = (question: string): unknown[] =>
  worker.asked.filter((one) => one.question === question).map(({ content }) => content);

describe('the conversations', () => {
  test('are listed with their last message, and open with the focus on their name', async () => {
    await open();
    const row = document.querySelector('.opener');
    expect(row?.textContent).toContain('Bob');
    expect(row?.textContent).toContain('Words 1');
    await click(row);
    expect(document.activeElement?.textContent).toBe('Bob');
    expect(ids()).toEqual(['m1', 'm2', 'm3']);
  });

  test('give the words of what I recalled back while they are kept, and ask anew then', async () => {
    const placeholder = { key: 'you', who: '', whose: '' } as const;
    kept = [mine(2, { text: '', placeholder, reeditUntil: start + 60_000 }), lineView(3)];
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    worker.on('reedit', () => Promise.resolve('what I wrote'));
    worker.on('reeditDone', () => Promise.resolve(undefined));
    await open();
    await click(document.querySelector('.opener'));
    await click(button('Copy text'));
    vi.unstubAllGlobals();
    expect(writeText).toHaveBeenCalledWith('what I wrote');
    expect(asked('reeditDone')).toEqual([{ account, conversation, id: 'm2' }]);
    expect(said()).toBe('Text copied');
    await settle(61_000);
    expect(button('Copy text')).toBeUndefined();
  });

  test('have the focus again where it was when one is closed, also by Escape', async () => {
    await open();
    await click(document.querySelector('.opener'));
    await act(() => {
      document.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }),
      );
    });
    await settle();
    expect(document.activeElement).toBe(document.querySelector('.opener'));
  });

  test('of an account that signed out are closed', async () => {
    await open();
    await click(document.querySelector('.opener'));
    worker.on('glance', () => Promise.resolve(glanceOf([], { accounts: [] })));
    worker.on('conversations', () => Promise.resolve([]));
    worker.tell({ kind: 'account' });
    await settle();
    expect(document.body.textContent).not.toContain('Words 1');
  });

  test('name their user and site where there are several accounts', async () => {
    const ofPage = '1400000001@https%3A%2F%2Fchat.example.com:alice';
    const accounts = [...glanceOf([]).accounts, ...glanceOf([], {}, { id: ofPage }).accounts];
    worker.on('glance', () => Promise.resolve(glanceOf([], { accounts })));
    worker.on('conversations', () => Promise.resolve([{ ...named, account: ofPage, time: 1 }]));
    await open();
    expect(document.querySelector('.opener .place')?.textContent).toBe('alice · chat.example.com');
  });
});

describe('a conversation', () => {
  test('is read piece by piece, and a change is shown in all that was read', async () => {
    kept = Array.from({ length: 120 }, (_, n) => lineView(n));
    await open();
    await click(document.querySelector('.opener'));
    expect(ids()).toHaveLength(50);
    await click(button('Older messages'));
    expect(ids()).toHaveLength(100);
    kept[99] = lineView(99, {
      text: '',
      placeholder: { key: 'otherParty', who: '', whose: '' },
    });
    worker.tell({ kind: 'rows', ids: ['m99'] });
    await settle();
    const row = document.querySelector('[data-id=m99]');
    expect(row?.textContent).toContain('The other party recalled a message');
    expect(row?.textContent).not.toContain('Words');
    await click(button('Older messages'));
    expect(ids()).toHaveLength(120);
    expect(button('Older messages')).toBeUndefined();
  });

  test('offers to recall only what is mine and can still be', async () => {
    kept = [
      lineView(1),
      mine(2),
      mine(3, { until: start - 1 }),
      mine(4, { progress: { state: 'asking' } }),
      mine(5, { text: '', placeholder: { key: 'you', who: '', whose: '' } }),
    ];
    await open();
    await click(document.querySelector('.opener'));
    expect(boxes().map((box) => box.closest('li')?.getAttribute('data-id'))).toEqual(['m2']);
    await click(boxes()[0]);
    expect(button('Recall 1 message…')).toBeDefined();
    // Its time runs out while it is chosen.
    await settle(61_000);
    expect(boxes()).toEqual([]);
    expect(button('Recall 1 message…')).toBeUndefined();
  });

  test('shows what is chosen before anything is recalled, then recalls just that', async () => {
    await open();
    await click(document.querySelector('.opener'));
    for (const box of boxes()) await click(box);
    await click(button('Recall 2 messages…'));
    const refs = ['m2', 'm3'].map((id) => ({ account, conversation, id }));
    expect(asked('sweepList')).toEqual([{ of: 'refs', refs, openFor: 0 }]);
    expect(asked('sweepStart')).toEqual([]);
    await click(button('Recall 2 messages'));
    expect(asked('sweepStart')).toHaveLength(1);
    await click(button('Back'));
    expect(boxes().map(({ checked }) => checked)).toEqual([false, false]);
  });

  test('says of what may be too late that it may, as the popup does', async () => {
    kept = [mine(7_200, { until: start - 1, askUntil: start + 60_000 })];
    await open();
    await click(document.querySelector('.opener'));
    expect(boxes()).toHaveLength(1);
    expect(document.querySelector('.line .too-late')?.textContent).toBe('Perhaps too late');
  });

  test('shows words as words, in lines, without what turns them around', async () => {
    kept = [lineView(1, { text: '<b>one</b>\ntwo\u202Ethree' })];
    await open();
    await click(document.querySelector('.opener'));
    expect(document.querySelector('.line-words')?.textContent).toBe('<b>one</b>\ntwothree');
    expect(document.querySelector('b')).toBeNull();
  });
});

describe('the beginning of a conversation', () => {
  const old = (n: number): LineView => lineView(1000 + n);

  test('is read on from the service when it comes into sight, until all is there', async () => {
    atService = [old(1), old(2), old(3)];
    since = kept.at(-1)?.time;
    await open();
    await click(document.querySelector('.opener'));
    expect(ids()).toHaveLength(3);
    await sight?.();
    expect(ids()).toHaveLength(5);
    expect(said()).toBe('2 older messages read');
    await sight?.();
    expect(ids()).toHaveLength(6);
    expect(said()).toBe('1 older message read');
    expect(document.querySelector('.begins')?.textContent).toBe(
      'The kept history begins here. Messages are kept for 7 days.',
    );
    expect(sight).toBeUndefined();
    expect(asked('readOlder')).toEqual(Array(2).fill({ account, conversation }));
  });

  test('is read on also where what is kept just fills what is shown', async () => {
    kept = Array.from({ length: 50 }, (_, n) => lineView(n));
    atService = [old(1)];
    since = kept.at(-1)?.time;
    await open();
    await click(document.querySelector('.opener'));
    expect(ids()).toHaveLength(50);
    await sight?.();
    expect(ids()).toHaveLength(51);
    expect(document.querySelector('.begins')).not.toBeNull();
  });

  test('is read on also where something new comes just while it is', async () => {
    kept = Array.from({ length: 50 }, (_, n) => lineView(n));
    atService = [old(1)];
    since = kept.at(-1)?.time;
    await open();
    await click(document.querySelector('.opener'));
    // Something else asks before this is answered: its answer is the newer one, and comes later.
    worker.on('historyPage', (wanted, caller) => {
      worker.on('historyPage', async (asked, by) => {
        worker.on('historyPage', pageOf);
        await new Promise((resolve) => setTimeout(resolve, 10));
        return pageOf(asked, by);
      });
      worker.tell({ kind: 'account' });
      return pageOf(wanted, caller);
    });
    await sight?.();
    await settle(10);
    expect(ids()).toHaveLength(51);
    expect(document.querySelector('.begins')).not.toBeNull();
  });

  test('says that the worker does not answer, also while what is kept is shown', async () => {
    kept = Array.from({ length: 70 }, (_, n) => lineView(n));
    await open();
    await click(document.querySelector('.opener'));
    worker.on('historyPage', () => Promise.reject(new Error('No worker.')));
    await click(button('Older messages'));
    expect(said()).toContain('did not answer');
    expect(document.querySelector('.beginning .failure')).not.toBeNull();
    expect(button('Try again')).toBeDefined();
  });

  test('says that it is being read, and asks once', async () => {
    since = kept.at(-1)?.time;
    let answer = (): void => undefined;
    worker.on(
      'readOlder',
      () =>
        new Promise((resolve) => {
          answer = () => {
            since = 0;
            resolve({ ok: true, isWhole: true });
          };
        }),
    );
    await open();
    await click(document.querySelector('.opener'));
    await click(button('Older messages'));
    await click(button('Reading older messages…'));
    expect(button('Reading older messages…')?.getAttribute('aria-disabled')).toBe('true');
    expect(asked('readOlder')).toHaveLength(1);
    answer();
    await settle();
    expect(said()).toBe('The kept history begins here. Messages are kept for 7 days.');
    expect(document.activeElement?.className).toBe('begins');
  });

  test('is read at once in a conversation that was not read yet', async () => {
    atService = [old(1)];
    since = undefined;
    kept = [];
    await open();
    expect(document.querySelector('.opener')?.textContent).toContain('Not read yet');
    await click(document.querySelector('.opener'));
    await settle();
    expect(ids()).toEqual(['m1001']);
  });

  test.each([
    ['offline', 'Older messages cannot be read now, as there is no connection.'],
    ['failed', 'The service did not hand out older messages.'],
    ['full', 'There is no room on this computer to keep older messages.'],
  ] as const)('says that it could not be read (%s), and is tried again', async (why, sentence) => {
    since = kept.at(-1)?.time;
    worker.on('readOlder', () => Promise.resolve({ ok: false, why }));
    await open();
    await click(document.querySelector('.opener'));
    await sight?.();
    expect(document.querySelector('.beginning .failure')?.textContent).toBe(sentence);
    expect(said()).toBe(sentence);
    // Not by itself.
    expect(sight).toBeUndefined();
    worker.on('readOlder', () => {
      since = 0;
      return Promise.resolve({ ok: true, isWhole: true });
    });
    await click(button('Try again'));
    expect(document.querySelector('.beginning .failure')).toBeNull();
    expect(document.querySelector('.begins')).not.toBeNull();
  });

  test('is not asked for for ever where no older message comes', async () => {
    since = kept.at(-1)?.time;
    worker.on('readOlder', () => Promise.resolve({ ok: true, isWhole: false }));
    await open();
    await click(document.querySelector('.opener'));
    await sight?.();
    await sight?.();
    expect(asked('readOlder').length).toBeLessThanOrEqual(10);
    expect(button('Older messages')).toBeDefined();
  });
});

describe('what a search covers', () => {
  const search = async (): Promise<void> => {
    hits = [hitView(1)];
    await open();
    await type('words');
    await settle(150);
  };
  const covered = (): string => document.querySelector('.covered')?.textContent ?? '';

  test('is said when it came to its end, in how many messages and back to when', async () => {
    coverage = { ...coverage, messages: 1_204, conversations: 40 };
    await search();
    expect(covered()).toMatch(
      /^Searched in 1,204 messages of 40 conversations kept here, back to \w+ \d+, \d{4}\.$/u,
    );
    expect(said()).toBe('1 message found');
  });

  test('is not left as it was where the next search comes soon after', async () => {
    coverage = { ...coverage, missing: 1 };
    await search();
    expect(covered()).toContain('1 conversation was not read');
    coverage = { ...coverage, missing: 0 };
    await type('words again');
    await settle(150);
    expect(asked('coverage')).toHaveLength(1);
    await settle(2_000);
    expect(asked('coverage')).toHaveLength(2);
    expect(covered()).not.toContain('not read');
  });

  test('is said with what was not read, which can be read and stopped', async () => {
    coverage = { ...coverage, missing: 12 };
    worker.on('readMissing', () => {
      coverage = { ...coverage, reading: { done: 0, of: 12 } };
      return Promise.resolve(undefined);
    });
    worker.on('stopReading', () => {
      const { reading, ...rest } = coverage;
      coverage = { ...rest, missing: 12 - (reading?.done ?? 0) };
      return Promise.resolve(undefined);
    });
    await search();
    expect(covered()).toContain('12 conversations were not read, or not all the way back.');
    await click(button('Read what is missing'));
    expect(covered()).toContain('Reading what is missing: 0 of 12 conversations are done.');
    coverage = { ...coverage, reading: { done: 5, of: 12 } };
    await settle(300);
    expect(covered()).toContain('5 of 12 conversations');
    await click(button('Stop'));
    hits = [hitView(1), hitView(2)];
    await settle(300);
    expect(covered()).toContain('7 conversations were not read');
    expect(said()).toContain('7 conversations were not read');
    expect(document.querySelectorAll('.opener')).toHaveLength(2);
  });

  test('says which could not be read, and that all are when they are', async () => {
    coverage = { ...coverage, missing: 2, failed: 1 };
    await search();
    expect(covered()).toContain('1 conversation could not be read.');
    worker.on('readMissing', () => {
      coverage = { ...coverage, reading: { done: 0, of: 2 } };
      return Promise.resolve(undefined);
    });
    const again = button('Read what is missing');
    again?.focus();
    await click(again);
    coverage = { messages: 9, conversations: 3, since: start / 1000, missing: 0, failed: 0 };
    await settle(300);
    expect(said()).toBe('All conversations are read as far back as messages are kept.');
    expect(document.querySelector('.covered button')).toBeNull();
    expect(document.activeElement?.className).toBe('covered');
  });

  test('is not asked for any more when nothing is searched for', async () => {
    coverage = { ...coverage, missing: 2, reading: { done: 0, of: 2 } };
    await search();
    await settle(300);
    await type('');
    await settle(300);
    const count = asked('coverage').length;
    await settle(3_000);
    expect(asked('coverage')).toHaveLength(count);
  });
});

describe('a search', () => {
  test('is made when nobody types, and says once how many were found', async () => {
    hits = [hitView(1), hitView(2)];
    await open();
    await type('w');
    await settle(100);
    await type('words');
    await settle(149);
    expect(asked('search')).toEqual([]);
    await settle(1);
    expect(asked('search')).toEqual([{ words: 'words', most: 30 }]);
    expect(said()).toBe('2 messages found');
    expect([...document.querySelectorAll('mark')].map((one) => one.textContent)).toEqual([
      'Words',
      'Words',
    ]);
  });

  test('is got ready as soon as somebody goes to its field, once', async () => {
    await open();
    expect(asked('warmSearch')).toEqual([]);
    await act(() => {
      document.querySelector<HTMLElement>('input[type=search]')?.focus();
    });
    await type('words');
    await settle(150);
    expect(asked('warmSearch')).toHaveLength(1);
  });

  test('goes on while older messages are still being looked through', async () => {
    let since = 1;
    worker.on('search', () => Promise.resolve({ hits, since }));
    await open();
    await type('words');
    await settle(150);
    expect(said()).toBe('');
    expect(document.body.textContent).not.toContain('No message found');
    expect(document.body.textContent).toContain('Looking through your messages');
    [hits, since] = [[hitView(1)], 0];
    await settle(300);
    expect(said()).toBe('1 message found');
    expect(document.body.textContent).not.toContain('Looking through');
  });

  test('forgets what was found and is recalled by now, without saying so again', async () => {
    hits = [hitView(1), hitView(2)];
    await open();
    await type('words');
    await settle(150);
    hits = [hitView(2)];
    worker.tell({ kind: 'rows', ids: ['m1'] });
    await settle();
    expect(document.querySelectorAll('.opener')).toHaveLength(1);
    expect(said()).toBe('2 messages found');
  });

  test('says how many were found also where there is news before what it covers is known', async () => {
    hits = [hitView(1), hitView(2)];
    let answer = (): void => undefined;
    worker.on(
      'coverage',
      () =>
        new Promise((resolve) => {
          answer = () => {
            resolve({ ...coverage, missing: 0, failed: 0 });
          };
        }),
    );
    await open();
    await type('words');
    await settle(150);
    worker.tell({ kind: 'rows', ids: ['m1'] });
    await settle();
    answer();
    await settle();
    expect(said()).toBe('2 messages found');
  });

  test('an answer that comes late is to another question', async () => {
    let answer = (): void => undefined;
    worker.on(
      'search',
      ({ words }) =>
        new Promise((resolve) => {
          if (words === 'old') {
            answer = () => {
              resolve({ hits: [hitView(1, { conversationName: 'Old' })], since: 0 });
            };
          } else resolve({ hits: [hitView(2)], since: 0 });
        }),
    );
    await open();
    await type('old');
    await settle(150);
    await type('new');
    await settle(150);
    answer();
    await settle();
    expect(document.body.textContent).not.toContain('Old');
  });

  test('has more than fits, on demand', async () => {
    hits = Array.from({ length: 70 }, (_, n) => hitView(n));
    await open();
    await type('words');
    await settle(150);
    expect(document.querySelectorAll('.opener')).toHaveLength(30);
    await click(button('More results'));
    await click(button('More results'));
    expect(document.querySelectorAll('.opener')).toHaveLength(70);
    expect(button('More results')).toBeUndefined();
  });

  test('leads to the message in its conversation, and on to the newest', async () => {
    hits = [hitView(2)];
    await open();
    await type('words');
    await settle(150);
    await click(document.querySelector('.opener'));
    expect(ids()).toEqual(['m2', 'm3']);
    await click(button('Go to the newest message'));
    expect(ids()).toEqual(['m1', 'm2', 'm3']);
    // What was searched for is still there.
    await click(button('Back'));
    expect(document.querySelectorAll('mark')).toHaveLength(1);
    expect(document.activeElement).toBe(document.querySelector('.opener'));
  });

  describe('is over', () => {
    const field = (): HTMLInputElement | null => document.querySelector('input[type=search]');
    const press = async (init: KeyboardEventInit): Promise<void> => {
      await act(() => {
        const event = new KeyboardEvent('keydown', { ...init, bubbles: true });
        document.activeElement?.dispatchEvent(event);
      });
      await settle();
    };

    beforeEach(async () => {
      hits = [hitView(1)];
      await open();
      await type('words');
      await settle(150);
      document.querySelector<HTMLElement>('.opener')?.focus();
    });

    test.each([
      ['Escape, from what was found, too', () => press({ key: 'Escape' })],
      ['a button', () => click(document.querySelector('[aria-label="Clear the search"]'))],
    ] as const)('with %s, and the focus is in its field again', async (_, end) => {
      await end();
      expect(field()?.value).toBe('');
      expect(document.querySelector('mark')).toBeNull();
      expect(document.activeElement).toBe(field());
      expect(document.querySelector('[aria-label="Clear the search"]')).toBeNull();
    });

    test('not with the Escape that only ends what is being composed', async () => {
      await press({ key: 'Escape', isComposing: true });
      expect(field()?.value).toBe('words');
    });
  });

  test('names whom a message is from where the conversation does not', async () => {
    hits = [
      hitView(1),
      hitView(2, { isMine: true }),
      hitView(3, { conversation: 'GROUPteam', conversationName: 'Team' }),
    ];
    await open();
    await type('words');
    await settle(150);
    const authors = [...document.querySelectorAll('.opener')].map(
      (opener) => opener.querySelector('.hit-author')?.textContent,
    );
    expect(authors).toEqual([undefined, 'You', 'Bob B.']);
  });

  test('marks each thing asked for, and nothing twice', () => {
    const spots: HitView['spots'] = [
      [0, 3],
      [2, 5],
      [6, 7],
    ];
    expect(piecesOf({ excerpt: 'abcdefghi', spots })).toEqual([
      { text: 'abc', isHit: true },
      { text: 'de', isHit: true },
      { text: 'f', isHit: false },
      { text: 'g', isHit: true },
      { text: 'hi', isHit: false },
    ]);
  });
});

test('my recalls are listed with what was seen of each, and no words', async () => {
  const one = { ...named, id: 'm1', kind: 'text', askedAt: start, endedAt: start } as const;
  log = [
    { ...one, outcome: { ok: true, at: start }, verifiedAt: start },
    { ...one, id: 'm2', outcome: { ok: false, why: 'too-late' } },
  ];
  await open();
  expect(asked('recallLog')).toEqual([]);
  await click(button('My recalls'));
  const [done, late] = document.querySelectorAll('li');
  expect(done?.textContent).toContain('Text message');
  expect(done?.textContent).toContain("in the service's own history");
  expect(late?.querySelector('.failure')?.textContent).toBe('Too late.');
});

test('where a policy forbids the log it is not said that nothing was recalled', async () => {
  const off = 'Whoever manages this browser switched the record of your recalls off.';
  await open();
  await click(button('My recalls'));
  expect(document.querySelector('main')?.textContent).toBe(
    'There is no record of recalls in the last 30 days.',
  );
  worker.on('recallLog', () => Promise.resolve('off'));
  await act(() => model.refresh());
  expect(document.querySelector('main')?.textContent).toBe(off);
});

test('without an answer it says so, and tries again', async () => {
  worker.on('conversations', () => Promise.reject(new Error('down')));
  await open();
  expect(document.querySelector('.notice')?.textContent).toContain('did not answer');
  worker.on('conversations', () => Promise.resolve([{ ...named, time: 1 }]));
  await click(button('Try again'));
  expect(document.querySelector('.notice')).toBeNull();
  expect(document.querySelector('.opener')?.textContent).toContain('Bob');
});

test('a session that was ended elsewhere is said, and can be taken up again from here', async () => {
  worker.on('glance', () =>
    Promise.resolve(glanceOf([], {}, { state: { name: 'signed-in-elsewhere' } })),
  );
  worker.on('reconnect', () => Promise.resolve(undefined));
  await open();
  expect(document.querySelector('.notice')?.textContent).toContain('signed in somewhere else');
  await click(button('Connect again'));
  expect(asked('reconnect')).toHaveLength(1);
});

test('a damaged store is said once, and can be rebuilt from here', async () => {
  worker.on('conversations', () => Promise.reject(new Error('damaged')));
  await publishGlance(glanceOf([], { trouble: 'history-corrupt' }));
  worker.on('rebuild', () => Promise.resolve(undefined));
  await open();
  const notices = [...document.querySelectorAll('.notice')].map(({ textContent }) => textContent);
  expect(notices).toEqual([expect.stringContaining('is damaged')]);
  expect(document.body.textContent).not.toContain('Looking for');
  await click(button('Rebuild from the service'));
  expect(asked('rebuild')).toHaveLength(1);
});

test('a conversation of an account that rests can be read', async () => {
  worker.on('glance', () =>
    Promise.resolve({ accounts: [], idle: 'no-page', sent: [], recalled: [] }),
  );
  await act(async () => {
    render(<Panel model={model} />, document.body);
    model.follow(life.signal);
    await vi.advanceTimersByTimeAsync(0);
  });
  await settle();
  await act(() => {
    document.querySelector<HTMLElement>('main ul.list button')?.click();
  });
  await settle(100);
  await act(() => model.refresh());
  expect(document.querySelector('.conversation')?.textContent).toContain('Words 1');
});

test('a search whose first question failed is made again by a press, or once there are news', async () => {
  hits = [hitView(1)];
  await open();
  const found = (): string => document.querySelector('main')?.textContent ?? '';
  for (const again of [
    () => click(button('Try again')),
    async () => {
      worker.tell({ kind: 'account' });
      await settle();
    },
  ]) {
    worker.on('search', () => Promise.reject(new Error('down')));
    await type('');
    await type('words');
    await settle(1000);
    expect(found()).toContain('Unsay did not answer');
    expect(found()).not.toContain('Looking through');
    worker.on('search', () => Promise.resolve({ hits, since: 0 }));
    await again();
    await settle(1000);
    expect(found()).toContain('Words 1');
    expect(found()).not.toContain('Unsay did not answer');
  }
});
