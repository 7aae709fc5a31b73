// `npm test`: everything. `npm test -- chromium` and the like run the named parts only.
import { join } from 'node:path';
import { conduct, countTests } from './conduct.ts';
import { builds, quality, unit } from './quality.ts';
import { root, type Step } from './step.ts';
import { projectStep } from './vitest-project.ts';

const buildPages: Step = {
  title: 'build the chat pages',
  command: [process.execPath, join(root, 'test/web-chats/build.ts')],
  load: 1,
};

// Measured on two cores: a browser with its tests keeps one and a half of them busy. Two at once take as
// long as one after the other, each of their tests twice as long, and what waits for so long fails.
const server = projectStep('server', { load: 0.6, after: [buildPages] });
const browsers = projectStep('browsers', { load: 0.6 });
const chromium = projectStep('chromium', { load: 1.4, after: [...builds, buildPages] });
const firefox = projectStep('firefox', { load: 1.4, after: [...builds, buildPages] });

const PARTS: Readonly<Record<string, readonly Step[]>> = {
  check: [...builds, ...quality],
  server: [buildPages, server],
  browsers: [browsers],
  chromium: [...builds, buildPages, chromium],
  firefox: [...builds, buildPages, firefox],
};

// What others wait for comes first, and beside it what else needs a core for itself; then what takes
// longest, and beside that what is left.
const ORDER = [
  ...builds,
  buildPages,
  unit,
  firefox,
  chromium,
  server,
  browsers,
  ...quality.filter((step) => step !== unit),
];

const named = process.argv.slice(2);
const unknown = named.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. The parts are ${Object.keys(PARTS).join(', ')}.`);
  process.exit(2);
}
const parts = named.length > 0 ? named : Object.keys(PARTS);
const wanted = new Set(parts.flatMap((part) => PARTS[part] ?? []));
const results = await conduct(ORDER.filter((step) => wanted.has(step)));
console.log(countTests(results));
