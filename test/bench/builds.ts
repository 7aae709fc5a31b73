import { join } from 'node:path';
import { build } from 'wxt';
import type { BrowserName } from '../browsers/browser.ts';
import { root } from '../setup/step.ts';

/** Builds the extension out of the present sources into `folder`; gives the built one's folder. */
export async function buildInto(folder: string, name: BrowserName): Promise<string> {
  const browser = name === 'chromium' ? 'chrome' : 'firefox';
  await build({ root, browser, manifestVersion: 3, outDir: folder, logger: silence });
  return join(folder, `${browser}-mv3`);
}

const ignore = (): void => undefined;
const silence = {
  debug: ignore,
  log: ignore,
  info: ignore,
  success: ignore,
  warn: console.warn,
  error: console.error,
  fatal: console.error,
  level: 0,
};
