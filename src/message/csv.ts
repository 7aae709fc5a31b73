/**
 * Rows as comma-separated text (RFC 4180) that every spreadsheet opens. A cell that a spreadsheet
 * would take for a formula gets an apostrophe in front: names come from strangers. Begins with a
 * byte order mark, without which Excel takes UTF-8 for something else.
 */
export function csvOf(rows: readonly (readonly (string | number)[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`;
}

/** What begins a formula in Excel, LibreOffice or Google Sheets, also behind white space. */
const formula = /^\s*[=+\-@\t\r＝＋－＠]/u;

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = formula.test(value) ? `'${value}` : value;
  return /[",\r\n\t']|^\s|\s$/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
