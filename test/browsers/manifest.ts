import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

interface Manifest {
  key?: string;
  action?: { default_popup?: string };
  optional_permissions?: string[];
  commands?: Record<string, { suggested_key?: { default?: string; linux?: string } }>;
  browser_specific_settings?: { gecko?: { id?: string } };
}

/**
 * The id Chromium gives an unpacked extension: the SHA-256 of the manifest's key, else of the folder's
 * path, in the letters a to p.
 */
export function chromiumIdOf(extension: string): string {
  const { key } = readManifest(extension);
  const source = key === undefined ? resolve(extension) : Buffer.from(key, 'base64');
  const digest = createHash('sha256').update(source).digest('hex').slice(0, 32);
  return digest.replace(/./g, (digit) => String.fromCharCode(97 + parseInt(digit, 16)));
}

/**
 * The extension's id in Firefox.
 *
 * @throws {Error} When the manifest names none: Firefox would then give it another at every install.
 */
export function firefoxIdOf(extension: string): string {
  const id = readManifest(extension).browser_specific_settings?.gecko?.id;
  if (id === undefined) {
    throw new Error(`The manifest in ${extension} names no browser_specific_settings.gecko.id`);
  }
  return id;
}

/** The popup's page, relative to the extension. */
export function popupPath(extension: string): string {
  const path = readManifest(extension).action?.default_popup;
  if (path === undefined) throw new Error(`The manifest in ${extension} names no popup.`);
  return path;
}

/** The permissions the extension asks for only when they are wanted. */
export function optionalPermissionsOf(extension: string): string[] {
  return readManifest(extension).optional_permissions ?? [];
}

/** The keys of one of the manifest's commands, joined as 'Control+Shift+U'. */
export function shortcutOf(extension: string, command: string): string {
  const keys = readManifest(extension).commands?.[command]?.suggested_key;
  const shortcut = keys?.linux ?? keys?.default;
  if (shortcut === undefined) throw new Error(`The manifest gives ${command} no shortcut.`);
  return shortcut.replace(/\bCtrl\b/, 'Control');
}

/** The permission for all pages of an origin. Match patterns name no port: any is meant. */
export function matchPatternFor(origin: string): string {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}/*`;
}

function readManifest(extension: string): Manifest {
  const path = join(extension, 'manifest.json');
  if (!existsSync(path))
    throw new Error(`There is no ${path}. Build the extension: npm run build.`);
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
}
