import { expect, it } from 'vitest';
import { defaultManners } from '../../../src/message/manners.ts';
import { eachWithAlice } from './in-world.ts';
import { wake, type Life, type World } from './life.ts';

let world: World;
eachWithAlice((made) => {
  ({ world } = made);
});

const own = { kind: 'own', path: '/options.html' } as const;
const origin = 'https://chat.example';

/** What the options of a second window do: each says only what was chosen there. */
const choices: readonly [
  name: string,
  choose: (life: Life) => readonly Promise<unknown>[],
  read: (life: Life) => Promise<unknown>,
  both: unknown,
][] = [
  [
    'for a site',
    (life) => [
      life.answers.setSiteSettings({ origin, connectsAlone: true }, own),
      life.answers.setSiteSettings({ origin, staysSignedIn: true }, own),
      life.answers.setSiteSettings({ origin, server: 'wss://im.example' }, own),
    ],
    (life) => life.answers.siteSettings(origin, own),
    { connectsAlone: true, staysSignedIn: true, server: 'wss://im.example' },
  ],
  [
    'of notices',
    (life) => [
      life.answers.setNotices({ messages: true }, own),
      life.answers.setNotices({ walkedAway: true }, own),
    ],
    (life) => life.answers.notices(undefined, own),
    { messages: true, walkedAway: true },
  ],
  [
    'of manners',
    (life) => [
      life.answers.setManners({ isDiscreet: true }, own),
      life.answers.setManners({ rule: { name: 'twin', isOn: false } }, own),
      life.answers.setManners({ rule: { name: 'name', isOn: false } }, own),
      life.answers.setManners({ rule: { name: 'twin', isOn: true } }, own),
      life.answers.setManners({ placeholder: { origin, style: 'hide' } }, own),
      life.answers.setManners({ placeholder: { origin, style: 'compact' } }, own),
    ],
    (life) => life.answers.manners(undefined, own),
    {
      ...defaultManners,
      isDiscreet: true,
      rulesOff: ['name'],
      placeholders: [{ origin, style: 'compact' }],
    },
  ],
  [
    'of what is kept',
    (life) => [life.answers.setKeptDays(3, own), life.answers.setKeepsHistory(true, own)],
    (life) => life.answers.dataSettings(undefined, own),
    { keptDays: 3, keepsHistory: true },
  ],
];

it.each(choices)('choices %s at one time all hold', async (_, choose, read, both) => {
  const life = await wake(world);
  await Promise.all(choose(life));
  expect(await read(life)).toEqual(both);
});

it.each(choices)('every open page of ours hears of a choice %s', async (_, choose) => {
  const life = await wake(world);
  const before = life.news.length;
  const all = choose(life);
  await Promise.all(all);
  expect(life.news.length - before).toBeGreaterThanOrEqual(all.length);
  expect(life.news.slice(before).every(({ kind }) => kind !== 'rows')).toBe(true);
});

it('a sign-in that is not to outlive the browser any more is not kept by an older choice', async () => {
  const life = await wake(world);
  const choose = life.answers.setSiteSettings;
  await choose(
    { origin, connectsAlone: true, staysSignedIn: true, server: 'wss://im.example' },
    own,
  );
  await choose({ origin, staysSignedIn: false }, own);
  // A window that still shows it ticked.
  await choose({ origin, server: null }, own);
  const off = { connectsAlone: true, staysSignedIn: false };
  expect(await life.answers.siteSettings(origin, own)).toEqual(off);
  // Nor does it come back with what it goes with.
  await choose({ origin, staysSignedIn: true }, own);
  await choose({ origin, connectsAlone: false }, own);
  await choose({ origin, connectsAlone: true }, own);
  expect(await life.answers.siteSettings(origin, own)).toEqual(off);
});
