// `npm run check`: what can be said without a browser. Every step runs, whatever the ones before it said.
import { checkQuality } from './quality.ts';
import { printSummary } from './step.ts';

const { steps } = await checkQuality();
printSummary(steps);
process.exitCode = steps.every((step) => step.isOk) ? 0 : 1;
