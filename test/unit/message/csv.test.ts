import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvOf } from '../../../src/message/csv.ts';

describe('rows as comma-separated text', () => {
  it('are lines of cells, quoted where they must be', () => {
    expect(
      csvOf([
        ['Time', 'Name'],
        [12, 'Bob, "the" builder'],
        ['', '两\n行'],
      ]),
    ).toBe('\uFEFFTime,Name\r\n12,"Bob, ""the"" builder"\r\n,"两\n行"\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '  =cmd|x', '＝1'])('hold no formula for %j', (name) => {
    expect(csvOf([[name]])).toBe(`\uFEFF"'${name}"\r\n`);
  });

  it.each([
    ['\t=1', `"'\t'=1"`],
    ['\r=1', `"'\r'=1"`],
    ['x;=1+1', `"x;'=1+1"`],
    ['x; @SUM(A1)', `"x; '@SUM(A1)"`],
    ['x\t-1', `"x\t'-1"`],
    ['x\n=1', `"x\n'=1"`],
    ['x;=1;=2', `"x;'=1;'=2"`],
    ['a;b', '"a;b"'],
  ])('hold no formula for %j either where semicolons or tabs part cells', (name, cell) => {
    expect(csvOf([[name]])).toBe(`\uFEFF${cell}\r\n`);
  });

  it('give back every cell to who reads them, and no cell begins a formula', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[\s=+@"',;\n-]{0,6}$/u));
    fc.assert(
      fc.property(fc.array(fc.array(text, { minLength: 2, maxLength: 4 })), (rows) => {
        const read = parse(csvOf(rows).slice(1));
        expect(read.map((row) => row.map(unguarded))).toEqual(
          rows.map((row) => row.map(unguarded)),
        );
        for (const cell of read.flat()) expect(cell).not.toMatch(/(?:^|[;\t\r\n])\s*[=+\-@]/u);
      }),
    );
  });
});

/** A cell without the apostrophes that stand before what could be a formula. */
function unguarded(cell: string): string {
  return cell
    .replaceAll(/(?<=[;\t\r\n]\s*)'(?=[=+\-@])/gu, '')
    .replace(/^'(?=\s*[=+\-@\t\r])/u, '');
}

/** A reader of its own, by RFC 4180. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let rest = text;
  while (rest !== '') {
    const [all, quoted, plain = '', end = ''] =
      /^(?:"((?:[^"]|"")*)"|([^,\r\n"]*))(,|\r\n)/u.exec(rest) ?? [];
    if (all === undefined) throw new Error(`no cell: ${JSON.stringify(rest)}`);
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ',') {
      rows.push(row);
      row = [];
    }
    rest = rest.slice(all.length);
  }
  return rows;
}
