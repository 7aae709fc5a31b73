// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { ReceiptView } from '../../../src/contract/views.ts';
import { PopupModel } from '../../../src/popup/model.ts';
import { SentList } from '../../../src/popup/sent-list.tsx';
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

const recalled = sentView(1, 10, {
  excerpt: '',
  placeholder: { key: 'you', who: '', whose: '' },
});

const kept: ReceiptView = { askedAt: start, endedAt: start, outcome: { ok: true, at: start } };

let worker: FakeWorker;
let model: PopupModel;
let receipt: ReceiptView | 'off' | undefined;

beforeEach(() => {
  fakeBrowser.reset();
  vi.useFakeTimers({ now: clockAtStart, toFake: ['Date'] });
  speak('en');
  worker = startWorker();
  worker.on('receiptOf', () => Promise.resolve(receipt));
  receipt = kept;
  model = new PopupModel();
});

afterEach(() => {
  render(null, document.body);
  vi.useRealTimers();
});

async function show(sent = recalled): Promise<void> {
  worker.on('glance', () => Promise.resolve(glanceOf([sent])));
  await act(async () => {
    await model.refresh();
    render(<SentList model={model} />, document.body);
  });
}

async function unfold(): Promise<void> {
  const details = document.querySelector('details');
  if (!details) throw new Error('There is nothing to unfold.');
  await act(() => {
    details.open = true;
    details.dispatchEvent(new Event('toggle'));
  });
}

async function seen(sentences: readonly unknown[]): Promise<void> {
  await vi.waitFor(() => {
    const said = [...document.querySelectorAll('.receipt p')].map((one) => one.textContent);
    expect(said).toEqual(sentences);
  });
}

const asked = (): unknown[] =>
  worker.asked.filter(({ question }) => question === 'receiptOf').map(({ content }) => content);

test('a recall of mine unfolds to what was seen of it, and nobody asks before', async () => {
  await show();
  expect(document.querySelector('summary')?.textContent).toBe('You recalled a message');
  expect(asked()).toEqual([]);
  await unfold();
  const time = new Intl.DateTimeFormat('en', { hour: 'numeric', minute: '2-digit' });
  await seen([
    // On this computer's clock, which is an hour ahead.
    `The service recalled it at ${time.format(clockAtStart)}.`,
    'Others may have seen it before.',
  ]);
  expect(asked()).toEqual([{ account, conversation: recalled.conversation, id: recalled.id }]);
});

test('what is seen of it later is told as soon as it is known', async () => {
  await show();
  await unfold();
  await seen([expect.any(String), expect.any(String)]);
  receipt = { ...kept, verifiedAt: start, noticedAt: start };
  await act(() => model.refresh());
  await seen([
    expect.any(String),
    expect.stringContaining("in the service's own history"),
    expect.stringContaining('notice of the recall was seen'),
    'Others may have seen it before.',
  ]);
});

test('what unfolds is brought into sight, and nothing moves by what is seen later', async () => {
  const scrolled = vi.spyOn(Element.prototype, 'scrollIntoView');
  await show();
  await unfold();
  await seen([expect.any(String), expect.any(String)]);
  // While it is looked up, and when it is told.
  const row = document.querySelector('li');
  expect(scrolled.mock.contexts).toEqual([row, row]);
  expect(scrolled.mock.calls).toEqual([[{ block: 'nearest' }], [{ block: 'nearest' }]]);
  receipt = { ...kept, verifiedAt: start };
  await act(() => model.refresh());
  await seen([expect.any(String), expect.any(String), expect.any(String)]);
  expect(scrolled).toHaveBeenCalledTimes(2);
});

test('a recall made elsewhere has no receipt, and none is made up', async () => {
  receipt = undefined;
  await show();
  await unfold();
  await seen([expect.stringContaining('no record of this recall')]);
});

test('where a policy forbids the log, that is why there is no receipt', async () => {
  receipt = 'off';
  await show();
  await unfold();
  await seen(['Whoever manages this browser switched the record of your recalls off.']);
});

test('what somebody else recalled of mine does not unfold', async () => {
  await show({
    ...recalled,
    placeholder: { key: 'someoneYours', who: 'Ann', whose: '' },
  });
  expect(document.querySelector('.placeholder')?.textContent).toBe('Ann recalled your message');
  expect(document.querySelector('details')).toBeNull();
});

test('a worker that does not answer is said to be silent', async () => {
  worker.on('receiptOf', () => Promise.reject(new Error('gone')));
  await show();
  await unfold();
  await seen([expect.stringContaining('did not answer')]);
});
