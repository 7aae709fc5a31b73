import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isInstalled } from './dependencies.mjs';

let root: string;
const locked = {
  '': { name: 'unsay' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/for-another-system': { version: '1.0.0', integrity: 'sha512-b', optional: true },
};

function writeInstalled(packages: object): void {
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'unsay-setup-'));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: locked }));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

test('a fresh clone is not installed', () => {
  expect(isInstalled(root)).toBe(false);
});

test('an interrupted installation, without npm’s record, is not installed', () => {
  mkdirSync(join(root, 'node_modules/a'), { recursive: true });
  expect(isInstalled(root)).toBe(false);
});

test('what the lockfile names is installed, packages for other systems aside', () => {
  writeInstalled({ 'node_modules/a': locked['node_modules/a'] });
  expect(isInstalled(root)).toBe(true);
});

test('a missing package, or another version of one, is not installed', () => {
  writeInstalled({});
  expect(isInstalled(root)).toBe(false);
  writeInstalled({ 'node_modules/a': { version: '0.9.0', integrity: 'sha512-a' } });
  expect(isInstalled(root)).toBe(false);
});
