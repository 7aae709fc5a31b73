import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../setup/step.ts';
import { readZip, unzip } from './unzip.ts';

const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  version: string;
};

/** The packages made in a folder that holds the project, by kind. */
interface Packages {
  readonly extension: string;
  readonly sources: string;
}

let work: string;
let ours: Packages;
let theirs: Packages;

/** Packs the project in `folder` for Firefox, whose store builds the package again. */
function pack(folder: string): Packages {
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  const wxt = spawnSync(
    process.execPath,
    [path.join(root, 'node_modules/wxt/bin/wxt.mjs'), 'zip', '-b', 'firefox', '--mv3'],
    // vitest's own NODE_ENV would build for development.
    { cwd: folder, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' } },
  );
  if (wxt.status !== 0) throw new Error(`wxt zip failed:\n${wxt.stdout}${wxt.stderr}`);
  const made = (kind: string): string => path.join(folder, `.output/unsay-${version}-${kind}.zip`);
  return { extension: made('firefox'), sources: made('sources') };
}

beforeAll(() => {
  work = mkdtempSync(path.join(tmpdir(), 'unsay-store-'));
  const copy = path.join(work, 'ours');
  mkdirSync(copy);
  const left = new Set(['node_modules', '.output', '.git', 'test/results', 'test/web-chats']);
  cpSync(root, copy, {
    recursive: true,
    filter: (from) => !left.has(path.relative(root, from).replaceAll(path.sep, '/')),
  });
  ours = pack(copy);
  const reviewers = path.join(work, 'theirs');
  unzip(ours.sources, reviewers);
  theirs = pack(reviewers);
}, 120_000);
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

test('what a reviewer builds from the source package is our package, byte for byte', () => {
  expect(readFileSync(theirs.extension).equals(readFileSync(ours.extension))).toBe(true);
  expect(readFileSync(theirs.sources).equals(readFileSync(ours.sources))).toBe(true);
});

test('the package holds what the browser needs, in this version, and no more', () => {
  const files = readZip(ours.extension);
  const manifest = JSON.parse(files.get('manifest.json')?.toString() ?? '') as object;
  expect(manifest).toMatchObject({ manifest_version: 3, version });
  const kinds = [...files.keys()].map((name) => path.extname(name));
  expect([...new Set(kinds)].sort()).toEqual(['.css', '.html', '.js', '.json', '.png', '.svg']);
});

test('nothing in the package writes HTML', () => {
  const scripts = [...readZip(ours.extension)].filter(([name]) => name.endsWith('.js'));
  expect(scripts.length).toBeGreaterThan(4);
  const writers = scripts.filter(([, code]) =>
    /\.(?:inner|outer)HTML\s*=[^=]/u.test(code.toString()),
  );
  expect(writers.map(([name]) => name)).toEqual([]);
});

test('the source package holds the sources and nothing of the machine it was made on', () => {
  const names = [...readZip(ours.sources).keys()];
  for (const name of ['package-lock.json', '.npmrc', 'wxt.config.ts', 'src/message/recall.ts']) {
    expect(names).toContain(name);
  }
  const odd = names.filter((name) =>
    /(?:^|\/)\.(?!npmrc$)|node_modules|results|\.log$/u.test(name),
  );
  expect(odd).toEqual([]);
});
