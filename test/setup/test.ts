// `npm test`: everything. `npm test -- chromium` and the like run the named parts only.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildExtension, checkQuality } from './quality.ts';
import { printSummary, root, runStep, type StepResult } from './step.ts';
import { runProject, type ProjectResult } from './vitest-project.ts';

const PARTS = ['check', 'server', 'browsers', 'chromium', 'firefox'] as const;
type Part = (typeof PARTS)[number];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(PARTS as readonly string[]).includes(name));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. The parts are ${PARTS.join(', ')}.`);
  process.exit(2);
}
const isWanted = (part: Part): boolean => wanted.length === 0 || wanted.includes(part);

const steps: StepResult[] = [];
const projects: ProjectResult[] = [];

if (isWanted('check')) {
  const quality = await checkQuality();
  steps.push(...quality.steps);
  projects.push(quality.unit);
} else if (isWanted('chromium') || isWanted('firefox')) {
  steps.push(...(await buildExtension()));
}
if (isWanted('server') || isWanted('chromium') || isWanted('firefox')) {
  steps.push(...(await buildPages()));
}
for (const part of ['server', 'browsers', 'chromium', 'firefox'] as const) {
  if (!isWanted(part)) continue;
  const project = await runProject(part);
  steps.push(project);
  projects.push(project);
}

printSummary(steps);
const tests = new Set<StepResult>(projects);
const failedSteps = steps.filter((step) => !step.isOk && !tests.has(step)).length;
const passed = projects.reduce((sum, project) => sum + project.passed, 0);
const failed = projects.reduce((sum, project) => sum + project.failed, failedSteps);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Builds the chat pages out of the published kits. */
async function buildPages(): Promise<StepResult[]> {
  const program = join(root, 'test/web-chats/build.ts');
  if (!existsSync(program)) return [];
  return [await runStep('build the chat pages', [process.execPath, program])];
}
