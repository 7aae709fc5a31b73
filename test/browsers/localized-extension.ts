import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The folder to install for a language. The distributions' browsers carry English only, and their
 * language packs are packages of their own; so for another language the extension is copied beside the
 * profile's files with that language as its only one, which makes it speak that.
 *
 * @throws {Error} When the extension does not speak the language.
 */
export function localizeExtension(
  extension: string,
  profile: string,
  locale: string | undefined,
): string {
  if (locale === undefined || locale === 'en-US') return extension;
  const copy = join(profile, 'localized-extension');
  if (existsSync(copy)) return copy;
  const name = locale.replace('-', '_');
  if (!existsSync(join(extension, '_locales', name))) {
    throw new Error(`${extension} has no _locales/${name}`);
  }
  cpSync(extension, copy, { recursive: true });
  for (const other of readdirSync(join(copy, '_locales'))) {
    if (other !== name) rmSync(join(copy, '_locales', other), { recursive: true });
  }
  const path = join(copy, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...manifest, default_locale: name }));
  return copy;
}
