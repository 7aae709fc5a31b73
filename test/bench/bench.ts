// `npm run bench`: how fast Unsay is beside the least that can be done, in a real browser.
// `-- --firefox` measures Firefox as well; `-- --messages 200000` compares at another size, `-- --large
// 0` leaves out the history of a million; `-- --page` only says what Unsay costs a page, `-- --worker`
// what its worker takes, `-- --click` how long a recall takes from the click; these write no results.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import type { BrowserName } from '../browsers/browser.ts';
import { buildInto } from './builds.ts';
import { draw } from './chart.ts';
import { measureClick } from './click.ts';
import type { Figures } from './goals.ts';
import { measureHistory } from './history.ts';
import { measurePopup } from './popup.ts';
import { measurePageCost } from './page-cost.ts';
import {
  chartNameOf,
  describe,
  describeClick,
  describePageCost,
  describeWorker,
  writeResults,
  type RunOptions,
} from './results.ts';
import { servePage } from './served-page.ts';
import { weigh } from './sizes.ts';
import { measureWorker } from './worker.ts';

/** Fewer cannot hold what the queries and recalls ask for. */
const fewestMessages = 3_000;

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '1' },
    large: { type: 'string', default: '1000000' },
    firefox: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
    worker: { type: 'boolean', default: false },
    click: { type: 'boolean', default: false },
  },
});
const options: RunOptions = {
  messages: numberFrom('messages', values.messages, fewestMessages),
  rounds: numberFrom('rounds', values.rounds, 1),
};
const large = numberFrom('large', values.large, 0);
/** Sizes of the history that the extension's own worker is measured with. */
const sizes = [options.messages, ...(large > options.messages ? [large] : [])];
const browsers: BrowserName[] = values.firefox ? ['chromium', 'firefox'] : ['chromium'];

const folder = mkdtempSync(join(tmpdir(), 'unsay-bench-'));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(1);
  });
}
try {
  if (values.page) {
    for (const name of browsers) {
      const extension = await buildInto(folder, name);
      console.log(describePageCost(await measurePageCost(name, extension)));
    }
  } else if (values.worker) {
    for (const name of browsers) {
      const extension = await buildInto(folder, name);
      console.log(describeWorker(await measureWorker(name, { extension, folder, sizes })));
    }
  } else if (values.click) {
    for (const name of browsers) {
      const extension = await buildInto(folder, name);
      console.log(`${name}:\n${describeClick(await measureClick(name, extension))}`);
    }
  } else await measureAll();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measureAll(): Promise<void> {
  const page = await servePage(folder);
  const parts: string[] = [];
  try {
    for (const name of browsers) {
      const figures = await measure(name, page.url);
      parts.push(describe(figures, options));
      writeFileSync(join(import.meta.dirname, chartNameOf(figures)), draw(figures));
    }
  } finally {
    await page.stop();
  }
  console.log(`\n${parts.join('\n')}`);
  const file = join(import.meta.dirname, 'RESULTS.md');
  const text = writeResults(parts, options);
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), parser: 'markdown' }));
  console.log('Written to test/bench/RESULTS.md');
}

async function measure(name: BrowserName, url: string): Promise<Figures> {
  console.log(`${name}: building the extension`);
  const extension = await buildInto(folder, name);
  console.log(`${name}: history, ${options.rounds} rounds of ${options.messages} messages`);
  const history = await measureHistory(name, url, options);
  console.log(`${name}: worker`);
  const worker = await measureWorker(name, { extension, folder, sizes });
  console.log(`${name}: popup`);
  const popup = await measurePopup(name, { extension, folder, url });
  console.log(`${name}: click`);
  const click = await measureClick(name, extension);
  console.log(`${name}: page`);
  const pageCost = await measurePageCost(name, extension);
  return { history, worker, popup, sizes: weigh(extension), click, pageCost };
}

function numberFrom(option: string, text: string, least: number): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  console.error(`--${option} must be a whole number from ${least}, not ${text}`);
  process.exit(2);
}
