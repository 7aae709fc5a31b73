import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { BrowserOptions } from './browser.ts';

/** Not a language: the English sentences in another script and from right to left. */
export const pseudoLocale = 'ar-XB';

/** Folders of languages that are not called as the language is. */
const namesOf: Readonly<Partial<Record<Locale, string>>> = { 'en-US': 'en', [pseudoLocale]: 'ar' };

/** The languages a browser can be started in; the last is `pseudoLocale`. */
export type Locale = 'en-US' | 'zh-CN' | 'zh-TW' | 'ja' | 'ko' | typeof pseudoLocale;

/**
 * The folder to install for a language. The distributions' browsers carry English only, and their
 * language packs are packages of their own; so for another language the extension is copied beside the
 * profile's files with that language as its only one, which makes it speak that. For a policy it is
 * copied as well: a copy has an id of its own in Chromium.
 *
 * @throws {Error} When the extension does not speak the language.
 */
export function localizeExtension(
  { extension, locale = 'en-US', policy }: Pick<BrowserOptions, 'extension' | 'locale' | 'policy'>,
  profile: string,
): string {
  if (locale === 'en-US' && !policy) return extension;
  const copy = join(profile, 'localized-extension');
  if (existsSync(copy)) return copy;
  // A name the browsers know, as they take no others.
  const name = namesOf[locale] ?? locale.replace('-', '_');
  if (locale !== pseudoLocale && !existsSync(join(extension, '_locales', name))) {
    throw new Error(`${extension} has no _locales/${name}`);
  }
  cpSync(extension, copy, { recursive: true });
  if (locale === pseudoLocale) writePseudoLocale(join(copy, '_locales'), name);
  for (const other of readdirSync(join(copy, '_locales'))) {
    if (other !== name) rmSync(join(copy, '_locales', other), { recursive: true });
  }
  const path = join(copy, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...manifest, default_locale: name }));
  return copy;
}

/**
 * Makes a right-to-left language out of the English one: each letter is replaced by a Hebrew one, and
 * the places for names stay where they are. What stays in Latin letters, or on the wrong side, was
 * never translated or laid out for it.
 */
function writePseudoLocale(locales: string, name: string): void {
  const english = JSON.parse(readFileSync(join(locales, 'en', 'messages.json'), 'utf8')) as Record<
    string,
    { message: string }
  >;
  const first = 'א'.charCodeAt(0);
  const turned = Object.fromEntries(
    Object.entries(english).map(([key, { message }]) => [
      key,
      {
        message: message.replace(/[a-z]/giu, (letter) =>
          String.fromCharCode(first + (letter.toLowerCase().charCodeAt(0) - 97)),
        ),
      },
    ]),
  );
  turned.locale_tag = { message: 'ar' };
  turned.locale_dir = { message: 'rtl' };
  mkdirSync(join(locales, name));
  writeFileSync(join(locales, name, 'messages.json'), JSON.stringify(turned));
}
