/**
 * Rows as comma-separated text (RFC 4180) that every spreadsheet opens. A cell that a spreadsheet
 * would take for a formula gets an apostrophe in front: names come from strangers. So does what follows
 * a semicolon, a tab or a line's end, where many a spreadsheet begins a cell. Begins with a byte order
 * mark, without which Excel takes UTF-8 for something else.
 */
export function csvOf(rows: readonly (readonly (string | number)[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`;
}

/** What begins a formula in Excel, LibreOffice or Google Sheets, also behind white space. */
const formula = /^\s*[=+\-@\t\r＝＋－＠]/u;
const laterFormula = /(?<=[;\t\r\n]\s*)[=+\-@＝＋－＠]/gu;

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const begun = formula.test(value) ? `'${value}` : value;
  const text = begun.replaceAll(laterFormula, "'$&");
  return /[",;\r\n\t']|^\s|\s$/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
