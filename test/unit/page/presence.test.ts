import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Presence } from '../../../src/page/presence.ts';
import type { PageRow } from '../../../src/page/rows.ts';

/** What is shown, kept in the plainest way: messages in the order in which they came. */
class PlainPresence {
  readonly shown = new Map<string, Set<PageRow>>();

  leave(row: PageRow): void {
    for (const [id, rows] of this.shown) {
      rows.delete(row);
      if (rows.size === 0) this.shown.delete(id);
    }
  }

  note(row: PageRow): void {
    const { id } = row;
    if (id !== undefined && this.shown.get(id)?.has(row) === true) return;
    this.leave(row);
    if (id !== undefined) this.shown.set(id, new Set([...(this.shown.get(id) ?? []), row]));
  }
}

const changes = fc.array(
  fc.record({
    row: fc.nat(30),
    id: fc.option(fc.nat(400), { nil: undefined }),
    isLeaving: fc.boolean(),
  }),
  { maxLength: 600 },
);

/** A row at this place of the page. */
const rowAt = (at: number, id?: string): PageRow => {
  const element = {
    at,
    compareDocumentPosition: (other: { at: number }) => (other.at > at ? 4 : 2),
  };
  return { id, element } as unknown as PageRow;
};

it('knows what is shown where, and what stands last, whatever rows do', () => {
  fc.assert(
    fc.property(changes, fc.integer({ min: 1, max: 150 }), (all, most) => {
      const rows = Array.from({ length: 31 }, (_, at) => rowAt(at));
      const presence = new Presence();
      const plain = new PlainPresence();
      for (const { row: at, id, isLeaving } of all) {
        const row = rows[at];
        if (!row) continue;
        if (isLeaving) {
          presence.leave(row);
          plain.leave(row);
          continue;
        }
        row.id = id === undefined ? undefined : `m${id}`;
        presence.note(row);
        plain.note(row);
      }
      expect([...presence.ids]).toEqual([...plain.shown.keys()]);
      for (const [id, of] of plain.shown) expect(new Set(presence.rowsOf(id))).toEqual(of);
      // One that is shown twice may be taken to stand at either place.
      if ([...plain.shown.values()].some(({ size }) => size > 1)) return;
      const inOrder = rows.flatMap((row) =>
        row.id !== undefined && plain.shown.get(row.id)?.has(row) ? row.id : [],
      );
      expect(presence.newest(most)).toEqual(inOrder.slice(-most));
    }),
  );
});

it('does not take history for new that is loaded above what is there', () => {
  const presence = new Presence();
  for (let n = 0; n < 20; n += 1) presence.note(rowAt(n, `new-${n}`));
  const newest = presence.newest(20);
  for (let page = 1; page < 20; page += 1) {
    for (let n = 0; n < 20; n += 1) presence.note(rowAt(n - 20 * page, `old-${page}-${n}`));
    expect(presence.newest(20)).toEqual(newest);
  }
  presence.note(rowAt(20, 'newer'));
  expect(presence.newest(2)).toEqual(['new-19', 'newer']);
});

it('knows the newest of very many, also when most of them are gone again', () => {
  const presence = new Presence();
  const rows = Array.from({ length: 1000 }, (_, n) => rowAt(n, `m${n}`));
  for (const row of rows) presence.note(row);
  expect(presence.newest(2)).toEqual(['m998', 'm999']);
  for (const row of rows.slice(5)) presence.leave(row);
  expect(presence.newest(3)).toEqual(['m2', 'm3', 'm4']);
  expect(presence.newest(20)).toHaveLength(5);
});
