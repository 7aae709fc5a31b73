import { familyKo, familyZh, kin, notNames, titles } from './titles.ts';

/** Names shorter than this (letters) are words too often. */
export const shortest = 2;

/** What somebody may be called. */
export interface Call {
  /** Folded. */
  readonly word: string;
  /** Without which it is a word like others. */
  readonly needs?: 'title' | 'family-title';
}

/** A name or a text as they are compared: width and case make no difference. */
export function fold(name: string): string {
  return name.normalize('NFKC').trim().toLocaleLowerCase();
}

/** "田中(営業)", "Carol | QA": what stands beside a name. */
const remark = /[([{<【「@/|].*$/su;
const lastTitle = new RegExp(`${titles}$`, 'u');
const firstName = /^\p{Script=Latin}{3,}(?=\s)/u;
const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const givenZh = new RegExp(`^${familyZh}(\\p{Script=Han}{2})$`, 'u');
const givenKo = new RegExp(`^${familyKo}(\\p{Script=Hangul}{2})$`, 'u');
const familyJa = /^(\p{Script=Han}{2})\p{Script=Han}{1,3}$/u;

/**
 * What somebody may be called by whose folded name is this: the whole name, of Western names also
 * the first, of Chinese and Korean ones what is given, of Japanese ones the family's.
 */
export function callsOf(name: string): Call[] {
  const bare = name.replace(remark, '').trim() || name;
  const whole = [bare.replace(lastTitle, '').trim(), bare].find(isLong) ?? '';
  const calls: Call[] = cjk.test(whole)
    ? callsOfCjk(whole)
    : [whole, ...(firstName.exec(whole) ?? [])].map((word) => ({ word }));
  return calls.filter(({ word, needs }) =>
    isLong(word) ? !notNames.test(word) : needs === 'family-title' && word !== '',
  );
}

function callsOfCjk(whole: string): Call[] {
  const parts = whole.split(/\s+/u);
  const joined = parts.join('');
  const cut = (form: RegExp): string => {
    const word = form.exec(joined)?.[1] ?? '';
    return kin.test(word) ? '' : word;
  };
  return [
    { word: whole },
    { word: joined },
    ...(parts.length > 1 ? parts.map(callOfPart) : []),
    { word: cut(givenZh) },
    { word: cut(givenKo), needs: 'title' },
    { word: cut(familyJa), needs: 'family-title' },
  ];
}

/** A part that stands by itself in a name; Korean ones are said with a title or a particle. */
function callOfPart(word: string): Call {
  if (!isLong(word)) return { word, needs: 'family-title' };
  return /\p{Script=Hangul}/u.test(word) ? { word, needs: 'title' } : { word };
}

function isLong(name: string): boolean {
  return Array.from(name).length >= shortest;
}
