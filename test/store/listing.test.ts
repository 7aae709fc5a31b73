import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { root } from '../setup/step.ts';
import { listingLanguages, readListing } from './listing.ts';
import { pictureNames } from './picture-names.ts';

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

describe.each(listingLanguages)('the store page in %s', (language) => {
  const listing = readListing(language);

  it('says that recalled messages are never shown, in the promotion and in the description', () => {
    const promise = {
      en: 'Unsay never shows recalled messages.',
      zh_CN: 'Unsay 绝不显示被撤回的消息。',
    }[language];
    expect(listing.promotion).toContain(promise);
    expect(listing.description).toContain(promise);
  });

  // Chrome Web Store: description 16,000 characters; addons.mozilla.org: summary 250.
  it('fits the stores', () => {
    expect(listing.description.length).toBeGreaterThan(200);
    expect(listing.description.length).toBeLessThanOrEqual(16_000);
    expect(listing.promotion.length).toBeLessThanOrEqual(250);
    expect(listing.description).not.toMatch(/[*_`#[\]]/u);
  });

  it('gives the reason of every permission', () => {
    const permissions = /permissions: \[([^\]]+)\]/u.exec(read('wxt.config.ts'))?.[1] ?? '';
    const names = [...permissions.matchAll(/'(\w+)'/gu)].map(([, name]) => name ?? '');
    expect(names.length).toBeGreaterThan(2);
    for (const name of names) expect(listing.description).toMatch(new RegExp(`- .*${name}`, 'u'));
    for (const name of names) expect(read('README.md')).toContain(`\`${name}\``);
  });

  it('has a caption of at most 80 characters for each picture', () => {
    expect(listing.captions).toHaveLength(pictureNames.length);
    for (const caption of listing.captions) expect(caption.length).toBeLessThanOrEqual(80);
  });
});

test('the changelog tells of this version or of what becomes of it', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect(read('CHANGELOG.md')).toMatch(
    new RegExp(`^## \\[${version}\\]|^Becomes ${version.replaceAll('.', '\\.')}`, 'mu'),
  );
});
