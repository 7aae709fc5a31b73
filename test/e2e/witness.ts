import path from 'node:path';
import { inject, TestRunner, type RunnerTask } from 'vitest';
import type {} from './evidence.ts';

const results = path.resolve(import.meta.dirname, '../results/failed');

/**
 * Keeps what a failed test had before it in test/results/failed/<browser>/<file>/<test>. Only a
 * runner is asked between a test and its afterEach, which closes the tabs.
 */
export default class Witness extends TestRunner {
  async onTaskFinished(test: RunnerTask): Promise<void> {
    if (test.result?.state !== 'fail') return;
    const file = path.basename(test.file.name, '.test.ts');
    const folder = path.join(results, inject('browser'), file, nameOf(test));
    await globalThis.keepEvidence?.(folder);
    console.log(`What there was to see: ${path.relative(process.cwd(), folder)}`);
  }
}

/** The test's name as a folder's. */
function nameOf(test: RunnerTask): string {
  return test.name
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/gu, '')
    .slice(0, 80);
}
