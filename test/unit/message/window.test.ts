import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/message/message.ts';
import { judge } from '../../../src/message/recall.ts';
import {
  learnAccepted,
  learnRefused,
  windowKindOf,
  windowOf,
  type Learned,
} from '../../../src/message/window.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
/** Server time of every lesson below, unless said otherwise. */
const now = 1_795_000_000_000;

describe('the window of an app nothing was learnt of', () => {
  it('is the default, told as it is, and worth a question for a day', () => {
    expect(windowOf({}, 120, now)).toEqual({
      expected: 2 * minute,
      isAtLeast: false,
      closes: day,
    });
  });

  it('is what the user says', () => {
    expect(windowOf({}, 300, now)).toMatchObject({ expected: 5 * minute, isAtLeast: false });
    expect(windowOf({}, 604_800, now).closes).toBe(7 * day);
  });
});

describe('what the service took', () => {
  it('beyond the hint makes the window at least that long', () => {
    const learned = learnAccepted({}, 10 * minute);
    expect(windowOf(learned, 120, now)).toEqual({
      expected: 10 * minute - 2 * second,
      isAtLeast: true,
      closes: day,
    });
  });

  it('within the hint changes nothing', () => {
    expect(windowOf(learnAccepted({}, 30 * second), 120, now)).toEqual(windowOf({}, 120, now));
  });

  it('though it refused younger ones before takes the refusal back', () => {
    const refused = learnRefused({}, 3 * minute, now);
    expect(learnAccepted(refused, 4 * minute)).toEqual({ accepted: 4 * minute });
  });
});

describe('what the service refused', () => {
  it('closes the window there and keeps a hint that fits', () => {
    const learned = learnRefused({}, 125 * second, now);
    expect(windowOf(learned, 120, now)).toEqual({
      expected: 2 * minute,
      isAtLeast: false,
      closes: 127 * second,
    });
  });

  it('before the hint takes the hint back', () => {
    const learned = learnRefused(learnAccepted({}, 20 * second), 40 * second, now);
    // One refusal may be a whim: up to the hint it is worth a question.
    expect(windowOf(learned, 120, now)).toEqual({
      expected: 18 * second,
      isAtLeast: true,
      closes: 120 * second,
    });
    expect(windowOf(learnRefused(learned, 60 * second, now), 120, now)).toEqual({
      expected: 18 * second,
      isAtLeast: true,
      closes: 42 * second,
    });
  });

  it('though it took older ones before takes those back', () => {
    const accepted = learnAccepted({}, hour);
    const learned = learnRefused(accepted, 5 * minute, now);
    expect(learned).toEqual({ refused: { age: 5 * minute, at: now, times: 1 } });
  });

  it('speaks for a week, then is worth a question again', () => {
    const learned = learnRefused({}, 125 * second, now);
    expect(windowOf(learned, 120, now + 6 * day).closes).toBe(127 * second);
    expect(windowOf(learned, 120, now + 8 * day).closes).toBe(day);
    // An older message refused then is the only thing known.
    expect(learnRefused(learned, hour, now + 8 * day).refused?.age).toBe(hour);
  });
});

it('learns nothing of messages that are younger than nothing, as by a clock set back', () => {
  const learned = learnAccepted({}, minute);
  expect(learnRefused(learned, -hour, now)).toEqual(learned);
  expect(learnAccepted({}, -3 * second)).toEqual({});
});

it('takes one that seems younger by less than the clock is known for one just sent', () => {
  expect(learnRefused({}, -0.4 * second, now).refused).toEqual({ age: 0, at: now, times: 1 });
  expect(learnAccepted({}, -0.4 * second)).toEqual({ accepted: 0 });
});

it('asks rather than refuses up to the hint where only a page told of refusals', () => {
  let learned: Learned = {};
  for (let i = 0; i < 5; i += 1) learned = learnRefused(learned, 30 * second, now);
  expect(windowOf(learned, 120, now).closes).toBe(32 * second);
  expect(windowOf(learned, 120, now, true)).toEqual({
    expected: 0,
    isAtLeast: true,
    closes: 2 * minute,
  });
});

it('tells my messages one to one, mine in groups and those of others apart', () => {
  const me = '1:alice';
  expect(windowKindOf({ conversation: 'C2Cbob', author: 'alice' }, me)).toBe('direct');
  expect(windowKindOf({ conversation: 'GROUPteam', author: 'alice' }, me)).toBe('group');
  expect(windowKindOf({ conversation: 'GROUPteam', author: 'carol' }, me)).toBe('moderated');
});

/** A message that is as old as this when it is judged. */
function verdictAt(learned: Learned, age: number) {
  const entry: Entry = {
    account: '1:alice',
    conversation: 'C2Cbob',
    id: 'm1',
    author: 'alice',
    authorName: '',
    sequence: 1,
    random: 1,
    time: Math.floor((now - age) / 1000),
    kind: 'text',
  };
  const window = windowOf(learned, 120, now);
  const windows = { direct: window, group: window, moderated: window };
  return judge(entry, { me: '1:alice', now, windows });
}

/** One recall at this age by a service with this limit; answers take up to a second. */
function recallAt(learned: Learned, age: number, limit: number, answering: number): Learned {
  // The service judges somewhere between the question and the answer.
  return age + answering / 2 <= limit
    ? learnAccepted(learned, age)
    : learnRefused(learned, age + answering, now);
}

const limits = fc.integer({ min: 30, max: 86_400 }).map((seconds) => seconds * second);
const ages = fc.integer({ min: 0, max: 2 * 86_400 }).map((seconds) => seconds * second);
const answerings = fc.integer({ min: 0, max: 1_000 });

describe('whatever the service’s limit is', () => {
  it('no recall that is possible is ever refused here', () => {
    fc.assert(
      fc.property(
        limits,
        fc.array(fc.tuple(ages, answerings), { maxLength: 12 }),
        fc.array(ages, { maxLength: 12 }),
        (limit, recalls, tried) => {
          let learned: Learned = {};
          for (const [age, answering] of recalls) {
            if (verdictAt(learned, age).may) learned = recallAt(learned, age, limit, answering);
            for (const one of [...tried, limit, limit - second]) {
              if (one <= limit) expect(verdictAt(learned, one)).toMatchObject({ may: true });
            }
          }
        },
      ),
    );
  });

  it('what is promised is kept, once anything was learnt beyond the hint', () => {
    fc.assert(
      fc.property(
        limits,
        fc.array(fc.tuple(ages, answerings), { minLength: 1, maxLength: 12 }),
        (limit, recalls) => {
          let learned: Learned = {};
          for (const [age, answering] of recalls)
            learned = recallAt(learned, age, limit, answering);
          const { expected, isAtLeast } = windowOf(learned, 120, now);
          if (isAtLeast) expect(expected).toBeLessThanOrEqual(limit);
        },
      ),
    );
  });

  it('a few recalls at the edge of what is known find it', () => {
    fc.assert(
      fc.property(limits, answerings, (limit, answering) => {
        // The first one relies on the last seconds of what was promised.
        let learned = recallAt({}, 2 * minute - 5 * second, limit, answering);
        let asked = 1;
        const gap = (): number => {
          const { expected, closes } = windowOf(learned, 120, now);
          return closes / Math.max(expected, 30 * second);
        };
        while (gap() > 1.3 && asked < 20) {
          const { expected, closes } = windowOf(learned, 120, now);
          const middle = Math.sqrt(Math.max(expected, 15 * second) * closes);
          learned = recallAt(learned, Math.round(middle / second) * second, limit, answering);
          asked += 1;
        }
        expect(asked).toBeLessThanOrEqual(8);
        const { expected, closes } = windowOf(learned, 120, now);
        expect(closes).toBeGreaterThanOrEqual(limit);
        expect(expected).toBeLessThanOrEqual(limit * 1.3);
      }),
    );
  });

  it('a change by the app’s owner is followed', () => {
    fc.assert(
      fc.property(limits, limits, answerings, (before, after, answering) => {
        let learned: Learned = {};
        for (const age of [before - second, before + 2 * second]) {
          learned = recallAt(learned, age, before, answering);
        }
        // Longer: only what is asked can show it, which after a week anything may. Shorter: at once.
        const later = now + 8 * day;
        if (after > before) {
          expect(windowOf(learned, 120, later).closes).toBeGreaterThanOrEqual(Math.min(after, day));
          learned = learnAccepted(learned, after - second);
          expect(windowOf(learned, 120, later).closes).toBeGreaterThanOrEqual(after);
        } else if (after + 2 * second < before) {
          learned = learnRefused(learned, after + second, now);
          const { expected, closes } = windowOf(learned, 120, now);
          expect(expected).toBeLessThanOrEqual(Math.max(after + 3 * second, 0));
          expect(closes).toBeGreaterThanOrEqual(after);
        }
      }),
    );
  });
});
