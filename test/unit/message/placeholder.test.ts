import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeholderOf, plainName, type Recalled } from '../../../src/message/placeholder.ts';

const me = '1400000001:alice';
const c2c = (author: string, by?: string): Recalled => ({
  conversation: 'C2Cbob',
  author,
  authorName: author === 'bob' ? 'Bob B' : 'Alice A',
  recall: { by },
});
const group = (author: string, by?: string, byName?: string): Recalled => ({
  conversation: 'GROUPteam',
  author,
  authorName: author === 'carol' ? 'Carol C' : 'Alice A',
  recall: { by, byName },
});

describe('which sentence stands in place of a recalled message', () => {
  it.each([
    ['my own, one to one', c2c('alice', 'alice'), 'you', ''],
    ['my own, one to one, the service names nobody', c2c('alice'), 'you', ''],
    ['the peer’s', c2c('bob', 'bob'), 'otherParty', ''],
    ['the peer’s, the service names nobody', c2c('bob'), 'otherParty', ''],
    ['my own in a group', group('alice', 'alice'), 'you', ''],
    ['a member’s own', group('carol', 'carol'), 'someone', 'Carol C'],
    ['a member’s, recalled by me', group('carol', 'alice', 'Alice A'), 'youFrom', 'Alice A'],
    ['a member’s, recalled by an admin', group('carol', 'bob', 'Bob B'), 'someoneFrom', 'Bob B'],
    ['mine, recalled by an admin', group('alice', 'bob', 'Bob B'), 'someoneYours', 'Bob B'],
    ['an admin without a known name', group('carol', 'bob'), 'someoneFrom', 'bob'],
  ] as const)('%s', (_, recalled, key, who) => {
    const placeholder = placeholderOf(recalled, me);
    expect(placeholder.key).toBe(key);
    if (who) expect(placeholder.who).toBe(who);
  });

  it('guesses nobody in a group when the service names nobody', () => {
    expect(placeholderOf(group('carol'), me).key).toBe('unknown');
    expect(placeholderOf(group('carol', ''), me).key).toBe('unknown');
  });

  it('names whose message it was', () => {
    expect(placeholderOf(group('carol', 'bob', 'Bob B'), me).whose).toBe('Carol C');
  });
});

describe('names in a sentence', () => {
  it('cannot turn the words around them, break the line or hide', () => {
    expect(plainName('\u202Eevil\u2066 \u200Bname\n\tx\u0000')).toBe('evil name x');
  });

  it('are cut when long, between letters', () => {
    const name = plainName('🙂'.repeat(100_000));
    expect(Array.from(name)).toHaveLength(40);
    expect(name.endsWith('🙂…')).toBe(true);
  });

  it('never hold control or format characters, whatever they were', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const plain = plainName(name);
        return !/[\p{Cc}\p{Cf}]/u.test(plain) && Array.from(plain).length <= 40;
      }),
    );
  });
});
