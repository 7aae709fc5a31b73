// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { defaultManners } from '../../../src/message/manners.ts';
import { defaultNotices } from '../../../src/message/notices.ts';
import { OptionsModel } from '../../../src/options/model.ts';
import { Options } from '../../../src/options/options.tsx';
import { glanceOf, speak, startWorker } from '../ui/fake-extension.ts';

let model: OptionsModel;

beforeEach(async () => {
  fakeBrowser.reset();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  speak('en');
  const worker = startWorker();
  worker.on('account', () => Promise.resolve(undefined));
  worker.on('glance', () => Promise.resolve(glanceOf([])));
  worker.on('sites', () => Promise.resolve([]));
  worker.on('manners', () => Promise.resolve(defaultManners));
  worker.on('notices', () => Promise.resolve(defaultNotices));
  worker.on('dataSettings', () => Promise.resolve({ keepsHistory: false, keptDays: 7 }));
  model = new OptionsModel();
  await act(async () => {
    await model.refresh();
    render(<Options model={model} />, document.body);
  });
});

afterEach(() => {
  render(null, document.body);
  vi.useRealTimers();
});

const saved = (): Promise<void> => act(() => model.keep(() => Promise.resolve()));
const failed = (): Promise<void> => act(() => model.keep(() => Promise.reject(new Error('gone'))));
const pass = (ms: number): Promise<void> =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(ms);
  });
const toast = (): HTMLElement | null => document.querySelector('.toast');
const point = (how: 'pointerenter' | 'pointerleave'): Promise<void> =>
  act(() => {
    toast()?.dispatchEvent(new PointerEvent(how));
  });
const status = (): string | undefined => document.querySelector('[role=status]')?.textContent;
const press = (name: string): Promise<void> =>
  act(() => {
    [...document.querySelectorAll('button')]
      .find(({ textContent }) => textContent === name)
      ?.click();
  });

test('what is told goes when there was time to read it, and is read out once', async () => {
  await saved();
  expect([toast()?.textContent, status()]).toEqual(['Saved.', 'Saved.']);
  await pass(4_900);
  expect(toast()).not.toBeNull();
  await pass(1_000);
  expect([toast(), status()]).toEqual([null, 'Saved.']);
  expect(document.querySelectorAll('[role=status], [role=alert], [aria-live]')).toHaveLength(1);
});

test('what is told has its time anew when the same is told again', async () => {
  await saved();
  await pass(4_000);
  await saved();
  await pass(4_000);
  expect(toast()?.textContent).toBe('Saved.');
  await pass(2_000);
  expect(toast()).toBeNull();
});

test('what is told stays for longer where there is more to read', async () => {
  const long = 'A sentence that takes a while. '.repeat(5);
  await act(() => {
    model.say(long);
  });
  await pass(15_000);
  expect(toast()?.textContent).toBe(long);
});

test('what is told stays while the pointer is on it', async () => {
  await saved();
  await point('pointerenter');
  await pass(60_000);
  expect(toast()?.textContent).toBe('Saved.');
  await point('pointerleave');
  await pass(6_000);
  expect(toast()).toBeNull();
});

test('what is told stays when it tells of a failure, until that is dismissed', async () => {
  await failed();
  await pass(60_000);
  expect(toast()?.textContent).toContain('Unsay did not answer.');
  await press('Dismiss');
  expect(toast()).toBeNull();
});

test('what is told gives way to a form that says what is wrong', async () => {
  await saved();
  await press('Sign in');
  expect(document.querySelectorAll('.failure')).toHaveLength(3);
  expect(toast()).toBeNull();
  await saved();
  await press('Turn on');
  expect(document.querySelectorAll('.failure')).toHaveLength(4);
  expect(toast()).toBeNull();
});
