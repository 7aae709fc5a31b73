import { type Step } from './step.ts';
import { projectStep } from './vitest-project.ts';

/** The extension for both browsers, into .output/chrome-mv3 and .output/firefox-mv3. */
export const builds: readonly Step[] = [
  { title: 'build for Chrome', command: ['wxt', 'build', '-b', 'chrome', '--mv3'], load: 1 },
  {
    title: 'build for Firefox',
    command: ['wxt', 'build', '-b', 'firefox', '--mv3'],
    load: 1,
  },
];

/**
 * What `web-ext lint` and Mozilla's store say about the build for Firefox, by the linter both use; a
 * warning counts as a failure.
 */
export const storeLint: Step = {
  title: 'lint for the store',
  command: ['addons-linter', '--warnings-as-errors', '--boring', '.output/firefox-mv3'],
  load: 1,
  after: builds,
};

/** Format, lint, types and unit tests; with the builds, all that can be said without a browser. */
export const quality: readonly Step[] = [
  { title: 'format', command: ['prettier', '--check', '.'], load: 1 },
  { title: 'lint', command: ['eslint', '.'], load: 1 },
  { title: 'types', command: ['tsc', '--noEmit'], load: 1 },
  projectStep('unit', { load: 1 }),
  storeLint,
];
