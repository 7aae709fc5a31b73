// `npm run zip`: the packages for the stores, built anew, and what they came to.
import { createHash } from 'node:crypto';
import { globSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { printSummary, root, runStep } from '../setup/step.ts';
import { lintForStore } from './lint.ts';

const output = path.join(root, '.output');
rmSync(output, { recursive: true, force: true });
const steps = [
  await runStep('package for Chrome', ['wxt', 'zip', '-b', 'chrome', '--mv3']),
  await runStep('package for Firefox, and its sources', ['wxt', 'zip', '-b', 'firefox', '--mv3']),
  await lintForStore(),
];
printSummary(steps);

for (const name of globSync('*.zip', { cwd: output }).sort()) {
  const bytes = readFileSync(path.join(output, name));
  const digest = createHash('sha256').update(bytes).digest('hex');
  console.log(`\n.output/${name} (${Math.ceil(bytes.length / 1024)} kB)\n  sha256 ${digest}`);
}
process.exitCode = steps.every((step) => step.isOk) ? 0 : 1;
