import type { TimeView } from '../contract/views.ts';

/** Server milliseconds at a reading of this computer's clock (ms). */
export function serverTime(time: TimeView, clock: number): number {
  return time.serverNow + (clock - time.clock);
}

/** A moment of server time (ms) on this computer's clock. */
export function clockTime(time: TimeView, server: number): number {
  return time.clock + (server - time.serverNow);
}

/** Milliseconds left as `m:ss`, or `h:mm:ss` from an hour on; never below `0:00`. */
export function countdown(left: number): string {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const end = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes % 60)}:${end}` : `${minutes}:${end}`;
}

/** How often (s) a time that is said counts down, so that nobody is told every second. */
const spokenEvery = 10;

/** Milliseconds left as they are said to those who listen: rounded up, so that they change seldom. */
export function spokenLeft(left: number): number {
  return Math.ceil(left / 1000 / spokenEvery) * spokenEvery * 1000;
}

/** A moment (ms) as machines write it; '' for a number that is no moment. */
export function isoTime(clock: number): string {
  const date = new Date(clock);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

/**
 * A time of day as people of `locale` write it, with the date when it is not the day of `now`; ''
 * for a number that is no moment. Both in ms of this computer's clock.
 */
export function timeOfDay(clock: number, now: number, locale: string): string {
  const date = new Date(clock);
  if (Number.isNaN(date.getTime())) return '';
  const isToday = date.toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat(locale, {
    ...(isToday ? {} : { month: 'short', day: 'numeric' }),
    hour: 'numeric',
    minute: '2-digit',
  }).format(date);
}
