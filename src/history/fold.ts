/** From where to where in a text, UTF-16 units, the end not included. */
export type Spot = readonly [from: number, to: number];

/** Texts in which every character stays one and only letters of ASCII have a case. */
const simple = /^[\u0020-\u007e\u3001\u3002\u3400-\u4dbf\u4e00-\u9fff]*$/u;

const folded = new Map<string, string>();

/** Units of a character that people write; longer ones are made to be many, and not remembered. */
const longestKnown = 8;
/** Characters that are remembered: more than a language has, and no text can make them more. */
const mostKnown = 20_000;

/** The characters of a text, each with its marks: their order is only told once all are there. */
function charactersOf(text: string): Iterable<string> {
  return /\p{M}/u.test(text) ? (text.match(/\P{M}\p{M}*|\p{M}+/gu) ?? []) : text;
}

/** One character as it is compared: in its parts, without case, any space as a space. */
function foldOne(character: string): string {
  let known = folded.get(character);
  if (known === undefined) {
    known = character
      .normalize('NFKD')
      .toLowerCase()
      .replaceAll('ß', 'ss')
      .replaceAll('ς', 'σ')
      .replaceAll(/[\s\0]/gu, ' ');
    if (character.length <= longestKnown && folded.size < mostKnown) folded.set(character, known);
  }
  return known;
}

/**
 * A text as it is compared: `É`, `é` and `e` with its accent apart are the same, so are full-width
 * and plain letters; line breaks are spaces, and there is no NUL in it.
 */
export function fold(text: string): string {
  if (simple.test(text)) return text.toLowerCase();
  let result = '';
  for (const character of charactersOf(text)) result += foldOne(character);
  return result;
}

/** The most words of a query that count. */
const mostTerms = 12;

/** What a query asks for, folded: each word, and each phrase "in quotation marks", once. */
export function termsOf(query: string): readonly string[] {
  const parts = [...query.matchAll(/["“]([^"”]+)["”]?|([^\s"“”]+)/gu)];
  const terms = parts.map(([, phrase, word]) => fold(phrase ?? word ?? '').trim());
  return [...new Set(terms.filter((term) => term !== ''))].slice(0, mostTerms);
}

/** Where the terms (folded) stand in a text, in order, those that touch joined. */
export function spotsOf(text: string, terms: readonly string[]): readonly Spot[] {
  // Of each folded unit, where its character begins and ends in the text.
  const from: number[] = [];
  const to: number[] = [];
  let whole = '';
  let at = 0;
  for (const character of charactersOf(text)) {
    const one = foldOne(character);
    whole += one;
    from.push(...Array<number>(one.length).fill(at));
    to.push(...Array<number>(one.length).fill(at + character.length));
    at += character.length;
  }
  const found: [number, number][] = [];
  for (const term of terms) {
    for (let i = whole.indexOf(term); i >= 0; i = whole.indexOf(term, i + term.length)) {
      found.push([from[i] ?? 0, to[i + term.length - 1] ?? 0]);
    }
  }
  const spots: [number, number][] = [];
  for (const [begin, end] of found.sort(([one], [other]) => one - other)) {
    const last = spots.at(-1);
    if (last && begin <= last[1]) last[1] = Math.max(last[1], end);
    else spots.push([begin, end]);
  }
  return spots;
}
