import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locate } from '../../../src/message/mentions.ts';

const names: Record<string, readonly string[]> = {
  al: ['al', 'Al'],
  alice: ['alice', 'Alice'],
  mary: ['mary', 'Mary Ann'],
  evil: ['evil', '<img src=x onerror=alert(1)>'],
  zhang: ['zhang', '张三'],
  all: [],
  twin: ['twin', 'Al'],
};
const namesOf = (user: string): readonly string[] => names[user] ?? [];

/** Who is found, and at which words. */
function foundIn(text: string, users: readonly string[]): string[] {
  const { found } = locate(text, users, namesOf);
  return found.map(({ user, from, to }) => `${user}:${text.slice(from, to)}`);
}

describe('whom a message mentions is found in its text', () => {
  it.each([
    ['by a name', 'look @Al here', ['al'], ['al:@Al']],
    ['by a name of several words', '@Mary Ann, look', ['mary'], ['mary:@Mary Ann']],
    ['by the id where somebody has no name', 'look @mary', ['mary'], ['mary:@mary']],
    ['by names that begin alike', '@Alice @Al', ['al', 'alice'], ['alice:@Alice', 'al:@Al']],
    ['not in the name of somebody else', '@Alice, ask @Al', ['al'], ['al:@Al']],
    ['twice', '@Al and @Al', ['al', 'al'], ['al:@Al', 'al:@Al']],
    ['by one name of two', '@Al and @Al', ['al', 'twin'], ['al:@Al', 'twin:@Al']],
    ['rather than in an address', 'a@Al.example, @Al', ['al'], ['al:@Al']],
    ['without a space before it', '看@张三 ', ['zhang'], ['zhang:@张三']],
    [
      'by a name that looks like HTML',
      '@<img src=x onerror=alert(1)>',
      ['evil'],
      ['evil:@<img src=x onerror=alert(1)>'],
    ],
    ['in order, where names are not known', '@All, and @Al', ['all', 'al'], ['all:@All', 'al:@Al']],
    ['in order, where none is known', '@x @y z', ['p', 'q'], ['p:@x', 'q:@y']],
  ])('%s', (_, text, users, expected) => {
    expect(foundIn(text, users)).toEqual(expected);
    expect(locate(text, users, namesOf).isWhole).toBe(true);
  });

  it.each([
    ['where more looks like a mention', '@x @y z', ['p']],
    ['where less does', '@x z', ['p', 'q']],
    ['where nothing does', 'x@y, z', ['p']],
  ])('not %s', (_, text, users) => {
    expect(locate(text, users, namesOf)).toEqual({ found: [], isWhole: false });
  });

  it('and nobody else ever is, nor twice in one place', () => {
    const piece = fc.constantFrom('@', 'Al', 'Alice', 'mary', '张三', ' ', '<', 'x', '\n', '.');
    const text = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(''));
    const users = fc.array(fc.constantFrom(...Object.keys(names), 'nobody'), { maxLength: 5 });
    fc.assert(
      fc.property(text, users, (said, mentioned) => {
        const { found, isWhole } = locate(said, mentioned, namesOf);
        let end = 0;
        for (const { user, from, to } of found) {
          expect(mentioned).toContain(user);
          expect(said[from]).toBe('@');
          expect(from).toBeGreaterThanOrEqual(end);
          end = to;
        }
        const are = new Set(found.map(({ user }) => user));
        expect(isWhole).toBe(mentioned.every((user) => are.has(user)));
      }),
    );
  });
});
