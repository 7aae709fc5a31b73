import { accessSync, constants, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserName } from './browser.ts';

/** What whoever manages a browser sets for an extension in it, by the names of its schema. */
export type ManagedPolicy = Readonly<Record<string, unknown>>;

/** Where Debian's Chromium reads the policies of this computer; only its administrator can write there. */
export const chromiumPolicies = '/etc/chromium/policies/managed';

/** Whether a policy can be set here: in Firefox always, in Chromium by this computer's administrator. */
export function mayManage(browser: BrowserName): boolean {
  if (browser === 'firefox') return true;
  try {
    mkdirSync(chromiumPolicies, { recursive: true });
    accessSync(chromiumPolicies, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Sets the policy of an extension for every Chromium of this computer, so the id must be of this copy
 * of the extension alone. Returns what takes it back, which the end of this process does as well.
 */
export function manageChromium(id: string, policy: ManagedPolicy): () => void {
  const file = join(chromiumPolicies, `unsay-test-${id}.json`);
  const takeBack = (): void => {
    process.off('exit', takeBack);
    rmSync(file, { force: true });
  };
  process.on('exit', takeBack);
  writeFileSync(file, JSON.stringify({ '3rdparty': { extensions: { [id]: policy } } }));
  return takeBack;
}

/** Sets the policy of an extension for the Firefox whose HOME this folder is. */
export function manageFirefox(home: string, id: string, policy: ManagedPolicy): void {
  const folder = join(home, '.mozilla', 'managed-storage');
  mkdirSync(folder, { recursive: true });
  const manifest = { name: id, description: 'A test’s policy', type: 'storage', data: policy };
  writeFileSync(join(folder, `${id}.json`), JSON.stringify(manifest));
}
