import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/message/message.ts';
import { judge, refusalOf, refusals, type Standing } from '../../../src/message/recall.ts';
import type { Windows } from '../../../src/message/window.ts';

const sentAt = 1_795_000_000;
const mine: Entry = {
  account: '1400000001:alice',
  conversation: 'C2Cbob',
  id: '144-1795000000-7',
  author: 'alice',
  authorName: 'Alice',
  sequence: 5,
  random: 7,
  time: sentAt,
  kind: 'text',
  body: { text: 'hello' },
};
const inGroup: Entry = { ...mine, conversation: 'GROUPteam' };
/** Windows that are known to the second. */
const windowsOf = (seconds: number): Windows => {
  const window = { expected: seconds * 1000, isAtLeast: false, closes: seconds * 1000 };
  return { direct: window, group: window, moderated: window };
};
const standing: Standing = {
  me: '1400000001:alice',
  now: sentAt * 1000 + 30_000,
  windows: windowsOf(120),
};

describe('who may recall what', () => {
  it('lets the author recall within the window, and says until when', () => {
    const until = (sentAt + 120) * 1000;
    expect(judge(mine, standing)).toEqual({ may: true, until, isAtLeast: false, closes: until });
  });

  it('gives no longer than the window to what seems to come from the future', () => {
    const now = sentAt * 1000 - 700;
    const until = now + 120_000;
    expect(judge(mine, { ...standing, now })).toMatchObject({ until, closes: until });
  });

  it('lets a recall be asked for while only the service knows whether it is too late', () => {
    const windows: Windows = {
      ...windowsOf(120),
      direct: { expected: 60_000, isAtLeast: true, closes: 300_000 },
    };
    const at = (age: number) => judge(mine, { ...standing, windows, now: sentAt * 1000 + age });
    const facts = { until: sentAt * 1000 + 60_000, closes: sentAt * 1000 + 300_000 };
    expect(at(30_000)).toEqual({ may: true, isAtLeast: true, ...facts });
    expect(at(300_000)).toEqual({ may: true, isAtLeast: true, ...facts });
    // By how much it is too late, nobody knows.
    expect(at(300_001)).toEqual({ may: false, why: 'too-late' });
  });

  it('judges my own and others’ messages in a group by windows of their own', () => {
    const windows: Windows = { ...windowsOf(120), moderated: windowsOf(3_600).moderated };
    const late = { ...standing, windows, role: 'admin' as const, now: (sentAt + 600) * 1000 };
    expect(judge({ ...inGroup, author: 'carol' }, late)).toMatchObject({ may: true });
    expect(judge(inGroup, late)).toMatchObject({ may: false, why: 'too-late' });
  });

  it('lets the author recall at the very end of the window, and not a moment later', () => {
    const until = (sentAt + 120) * 1000;
    expect(judge(mine, { ...standing, now: until })).toMatchObject({ may: true });
    expect(judge(mine, { ...standing, now: until + 1 })).toEqual({
      may: false,
      why: 'too-late',
      lateBy: 1,
    });
  });

  it('does not let a peer recall what they received', () => {
    const theirs = { ...mine, author: 'bob' };
    expect(judge(theirs, standing)).toEqual({ may: false, why: 'not-allowed' });
  });

  it.each(['owner', 'admin'] as const)('lets a group’s %s recall a member’s message', (role) => {
    const theirs = { ...inGroup, author: 'carol' };
    expect(judge(theirs, { ...standing, role })).toMatchObject({ may: true });
  });

  it.each(['member', undefined] as const)(
    'does not let somebody whose role is %s recall another member’s message',
    (role) => {
      const theirs = { ...inGroup, author: 'carol' };
      expect(judge(theirs, { ...standing, role })).toMatchObject({ why: 'not-allowed' });
    },
  );

  it('has no owners one to one, whatever role is claimed', () => {
    const theirs = { ...mine, author: 'bob' };
    expect(judge(theirs, { ...standing, role: 'owner' })).toMatchObject({ why: 'not-allowed' });
  });

  it('does not recall twice', () => {
    const tombstone: Entry = { ...mine, recall: { by: 'alice', at: 0, witness: 'event' } };
    expect(judge(tombstone, standing)).toEqual({ may: false, why: 'already-recalled' });
  });

  it('does not take another app’s user of the same name for me', () => {
    const stranger = { ...standing, me: '1400000001:alice2' };
    expect(judge(mine, stranger)).toMatchObject({ why: 'not-allowed' });
  });

  it('is too late by what is missing, for any window and any moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 604_800 }), fc.integer({ min: 0 }), (window, age) => {
        const verdict = judge(mine, {
          ...standing,
          windows: windowsOf(window),
          now: (sentAt + age) * 1000,
        });
        return age <= window
          ? verdict.may && verdict.until === (sentAt + window) * 1000
          : !verdict.may && verdict.lateBy === age - window;
      }),
    );
  });
});

describe('the service’s codes', () => {
  it.each([
    [20016, 'too-late'],
    [6223, 'too-late'],
    [10031, 'too-late'],
    [20022, 'not-found'],
    [10030, 'not-found'],
    [20023, 'already-recalled'],
    [10007, 'not-allowed'],
    [10032, 'kind-cannot'],
    [10033, 'group-cannot'],
    [10041, 'switched-off'],
    [10010, 'group-gone'],
    [2801, 'waiting'],
    [3003, 'signed-in-elsewhere'],
    [70001, 'signature-expired'],
    [60022, 'too-many'],
    // Busy, and asking for fewer requests: both pass.
    [10002, 'waiting'],
    [20004, 'waiting'],
    [20005, 'waiting'],
    [60008, 'waiting'],
    [60009, 'waiting'],
    [70500, 'waiting'],
    [91000, 'waiting'],
    [60007, 'too-many'],
  ] as const)('reads %i as %s', (code, why) => {
    expect(refusalOf(code)).toBe(why);
  });

  it('calls a code it does not know unknown, never a success', () => {
    fc.assert(fc.property(fc.integer(), (code) => refusals.includes(refusalOf(code))));
    expect(refusalOf(98_765)).toBe('unknown');
  });
});
