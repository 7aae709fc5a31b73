/** What the schedule must know of a task. */
export interface Task {
  /** How many cores it keeps busy on average. */
  readonly load: number;
  /** What must have ended before; those that are not among the tasks do not matter. */
  readonly after?: readonly Task[];
}

/** Sums of loads such as 0.7 + 0.7 + 0.6 are off by rounding. */
const ROUNDING = 1e-9;

/**
 * Runs all tasks, as many at once as the cores carry, so that those that compute do so while others
 * wait. Earlier ones are begun first; one that is too heavy for what is left lets a lighter one pass.
 *
 * @param run A rejection ends the whole: nothing new is begun.
 * @returns The results in the order of the tasks.
 */
export async function runAll<T extends Task, R>(
  tasks: readonly T[],
  cores: number,
  run: (task: T) => Promise<R>,
): Promise<R[]> {
  const results = new Map<Task, R>();
  const waiting = new Set<T>(tasks);
  const running = new Map<T, Promise<void>>();

  const mayBegin = (task: T): boolean => {
    const isDue = (task.after ?? []).every(
      (other) => !(tasks as readonly Task[]).includes(other) || results.has(other),
    );
    const busy = [...running.keys()].reduce((sum, { load }) => sum + load, 0);
    return isDue && (running.size === 0 || busy + task.load <= cores + ROUNDING);
  };

  while (waiting.size + running.size > 0) {
    for (const task of waiting) {
      if (!mayBegin(task)) continue;
      waiting.delete(task);
      running.set(
        task,
        run(task).then((result) => {
          results.set(task, result);
          running.delete(task);
        }),
      );
    }
    if (running.size === 0) throw new Error('The tasks wait for each other.');
    await Promise.race(running.values());
  }
  return tasks.map((task) => results.get(task) as R);
}
