import { readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { StateView, TroubleView } from '../../../src/contract/views.ts';
import { kinds } from '../../../src/message/message.ts';
import { placeholderKeys } from '../../../src/message/placeholder.ts';
import { refusals } from '../../../src/message/recall.ts';
import {
  kindWords,
  paragraph,
  piecesOf,
  placeholderWords,
  refusalWords,
  signInRefusal,
  spoken,
  stateHelp,
  stateWords,
  troubleWords,
} from '../../../src/ui/words.ts';
import { locales, messagesOf, speak, type Locale } from './fake-extension.ts';

/** Codes a sign-in is refused with, each explained in a sentence of its own. */
const signInCodes = [
  2003, 70001, 70002, 70003, 70005, 70009, 70013, 70014, 70016, 70020, 70050, 70052, 70107,
];
const states = StateView.entries.name.options;
const sentence = /^[^\uE000-\uE0FF$]*\p{L}[^\uE000-\uE0FF$]*$/u;

describe.each(locales)('in %s', (locale) => {
  beforeEach(() => {
    speak(locale);
  });

  test.each(refusals)('the refusal %s says why, with and without numbers', (why) => {
    expect(refusalWords({ why })).toMatch(sentence);
    const full = refusalWords({ why, code: 98_765, lateBy: 43, untilTime: '12:03' });
    expect(full).toMatch(sentence);
    if (why === 'unknown') expect(full).toContain('98765');
    if (why === 'too-late') expect(full).toContain('43');
    if (why === 'waiting') expect(full).toContain('12:03');
  });

  test('what came much too late is not told in seconds', () => {
    const said = refusalWords({ why: 'too-late', lateBy: 93_211 });
    expect(said).toBe(refusalWords({ why: 'too-late' }));
  });

  test('no two refusals say the same', () => {
    expect(new Set(refusals.map((why) => refusalWords({ why }))).size).toBe(refusals.length);
  });

  test.each(placeholderKeys)('the placeholder %s is a sentence with the names it needs', (key) => {
    const said = spoken(placeholderWords({ key, who: 'Xia', whose: 'Yusuf' }));
    expect(said).toMatch(sentence);
    expect(said.includes('Xia')).toBe(key.startsWith('someone'));
    expect(said.includes('Yusuf')).toBe(key.endsWith('From'));
  });

  test.each(states)('the state %s has words', (name) => {
    expect(spoken(stateWords({ name }, 'alice'))).toMatch(sentence);
  });

  test.each(states.filter((name) => !['connected', 'connecting'].includes(name)))(
    'the state %s says what it means for the user',
    (name) => {
      expect(stateHelp({ name })).toMatch(sentence);
    },
  );

  test.each(signInCodes)('the sign-in code %i is explained and shown', (code) => {
    expect(signInRefusal(code)).toMatch(sentence);
    expect(signInRefusal(code)).toContain(String(code));
    expect(signInRefusal(code)).not.toBe(signInRefusal(1).replace('1', String(code)));
  });

  test('a sign-in code nobody knows is shown with its number', () => {
    expect(signInRefusal(4_242)).toContain('4242');
  });

  test.each(TroubleView.options)('the trouble %s has a sentence', (trouble) => {
    expect(troubleWords(trouble)).toMatch(sentence);
  });

  test.each(kinds)('a message of kind %s has a name', (kind) => {
    expect(kindWords(kind)).toMatch(sentence);
  });
});

test('names are pieces of their own, whatever they contain', () => {
  speak('en');
  const who = '\uE001$2<b>\u202Eevil';
  const pieces = piecesOf(placeholderWords({ key: 'someoneFrom', who, whose: 'Bob' }));
  expect(pieces).toEqual([
    { text: '$2<b>evil', isName: true },
    { text: ' recalled a message from ', isName: false },
    { text: 'Bob', isName: true },
  ]);
});

/** Each sentence of a language by its key, as the places for names it has: "$1 $2". */
function placesIn(locale: Locale): Map<string, string> {
  return new Map(
    Object.entries(messagesOf(locale)).map(([key, { message }]) => [
      key,
      [...new Set(message.match(/\$\d/gu) ?? [])].sort().join(' '),
    ]),
  );
}

test('every language in the folder is one the tests know', () => {
  const files = readdirSync(path.join(import.meta.dirname, '../../../src/locales'));
  expect(files.sort()).toEqual(locales.map((locale) => `${locale}.yml`).sort());
});

test.each(locales.filter((locale) => locale !== 'en'))(
  '%s has every sentence of English, with the same places for names, and no other',
  (locale) => {
    const english = placesIn('en');
    const here = placesIn(locale);
    const missing = [...english.keys()].filter((key) => !here.has(key));
    const unknown = [...here.keys()].filter((key) => !english.has(key));
    const otherPlaces = [...english].flatMap(([key, places]) =>
      here.has(key) && here.get(key) !== places ? [`${key}: ${places || 'none'}`] : [],
    );
    expect({ missing, unknown, otherPlaces }).toEqual({
      missing: [],
      unknown: [],
      otherPlaces: [],
    });
  },
);

test.each(locales)('the name and the description in %s fit the stores', (locale) => {
  const { app_name, app_short, app_description } = messagesOf(locale);
  // Chrome: 75, 12 and 132 characters; Firefox takes 50 for a name and more for the others.
  expect(app_name?.message.length).toBeLessThanOrEqual(50);
  expect(app_short?.message.length).toBeLessThanOrEqual(12);
  expect(app_description?.message.length).toBeLessThanOrEqual(132);
});

/** Sentences with the name of a conversation in them, which may be a group's as well as a person's. */
const ofConversations = [
  'bar_sentTo',
  'bar_sentQuietly',
  'bar_recallLabel',
  'bar_recalling',
  'bar_waitingLeft',
  'bar_tooLateTo',
  'bar_refused',
  'bar_recalled',
  'bar_newMessage',
  'keys_recalled',
  'keys_waiting',
  'keys_refused',
  'notice_sent',
];

test.each(ofConversations)('in Korean %s speaks of a group no other way than is right', (key) => {
  // 님 honours a person, and 에게 gives to one.
  expect(messagesOf('ko')[key]?.message).toMatch(/^(?!.*(?:님|에게)).*\$1 채팅에/u);
});

test('sentences stand in one paragraph with a gap between them, which “。” has in itself', () => {
  expect(paragraph(['One.', 'Two.', 'Three.'])).toBe('One. Two. Three.');
  expect(paragraph(['一。', '二。', '三。'])).toBe('一。二。三。');
});

test('no two sentences differ in the case of their key only: browsers ignore it', () => {
  const keys = Object.keys(messagesOf('en')).map((key) => key.toLowerCase());
  expect(new Set(keys).size).toBe(keys.length);
});
