// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { afterPaint } from '../../../src/ui/after-paint.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('waits for the frame, and is called once', async () => {
  const called = Promise.withResolvers<undefined>();
  const work = vi.fn(() => {
    called.resolve(undefined);
  });
  afterPaint(work);
  expect(work).not.toHaveBeenCalled();
  vi.advanceTimersByTime(16);
  await called.promise;
  vi.advanceTimersByTime(1_000);
  expect(work).toHaveBeenCalledOnce();
});

test('does not wait for a frame that never comes, as in a tab in the background', () => {
  vi.stubGlobal('requestAnimationFrame', () => 0);
  const work = vi.fn();
  afterPaint(work);
  vi.advanceTimersByTime(99);
  expect(work).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(work).toHaveBeenCalledOnce();
});
