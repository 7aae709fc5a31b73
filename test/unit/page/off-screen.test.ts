// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeTime, plainRow, startDecorated, type Decorated } from './decorated.ts';
import { scrollAway } from './fake-screen.ts';
import { account, FakeWorker, settle } from './fake-worker.ts';

let page: Decorated;
let list: HTMLUListElement;

beforeEach(() => {
  fakeTime();
  document.body.replaceChildren();
  list = document.createElement('ul');
  document.body.append(list);
});
afterEach(() => {
  page.life.abort();
  vi.useRealTimers();
});

function add(id: string): HTMLLIElement {
  const row = plainRow(id);
  list.append(row);
  return row;
}

describe('a Recall control', () => {
  it('is in the page only while its row is near the screen, and counts on meanwhile', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    worker.mine('1-1-2', 4);
    const [long, short] = [add('1-1-1'), add('1-1-2')];
    page = startDecorated(worker);
    await settle();
    for (const row of [long, short]) scrollAway(row);
    await settle(5000);
    expect(document.querySelector('[data-unsay=control]')).toBeNull();
    for (const row of [long, short]) scrollAway(row, false);
    await settle(50);
    expect(page.says(long)).toEqual(['Recall 0:55']);
    expect(page.says(short)).toEqual([]);
    page.press(long);
    expect(worker.recalls).toEqual([{ account, conversation: 'C2Cbob', id: '1-1-1' }]);
  });

  it('stays while the focus is in it, and goes with that', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    const row = add('1-1-1');
    page = startDecorated(worker);
    await settle();
    page.button(row)?.focus();
    scrollAway(row);
    await settle(5000);
    expect(page.says(row)).toEqual(['Recall 0:55']);
    page.button(row)?.blur();
    await settle(5000);
    expect(page.says(row)).toEqual([]);
  });

  it('stays while it asks', async () => {
    const worker = new FakeWorker();
    worker.set({ id: '1-1-1', author: 'Carol', until: worker.now() + 60_000 });
    const row = add('1-1-1');
    page = startDecorated(worker);
    await settle();
    page.press(row);
    page.button(row, 'no')?.blur();
    scrollAway(row);
    await settle(5000);
    expect(page.says(row)).toEqual(['Recall Carol?', 'Yes', 'No']);
  });

  it('goes in one with those that come', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    worker.mine('1-1-2', 60);
    const [first, second] = [add('1-1-1'), add('1-1-2')];
    scrollAway(second);
    page = startDecorated(worker);
    await settle();
    scrollAway(first);
    await settle(500);
    expect([first, second].map((row) => page.says(row).length)).toEqual([1, 0]);
    scrollAway(second, false);
    await settle(50);
    expect([first, second].map((row) => page.says(row).length)).toEqual([0, 1]);
  });

  it('goes with what the page changes itself', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    const row = add('1-1-1');
    page = startDecorated(worker);
    await settle();
    scrollAway(row);
    await settle(500);
    expect(page.says(row)).toHaveLength(1);
    list.append(document.createElement('li'));
    await settle(50);
    expect(page.says(row)).toEqual([]);
  });

  it('leaves nothing running for a row that went away from far off the screen', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    const row = add('1-1-1');
    page = startDecorated(worker);
    await settle();
    scrollAway(row);
    await settle(16);
    row.remove();
    await settle();
    expect(vi.getTimerCount()).toBe(0);
    scrollAway(row, false);
    await settle();
    expect(page.says(row)).toEqual([]);
  });
});

describe('a placeholder', () => {
  it('is on rows far from the screen as well, before they can be seen', async () => {
    const worker = new FakeWorker();
    const placeholder = { key: 'someoneFrom', who: 'Bob', whose: 'Carol' } as const;
    worker.set({ id: '1-1-1', placeholder });
    const row = add('1-1-1');
    scrollAway(row);
    page = startDecorated(worker);
    await settle();
    expect(page.says(row)).toEqual(['Bob recalled a message from Carol']);
    expect(row.hasAttribute('data-unsay-recalled')).toBe(true);
  });
});
