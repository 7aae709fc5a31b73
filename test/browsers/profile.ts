import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** A new empty folder for a browser's profile. */
export function createProfile(browser: string): string {
  return mkdtempSync(join(tmpdir(), `unsay-${browser}-`));
}

/**
 * Writes into a new profile of Chromium that an extension once had these permissions: it is then given
 * them again without a question, when it asks after a click (seen with 156). Until then it has none.
 */
export function rememberPermissions(profile: string, id: string, permissions: string[]): void {
  const preferences = join(profile, 'Default', 'Preferences');
  if (existsSync(preferences)) return;
  mkdirSync(join(profile, 'Default'), { recursive: true });
  const once = {
    api: permissions,
    explicit_host: [],
    manifest_permissions: [],
    scriptable_host: [],
  };
  const settings = { [id]: { granted_permissions: once, runtime_granted_permissions: once } };
  writeFileSync(preferences, JSON.stringify({ extensions: { settings } }));
}

/** Removes a profile; a browser that was just killed may still be writing into it. */
export function removeProfile(profile: string): void {
  rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** The files of the profile that hold `text` as UTF-8 or UTF-16, relative to it. */
export async function searchProfile(profile: string, text: string): Promise<string[]> {
  const needles = [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')];
  const entries = await readdir(profile, { recursive: true, withFileTypes: true });
  const holders: string[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // The browser is running and may remove a file between the listing and the reading.
    const content = await readFile(path).catch(() => Buffer.alloc(0));
    if (needles.some((needle) => content.includes(needle))) holders.push(relative(profile, path));
  }
  return holders.sort();
}
