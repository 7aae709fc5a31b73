import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/**
 * The dependency rule of ARCHITECTURE.md, executed: which room may look into which, and which
 * packages each may use. A room not named here may not exist.
 */
const rooms: Record<string, { rooms: readonly string[]; packages: readonly string[] }> = {
  message: { rooms: [], packages: ['valibot'] },
  platform: { rooms: ['message'], packages: ['valibot', 'webextension-polyfill'] },
  contract: { rooms: ['message', 'platform'], packages: ['valibot'] },
  history: { rooms: ['message'], packages: ['idb'] },
  chat: { rooms: ['message'], packages: ['valibot', '@tencentcloud/chat'] },
  background: {
    rooms: [
      ...['message', 'platform', 'contract', 'chat/link.ts', 'chat/handover.ts'],
      'history/history.ts',
      // The badge and notices are said in words, too.
      ...['ui/words.ts', 'ui/key-words.ts', 'ui/plain.ts', 'ui/sent.ts', 'ui/time.ts'],
    ],
    packages: ['valibot', '#i18n'],
  },
  ui: {
    rooms: ['message', 'contract'],
    packages: ['preact', '@preact/signals', '#i18n'],
  },
  page: { rooms: ['message', 'contract', 'ui'], packages: ['valibot', '#i18n'] },
  // Access to a site must be asked for by the page that was clicked, so these two see the platform.
  popup: {
    rooms: ['message', 'contract', 'ui', 'platform'],
    packages: ['preact', '@preact/signals', '#i18n'],
  },
  options: {
    rooms: ['message', 'contract', 'ui', 'platform'],
    packages: ['preact', '@preact/signals', '#i18n', 'valibot'],
  },
  // What both list is the same, so the side panel has it from the popup.
  sidepanel: {
    rooms: [
      ...['message', 'contract', 'ui', 'popup/excerpt.tsx', 'popup/header.tsx', 'popup/host.ts'],
      ...['popup/place.tsx', 'popup/progress.ts', 'popup/re-edit.tsx', 'popup/site.ts'],
      ...['popup/state-notices.tsx', 'popup/sweep.tsx', 'popup/time-left.tsx'],
    ],
    packages: ['preact', '@preact/signals', '#i18n'],
  },
  // The practice chat says what a chat page would say.
  welcome: {
    rooms: ['message', 'contract', 'ui', 'platform', 'page/hands/sentences.ts'],
    packages: ['preact', '@preact/signals', '#i18n'],
  },
};

const root = path.resolve(import.meta.dirname, '..');
const src = path.join(root, 'src');

interface Import {
  readonly file: string;
  readonly name: string;
}

function importsOf(file: string): Import[] {
  return ts
    .preProcessFile(readFileSync(path.join(src, file), 'utf8'), true, true)
    .importedFiles.map(({ fileName }) => ({ file, name: fileName }));
}

const files = globSync('**/*.{ts,tsx}', { cwd: src }).filter((file) => !file.endsWith('.d.ts'));
const imports = files.flatMap(importsOf);
const isLocal = ({ name }: Import): boolean => name.startsWith('.');
const targetOf = ({ file, name }: Import): string =>
  path.relative(src, path.resolve(src, path.dirname(file), name)).replaceAll(path.sep, '/');
const roomOf = (file: string): string => file.split(/[\\/]/u)[0] ?? '';
const packageOf = (name: string): string =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');

/** Every file that a file carries when it runs; imports of types are gone by then. */
function carriedBy(file: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(file)) return found;
  found.add(file);
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier))
      continue;
    const { importClause, moduleSpecifier } = statement;
    const named = importClause?.namedBindings;
    const isOfTypes =
      importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword ||
      (named && ts.isNamedImports(named) && named.elements.every((one) => one.isTypeOnly));
    if (isOfTypes !== true && /^\..*\.tsx?$/u.test(moduleSpecifier.text)) {
      carriedBy(path.resolve(path.dirname(file), moduleSpecifier.text), found);
    }
  }
  return found;
}

describe('the house', () => {
  it('has files to look at', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(imports.filter(isLocal).length).toBeGreaterThan(20);
  });

  it('has only rooms that are named here', () => {
    const found = [...new Set(files.map(roomOf))].filter((room) => !Object.hasOwn(rooms, room));
    expect(found).toEqual([]);
  });

  it('lets a room look only where it may', () => {
    const wrong = imports.filter(isLocal).filter((one) => {
      const from = roomOf(one.file);
      const target = targetOf(one);
      const to = roomOf(target);
      return from !== to && !rooms[from]?.rooms.some((may) => may === to || may === target);
    });
    expect(wrong.map((one) => `${one.file} -> ${targetOf(one)}`)).toEqual([]);
  });

  it('lets a room use only its own packages', () => {
    const wrong = imports
      .filter((one) => !isLocal(one))
      .filter(({ file, name }) => !rooms[roomOf(file)]?.packages.includes(packageOf(name)));
    expect(wrong.map(({ file, name }) => `${file} -> ${name}`)).toEqual([]);
  });

  it('names every import with its file ending, so that Node and the bundler read the same', () => {
    const wrong = imports
      .filter(isLocal)
      .filter((one) => !/\.(?:tsx?|css|js)(?:\?\w+)?$/u.test(one.name));
    expect(wrong.map(({ file, name }) => `${file} -> ${name}`)).toEqual([]);
  });

  it('has no circles', () => {
    const graph = new Map<string, string[]>();
    for (const one of imports.filter(isLocal)) {
      graph.set(one.file, [...(graph.get(one.file) ?? []), targetOf(one)]);
    }
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (file: string, trail: readonly string[]): void => {
      if (trail.includes(file)) {
        circles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '));
        return;
      }
      if (done.has(file)) return;
      for (const next of graph.get(file) ?? []) walk(next, [...trail, file]);
      done.add(file);
    };
    files.forEach((file) => {
      walk(file, []);
    });
    expect(circles).toEqual([]);
  });

  it.each([
    ['a chat page', 'entrypoints/chat.content/index.ts', ['own.ts', 'popup.ts', 'sweep.ts']],
    ['the hands in a chat page', 'entrypoints/hands.ts', ['own.ts', 'popup.ts', 'sweep.ts']],
    ['the undo bar in a chat page', 'entrypoints/bar.ts', ['own.ts', 'popup.ts', 'page.ts']],
    ['the tools in a chat page', 'entrypoints/tools.ts', ['own.ts', 'popup.ts', 'page.ts']],
    ['the popup', 'entrypoints/popup/main.tsx', ['own.ts', 'page.ts', 'sweep.ts']],
  ])('gives %s no questions that others ask', (_, entry, foreign) => {
    const carried = carriedBy(path.join(root, entry));
    expect(carried.size).toBeGreaterThan(5);
    const lines = path.join(src, 'contract/lines');
    expect(foreign.filter((file) => carried.has(path.join(lines, file)))).toEqual([]);
  });

  it('leaves the SDK out of what the worker reads at each wake', () => {
    const carried = carriedBy(path.join(root, 'entrypoints/background.ts'));
    expect(carried).toContain(path.join(src, 'chat/tencent/session.ts'));
    expect(carried).not.toContain(path.join(src, 'chat/tencent/sdk.ts'));
  });

  it('keeps entrypoints to introductions', () => {
    const long = globSync('entrypoints/**/*.{ts,tsx}', { cwd: root })
      .map(
        (file) => [file, readFileSync(path.join(root, file), 'utf8').split('\n').length] as const,
      )
      .filter(([, lines]) => lines > 60);
    expect(long).toEqual([]);
  });
});
