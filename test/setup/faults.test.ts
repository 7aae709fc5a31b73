import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const folder = path.resolve(import.meta.dirname, '..');

/** The rows of the table: a fault, and where it is tested as `file`: words of its title, more words. */
const rows = readFileSync(path.join(folder, 'README.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|') && line.includes('`'))
  .map((line) => {
    const [, fault = '', tests = ''] = line.split('|').map((cell) => cell.trim());
    return { fault, tests: [...tests.matchAll(/`([^`]+)`(?:: ([^;|`]+))?/gu)] };
  });

test('the table of faults has rows', () => {
  expect(rows.length).toBeGreaterThan(25);
});

test.each(rows)('“$fault” is tested where the table says', ({ tests }) => {
  expect(tests).not.toEqual([]);
  for (const [, file = '', titles = ''] of tests) {
    const source = readFileSync(path.join(folder, file), 'utf8');
    // A list of tests ends before the next file's name.
    for (const title of titles.split(/, (?:and )?/u)) expect(source).toContain(title.trim());
  }
});
