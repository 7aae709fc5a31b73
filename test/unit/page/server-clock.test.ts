import { expect, it } from 'vitest';
import { carryOn } from '../../../src/page/server-clock.ts';

/** The computer's clocks, set by hand; ms. */
function clocks() {
  const at = { wall: 1_000_000, steady: 5000 };
  return { at, readings: { wall: () => at.wall, steady: () => at.steady } };
}
const time = { serverNow: 9_000_000, clock: 1_000_000 };

it('carries server time on, whatever this computer’s clock says', () => {
  const { at, readings } = clocks();
  const clock = carryOn(time, readings);
  expect(clock.now()).toBe(9_000_000);
  at.wall += 1500;
  at.steady += 1500;
  expect(clock.now()).toBe(9_001_500);
  expect(clock.isDoubtful()).toBe(false);
});

it('takes into account that the reading is some time old', () => {
  const { at, readings } = clocks();
  at.wall += 400;
  expect(carryOn(time, readings).now()).toBe(9_000_400);
});

it.each([
  ['the clock was set back', { wall: -3_600_000, steady: 1000 }, 9_001_000],
  ['the clock was set forward', { wall: 3_600_000, steady: 1000 }, 12_600_000],
  ['the computer slept', { wall: 60_000, steady: 0 }, 9_060_000],
])('never promises more time than there is, and has its doubts, when %s', (_, passed, now) => {
  const { at, readings } = clocks();
  const clock = carryOn(time, readings);
  at.wall += passed.wall;
  at.steady += passed.steady;
  expect(clock.now()).toBe(now);
  expect(clock.isDoubtful()).toBe(true);
});
