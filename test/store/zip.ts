// `npm run zip`: the packages for the stores, built anew, and what they came to.
import { createHash } from 'node:crypto';
import { globSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { conduct } from '../setup/conduct.ts';
import { storeLint } from '../setup/quality.ts';
import { root, type Step } from '../setup/step.ts';

const output = path.join(root, '.output');
rmSync(output, { recursive: true, force: true });
const packages: readonly Step[] = [
  { title: 'package for Chrome', command: ['wxt', 'zip', '-b', 'chrome', '--mv3'], load: 1 },
  {
    title: 'package for Firefox, and its sources',
    command: ['wxt', 'zip', '-b', 'firefox', '--mv3'],
    load: 1,
  },
];
await conduct([...packages, { ...storeLint, after: packages }]);

for (const name of globSync('*.zip', { cwd: output }).sort()) {
  const bytes = readFileSync(path.join(output, name));
  const digest = createHash('sha256').update(bytes).digest('hex');
  console.log(`\n.output/${name} (${Math.ceil(bytes.length / 1024)} kB)\n  sha256 ${digest}`);
}
