import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The languages the stores are given a page in. */
export const listingLanguages = ['en', 'zh_CN'] as const;
export type ListingLanguage = (typeof listingLanguages)[number];

/** What a store's page says besides the name and the summary, which are those of the extension. */
export interface Listing {
  /** One line for tiles and social pages. */
  readonly promotion: string;
  /** One line above each picture, in the pictures' order. */
  readonly captions: readonly string[];
  /** Plain text: no store shows Markdown. */
  readonly description: string;
}

/** Reads `listing/<language>.md`; lines broken for the editor are joined as a store shows them. */
export function readListing(language: ListingLanguage): Listing {
  const file = path.join(import.meta.dirname, 'listing', `${language}.md`);
  const parts = readFileSync(file, 'utf8').split(/^# (.+)$/mu);
  const part = (title: string): string => {
    const text = parts[parts.indexOf(title) + 1];
    if (!parts.includes(title) || text === undefined) throw new Error(`${file} has no ${title}`);
    return text.trim().replace(/(?<=[^\n])\n {0,2}(?![\n\- ])/gu, ' ');
  };
  return {
    promotion: part('Promotion'),
    captions: part('Captions')
      .split('\n')
      .map((line) => line.replace(/^- /u, '')),
    description: part('Description'),
  };
}
