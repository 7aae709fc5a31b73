import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runAll, type Task } from './schedule.ts';

interface Named extends Task {
  readonly name: string;
}

describe('tasks run side by side', () => {
  it('run each once, in due order, and never more than the cores carry', async () => {
    const loads = fc.array(fc.constantFrom(0.5, 0.7, 1, 3), { minLength: 1, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(loads, fc.scheduler(), fc.infiniteStream(fc.nat()), async (all, s, dice) => {
        const tasks: Named[] = [];
        for (const [index, load] of all.entries()) {
          const other = tasks[(dice.next().value ?? 0) % (2 * index + 1)];
          tasks.push({ name: String(index), load, after: other ? [other] : [] });
        }
        const running = new Set<Named>();
        const ended: Named[] = [];
        const run = async (task: Named): Promise<string> => {
          expect(ended).toEqual(expect.arrayContaining([...(task.after ?? [])]));
          running.add(task);
          const busy = [...running].reduce((sum, { load }) => sum + load, 0);
          expect(running.size === 1 || busy <= 2 + 1e-6).toBe(true);
          await s.schedule(Promise.resolve());
          running.delete(task);
          ended.push(task);
          return task.name;
        };
        const results = await s.waitFor(runAll(tasks, 2, run));
        expect(results).toEqual(tasks.map(({ name }) => name));
        expect(ended).toHaveLength(tasks.length);
      }),
    );
  });

  it('let a light one pass where a heavy one has no room', async () => {
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    const tasks = [
      { name: 'waits a lot', load: 0.7 },
      { name: 'computes', load: 1 },
      { name: 'computes too', load: 1 },
      { name: 'hardly does a thing', load: 0.2 },
    ];
    const all = runAll(tasks, 2, ({ name }) => {
      begun.push(name);
      return new Promise<void>((end) => ends.push(end));
    });
    expect(begun).toEqual(['waits a lot', 'computes', 'hardly does a thing']);
    ends[1]?.();
    await expect.poll(() => begun).toContain('computes too');
    for (const end of ends) end();
    await all;
  });

  it('do not wait for what is not run at all', async () => {
    const task = { load: 1, after: [{ load: 1 }] };
    expect(await runAll([task], 2, () => Promise.resolve('done'))).toEqual(['done']);
  });

  it('that wait for each other are refused', async () => {
    const first: { load: number; after: Task[] } = { load: 1, after: [] };
    const second = { load: 1, after: [first] };
    first.after.push(second);
    await expect(runAll([first, second], 2, () => Promise.resolve())).rejects.toThrow(
      'wait for each other',
    );
  });
});
