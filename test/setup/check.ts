// `npm run check`: what can be said without a browser. Every step runs, whatever the others said.
import { conduct } from './conduct.ts';
import { builds, quality } from './quality.ts';

await conduct([...builds, ...quality]);
