import { callsOf, fold, shortest, type Call } from './calls.ts';
import { calling, familyTitles, hails, hearsay, openings, titles } from './titles.ts';

/** How much of a text is looked at (letters): people are spoken to at its beginning. */
const headLength = 400;

/**
 * Whether a text speaks to one of `others` by name, at its beginning ("Hi Carol", "小王，",
 * "田中さん、", "민수야") or with an @, while nobody `here` bears that name and nobody spoke of such a
 * one in what was `said` here before. Names are as the service has them.
 */
export function speaksToAnother(
  text: string,
  here: readonly string[],
  others: readonly string[],
  said: readonly string[] = [],
): boolean {
  const head = fold(text.slice(0, headLength));
  const present = here.map(fold);
  const isHere = (word: string): boolean =>
    present.some((one) => one.includes(word) || (one.length >= shortest && word.includes(one))) ||
    said.some((one) => fold(one).includes(word));
  const strangers = others.map(fold);
  const called = strangers.flatMap(callsOf).filter((call) => isAddressed(head, call));
  if (called.length === 0) return false;
  const words = [...present, ...strangers].flatMap(callsOf).map(({ word }) => word);
  return called.some(({ word }) => !isToldOf(head, word, words) && !isHere(word));
}

/** How a call may be meant, by what stands before it. */
const greeted = new RegExp(`^(?:${openings}){1,2}$`, 'u');
const mentioned = /(?:^|[^\w.%+-])@$/u;

const end = "(?![\\p{L}\\p{N}]|['’]s)";
const pause = '[^\\S\\n]*[,:!~…]';
const hailed = `[ ,、]*(?:${hails})`;
/** In Chinese the sign of a list, in Japanese the comma. */
const commaJa = '、(?=.*\\p{Script=Hiragana})';
const titled = (title: string) => `${title}(?:[^\\S\\n]*[,、:!~…\\n]|${hailed})`;

/** What has to follow a call: where it begins the text, after a greeting, after an @. */
const following = {
  beginning: {
    name: new RegExp(`^(?:${pause}|${commaJa}|${hailed})`, 'u'),
    title: new RegExp(`^(?:${titled(titles)}|${calling})`, 'u'),
    'family-title': new RegExp(`^(?:${titled(familyTitles)}|${calling})`, 'u'),
  },
  greeted: {
    name: new RegExp(`^${end}`, 'u'),
    title: new RegExp(`^${titles}${end}`, 'u'),
    'family-title': new RegExp(`^${familyTitles}${end}`, 'u'),
  },
  mentioned: {
    name: new RegExp(`^${end}`, 'u'),
    title: new RegExp(`^${titles}`, 'u'),
    'family-title': new RegExp(`^${familyTitles}`, 'u'),
  },
} as const;

function isAddressed(head: string, { word, needs }: Call): boolean {
  for (let at = head.indexOf(word); at >= 0; at = head.indexOf(word, at + 1)) {
    const how = placeOf(head.slice(0, at));
    if (how === undefined) continue;
    const rest = head.slice(at + word.length);
    const forms = following[how];
    if (needs === undefined && (forms.name.test(rest) || forms.title.test(rest))) return true;
    if (needs !== undefined && forms[needs].test(rest)) return true;
    if (needs !== 'family-title' && isVocative(word, rest)) return true;
  }
  return false;
}

function placeOf(before: string): keyof typeof following | undefined {
  if (before === '') return 'beginning';
  if (mentioned.test(before)) return 'mentioned';
  return greeted.test(before) ? 'greeted' : undefined;
}

/** The Korean vocative: 아 after a consonant, 야 after a vowel. */
function isVocative(word: string, rest: string): boolean {
  const [, particle] = /^([야아])(?:[\s,!~.…]|$)/u.exec(rest) ?? [];
  const syllable = (word.codePointAt(word.length - 1) ?? 0) - 0xac00;
  if (particle === undefined || syllable < 0 || syllable >= 11_172) return false;
  return (particle === '아') === syllable % 28 > 0;
}

const commaAfter = new RegExp(`^(?:${titles})?[^\\S\\n]*[,、:]\\s*`, 'u');

/**
 * Whether a text that begins with a call rather tells of its bearer: the first of a list ("Carol,
 * David and I"), or with what was heard of them ("田中さん、今日休みだって").
 */
function isToldOf(head: string, call: string, words: readonly string[]): boolean {
  if (!head.startsWith(call)) return false;
  const comma = commaAfter.exec(head.slice(call.length))?.[0];
  if (comma === undefined) return false;
  const rest = head.slice(call.length + comma.length);
  return (
    words.some((word) => word !== call && rest.startsWith(word)) ||
    hearsay.test(/^[^。.!?\n]*/u.exec(rest)?.[0] ?? '')
  );
}
