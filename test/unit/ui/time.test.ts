import { expect, test } from 'vitest';
import { clockTime, countdown, isoTime, serverTime, timeOfDay } from '../../../src/ui/time.ts';

const time = { serverNow: 5_000, clock: 905_000 };

test('server time goes on with the clock, however wrong the clock is', () => {
  expect(serverTime(time, 915_500)).toBe(15_500);
  expect(clockTime(time, 15_500)).toBe(915_500);
});

test.each([
  [120_000, '2:00'],
  [119_001, '2:00'],
  [59_000, '0:59'],
  [1, '0:01'],
  [0, '0:00'],
  [-5_000, '0:00'],
  [3_600_000, '1:00:00'],
  [604_800_000, '168:00:00'],
])('%i ms left are shown as %s', (left, shown) => {
  expect(countdown(left)).toBe(shown);
});

test('a time of another day comes with its date', () => {
  const now = new Date(2026, 4, 7, 12, 3).getTime();
  expect(timeOfDay(now, now, 'en-GB')).toBe('12:03');
  expect(timeOfDay(now - 86_400_000, now, 'en-GB')).toBe('6 May, 12:03');
});

test('a number that is no moment is shown as nothing', () => {
  expect(timeOfDay(1e300, 0, 'en')).toBe('');
  expect(isoTime(Number.NaN)).toBe('');
});
