// `npm run bench`: how fast Unsay is beside the least that can be done, in Chromium and in Firefox. Each
// part is kept as soon as it was measured, and the results are written from what is kept.
// `-- --firefox` or `--chromium` measures in that browser only; `--history`, `--worker`, `--popup`,
// `--sizes`, `--click` or `--page` only that part, and `--render` nothing at all. `--messages 200000`
// compares at another size, `--large 0` leaves out the history of a million.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BrowserName } from '../browsers/browser.ts';
import { buildInto } from './builds.ts';
import { draw } from './chart.ts';
import { measureClick } from './click.ts';
import type { Figures } from './goals.ts';
import { measureHistory } from './history.ts';
import {
  keptNameOf,
  partNames,
  partsIn,
  readKept,
  renew,
  type Origin,
  type PartName,
} from './kept.ts';
import { originOf } from './origin.ts';
import { measurePageCost } from './page-cost.ts';
import { measurePopup } from './popup.ts';
import { chartNameOf, render, summarise } from './results.ts';
import { servePage } from './served-page.ts';
import { weigh } from './sizes.ts';
import { measureWorker } from './worker.ts';

/** Fewer cannot hold what the queries and recalls ask for. */
const fewestMessages = 3_000;
const browserNames = ['chromium', 'firefox'] as const satisfies readonly BrowserName[];

const isNamed = { type: 'boolean', default: false } as const;
const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '1' },
    large: { type: 'string', default: '1000000' },
    chromium: isNamed,
    firefox: isNamed,
    history: isNamed,
    worker: isNamed,
    popup: isNamed,
    sizes: isNamed,
    click: isNamed,
    page: isNamed,
    render: isNamed,
  },
});
const messages = numberFrom('messages', values.messages, fewestMessages);
const rounds = numberFrom('rounds', values.rounds, 1);
const large = numberFrom('large', values.large, 0);
/** Sizes of the history that the extension's own worker is measured with. */
const sizes = [messages, ...(large > messages ? [large] : [])];

const folder = mkdtempSync(join(tmpdir(), 'unsay-bench-'));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(1);
  });
}
try {
  if (!values.render) await measure(namedOf(browserNames), namedOf(partNames));
} finally {
  rmSync(folder, { recursive: true, force: true });
  // Also of what was measured before something went wrong.
  await writeResults();
}

/** Those that the command names; all where it names none. */
function namedOf<T extends BrowserName | PartName>(names: readonly T[]): readonly T[] {
  const named = names.filter((name) => values[name]);
  return named.length > 0 ? named : names;
}

async function measure(
  browsers: readonly BrowserName[],
  parts: readonly PartName[],
): Promise<void> {
  const page = await servePage(folder);
  try {
    for (const name of browsers) {
      // Told now and not when there is something to keep.
      if (!partsIn(read(keptNameOf(name))))
        throw new Error(`${keptNameOf(name)} is no JSON object.`);
      const from = await originOf(name, page.url);
      const extension = await buildInto(folder, name);
      const { url } = page;
      const measures: { readonly [P in PartName]: () => Promise<Figures[P]> } = {
        history: () => measureHistory(name, url, { messages, rounds }),
        worker: () => measureWorker(name, { extension, folder, sizes }),
        popup: () => measurePopup(name, { extension, folder, url }),
        sizes: () => Promise.resolve(weigh(extension)),
        click: () => measureClick(name, extension),
        page: () => measurePageCost(name, extension),
      };
      for (const part of parts) await renewPart(name, part, from, measures[part]);
    }
  } finally {
    await page.stop();
  }
}

async function renewPart<P extends PartName>(
  name: BrowserName,
  part: P,
  from: Origin,
  measurePart: () => Promise<Figures[P]>,
): Promise<void> {
  console.log(`${name}: ${part}`);
  const figures = await measurePart();
  const file = keptNameOf(name);
  write(file, renew(read(file), part, { ...from, figures }));
  console.log(`${summarise(part, figures)}\n`);
}

/** Writes the results and charts from what is kept, unless something is missing there. */
async function writeResults(): Promise<void> {
  const readings = browserNames.map((name) => readKept(name, read(keptNameOf(name))));
  const faults = readings.flatMap((one) => (one.ok ? [] : one.why));
  if (faults.length > 0) {
    console.error(`The results were not written:\n${faults.join('\n')}`);
    process.exitCode = 1;
    return;
  }
  const kept = readings.flatMap((one) => (one.ok ? one.kept : []));
  for (const one of kept) write(chartNameOf(one), draw(one.history));
  write('RESULTS.md', await render(kept));
  console.log('Written to test/bench/RESULTS.md');
}

function read(file: string): string {
  const path = join(import.meta.dirname, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : '{}';
}

function write(file: string, text: string): void {
  writeFileSync(join(import.meta.dirname, file), text);
}

function numberFrom(option: string, text: string, least: number): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  console.error(`--${option} must be a whole number from ${least}, not ${text}`);
  process.exit(2);
}
