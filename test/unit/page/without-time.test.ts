// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeTime, plainRow, startDecorated, type Decorated } from './decorated.ts';
import { FakeWorker, settle } from './fake-worker.ts';

let page: Decorated;
let worker: FakeWorker;
let row: HTMLElement;

beforeEach(() => {
  fakeTime();
  row = plainRow('1-1-1');
  document.body.replaceChildren(row);
  worker = new FakeWorker();
  worker.knowsTime = false;
});
afterEach(() => {
  page.life.abort();
  vi.useRealTimers();
});

describe('while nothing tells the service’s time, as in a page that was just loaded anew', () => {
  it.each([
    [{ state: 'waiting', until: 1 }, 'Waiting'],
    [{ state: 'asking' }, 'Recalling…'],
    [{ state: 'asking', why: 'unanswered' }, 'No answer yet'],
    [{ state: 'refused', why: 'switched-off', code: 10041 }, 'Refused: switched-off 10041'],
  ] as const)('a row says how far its recall is: %j', async (progress, says) => {
    worker.set({ id: '1-1-1', isMine: true, until: worker.now() + 1000, progress });
    page = startDecorated(worker);
    await settle();
    expect(page.says(row)[0]).toBe(says);
    await settle(2000);
    expect(page.says(row)[0]).toBe(says);
    expect(page.button(row)).toBeUndefined();
  });

  it('nothing is offered', async () => {
    worker.mine('1-1-1');
    page = startDecorated(worker);
    await settle();
    expect(page.says(row)).toEqual([]);
    worker.knowsTime = true;
    worker.tell({ kind: 'rows', ids: ['1-1-1'] });
    await settle();
    expect(page.says(row)).toEqual(['Recall 1:40']);
  });
});
