import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, SerializedError, TestModule, TestSuite, Vitest } from 'vitest/node';
import { withoutCredentials } from './credentials.ts';
import { root, type Verdict } from './step.ts';
import { verdictPath } from './vitest-project.ts';

/** How much of a failure's words is told again at the end. */
const FAULT_LINES = 6;

/** What is read of an error; vitest has more of it. */
export type Failure = Pick<SerializedError, 'message'> & {
  name?: string;
  stacks?: readonly { file: string; line: number; column: number }[];
};

/**
 * A reporter that counts, and says of everything that failed what it was and why: tests, and what
 * vitest's JSON report leaves out, namely hooks, files that cannot be loaded and errors outside of
 * any test.
 */
export default class VerdictReporter implements Reporter {
  #project = '';

  onInit(vitest: Vitest): void {
    this.#project = vitest.projects[0]?.name ?? '';
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const path = verdictPath(this.#project);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(weigh(modules, unhandled)));
  }
}

function weigh(modules: readonly TestModule[], unhandled: readonly SerializedError[]): Verdict {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const groups = modules.flatMap((module): (TestModule | TestSuite)[] => [
    module,
    ...module.children.allSuites(),
  ]);
  const faults = [
    ...groups.flatMap((group) =>
      group.errors().map((error) => faultOf(nameOf(group, 'before or after its tests'), error)),
    ),
    ...tests
      .filter((test) => test.result().state === 'failed')
      .map((test) => faultOf(nameOf(test), test.result().errors?.[0])),
    ...unhandled.map((error) => faultOf('outside of any test', error)),
  ];
  const passed = tests.filter((test) => test.result().state === 'passed').length;
  return { passed, failed: faults.length, faults };
}

function nameOf(
  entity: { type: string; fullName?: string; moduleId?: string; module?: TestModule },
  rest = '',
): string {
  const file = relative(root, entity.module?.moduleId ?? entity.moduleId ?? '');
  return [file, entity.fullName, rest].filter(Boolean).join(' › ');
}

/** The name of what failed, the words of the error, and the line of a test it came from. */
export function faultOf(name: string, error: Failure | undefined): string {
  const words = withoutCredentials(stripVTControlCharacters(error?.message ?? ''))
    .split('\n')
    .filter((line) => line.trim() !== '');
  const place = error?.stacks?.find(({ file }) => /\.test\.tsx?$/u.test(file));
  return [
    name,
    ...words.slice(0, FAULT_LINES).map((line) => `    ${line}`),
    ...(words.length > FAULT_LINES ? ['    …'] : []),
    ...(place ? [`    at ${relative(root, place.file)}:${place.line}:${place.column}`] : []),
  ].join('\n');
}
