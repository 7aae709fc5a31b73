import type { TimeView } from '../contract/views.ts';
import { serverTime } from '../ui/time.ts';

/** Two clocks of this computer, both ms; one can be set, the other stops while the computer sleeps. */
export interface Readings {
  readonly wall: () => number;
  readonly steady: () => number;
}

export const ownReadings: Readings = {
  wall: () => Date.now(),
  steady: () => performance.now(),
};

/** Clocks that drift apart by more than this (ms) say that one was set, or that we slept. */
const suspicious = 2000;

/** Server time, carried on from one reading of it. */
export interface ServerClock {
  /** Server ms. Of two clocks that disagree the later one: rather too late than promised too long. */
  now(): number;
  /** Whether the computer's clocks disagree, so that the time should be asked for again. */
  isDoubtful(): boolean;
}

/** Carries the worker's reading of server time on by this computer's clocks. */
export function carryOn(time: TimeView, readings: Readings): ServerClock {
  const wall = readings.wall();
  const steady = readings.steady();
  const server = serverTime(time, wall);
  return {
    now: () => server + Math.max(readings.wall() - wall, readings.steady() - steady),
    isDoubtful: () => Math.abs(readings.wall() - wall - (readings.steady() - steady)) > suspicious,
  };
}
