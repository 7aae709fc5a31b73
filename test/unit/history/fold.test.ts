import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { fold, spotsOf, termsOf } from '../../../src/history/fold.ts';

describe('folding', () => {
  it.each([
    ['Straße', 'STRASSE'],
    ['Crème BRÛLÉE', 'cre\u0300me bru\u0302le\u0301e'],
    ['ＡＢＣ１２', 'abc12'],
    ['ΟΔΟΣ', 'οδος'],
    ['İstanbul', 'i\u0307stanbul'],
    ['line\nbreak\ttab', 'line break tab'],
    ['한국어', '한국어'.normalize('NFD')],
    ['ﬁle', 'FILE'],
    ['Việt', 'Viê\u0323t'],
    ['Việt', 'Vie\u0302\u0323t'],
  ])('takes %j and %j for the same', (one, other) => {
    expect(fold(one)).toBe(fold(other));
  });

  it('keeps apart what is not the same', () => {
    expect(new Set(['你好', '您好', 'a', 'á', 'b'].map(fold)).size).toBe(5);
  });

  it('gives a text of its own parts: one folded piece by piece is folded the same', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 5 })), (parts) => {
        expect(fold(parts.join(''))).toBe(parts.map(fold).join(''));
        expect(fold(parts.join(''))).not.toMatch(/[\0\n]/u);
      }),
    );
  });
});

describe('what it knows of characters', () => {
  it('is bounded, whatever comes', () => {
    const marks = Array.from({ length: 180 }, (_, i) => String.fromCodePoint(0x0300 + (i % 64)));
    const texts = marks.map((mark) =>
      Array.from({ length: 500 }, (_, i) => `${String.fromCodePoint(0x4e00 + i)}${mark}`).join(''),
    );
    for (const text of texts) fold(text);
    const normalize = vi.spyOn(String.prototype, 'normalize');
    for (const text of texts) fold(text);
    const made = normalize.mock.calls.length;
    normalize.mockRestore();
    expect(made).toBeGreaterThan(10_000);
  });
});

describe('a query', () => {
  it.each([
    ['Hello  world', ['hello', 'world']],
    ['"Hello world" x', ['hello world', 'x']],
    ['"open end', ['open end']],
    ['“你好 吗”', ['你好 吗']],
    ['x X x', ['x']],
    ['  ', []],
    ['""', []],
  ])('%j asks for %j', (query, terms) => {
    expect(termsOf(query)).toEqual(terms);
  });
});

describe('spots', () => {
  const marked = (text: string, query: string): string[] =>
    spotsOf(text, termsOf(query)).map(([from, to]) => text.slice(from, to));

  it.each([
    ['Say HELLO, hello', 'hello', ['HELLO', 'hello']],
    ['明天下午开会，下午', '下午', ['下午', '下午']],
    ['Große Straße', 'strasse', ['Straße']],
    ['ﬁn ＦＩＮ', 'fin', ['ﬁn', 'ＦＩＮ']],
    ['👍🏽 İt', 'i', ['İ']],
    ['abab', 'ab ba', ['abab']],
    ['Viê\u0323t Nam', 'việt', ['Viê\u0323t']],
  ])('in %j for %j are %j', (text, query, spots) => {
    expect(marked(text, query)).toEqual(spots);
  });

  it('always hold what was asked for', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 20 }),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }),
        fc.string({ unit: 'grapheme', maxLength: 20 }),
        (before, word, after) => {
          const term = fold(word);
          const spots = spotsOf(`${before}${word}${after}`, [term]);
          const texts = spots.map(([from, to]) => fold(`${before}${word}${after}`.slice(from, to)));
          expect(texts.length).toBeGreaterThan(0);
          for (const text of texts) expect(text).toContain(term);
        },
      ),
    );
  });
});
