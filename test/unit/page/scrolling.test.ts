// @vitest-environment happy-dom
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fakeTime, plainRow, startDecorated, type Decorated } from './decorated.ts';
import { scrollAway } from './fake-screen.ts';
import { FakeWorker, settle } from './fake-worker.ts';

/** By then (ms) what is far away is gone. */
const goneAfter = 6000;

let page: Decorated;
let list: HTMLUListElement;

beforeEach(() => {
  fakeTime();
  start();
});
afterEach(stop);

function start(): void {
  document.body.replaceChildren();
  list = document.createElement('ul');
  document.body.append(list);
}

function stop(): void {
  page.life.abort();
  vi.useRealTimers();
}

/** A page with these messages of mine. */
async function open(...ids: readonly string[]): Promise<HTMLLIElement[]> {
  const worker = new FakeWorker();
  for (const id of ids) worker.mine(id, 60);
  const rows = ids.map((id) => plainRow(id));
  list.append(...rows);
  page = startDecorated(worker);
  await settle();
  return rows;
}

const hasControl = (row: Element | undefined): boolean =>
  row?.querySelector('[data-unsay=control]') !== null;

function scroll(element: Element = list): void {
  element.dispatchEvent(new Event('scroll'));
}

/** Scrolls on and on, a frame at a time. */
async function scrollFor(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 16) {
    scroll();
    await settle(16);
  }
}

it('leaves the list as it is until it rests', async () => {
  const [gone, came] = await open('1-1-1', '1-1-2');
  if (!gone || !came) throw new Error('There are no rows.');
  scrollAway(came);
  await settle(goneAfter);
  const told = vi.fn();
  new MutationObserver(told).observe(list, { subtree: true, childList: true, attributes: true });
  scroll();
  scrollAway(gone);
  scrollAway(came, false);
  await scrollFor(800);
  expect(told).not.toHaveBeenCalled();
  expect([gone, came].map(hasControl)).toEqual([true, false]);
  await settle();
  expect([gone, came].map(hasControl)).toEqual([false, true]);
});

it('reads no place while the list moves, and puts the controls right when it rests', async () => {
  const [row] = await open('1-1-1');
  const read = vi.fn(() => new DOMRect());
  const bubble = row?.querySelector('.bubble');
  if (bubble) bubble.getBoundingClientRect = read;
  await scrollFor(500);
  expect(read).not.toHaveBeenCalled();
  await settle(300);
  expect(read).toHaveBeenCalled();
});

it('has no click count on a control that moves with its row', async () => {
  await open('1-1-1');
  expect(page.guard.unsettled).toBe(0);
  scroll();
  expect(page.guard.unsettled).toBe(1);
  // Often enough: one would count after 300 ms.
  await scrollFor(1000);
  expect(page.guard.unsettled).toBeGreaterThan(10);
  const { unsettled } = page.guard;
  scroll();
  await settle(1000);
  expect(page.guard.unsettled).toBeGreaterThan(unsettled);
});

it('waits for a row that the page brings while it scrolls', async () => {
  await open('1-1-1');
  page.worker.mine('1-1-2', 60);
  const row = plainRow('1-1-2');
  list.append(row);
  await scrollFor(800);
  expect(hasControl(row)).toBe(false);
  await settle();
  expect(hasControl(row)).toBe(true);
});

it('waits for nothing while somebody goes from control to control', async () => {
  const [first, next] = await open('1-1-1', '1-1-2');
  if (!first || !next) throw new Error('There are no rows.');
  scrollAway(next);
  await settle(goneAfter);
  page.button(first)?.focus();
  scroll();
  scrollAway(next, false);
  await settle(16);
  expect(hasControl(next)).toBe(true);
});

it('does not wait for ever where a list never rests', async () => {
  const [row] = await open('1-1-1');
  if (!row) throw new Error('There is no row.');
  scrollAway(row);
  await settle(goneAfter);
  scroll();
  scrollAway(row, false);
  await scrollFor(6000);
  expect(hasControl(row)).toBe(true);
});

it('is not held up by what scrolls elsewhere', async () => {
  const [row] = await open('1-1-1');
  if (!row) throw new Error('There is no row.');
  const other = document.createElement('div');
  document.body.append(other);
  scrollAway(row);
  await settle(goneAfter);
  scroll(other);
  scrollAway(row, false);
  await settle(16);
  expect(hasControl(row)).toBe(true);
  expect(page.guard.unsettled).toBe(0);
});

it('has a control on exactly the rows that are near when it rests, whatever was before', async () => {
  const ids = ['1-1-1', '1-1-2', '1-1-3'];
  const step = fc.record({
    row: fc.nat(ids.length - 1),
    isAway: fc.boolean(),
    isScrolled: fc.boolean(),
    wait: fc.constantFrom(0, 16, 99, 101, 400),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      fakeTime();
      start();
      const rows = await open(...ids);
      const isAway = ids.map(() => false);
      for (const { row: at, isScrolled, wait, ...how } of steps) {
        const row = rows[at];
        if (!row) throw new Error('There is no such row.');
        isAway[at] = how.isAway;
        if (isScrolled) scroll();
        scrollAway(row, how.isAway);
        await settle(wait);
      }
      await settle(goneAfter);
      expect(rows.map((row) => !hasControl(row))).toEqual(isAway);
      stop();
    }),
    { numRuns: 60 },
  );
});
