// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { allPages } from '../../../src/page/pages/all.ts';
import { watchRows, type PageRow } from '../../../src/page/rows.ts';

let life: AbortController;
const onRow = vi.fn<(row: PageRow) => void>();
const onLeft = vi.fn<(row: PageRow) => void>();
const onMoved = vi.fn<(isBeyond: boolean) => void>();

beforeEach(() => {
  life = new AbortController();
  document.body.replaceChildren();
  for (const heard of [onRow, onLeft, onMoved]) heard.mockClear();
});
afterEach(() => {
  life.abort();
});

function watch(): void {
  watchRows({
    document,
    pages: allPages,
    claim: () => undefined,
    isOurs: () => false,
    onRow,
    onLeft,
    onMoved,
    signal: life.signal,
  });
}

/** An element with these attributes, at the end of another. */
function add(into: Element, attributes: Readonly<Record<string, string>>): Element {
  const made = document.createElement('li');
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  into.append(made);
  return made;
}

/** Lets the page's changes be heard. */
const hear = (): Promise<void> =>
  vi.waitFor(() => {
    expect(onMoved).toHaveBeenCalled();
  });

describe('the rows of a page', () => {
  it.each(allPages.filter(({ scroller }) => scroller !== undefined))(
    'lie in what scrolls them: $name',
    ({ rows, scroller }) => {
      for (const one of rows.split(', ')) expect(one.startsWith(`${scroller} `)).toBe(true);
    },
  );

  it('are of the kind of the list they come into', async () => {
    watch();
    const kit = add(document.body, { class: 'message-list' });
    const other = add(document.body, {});
    const [mine, plain] = [kit, other].map((list) =>
      add(list, { class: 'message-list-item', 'data-message-id': '1-1-1' }),
    );
    await hear();
    const kinds = new Map(onRow.mock.calls.map(([row]) => [row.element, row.page.name]));
    expect([mine, plain].map((row) => row && kinds.get(row))).toEqual(['react-2', 'plain']);
  });

  it.each([
    ['react-6, recalled', { id: 'message-list-container' }, { class: 'x-recalled-message' }],
    ['vue-3', { id: 'messageScrollList' }, { id: 'tui-1-1-1' }],
  ])('are left when what holds them in their list goes: %s', async (_, list, row) => {
    const holder = add(add(document.body, list), {});
    const inside = add(holder, row);
    watch();
    holder.remove();
    await hear();
    expect(onLeft.mock.calls.map(([left]) => left.element)).toEqual([inside]);
  });

  it('are left when they go, though nothing is around them any more', async () => {
    const list = add(document.body, { class: 'message-list' });
    const row = add(list, { class: 'message-list-item', 'data-message-id': '1-1-1' });
    watch();
    row.remove();
    await hear();
    expect(onLeft.mock.calls.map(([left]) => left.element)).toEqual([row]);
  });

  it('are no change beyond them when they come and go', async () => {
    const list = add(document.body, { class: 'message-list' });
    watch();
    const row = add(list, { class: 'message-list-item', 'data-message-id': '1-1-1' });
    await hear();
    row.remove();
    await vi.waitFor(() => {
      expect(onMoved).toHaveBeenCalledTimes(2);
    });
    expect(onMoved.mock.calls).toEqual([[false], [false]]);
    add(document.body, {});
    await vi.waitFor(() => {
      expect(onMoved).toHaveBeenLastCalledWith(true);
    });
  });
});
