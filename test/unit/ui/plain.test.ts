import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainPart, plainText } from '../../../src/ui/plain.ts';

test('control and direction characters are taken out, white space is folded', () => {
  expect(plainText(' a\u0000b\u202Ec\u2066d\n\n\te\u200B ', 20)).toBe('a bcd e');
});

test('joined emoji and Persian joiners stay whole', () => {
  expect(plainText('👨‍👩‍👧 می‌خواهم', 20)).toBe('👨‍👩‍👧 می‌خواهم');
});

test('what is too long is cut by characters, not by halves of them', () => {
  expect(plainText('👍'.repeat(10), 4)).toBe('👍👍👍…');
  expect(plainText('abcd', 4)).toBe('abcd');
});

test('a megabyte becomes one line', () => {
  const line = plainText('\u0301a'.repeat(500_000), 30);
  expect(Array.from(line)).toHaveLength(30);
  expect(line.endsWith('…')).toBe(true);
});

test('a megabyte of nothing visible says that something was cut', () => {
  expect(plainText('\u202E'.repeat(1_000_000), 30)).toBe('…');
});

test('towers of combining marks stay low', () => {
  expect(plainText(`Z${'\u0301'.repeat(200)}a`, 60)).toBe('Z\u0301\u0301\u0301\u0301a');
});

test('half a surrogate pair is nobody’s name', () => {
  expect(plainText('a\uD83Db', 10)).toBe('ab');
});

test('what is taken for plain at a glance has nothing that would be taken out', () => {
  // One character the glance does not know makes the text go through every pattern.
  const unknown = 'א';
  for (let code = 0; code < 0x1_10000; code++) {
    const letter = String.fromCodePoint(code);
    if (plainPart(letter) !== letter) continue;
    expect(plainPart(`${unknown}${letter}${unknown}`)).toBe(`${unknown}${letter}${unknown}`);
  }
});

test('spaces are folded whatever letters are around them', () => {
  const piece = fc.constantFrom(' ', '  ', 'a', '字', '\t', '\u00A0', 'א', '\u3000');
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('');
      expect(plainPart(text)).toBe(text.replace(/\s+/gu, ' '));
    }),
  );
});
