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
  load: 0.6,
  after: builds,
};

/** They keep a core busy and more. */
export const unit = projectStep('unit', { load: 1 });

/** Format, lint, types and unit tests; with the builds, all that can be said without a browser. */
export const quality: readonly Step[] = [
  unit,
  { title: 'format', command: ['prettier', '--check', '.'], load: 0.6 },
  { title: 'lint', command: ['eslint', '.'], load: 0.6 },
  { title: 'types', command: ['tsc', '--noEmit'], load: 0.6 },
  storeLint,
];
