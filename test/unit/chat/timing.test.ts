import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BackOff } from '../../../src/chat/tencent/back-off.ts';
import { Pace } from '../../../src/chat/tencent/pace.ts';
import { ServerClock } from '../../../src/chat/tencent/server-clock.ts';

describe('the server’s clock', () => {
  let wall = 0;
  let steady = 0;
  const pass = (ms: number): void => {
    wall += ms;
    steady += ms;
  };
  const make = (): ServerClock => new ServerClock({ wall: () => wall, steady: () => steady });

  beforeEach(() => {
    wall = 1_700_000_000_000;
    steady = 500;
  });

  test('is unknown until the service told the time', () => {
    expect(make().now()).toBeUndefined();
    expect(make().isDoubtful()).toBe(false);
  });

  test('runs on from what the service told', () => {
    const clock = make();
    clock.set(2_000);
    pass(1_500);
    expect(clock.now()).toBe(3_500);
    expect(clock.isDoubtful()).toBe(false);
  });

  test.each([3_600_000, -3_600_000])('does not move with a step of %i ms, but doubts', (step) => {
    const clock = make();
    clock.set(2_000);
    wall += step;
    pass(100);
    expect(clock.now()).toBe(2_100);
    expect(clock.isDoubtful()).toBe(true);
    clock.set(2_100);
    expect(clock.isDoubtful()).toBe(false);
  });

  test('does not doubt for small corrections', () => {
    const clock = make();
    clock.set(2_000);
    wall += 900;
    expect(clock.isDoubtful()).toBe(false);
  });
});

describe('backing off', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('waits longer and longer, up to half a minute', () => {
    const backOff = new BackOff();
    const waits: number[] = [];
    for (let index = 0; index < 8; index += 1) {
      const start = Date.now();
      backOff.schedule(() => {
        waits.push((Date.now() - start) / 1_000);
      });
      vi.runAllTimers();
    }
    for (const [index, seconds] of [1, 2, 4, 8, 16, 30, 30, 30].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(seconds * 0.89);
      expect(waits[index]).toBeLessThanOrEqual(seconds * 1.11);
    }
    expect(backOff.attempts).toBe(8);
  });

  test('does what is scheduled once, at once when hurried', () => {
    const backOff = new BackOff();
    const act = vi.fn();
    backOff.schedule(act);
    backOff.hurry();
    expect(act).toHaveBeenCalledTimes(1);
    vi.runAllTimers();
    expect(act).toHaveBeenCalledTimes(1);
  });

  test('hurried while nothing is scheduled, it does not let the next thing wait', () => {
    const backOff = new BackOff();
    const act = vi.fn();
    backOff.hurry();
    backOff.schedule(act);
    vi.advanceTimersByTime(1);
    expect(act).toHaveBeenCalledTimes(1);
    backOff.schedule(act);
    vi.advanceTimersByTime(1);
    expect(act).toHaveBeenCalledTimes(1);
  });

  test('what is hurried may schedule the next', () => {
    const backOff = new BackOff();
    const act = vi.fn();
    backOff.schedule(() => {
      backOff.schedule(act);
    });
    backOff.hurry();
    expect(act).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(act).toHaveBeenCalledTimes(1);
  });

  test('forgets what was scheduled and starts anew when reset', () => {
    const backOff = new BackOff();
    const act = vi.fn();
    backOff.schedule(act);
    backOff.reset();
    vi.runAllTimers();
    expect(act).not.toHaveBeenCalled();
    expect(backOff.attempts).toBe(0);
  });
});

test('a pace lets no more through than it allows, and bursts at once', async () => {
  let now = 0;
  const wait = (ms: number): Promise<void> => {
    now += ms;
    return Promise.resolve();
  };
  const pace = new Pace(3, 1_000, wait, () => now);
  const times: number[] = [];
  for (let index = 0; index < 7; index += 1) {
    await pace.next();
    times.push(now);
  }
  expect(times).toEqual([0, 0, 0, 1_000, 1_000, 1_000, 2_000]);
});
