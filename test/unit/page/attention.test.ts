// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeTime, plainRow, startDecorated, type Decorated } from './decorated.ts';
import { isWatched, scrollAway, touchScreen } from './fake-screen.ts';
import { FakeWorker, settle } from './fake-worker.ts';

/** Long enough (ms) for a pointer to have come to rest. */
const rest = 100;

let page: Decorated;
let worker: FakeWorker;
let list: HTMLUListElement;
/** What the pointer is on, as the browser would tell. */
let pointed: Element | undefined;

beforeEach(() => {
  fakeTime();
  pointed = undefined;
  // happy-dom has no pointer.
  vi.spyOn(document, 'querySelectorAll').mockImplementation((selectors: string) => {
    const root = document.documentElement;
    if (selectors !== ':hover') return root.querySelectorAll(selectors);
    return (pointed ? [pointed] : []) as never;
  });
  touchScreen(false);
  document.body.replaceChildren();
  list = document.createElement('ul');
  document.body.append(list);
  worker = new FakeWorker();
});
afterEach(() => {
  page.life.abort();
  touchScreen(true);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A page with these messages of mine. */
async function open<T extends readonly string[]>(
  ...ids: T
): Promise<{ [at in keyof T]: HTMLLIElement }> {
  for (const id of ids) worker.mine(id, 60);
  const rows = ids.map((id) => plainRow(id));
  list.append(...rows);
  page = startDecorated(worker);
  await settle();
  return rows as { [at in keyof T]: HTMLLIElement };
}

/** What a person does, or what a script makes of it. */
function act(event: Event, at: EventTarget = document.body, isTrusted = true): void {
  Object.defineProperty(event, 'isTrusted', { value: isTrusted });
  at.dispatchEvent(event);
}

const how = { bubbles: true, composed: true, pointerType: 'mouse' } as const;

function point(at: Element, pointerType = 'mouse', isTrusted = true): void {
  if (isTrusted) pointed = at;
  act(new PointerEvent('pointerover', { ...how, pointerType }), at, isTrusted);
}

/** The mouse leaves the window, or a finger is lifted. */
function leave(pointerType = 'mouse'): void {
  if (pointerType === 'mouse') pointed = undefined;
  act(new PointerEvent('pointerleave', { pointerType }), document.documentElement);
}

function tab(isTrusted = true): void {
  act(new KeyboardEvent('keydown', { ...how, key: 'Tab' }), document.body, isTrusted);
}

/** The rows on which a control can be seen. */
function seen(rows: readonly Element[]): number[] {
  return rows.flatMap((row, i) =>
    row.querySelector('[data-unsay=control]:not([data-under])') ? [i] : [],
  );
}

/** The rows in which there is one, seen or not. */
function present(rows: readonly Element[]): number[] {
  return rows.flatMap((row, i) => (row.querySelector('[data-unsay=control]') ? [i] : []));
}

describe('an offer to recall', () => {
  it('is on the row with the pointer, and on no other', async () => {
    const rows = await open('1-1-1', '1-1-2');
    expect(present(rows)).toEqual([]);
    const [first, second] = rows;
    point(first.firstElementChild ?? first);
    await settle(rest);
    expect(seen(rows)).toEqual([0]);
    expect(page.says(first)).toEqual(['Recall 1:00']);
    point(second);
    await settle(rest);
    expect(seen(rows)).toEqual([1]);
    page.press(second);
    expect(worker.recalls).toMatchObject([{ id: '1-1-2' }]);
  });

  it('does not come where the pointer only crosses', async () => {
    const rows = await open('1-1-1', '1-1-2', '1-1-3');
    for (const row of rows) {
      point(row);
      await settle(16);
    }
    await settle(rest);
    expect(present(rows)).toEqual([2]);
  });

  it('comes as soon to the next row behind a gap', async () => {
    const rows = await open('1-1-1', '1-1-2');
    point(rows[0]);
    await settle(rest);
    point(list);
    await settle(10);
    point(rows[1]);
    await settle(rest);
    expect(seen(rows)).toEqual([1]);
  });

  it('stays over a gap on the way to it, and is gone when the pointer does not come', async () => {
    const rows = await open('1-1-1');
    const [row] = rows;
    point(row);
    await settle(rest);
    point(list);
    await settle(200);
    point(row.querySelector('[data-unsay=control]') ?? row);
    await settle(1000);
    expect(seen(rows)).toEqual([0]);
    point(list);
    await settle(400);
    expect(seen(rows)).toEqual([]);
    await settle(6000);
    expect(present(rows)).toEqual([]);
  });

  it('is gone also while the pointer is moved about elsewhere', async () => {
    const rows = await open('1-1-1');
    const others = [document.createElement('p'), document.createElement('p')];
    document.body.append(...others);
    point(rows[0]);
    await settle(rest);
    for (let step = 0; step < 10; step += 1) {
      point(others[step % 2] ?? list);
      await settle(50);
    }
    expect(seen(rows)).toEqual([]);
  });

  it('has nothing read in a list that is scrolled under the pointer', async () => {
    const [, second] = await open('1-1-1', '1-1-2');
    list.dispatchEvent(new Event('scroll'));
    const read = vi.spyOn(window, 'getComputedStyle');
    point(second);
    await settle(80);
    expect(read).not.toHaveBeenCalled();
    read.mockRestore();
    await settle(200);
    expect(seen([second])).toEqual([0]);
  });

  it('is nowhere when the pointer leaves a list that is scrolled', async () => {
    const rows = await open('1-1-1', '1-1-2');
    list.dispatchEvent(new Event('scroll'));
    point(rows[1]);
    leave();
    await settle(1000);
    expect(present(rows)).toEqual([]);
  });

  it('comes to the row that is under the pointer in the end, of all that were scrolled past it', async () => {
    const rows = await open('1-1-1', '1-1-2', '1-1-3');
    point(rows[0]);
    await settle(rest);
    for (const row of [...rows, ...rows.slice(1)]) {
      list.dispatchEvent(new Event('scroll'));
      point(row);
      await settle(80);
      expect(seen(rows)).toEqual([0]);
    }
    await settle(200);
    expect(seen(rows)).toEqual([2]);
    point(rows[1]);
    await settle(rest);
    expect(seen(rows)).toEqual([1]);
  });

  it('has the browser look for no row in each of its frames, where a mouse is used', async () => {
    const rows = await open('1-1-1', '1-1-2');
    point(rows[0]);
    await settle(rest);
    expect(rows.map(isWatched)).toEqual([false, false]);
    tab();
    expect(rows.map(isWatched)).toEqual([true, true]);
    act(new PointerEvent('pointermove', { ...how, movementX: 3 }));
    expect(rows.map(isWatched)).toEqual([false, false]);
  });

  it('is seen without a break while it is pressed', async () => {
    const rows = await open('1-1-1');
    const [row] = rows;
    point(row);
    await settle(rest);
    worker.outcome = () => new Promise(() => undefined);
    page.press(row);
    expect(seen(rows)).toEqual([0]);
    await settle(rest);
    expect(page.says(row)).toEqual(['Recalling…']);
    expect(seen(rows)).toEqual([0]);
  });

  it('goes with the pointer that leaves the window', async () => {
    const rows = await open('1-1-1');
    const [row] = rows;
    point(row);
    await settle(rest);
    leave();
    await settle(400);
    expect(seen(rows)).toEqual([]);
  });

  it('counts on while it was not seen', async () => {
    const rows = await open('1-1-1', '1-1-2');
    const [first, second] = rows;
    point(first);
    await settle(rest);
    point(second);
    await settle(2000);
    point(first);
    await settle(rest);
    expect(seen(rows)).toEqual([0]);
    expect(page.says(first)).toEqual(['Recall 0:58']);
  });

  it('does not come at what a script makes of pointer and keys', async () => {
    const rows = await open('1-1-1');
    point(rows[0], 'mouse', false);
    tab(false);
    await settle(1000);
    expect(present(rows)).toEqual([]);
  });

  it('comes to a message that is sent under the pointer', async () => {
    const rows = await open('1-1-1');
    const fresh = plainRow('1-1-2');
    list.append(fresh);
    point(fresh);
    await settle(rest);
    worker.mine('1-1-2', 60);
    worker.tell({ kind: 'rows', ids: ['1-1-2'] });
    await settle(1000);
    expect(seen([...rows, fresh])).toEqual([1]);
  });

  it('is on the row that a finger touched, until it touches another', async () => {
    const rows = await open('1-1-1', '1-1-2');
    const [first, second] = rows;
    point(first, 'touch');
    leave('touch');
    await settle(1000);
    expect(seen(rows)).toEqual([0]);
    point(second, 'touch');
    await settle(rest);
    expect(seen(rows)).toEqual([1]);
  });
});

describe('by keyboard', () => {
  it('every row near the screen has its control before the focus goes on', async () => {
    const rows = await open('1-1-1', '1-1-2', '1-1-3');
    scrollAway(rows[2]);
    await settle(rest);
    tab();
    expect(seen(rows)).toEqual([0, 1]);
    await settle(6000);
    expect(seen(rows)).toEqual([0, 1]);
  });

  it('they are there until the pointer is moved, but for the one with the focus', async () => {
    const rows = await open('1-1-1', '1-1-2');
    const [first] = rows;
    tab();
    page.button(first)?.focus();
    act(new PointerEvent('pointermove', { ...how }));
    await settle(rest);
    expect(seen(rows)).toEqual([0, 1]);
    act(new PointerEvent('pointermove', { ...how, movementX: 3 }));
    await settle(rest);
    expect(seen(rows)).toEqual([0]);
    page.button(first)?.blur();
    await settle(6000);
    expect(present(rows)).toEqual([]);
  });
});

describe('a control with more to say', () => {
  it('is there wherever the pointer is', async () => {
    const rows = await open('1-1-1', '1-1-2');
    const [first, second] = rows;
    point(first);
    await settle(rest);
    page.press(first);
    point(second);
    await settle(1000);
    expect(seen(rows)).toEqual([0, 1]);
    expect(page.says(first)).toEqual(['Recalling…']);
  });

  it('asks about somebody else’s message until it is answered', async () => {
    worker.set({ id: '1-1-9', author: 'Carol', until: worker.now() + 60_000 });
    const row = plainRow('1-1-9');
    list.append(row);
    page = startDecorated(worker);
    await settle();
    point(row);
    await settle(rest);
    page.press(row);
    point(list);
    await settle(6000);
    expect(seen([row])).toEqual([0]);
    expect(page.says(row)).toEqual(['Recall Carol?', 'Yes', 'No']);
  });
});

it('leaves nothing of it behind', async () => {
  const rows = await open('1-1-1');
  point(rows[0]);
  page.life.abort();
  await settle();
  expect(vi.getTimerCount()).toBe(0);
  expect(present(rows)).toEqual([]);
});
