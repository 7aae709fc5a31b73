import { cpus } from 'node:os';
import { ratioRows, stepRows, timeRows, unmeasured, type Figures } from './goals.ts';

/** What was asked of a run. */
export interface RunOptions {
  readonly messages: number;
  readonly rounds: number;
}

/** A table as Markdown, its columns aligned for the console, too. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) =>
    Math.max(...[title, ...rows.map((row) => row[i] ?? '')].map(({ length }) => length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, i) => (cells[i] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** The results of one browser. */
export function describe(figures: Figures, { messages }: RunOptions): string {
  const rows = ratioRows(figures);
  const judged = rows.filter(({ word }) => word !== '');
  const met = judged.filter(({ word }) => word === 'met').length;
  return `## ${figures.history.version}: ${met} of ${judged.length} goals met

Ours against what stands after the colon.

${table(
  ['what', 'measured', 'middle half', 'goal', ''],
  rows.map(({ what, measured, spread, goal, word }) => [what, measured, spread, goal, word]),
)}

### Where the time of learning goes

Per 1,000 messages, at ${figures.history.stepMessages.toLocaleString('en-US')} messages; from history's records on, each line does all of the line above and more. Raw keeps texts as strings, the others as bytes.

${table(['step', 'time', 'to raw'], stepRows(figures))}

### On this machine

${table(['what', 'ours', 'raw or static', 'raw, same encryption'], timeRows(figures, messages))}
`;
}

/** The whole file. */
export function writeResults(parts: readonly string[], { messages, rounds }: RunOptions): string {
  const day = new Date().toISOString().slice(0, 10);
  return `# Benchmark

Written by \`npm run bench\` on ${day}, on ${cpus().length} cores, with Node ${process.versions.node}. Medians; everything that is compared ran in the same browser in turns, ${rounds} rounds of ${messages.toLocaleString('en-US')} messages (some 320 bytes each as JSON, in lessons of 500) and 41 of each query. A ratio is the median of each round's own ratio; the middle half of the rounds lies in the range beside it.

*Raw* is IndexedDB with one record per message, clustered by conversation and time, three indexes, puts not awaited one by one. *Same encryption* is the same with every text sealed by history's own vault. Both know one account only and look at nothing before they write. The recall is on disk before it is done, on both sides; ours also goes after every quote of the message; no message of these is unread. The popup's list has 20 rows, opened by the toolbar's own action over a dead worker with no other page of Unsay open.

The goals of the queries and of the recall name no encryption and are judged against raw without any, the harder reading. The popup's goal does not say from where its time counts: it is judged both from the command to open, which includes what the browser itself takes (starting a process, the window), and from the start of the popup's own page. The driver's own work is in both sides' times. Other programs may have run on this machine meanwhile: the times below are higher than on an idle one.

${parts.join('\n')}
## Not measured here yet

${unmeasured.map((goal) => `- ${goal}`).join('\n')}
`;
}
