import { expect, test } from 'vitest';
import { arrange, type Row } from '../../../src/popup/order.ts';
import { account, sentView } from '../ui/fake-extension.ts';

const [one, two, three] = [sentView(1, 10), sentView(2, 20), sentView(3, 30)];
const ids = (rows: readonly Row[]): string[] => rows.map(({ sent }) => sent.id);
const rowsOf = (...sent: (typeof one)[]): Row[] =>
  sent.map((row) => ({ sent: row, isGone: false }));

test('nobody pointing at the list, it has the order of the glance', () => {
  expect(ids(arrange(rowsOf(one, two), [three, two, one], [account], false))).toEqual([
    three.id,
    two.id,
    one.id,
  ]);
});

test('under a hand no row changes its place, and new ones come last', () => {
  expect(ids(arrange(rowsOf(one, two), [three, two, one], [account], true))).toEqual([
    one.id,
    two.id,
    three.id,
  ]);
});

test('under a hand rows show what is new about their message', () => {
  const changed = { ...one, excerpt: 'edited' };
  expect(arrange(rowsOf(one), [changed], [account], true)[0]?.sent.excerpt).toBe('edited');
});

test('a message that is gone leaves its place, but none of its words and no way to recall it', () => {
  const rows = arrange(rowsOf(one, two), [two], [account], true);
  expect(ids(rows)).toEqual([one.id, two.id]);
  expect(rows[0]).toMatchObject({ isGone: true, sent: { excerpt: '' } });
  expect(rows[0]?.sent.until).toBeUndefined();
  expect(JSON.stringify(rows[0])).not.toContain(one.excerpt);
});

test('messages of an account that signed out leave at once, even under a hand', () => {
  expect(arrange(rowsOf(one, two), [], [], true)).toEqual([]);
  expect(arrange(rowsOf(one), [], ['1400000001:bob'], true)).toEqual([]);
});
