import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, runStep, type StepResult } from './step.ts';

/** A vitest project that was run, with its counts of tests. */
export interface ProjectResult extends StepResult {
  passed: number;
  failed: number;
}

interface Report {
  numPassedTests: number;
  numFailedTests: number;
}

/** Runs one project of vitest.config.ts; its JSON report stays in test/results/<project>.json. */
export async function runProject(project: string): Promise<ProjectResult> {
  const report = join(root, 'test/results', `${project}.json`);
  rmSync(report, { force: true });
  const step = await runStep(`tests: ${project}`, [
    'vitest',
    'run',
    `--project=${project}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  const counts = readReport(report);
  // A file that cannot be loaded, or an error outside of any test, fails the run but no test.
  const failed = step.isOk ? counts.numFailedTests : Math.max(1, counts.numFailedTests);
  return { ...step, passed: counts.numPassedTests, failed };
}

function readReport(path: string): Report {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report;
  } catch {
    return { numPassedTests: 0, numFailedTests: 0 };
  }
}
