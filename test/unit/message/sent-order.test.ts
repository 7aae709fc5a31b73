import { describe, expect, it } from 'vitest';
import { compareSent } from '../../../src/message/sent-order.ts';
import { without } from '../history/fixtures.ts';

type Sent = Parameters<typeof compareSent>[0];

/** To Bob in a certain second, as the tenth of a run that began at 21:52:15. */
const direct: Sent = {
  id: '144-1790000000-7',
  conversation: 'C2Cbob',
  sequence: 2_152_150_010,
  time: 1_790_000_000,
};
/** To a group, by the next count of the same run. */
const grouped: Sent = {
  id: '144-1790000000-8',
  conversation: 'GROUPteam',
  sequence: 3,
  clientSequence: 2_152_150_011,
  time: 1_790_000_000,
};

/** Which was later, asked both ways. */
function later(one: Sent, other: Sent): 'one' | 'other' | 'nothing tells' {
  const [there, back] = [compareSent(one, other), compareSent(other, one)];
  if (there === undefined || back === undefined) {
    expect([there, back]).toEqual([undefined, undefined]);
    return 'nothing tells';
  }
  expect(Math.sign(there) + Math.sign(back)).toBe(0);
  return there > 0 ? 'one' : 'other';
}

describe('of two messages of mine', () => {
  it('the later second is later, whatever else is counted', () => {
    expect(later({ ...direct, time: direct.time + 1 }, grouped)).toBe('one');
  });

  it('in one conversation its own count tells', () => {
    expect(later({ ...grouped, sequence: 4, clientSequence: 1 }, grouped)).toBe('one');
    expect(later({ ...direct, sequence: direct.sequence + 1 }, direct)).toBe('one');
  });

  it('in one second what one run of a client counted tells, over conversations', () => {
    expect(later(direct, grouped)).toBe('other');
    expect(later({ ...direct, conversation: 'C2Ccarol', sequence: 2_152_150_009 }, direct)).toBe(
      'other',
    );
  });

  it('of two devices the second their ids were made in tells, if anything does', () => {
    const elsewhere = { ...grouped, clientSequence: 2_210_000_001 };
    expect(later(direct, elsewhere)).toBe('nothing tells');
    expect(later({ ...direct, id: '144-1790000001-7' }, elsewhere)).toBe('one');
  });

  it('nothing tells where the client’s count is not known, nor by ids that tell no time', () => {
    const uncounted = without(grouped, 'clientSequence');
    expect(later(direct, uncounted)).toBe('nothing tells');
    expect(later({ ...direct, id: 'm1' }, { ...uncounted, id: 'm2' })).toBe('nothing tells');
  });
});
