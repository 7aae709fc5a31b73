import { lintForStore } from '../store/lint.ts';
import { runStep, type StepResult } from './step.ts';
import { runProject, type ProjectResult } from './vitest-project.ts';

/** What `npm run check` came to: its steps, and the unit tests among them. */
export interface Quality {
  steps: StepResult[];
  unit: ProjectResult;
}

/** Format, lint, types, unit tests, both builds and the store's own lint; a failing step does not stop the next. */
export async function checkQuality(): Promise<Quality> {
  const before = [
    await runStep('format', ['prettier', '--check', '.']),
    await runStep('lint', ['eslint', '.']),
    await runStep('types', ['tsc', '--noEmit']),
  ];
  const unit = await runProject('unit');
  const steps = [...before, unit, ...(await buildExtension()), await lintForStore()];
  return { steps, unit };
}

/** Builds the extension for both browsers, into .output/chrome-mv3 and .output/firefox-mv3. */
export async function buildExtension(): Promise<StepResult[]> {
  return [
    await runStep('build for Chrome', ['wxt', 'build', '-b', 'chrome', '--mv3']),
    await runStep('build for Firefox', ['wxt', 'build', '-b', 'firefox', '--mv3']),
  ];
}
