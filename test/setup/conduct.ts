import { availableParallelism } from 'node:os';
import { runAll } from './schedule.ts';
import { interruptSteps, runStep, type Step, type StepResult } from './step.ts';
import { Turns } from './turns.ts';

/** Much of it is waiting: a browser with its tests, and something light beside it, go on one core, too. */
const FEWEST_CORES = 2;

/**
 * Runs all steps, side by side where the cores carry it, then tells what each came to and what is
 * wrong; sets the exit code. A signal is passed on to what runs, and this process ends by it as soon
 * as that has ended.
 */
export async function conduct(steps: readonly Step[]): Promise<readonly StepResult[]> {
  const turns = new Turns((words) => process.stdout.write(words));
  let signal: NodeJS.Signals | undefined;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      signal = name;
      // Ctrl+C at a terminal reaches the whole process group, so the steps have it already.
      if (name !== 'SIGINT' || !process.stdin.isTTY) interruptSteps(name);
    });
  }
  const cores = Math.max(FEWEST_CORES, availableParallelism());
  const results = await runAll(steps, cores, async (step) => {
    if (signal) return undefined;
    const voice = turns.begin();
    const result = await runStep(step, voice);
    voice.end();
    return result;
  });
  if (signal) {
    turns.sayAll();
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
    process.kill(process.pid, signal);
    // The signal comes a moment later; nothing more is said until then.
    return new Promise(() => undefined);
  }
  const all = results.filter((result) => result !== undefined);
  console.log(summarize(all));
  process.exitCode = all.every(({ isOk }) => isOk) ? 0 : 1;
  return all;
}

/** What is read at the end of a long log: every step, then everything that failed and why. */
export function summarize(results: readonly StepResult[]): string {
  const lines = results.map(
    ({ title, isOk, seconds }) =>
      `${isOk ? 'ok    ' : 'FAILED'}  ${title} (${seconds.toFixed(1)} s)`,
  );
  const faults = results.flatMap(({ title, faults }) =>
    faults.map((fault) => `── FAILED in ${title}\n${fault}\n`),
  );
  return ['', ...lines, '', ...faults].join('\n');
}

/** All tests of all steps. A failed step counts as one failed test or more. */
export function countTests(results: readonly StepResult[]): string {
  const sum = (of: 'passed' | 'failed'): number =>
    results.reduce((all, result) => all + result[of], 0);
  return `${sum('passed')} passed, ${sum('failed')} failed`;
}
