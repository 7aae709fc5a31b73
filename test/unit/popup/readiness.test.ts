import { expect, test } from 'vitest';
import { readinessOf } from '../../../src/popup/readiness.ts';
import { account, glanceOf, sentView, start } from '../ui/fake-extension.ts';

const rightClock = { time: { serverNow: start, clock: start + 3_000 } };

test('all is ready when everybody is connected, nothing waits and the clock is right', () => {
  expect(readinessOf(glanceOf([sentView(1, 10)], {}, rightClock))).toEqual({ cause: 'ready' });
});

test('a connection that is missing counts before everything else but recalls that wait for it', () => {
  const lost = { id: account, state: { name: 'reconnecting' } } as const;
  const waiting = sentView(1, 10, { progress: { state: 'waiting' } });
  const { accounts } = glanceOf([]);
  const both = { accounts: [...accounts, lost] };
  expect(readinessOf(glanceOf([], both))).toEqual({ cause: 'connection', account: lost });
  expect(readinessOf(glanceOf([waiting], both))).toEqual({ cause: 'queue', count: 1 });
  expect(readinessOf(glanceOf([], { accounts: [] }))).toEqual({
    cause: 'connection',
    account: undefined,
  });
});

test('recalls that have not ended are counted', () => {
  const sent = [
    sentView(1, 10, { progress: { state: 'waiting' } }),
    sentView(2, 20, { progress: { state: 'asking' } }),
    sentView(3, 30, { progress: { state: 'accepted' } }),
  ];
  expect(readinessOf(glanceOf(sent))).toEqual({ cause: 'queue', count: 2 });
});

test.each([
  [240_000, 4],
  [-59 * 60_000, -59],
])('a clock that is off by %i ms is named in minutes', (off, minutes) => {
  const time = { serverNow: start, clock: start + off };
  expect(readinessOf(glanceOf([], {}, { time }))).toEqual({ cause: 'clock', minutes });
});

test('a role is told when all else is well, over all accounts, and never before what is wrong', () => {
  const powers = [{ name: 'Team', role: 'admin' as const }];
  const of = { ...rightClock, powers };
  expect(readinessOf(glanceOf([sentView(1, 10)], {}, of))).toEqual({ cause: 'role', powers });
  const waiting = sentView(1, 10, { progress: { state: 'waiting' } });
  expect(readinessOf(glanceOf([waiting], {}, of))).toEqual({ cause: 'queue', count: 1 });
});
