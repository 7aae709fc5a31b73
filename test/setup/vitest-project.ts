import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, type Step, type Verdict } from './step.ts';

/** Where verdict-reporter.ts leaves what a project came to. */
export function verdictPath(project: string): string {
  return join(root, 'test/results', `${project}.verdict.json`);
}

/**
 * A project of vitest.config.ts as a step; its JSON report stays in test/results/<project>.json, and
 * what a failed end-to-end test had before it in test/results/failed/<project>.
 */
export function projectStep(
  project: string,
  { load, after = [] }: { load: number; after?: readonly Step[] },
): Step {
  const report = join(root, 'test/results', `${project}.json`);
  return {
    title: `tests: ${project}`,
    load,
    after,
    command: [
      'vitest',
      'run',
      `--project=${project}`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      '--reporter=./test/setup/verdict-reporter.ts',
    ],
    prepare: () => {
      rmSync(report, { force: true });
      rmSync(verdictPath(project), { force: true });
      rmSync(join(root, 'test/results/failed', project), { recursive: true, force: true });
    },
    judge: (isOk) => judge(readVerdict(project), isOk),
  };
}

/** A project's verdict, and that it failed when vitest says so by its exit code or says nothing. */
export function judge(verdict: Verdict | undefined, isOk: boolean): Verdict {
  const { passed, failed, faults } = verdict ?? { passed: 0, failed: 1, faults: [] };
  return { passed, failed: isOk ? failed : Math.max(1, failed), faults };
}

function readVerdict(project: string): Verdict | undefined {
  try {
    return JSON.parse(readFileSync(verdictPath(project), 'utf8')) as Verdict;
  } catch {
    return undefined;
  }
}
