// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { guardClicks, settleTime, type ClickGuard } from '../../../src/page/click-guard.ts';

let host: HTMLElement;
let inside: ShadowRoot;
let button: HTMLButtonElement;
let guard: ClickGuard;
let box: DOMRect;
let onTop: { outside: Element | null; inside: Element | null };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  host = document.createElement('div');
  inside = host.attachShadow({ mode: 'closed' });
  button = document.createElement('button');
  inside.append(button);
  document.body.append(host);
  box = new DOMRect(10, 10, 80, 24);
  button.getBoundingClientRect = () => box;
  onTop = { outside: host, inside: button };
  document.elementFromPoint = () => onTop.outside;
  inside.elementFromPoint = () => onTop.inside;
  guard = guardClicks(button, host, inside);
});
afterEach(() => {
  guard.stop();
  document.body.replaceChildren();
  vi.useRealTimers();
});

interface Click {
  isTrusted?: boolean;
  detail?: number;
  clientX?: number;
  clientY?: number;
}
/** A click as the browser makes it, except where told otherwise; scripts cannot make such. */
const click = (how: Click = {}): MouseEvent =>
  ({ isTrusted: true, detail: 1, clientX: 50, clientY: 20, ...how }) as MouseEvent;

it('lets a click through that a person made on a control that stood still', () => {
  vi.advanceTimersByTime(settleTime);
  expect(guard.allows(click(), button)).toBe(true);
});

it('lets none through on a control that was moved away and back', () => {
  vi.advanceTimersByTime(settleTime);
  guard.unsettle();
  vi.advanceTimersByTime(settleTime - 1);
  expect(guard.allows(click(), button)).toBe(false);
  vi.advanceTimersByTime(1);
  expect(guard.allows(click(), button)).toBe(true);
});

it('lets the keyboard through, whose clicks have no point', () => {
  vi.advanceTimersByTime(settleTime);
  expect(guard.allows(click({ detail: 0, clientX: 0, clientY: 0 }), button)).toBe(true);
});

it.each([
  ['made by a script', { isTrusted: false }],
  ['beside the button', { clientX: 200 }],
])('refuses a click %s', (_, how) => {
  vi.advanceTimersByTime(settleTime);
  expect(guard.allows(click(how), button)).toBe(false);
});

it('refuses a click on a control that has just come or just moved', () => {
  expect(guard.allows(click(), button)).toBe(false);
  vi.advanceTimersByTime(settleTime);
  box = new DOMRect(10, 14, 80, 24);
  expect(guard.allows(click(), button)).toBe(false);
  vi.advanceTimersByTime(settleTime - 1);
  expect(guard.isSettled()).toBe(false);
  vi.advanceTimersByTime(1);
  expect(guard.allows(click(), button)).toBe(true);
});

it('refuses a click where something else lies on top', () => {
  vi.advanceTimersByTime(settleTime);
  onTop.outside = document.body;
  expect(guard.allows(click(), button)).toBe(false);
  onTop = { outside: host, inside: null };
  expect(guard.allows(click(), button)).toBe(false);
});
