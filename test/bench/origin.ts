import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { startBrowser, type BrowserName } from '../browsers/browser.ts';
import { root } from '../setup/step.ts';
import type { Origin } from './kept.ts';

/** What the bench itself writes, as git names paths it is to leave out. */
const written = ['RESULTS.md', '*.json', '*.svg'].map((file) => `:!test/bench/${file}`);

/** Where figures come from that are measured now, in this browser and out of the present sources; it opens `url`. */
export async function originOf(name: BrowserName, url: string): Promise<Origin> {
  const commit = readCommit();
  return {
    day: new Date().toISOString().slice(0, 10),
    ...(commit !== undefined && { commit }),
    browser: await readVersion(name, url),
    cores: cpus().length,
    node: process.versions.node,
  };
}

/** The commit, and whether there is more than it; undefined where there is no git. */
function readCommit(): string | undefined {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    const commit = git('rev-parse', '--short', 'HEAD');
    const changes = git('status', '--porcelain', '--', '.', ...written);
    return changes === '' ? commit : `${commit} and changes`;
  } catch {
    return undefined;
  }
}

/** The browser's name and version, as it tells the page at `url`. */
async function readVersion(name: BrowserName, url: string): Promise<string> {
  const browser = await startBrowser(name, { extension: join(root, 'test/web-chats/bystander') });
  try {
    const tab = await browser.open(url);
    const agent = await tab.evaluate(() => navigator.userAgent);
    return /(?:Chrome|Firefox)\/\d+/u.exec(agent)?.[0].replace('/', ' ') ?? agent;
  } finally {
    await browser.close();
  }
}
