import { runStep, type StepResult } from '../setup/step.ts';

/** Where the build for Firefox lies. */
const built = '.output/firefox-mv3';

/**
 * What `web-ext lint` and Mozilla's store say about the build for Firefox, by the linter both use. A
 * warning counts as a failure. Takes 3 s.
 */
export function lintForStore(): Promise<StepResult> {
  return runStep('lint for the store', [
    'addons-linter',
    '--warnings-as-errors',
    '--boring',
    built,
  ]);
}
