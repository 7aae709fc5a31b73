// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeTime, plainRow, startDecorated, type Decorated } from './decorated.ts';
import { account, FakeWorker, settle } from './fake-worker.ts';

let page: Decorated;
let worker: FakeWorker;
let list: HTMLUListElement;

beforeEach(() => {
  fakeTime();
  worker = new FakeWorker();
  list = document.createElement('ul');
  document.body.replaceChildren(list);
});
afterEach(() => {
  page.life.abort();
  vi.useRealTimers();
});

/** Starts Unsay in a page that shows these messages; returns their rows. */
async function start(...ids: string[]): Promise<HTMLLIElement[]> {
  const rows = ids.map((id) => plainRow(id));
  list.append(...rows);
  page = startDecorated(worker);
  await settle();
  return rows;
}

/** What a person does to an element, or a page's imitation of it. */
function act(type: string, element: Element | undefined, isTrusted = true): void {
  const event = new MouseEvent(type, { bubbles: true });
  Object.defineProperty(event, 'isTrusted', { value: isTrusted });
  (element?.firstElementChild ?? element)?.dispatchEvent(event);
}

describe('the entry of the browser’s own menu', () => {
  it('recalls my message on which the menu was opened, by its id, and says what comes of it', async () => {
    worker.mine('1-1-1');
    worker.mine('1-1-2');
    const [, row] = await start('1-1-1', '1-1-2');
    act('contextmenu', row);
    expect(page.choose()).toBe('taken');
    expect(worker.recalls).toEqual([{ account, conversation: 'C2Cbob', id: '1-1-2' }]);
    expect(row && page.says(row)).toEqual(['Recalling…']);
  });

  it('is for one choice: nothing is recalled by a second', async () => {
    worker.mine('1-1-1');
    const [row] = await start('1-1-1');
    act('contextmenu', row);
    page.choose();
    expect(page.choose()).toBe('nothing');
    expect(worker.recalls).toHaveLength(1);
  });

  it('takes no word of the page: neither a menu event of its own nor a choice without one', async () => {
    worker.mine('1-1-1');
    const [row] = await start('1-1-1');
    expect(page.choose()).toBe('nothing');
    act('contextmenu', row, false);
    expect(page.choose()).toBe('nothing');
    act('contextmenu', row);
    act('contextmenu', document.body, false);
    expect(page.choose()).toBe('taken');
  });

  it.each(['pointerdown', 'keydown'])(
    'is over with the next %s: that menu is closed',
    async (type) => {
      worker.mine('1-1-1');
      const [row] = await start('1-1-1');
      act('contextmenu', row);
      act(type, document.body, false);
      act(type, document.body);
      expect(page.choose()).toBe('nothing');
      expect(worker.recalls).toEqual([]);
    },
  );

  it('means the menu that was opened last, also where that is on no message', async () => {
    worker.mine('1-1-1');
    const [row] = await start('1-1-1');
    act('contextmenu', row);
    const beside = document.createElement('p');
    document.body.append(beside);
    act('contextmenu', beside);
    expect(page.choose()).toBe('nothing');
  });

  it('recalls nothing when the row shows another message by then, or the page somebody else', async () => {
    worker.mine('1-1-1');
    worker.mine('1-1-2');
    const [row] = await start('1-1-1');
    act('contextmenu', row);
    if (row) row.dataset.messageId = '1-1-2';
    expect(page.choose()).toBe('nothing');
    await settle();
    act('contextmenu', row);
    worker.account = '1400000001:carol';
    worker.tell({ kind: 'account' });
    await settle();
    expect(page.choose()).toBe('nothing');
    expect(worker.recalls).toEqual([]);
  });

  it('asks, naming them, before it recalls somebody else’s message', async () => {
    worker.set({ id: '1-1-1', author: 'Carol', until: worker.now() + 60_000 });
    const [row] = await start('1-1-1');
    act('contextmenu', row);
    expect(page.choose()).toBe('taken');
    expect(worker.recalls).toEqual([]);
    expect(row && page.says(row)).toEqual(['Recall Carol?', 'Yes', 'No']);
    if (row) page.press(row, 'yes');
    expect(worker.recalls).toHaveLength(1);
  });

  it('asks also where only the service knows whether it is too late, however old it is', async () => {
    const until = worker.now() - 86_400_000;
    worker.set({ id: '1-1-1', author: 'Carol', until, askUntil: worker.now() + 60_000 });
    const [row] = await start('1-1-1');
    expect(row && page.says(row)).toEqual([]);
    act('contextmenu', row);
    expect(page.choose()).toBe('taken');
    await settle();
    expect(row && page.says(row)).toEqual(['Recall Carol?', 'Yes', 'No']);
    if (row) page.press(row, 'no');
    await settle(2000);
    expect(row && page.says(row)).toEqual(['Recall ?']);
    expect(worker.recalls).toEqual([]);
  });

  it.each<[string, { isTooLate?: true; until?: number }, string]>([
    ['may not be recalled by me', {}, 'Refused: not-allowed'],
    ['cannot be recalled any more', { isTooLate: true }, 'Refused: too-late'],
    ['could be recalled until just now', { until: 1 }, 'Refused: too-late'],
  ])('says on its row that somebody else’s message %s, and asks nobody', async (_, span, words) => {
    worker.set({ id: '1-1-1', author: 'Carol', ...span });
    const [row] = await start('1-1-1');
    act('contextmenu', row);
    expect(page.choose()).toBe('taken');
    await settle();
    expect(worker.recalls).toEqual([]);
    expect(row && page.says(row)).toEqual([words, '×']);
    if (row) page.press(row, 'dismiss');
    expect(row && page.says(row)).toEqual([]);
    act('contextmenu', row);
    page.choose();
    await settle();
    expect(row && page.says(row)).toEqual([words, '×']);
  });

  it('has the worker say how much too late it is for mine', async () => {
    worker.set({ id: '1-1-1', isMine: true, isTooLate: true });
    worker.outcome = () => Promise.resolve({ ok: false, why: 'too-late', lateBy: 7 });
    const [row] = await start('1-1-1');
    act('contextmenu', row);
    expect(page.choose()).toBe('taken');
    await settle();
    expect(worker.recalls).toHaveLength(1);
    expect(row && page.says(row)).toEqual(['Refused: too-late', '×']);
  });

  it('has nothing to recall where a message was recalled, or is not known', async () => {
    const placeholder = { key: 'you' as const, who: 'Alice', whose: 'Alice' };
    worker.set({ id: '1-1-1', isMine: true, placeholder });
    const [recalled, unknown] = await start('1-1-1', '1-1-2');
    for (const row of [recalled, unknown]) {
      act('contextmenu', row);
      expect(page.choose()).toBe('nothing');
    }
    expect(worker.recalls).toEqual([]);
  });
});
