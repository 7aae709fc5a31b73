import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Line, type Pace } from '../../../src/background/line.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets everything happen that needs no time to pass. */
async function turn(): Promise<void> {
  for (let i = 0; i < 3; i += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  await vi.advanceTimersByTimeAsync(0);
}

/** Questions in a line, each answered as the test says. */
class Questions {
  readonly line = new Line();
  readonly gone: number[] = [];
  readonly #leaves = new Map<number, (pace: Pace) => void>();

  enter(...deadlines: readonly number[]): void {
    for (const deadline of deadlines) {
      void this.line.enter(deadline).then((leave) => {
        this.gone.push(deadline);
        this.#leaves.set(deadline, leave);
      });
    }
  }

  get underWay(): number {
    return this.#leaves.size;
  }

  async answer(pace: Pace = 'answered'): Promise<void> {
    const [first] = this.#leaves;
    if (!first) return;
    this.#leaves.delete(first[0]);
    first[1](pace);
    await vi.advanceTimersByTimeAsync(0);
  }
}

describe('a line of questions', () => {
  it('lets the one with the earliest deadline go first', async () => {
    const questions = new Questions();
    questions.enter(10, 20, 30, 40);
    await turn();
    questions.enter(9, 7, 8, 6);
    for (let i = 0; i < 8; i += 1) {
      await questions.answer();
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(questions.gone).toEqual([10, 20, 30, 40, 6, 7, 8, 9]);
  });

  it('lets the earliest of all that enter at once go first', async () => {
    const questions = new Questions();
    questions.enter(10, 20, 9, 30, 7, 8, 40, 6);
    for (let i = 0; i < 8; i += 1) {
      await turn();
      await questions.answer();
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(questions.gone).toEqual([6, 7, 8, 9, 10, 20, 30, 40]);
  });

  it('never has more than four under way, loses none and lets none go twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.record({ enter: fc.integer({ min: 0, max: 1_000 }) }),
            fc.record({ answer: fc.constantFrom<Pace>('answered', 'too-many') }),
            fc.record({ pass: fc.integer({ min: 0, max: 2_000 }) }),
          ),
          { maxLength: 60 },
        ),
        async (acts) => {
          const questions = new Questions();
          let entered = 0;
          for (const act of acts) {
            if ('enter' in act) questions.enter(act.enter + (entered += 1) / 1_000);
            else if ('answer' in act) await questions.answer(act.answer);
            else await vi.advanceTimersByTimeAsync(act.pass);
            await turn();
            expect(questions.underWay).toBeLessThanOrEqual(4);
          }
          for (let i = 0; i < 2 * entered; i += 1) {
            await questions.answer();
            await vi.advanceTimersByTimeAsync(8_000);
          }
          expect(questions.gone).toHaveLength(entered);
          expect(new Set(questions.gone).size).toBe(entered);
        },
      ),
    );
  });

  it('waits longer each time the service asks to slow down, and no longer once it answers', async () => {
    const questions = new Questions();
    questions.enter(1);
    await turn();
    for (const gap of [500, 1_000, 2_000, 4_000, 8_000, 8_000]) {
      await questions.answer('too-many');
      questions.enter(gap);
      await turn();
      const { length } = questions.gone;
      await vi.advanceTimersByTimeAsync(gap - 1);
      expect(questions.gone).toHaveLength(length);
      await vi.advanceTimersByTimeAsync(1);
      expect(questions.gone).toHaveLength(length + 1);
    }
    await questions.answer();
    questions.enter(2, 3);
    await turn();
    await vi.advanceTimersByTimeAsync(8_100);
    expect(questions.gone.slice(-2)).toEqual([2, 3]);
  });
});
