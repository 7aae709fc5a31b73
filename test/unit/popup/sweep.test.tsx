// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { mostSwept } from '../../../src/contract/lines/sweep.ts';
import type { ProgressView, SentView, SweepView } from '../../../src/contract/views.ts';
import { PopupModel } from '../../../src/popup/model.ts';
import { Sweep } from '../../../src/popup/sweep.tsx';
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

const [one, two] = [sentView(1, 10), sentView(2, 20)];
/** A text with these words in it. */
const contain = (own: string) => expect.stringContaining(own) as string;
const refOf = ({ id, conversation }: typeof one) => ({ account, conversation, id });

let worker: FakeWorker;
let model: PopupModel;
let view: SweepView;

beforeEach(async () => {
  fakeBrowser.reset();
  vi.useFakeTimers({ now: clockAtStart });
  speak('en');
  worker = startWorker();
  worker.on('glance', () => Promise.resolve(glanceOf([])));
  worker.on('sweepList', () => Promise.resolve([one, two]));
  worker.on('sweepStart', () => Promise.resolve(undefined));
  worker.on('sweepState', () => Promise.resolve(view));
  worker.on('sweepStop', () => Promise.resolve(undefined));
  view = { isOver: false, isStopped: false, items: [] };
  model = new PopupModel();
  model.isSweeping.value = true;
  await act(async () => {
    await model.refresh();
    render(<Sweep model={model} />, document.body);
  });
  await settle();
});

afterEach(() => {
  render(null, document.body);
  vi.useRealTimers();
});

async function settle(ms = 0): Promise<void> {
  await act(async () => {
    await vi.advanceTimersByTimeAsync(ms);
  });
}

async function click(element: HTMLElement | null | undefined): Promise<void> {
  await act(() => {
    element?.click();
  });
  await settle();
}

const button = (name: string): HTMLButtonElement | undefined =>
  [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name);
const isUnanswered = (): boolean => document.body.textContent.includes('Unsay did not answer');
/** The name of the sweep that was started, as one asks about it. */
const nameOnly = (): unknown => ({
  sweep: (asked('sweepStart')[0] as { sweep: string } | undefined)?.sweep,
});
const boxes = (): HTMLInputElement[] => [
  ...document.querySelectorAll<HTMLInputElement>('input[type=checkbox]'),
];
/** The name under which a sweep was asked for. */
const named = expect.stringMatching(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/u) as string;
const asked = (question: string): unknown[] =>
  worker.asked.filter((one) => one.question === question).map(({ content }) => content);

test('what was just sent is looked at first: nothing is recalled by opening it', () => {
  expect(asked('sweepList')).toEqual([
    { of: 'time', accounts: [account], seconds: 60, openFor: 0 },
  ]);
  expect(boxes().map(({ checked }) => checked)).toEqual([true, true]);
  expect(button('Recall 2 messages')).toBeDefined();
  expect(asked('sweepStart')).toEqual([]);
});

test('another reach is another question', async () => {
  worker.on('sweepList', () => Promise.resolve([]));
  await click(document.querySelectorAll<HTMLElement>('input[type=radio]')[2]);
  expect(asked('sweepList').at(-1)).toMatchObject({ seconds: 120 });
  expect(document.body.textContent).toContain('You sent nothing in that time');
});

test('what may be too late says so, and what was refused for good counts no time down', async () => {
  const times = (): (string | undefined)[] =>
    [...document.querySelectorAll('li')].map(
      (row) => row.querySelector('.left, .too-late')?.textContent,
    );
  const old = sentView(3, 300, { until: start - 1, askUntil: start + 60_000 });
  worker.on('sweepList', () => Promise.resolve([one, old]));
  await click(document.querySelectorAll<HTMLElement>('input[type=radio]')[2]);
  expect(times()).toEqual(['1:50', 'Perhaps too late']);
  const progress = { state: 'refused', why: 'switched-off' } as const;
  view = { isOver: true, isStopped: false, items: [{ ...refOf(one), progress }] };
  await click(button('Recall 2 messages'));
  expect(times()[0]).toBeUndefined();
});

describe('by policy', () => {
  async function openWith(sweepSeconds: number): Promise<string[]> {
    await fakeBrowser.storage.managed.set({ sweepSeconds });
    render(null, document.body);
    await act(() => {
      render(<Sweep model={model} />, document.body);
    });
    await settle();
    return [...document.querySelectorAll('fieldset label')].map(({ textContent }) => textContent);
  }

  test('no reach is offered that goes further back', async () => {
    expect(await openWith(90)).toEqual(['30 seconds', '60 seconds']);
    expect(await openWith(20)).toEqual(['20 seconds']);
    expect(asked('sweepList').at(-1)).toMatchObject({ seconds: 20 });
  });

  test('a sweep that is switched off says so and looks for nothing', async () => {
    const before = asked('sweepList');
    expect(await openWith(0)).toEqual([]);
    expect(document.body.textContent).toContain('switched this off');
    // There is nothing to choose from.
    const buttons = [...document.querySelectorAll('.sweep button')];
    expect(buttons.map(({ textContent }) => textContent)).toEqual(['Back']);
    expect(document.querySelector('.reaches')).toBeNull();
    expect(asked('sweepList')).toEqual(before);
  });
});

test('what is sent while the list is open comes into it, and what was taken out stays out', async () => {
  await click(boxes()[0]);
  worker.on('sweepList', () => Promise.resolve([one, two, sentView(3, 30)]));
  await act(() => model.refresh());
  await settle();
  expect(boxes().map(({ checked }) => checked)).toEqual([false, true, true]);
});

test('what comes into a list that is being read is not taken along unread', async () => {
  await settle(10_000);
  worker.on('sweepList', () => Promise.resolve([one, two, sentView(3, 30)]));
  await act(() => model.refresh());
  await settle();
  expect(boxes().map(({ checked }) => checked)).toEqual([true, true, false]);
});

describe('what was listed keeps its place as long as the list is open', () => {
  const three = sentView(3, 30);
  /** Answers with what may be taken now, and with how what was listed stands. */
  async function look(may: readonly SentView[], listed: readonly SentView[]): Promise<void> {
    worker.on('sweepList', ({ of }) => Promise.resolve([...(of === 'listed' ? listed : may)]));
    await act(() => model.refresh());
    await settle();
  }
  const rows = (): string[] => [...document.querySelectorAll('li')].map((li) => li.textContent);
  const shown = (): boolean[][] => boxes().map(({ checked, disabled }) => [checked, disabled]);

  beforeEach(async () => {
    render(null, document.body);
    worker.on('sweepList', () => Promise.resolve([three, two, one]));
    await act(() => {
      render(<Sweep model={model} />, document.body);
    });
    await settle(10_000);
  });

  test('however old it is by now: how far back counts from when the list was opened', async () => {
    await look([two, one], [three, two, one]);
    expect(asked('sweepList').slice(-2)).toEqual([
      { of: 'time', accounts: [account], seconds: 60, openFor: 10 },
      { of: 'listed', refs: [three, two, one].map(refOf), openFor: 10 },
    ]);
    expect(rows()).toEqual(['Words 3', 'Words 2', 'Words 1'].map((own) => contain(own)));
    await click(button('Recall 3 messages'));
    expect(asked('sweepStart')).toEqual([
      { sweep: named, refs: [three, two, one].map(refOf), openFor: 10 },
    ]);
  });

  test('also where it cannot be taken any more: its row says why', async () => {
    const by = { key: 'someone', who: 'Bob', whose: '' } as const;
    const { until, ...late } = two;
    expect(until).toBeDefined();
    await look([one], [{ ...three, excerpt: '', placeholder: by }, late, one]);
    expect(rows()).toEqual(
      ['Bob recalled a message', 'Too late to recall', 'Words 1'].map((own) => contain(own)),
    );
    expect(rows()[0]).not.toContain('Words 3');
    expect([...document.querySelectorAll('li')].map(({ dataset }) => dataset.over)).toEqual([
      'true',
      'true',
      'false',
    ]);
    expect(shown()).toEqual([
      [false, true],
      [false, true],
      [true, false],
    ]);
    await click(button('Recall 1 message'));
    expect(asked('sweepStart')).toEqual([{ sweep: named, refs: [refOf(one)], openFor: 10 }]);
  });

  test('as its time runs out while nobody tells anything, too', async () => {
    await settle(81_000);
    await act(() => {
      model.tick();
    });
    expect(rows()[0]).toContain('Too late to recall');
    expect(shown()).toEqual([
      [false, true],
      [true, false],
      [true, false],
    ]);
    expect(button('Recall 2 messages')).toBeDefined();
  });

  test('without a word where nothing is kept of it', async () => {
    await look([two, one], [two, one]);
    expect(rows()).toEqual(
      ['Not listed any more', 'Words 2', 'Words 1'].map((own) => contain(own)),
    );
    expect(rows()[0]).not.toContain('Words 3');
    expect(rows()[0]).toContain('Peer 3');
    expect(shown()[0]).toEqual([false, true]);
    // Nobody is signed in any more: nor is it said with whom it was.
    worker.on('glance', () => Promise.resolve(glanceOf([], { accounts: [] })));
    await look([], []);
    expect(rows()).toEqual(Array(3).fill('Not listed any more'));
    // There again, it is not taken along unread.
    worker.on('glance', () => Promise.resolve(glanceOf([])));
    await look([three, two, one], [three, two, one]);
    expect(rows()).toEqual(['Words 3', 'Words 2', 'Words 1'].map((own) => contain(own)));
    expect(boxes().map(({ checked }) => checked)).toEqual([false, false, false]);
  });

  test('and what is new comes last, whatever its deadline', async () => {
    await look([sentView(4, 50), three, two, one], [three, two, one]);
    expect(rows()).toEqual(['Words 3', 'Words 2', 'Words 1', 'Words 4'].map((own) => contain(own)));
  });

  test('and nothing new moves a button under a hand', async () => {
    const buttons = document.querySelector('.sweep-buttons');
    const point = (type: string): Promise<void> =>
      act(() => {
        buttons?.dispatchEvent(new PointerEvent(type));
      });
    await point('pointerenter');
    await look([three, two, one, sentView(4, 5)], [three, two, one]);
    expect(rows()).toHaveLength(3);
    await point('pointerleave');
    await settle();
    expect(rows()).toHaveLength(4);
    expect(boxes().map(({ checked }) => checked)).toEqual([true, true, true, false]);
  });

  test('leaves the focus in a row whose box cannot be ticked any more', async () => {
    boxes()[0]?.focus();
    await look([two, one], [two, one]);
    expect(document.activeElement).toBe(document.querySelector('li'));
  });

  test('until another reach is chosen: that counts from then', async () => {
    worker.on('sweepList', () => Promise.resolve([two, one]));
    await click(document.querySelectorAll<HTMLElement>('input[type=radio]')[2]);
    expect(asked('sweepList').at(-1)).toMatchObject({ of: 'time', seconds: 120, openFor: 0 });
    expect(rows()).toHaveLength(2);
  });
});

test('no more is ticked than one sweep takes', async () => {
  const wait = { state: 'waiting' } as const;
  const many = Array.from({ length: mostSwept }, (_, n) => sentView(n + 10, 10));
  const list = async (...items: SentView[]): Promise<void> => {
    worker.on('sweepList', () => Promise.resolve(items));
    await act(() => model.refresh());
    await settle();
  };
  await list({ ...one, progress: wait }, { ...two, progress: wait }, ...many);
  await list(one, two, ...many);
  for (const box of boxes().slice(0, 2)) if (!box.checked) await click(box);
  await click([...document.querySelectorAll<HTMLElement>('button.main')][0]);
  const [start] = asked('sweepStart') as [{ refs: unknown[] }];
  expect(start.refs).toHaveLength(mostSwept);
  expect(boxes()).toHaveLength(0);
});

test('a reach that is answered slowly takes all that it finds', async () => {
  const slow = (): Promise<(typeof one)[]> =>
    new Promise((resolve) => {
      setTimeout(resolve, 4_000, [one, two, sentView(3, 100)]);
    });
  worker.on('sweepList', slow);
  await click(document.querySelectorAll<HTMLElement>('input[type=radio]')[2]);
  await act(() => model.refresh());
  await settle(5_000);
  expect(boxes().map(({ checked }) => checked)).toEqual([true, true, true]);
  expect(button('Recall 3 messages')).toBeDefined();
});

test('a reach that was chosen meanwhile is none of the list that was looked at before', async () => {
  const later: (() => void)[] = [];
  worker.on('sweepList', async (wish) => {
    if (wish.of === 'time' && wish.seconds === 120) return [one, two, sentView(3, 100)];
    await new Promise<void>((resolve) => later.push(resolve));
    return [one, two];
  });
  await act(() => model.refresh());
  await settle();
  await click(document.querySelectorAll<HTMLElement>('input[type=radio]')[2]);
  await settle(10_000);
  for (const answer of later) answer();
  await settle();
  expect(boxes().map(({ checked }) => checked)).toEqual([true, true, true]);
});

test('only what stays ticked is recalled', async () => {
  await click(boxes()[0]);
  await click(button('Recall 1 message'));
  expect(asked('sweepStart')).toEqual([{ sweep: named, refs: [refOf(two)], openFor: 0 }]);
});

test('nothing chosen recalls nothing', async () => {
  for (const box of boxes()) await click(box);
  await click(button('Nothing chosen'));
  expect(asked('sweepStart')).toEqual([]);
});

describe('of what was asked for before', () => {
  const asIs = (progress: ProgressView): typeof one => ({ ...two, progress });
  const refused = asIs({ state: 'refused', why: 'switched-off' });

  async function list(...items: (typeof one)[]): Promise<void> {
    worker.on('sweepList', () => Promise.resolve(items));
    await act(() => model.refresh());
    await settle();
  }
  const second = (): string | undefined => document.querySelectorAll('li')[1]?.textContent;

  test('nothing is asked again that was refused for good; its row says why', async () => {
    await list(one, refused);
    expect(boxes().map(({ checked, disabled }) => [checked, disabled])).toEqual([
      [true, false],
      [false, true],
    ]);
    expect(second()).toContain('switched recalls off');
    expect(document.querySelectorAll('.left')).toHaveLength(1);
    await click(boxes()[1]);
    await click(button('Recall 1 message'));
    expect(asked('sweepStart')).toEqual([{ sweep: named, refs: [refOf(one)], openFor: 0 }]);
  });

  test('nothing is taken that is under way already; its row says so', async () => {
    await list(one, asIs({ state: 'asking' }));
    expect(boxes().map(({ checked, disabled }) => checked && !disabled)).toEqual([true, false]);
    expect(second()).toContain('Recalling…');
    await list(one, asIs({ state: 'waiting' }));
    expect(second()).toContain('Waiting for the connection');
    expect(button('Recall 1 message')).toBeDefined();
  });

  test('what may be tried again is taken, and says how it went', async () => {
    await list(one, asIs({ state: 'refused', why: 'too-many' }));
    expect(boxes().map(({ checked, disabled }) => checked && !disabled)).toEqual([true, true]);
    expect(second()).toContain('fewer requests');
    expect(document.querySelectorAll('.left')).toHaveLength(2);
  });

  test('what can be taken again while the list is read is not taken along unread', async () => {
    await list(one, asIs({ state: 'waiting' }));
    await settle(10_000);
    await list(one, asIs({ state: 'refused', why: 'unreachable' }));
    expect(boxes().map(({ checked, disabled }) => [checked, disabled])).toEqual([
      [true, false],
      [false, false],
    ]);
  });

  test('what cannot be taken takes no place of what one sweep holds', async () => {
    const many = Array.from({ length: mostSwept }, (_, n) => sentView(n + 10, 10));
    await list(refused, ...many);
    expect(button(`Recall ${mostSwept} messages`)).toBeDefined();
  });
});

test('one message and its copies are looked at as such, whatever was sent besides', async () => {
  render(null, document.body);
  worker.on('sweepList', (wish) => Promise.resolve(wish.of === 'refs' ? [one] : [two]));
  model.sweep(one);
  await act(() => {
    render(<Sweep model={model} />, document.body);
  });
  await settle();
  expect(asked('sweepList').slice(1)).toEqual([
    { of: 'refs', refs: [refOf(one)], openFor: 0 },
    { of: 'twins', ref: refOf(one), accounts: [account], openFor: 0 },
  ]);
  expect(document.querySelector('h2')?.textContent).toBe('The same text in several chats');
  expect(document.querySelector('input[type=radio]')).toBeNull();
  expect(asked('sweepStart')).toEqual([]);
  await click(button('Recall 2 messages'));
  expect(asked('sweepStart')).toEqual([
    { sweep: named, refs: [refOf(one), refOf(two)], openFor: 0 },
  ]);
});

test('copies whose time is over are said to be so', async () => {
  render(null, document.body);
  worker.on('sweepList', () => Promise.resolve([]));
  model.sweep(one);
  await act(() => {
    render(<Sweep model={model} />, document.body);
  });
  await settle();
  expect(document.body.textContent).toContain('None of them can be recalled any more.');
});

describe('a sweep under way', () => {
  beforeEach(() => click(button('Recall 2 messages')));

  test('shows what became of each, and at the end of all', async () => {
    view = {
      isOver: true,
      isStopped: false,
      items: [
        { account, id: one.id, progress: { state: 'accepted' } },
        { account, id: two.id, progress: { state: 'refused', why: 'too-late' } },
      ],
    };
    await settle(500);
    const [first, second] = document.querySelectorAll('li');
    expect(first?.textContent).toContain('You recalled a message');
    expect(first?.textContent).not.toContain(one.excerpt);
    expect(second?.textContent).toContain('Too late');
    expect(document.querySelector('.sweep-outcome')?.textContent).toBe('1 of 2 messages recalled.');
    const polls = asked('sweepState').length;
    await settle(5_000);
    expect(asked('sweepState')).toHaveLength(polls);
  });

  test('leaves the focus in it when what was pressed is gone', async () => {
    button('Stop')?.focus();
    view = { isOver: true, isStopped: true, items: [] };
    await settle(500);
    expect(document.activeElement).toBe(document.querySelector('h2'));
  });

  test('speaks of one message where it was one', async () => {
    const item = { account, id: one.id, progress: { state: 'accepted' } } as const;
    view = { isOver: true, isStopped: false, items: [item] };
    await settle(500);
    expect(document.querySelector('.sweep-outcome')?.textContent).toBe('1 of 1 message recalled.');
  });

  test('can be stopped', async () => {
    await click(button('Stop'));
    expect(asked('sweepStop')).toEqual([nameOnly()]);
  });

  test('shows no word of a message that somebody else recalled meanwhile', async () => {
    const refused = (why: 'too-late' | 'already-recalled') =>
      ({ account, id: one.id, progress: { state: 'refused', why } }) as const;
    view = { isOver: true, isStopped: false, items: [refused('too-late')] };
    await settle(500);
    const first = (): string | null | undefined => document.querySelector('li')?.textContent;
    expect(first()).toContain(one.excerpt);
    // Long after its end: whatever changes is news.
    view = { ...view, items: [refused('already-recalled')] };
    await act(() => model.refresh());
    await settle();
    expect(first()).not.toContain(one.excerpt);
  });

  test('goes on in the worker when it is left; nobody asks about it any more', async () => {
    await click(button('Back'));
    expect(model.isSweeping.value).toBe(false);
    render(null, document.body);
    await settle(500);
    const polls = asked('sweepState').length;
    await settle(5_000);
    expect(asked('sweepState')).toHaveLength(polls);
  });
});

test('a stop need not wait until the worker has answered the start', async () => {
  worker.on('sweepStart', () => new Promise(() => undefined));
  await click(button('Recall 2 messages'));
  await click(button('Stop'));
  expect(asked('sweepStop')).toEqual([nameOnly()]);
});

test('a list the worker did not answer for can be asked for again', async () => {
  const { promise: answered, resolve } = Promise.withResolvers<(typeof one)[]>();
  worker.on('sweepList', () => Promise.reject(new Error('gone')));
  await click(document.querySelectorAll<HTMLElement>('input[type=radio]')[2]);
  expect(isUnanswered()).toBe(true);
  worker.on('sweepList', () => answered);
  button('Try again')?.focus();
  await click(button('Try again'));
  resolve([one]);
  await settle();
  expect(isUnanswered()).toBe(false);
  expect(button('Recall 1 message')).toBeDefined();
  // What was pressed is gone.
  expect(document.activeElement).toBe(document.querySelector('h2'));
});

describe('a sweep whose worker does not answer', () => {
  const gone = (): Promise<never> => Promise.reject(new Error('gone'));
  const accepted = { state: 'accepted' } as const;
  const over: SweepView = {
    isOver: true,
    isStopped: false,
    items: [one, two].map(({ id }) => ({ account, id, progress: accepted })),
  };

  test('as its answer to the start was lost is asked for by the same name, and followed', async () => {
    worker.on('sweepStart', gone);
    await click(button('Recall 2 messages'));
    expect(isUnanswered()).toBe(true);
    expect(model.announcer.now.value?.words.text).toContain('Unsay did not answer');
    worker.on('sweepStart', () => Promise.resolve(undefined));
    view = over;
    await settle(1_000);
    const [first, ...more] = asked('sweepStart');
    expect(first).toMatchObject({ sweep: named, refs: [refOf(one), refOf(two)] });
    expect(more).toEqual([first]);
    expect(isUnanswered()).toBe(false);
    expect(document.querySelector('.sweep-outcome')?.textContent).toBe('2 of 2 messages recalled.');
  });

  test('to its start can be stopped, and is not asked for any more', async () => {
    worker.on('sweepStart', gone);
    await click(button('Recall 2 messages'));
    view = { isOver: true, isStopped: true, items: [] };
    await click(button('Stop'));
    expect(asked('sweepStop')).toEqual([nameOnly()]);
    await settle(60_000);
    expect(asked('sweepStart')).toHaveLength(1);
    expect(isUnanswered()).toBe(false);
    expect(document.body.textContent).not.toContain('Recalling');
    expect(document.querySelector('li')?.textContent).toContain('You stopped this recall');
    expect(document.querySelector('.sweep-outcome')?.textContent).toBe('0 of 2 messages recalled.');
  });

  test('to a stop is asked again to stop', async () => {
    await click(button('Recall 2 messages'));
    worker.on('sweepStop', gone);
    await click(button('Stop'));
    expect(isUnanswered()).toBe(true);
    worker.on('sweepStop', () => Promise.resolve(undefined));
    await settle(1_000);
    expect(asked('sweepStop')).toEqual([nameOnly(), nameOnly()]);
    expect(isUnanswered()).toBe(false);
    await settle(5_000);
    expect(asked('sweepStop')).toHaveLength(2);
  });

  test('once is followed all the same', async () => {
    await click(button('Recall 2 messages'));
    worker.on('sweepState', gone);
    await settle(500);
    expect(isUnanswered()).toBe(true);
    worker.on('sweepState', () => Promise.resolve(view));
    await settle(1_000);
    expect(isUnanswered()).toBe(false);
    view = over;
    await settle(500);
    expect(document.querySelector('.sweep-outcome')).not.toBeNull();
    expect(asked('sweepStart')).toHaveLength(1);
  });

  test('is asked less and less often, or at once when somebody wants it', async () => {
    await click(button('Recall 2 messages'));
    worker.on('sweepState', gone);
    await settle(60_000);
    const polls = asked('sweepState').length;
    expect(polls).toBeGreaterThan(6);
    expect(polls).toBeLessThan(16);
    worker.on('sweepState', () => Promise.resolve(over));
    await click(button('Try again'));
    expect(asked('sweepState')).toHaveLength(polls + 1);
    expect(document.querySelector('.sweep-outcome')).not.toBeNull();
    expect(isUnanswered()).toBe(false);
  });
});

test('a sweep of more messages than one question takes recalls the first of them', async () => {
  const many = Array.from({ length: mostSwept + 1 }, (_, n) => sentView(n, 10));
  worker.on('sweepList', () => Promise.resolve(many));
  await act(async () => {
    await model.refresh();
  });
  await settle(100);
  await click([...document.querySelectorAll<HTMLElement>('button.main')][0]);
  expect(asked('sweepStart')).toHaveLength(1);
});
