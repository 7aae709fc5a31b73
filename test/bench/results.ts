import { format, resolveConfig } from 'prettier';
import {
  clickRows,
  clickTimeRows,
  historyRows,
  largeTable,
  pageCostRows,
  pageTimeRows,
  popupRows,
  popupTimeRows,
  ratioRows,
  searchRows,
  sizeRows,
  stepRows,
  timeRows,
  unmeasured,
  workerRows,
  type Figures,
  type Row,
} from './goals.ts';
import type { HistoryFigures } from './history.ts';
import { partNames, type Kept, type PartName } from './kept.ts';
import type { WorkerFigures } from './worker.ts';

/** A table as Markdown, its columns aligned for the console, too. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) =>
    Math.max(...[title, ...rows.map((row) => row[i] ?? '')].map(({ length }) => length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, i) => (cells[i] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** The file of a browser's chart, beside the results. */
export function chartNameOf({ history }: Kept): string {
  return `${history.browser.split(' ')[0]?.toLowerCase() ?? 'browser'}.svg`;
}

function goalTable(rows: readonly Row[]): string {
  return table(
    ['what', 'measured', 'middle half', 'goal', ''],
    rows.map(({ what, measured, spread, goal, word }) => [what, measured, spread, goal, word]),
  );
}

function largeHistory(figures: WorkerFigures): string {
  const { head, rows } = largeTable(figures);
  return table(head, rows);
}

const stepTable = (figures: HistoryFigures): string =>
  table(['step', 'time', 'to raw'], stepRows(figures));
const searchTable = (figures: HistoryFigures): string =>
  table(['what', 'ours', 'scan', 'MiniSearch'], searchRows(figures));

/** Tables of one part, for the console. */
const summaries: { readonly [P in PartName]: (figures: Figures[P]) => readonly string[] } = {
  history: (it) => [goalTable(historyRows(it)), stepTable(it), searchTable(it)],
  worker: (it) => [goalTable(workerRows(it)), largeHistory(it)],
  popup: (it) => [
    goalTable(popupRows(it)),
    table(['what', 'ours', 'static', ''], popupTimeRows(it)),
  ],
  sizes: (it) => [goalTable(sizeRows(it))],
  click: (it) => [
    goalTable(clickRows(it)),
    table(['what', 'ours', 'the kit', ''], clickTimeRows(it)),
  ],
  page: (it) => [
    goalTable(pageCostRows(it)),
    table(['what', 'ours', 'without', ''], pageTimeRows(it)),
  ],
};

/** What was measured of one part, for the console. */
export function summarise<P extends PartName>(part: P, figures: Figures[P]): string {
  return summaries[part](figures).join('\n\n');
}

/** When each part was measured, and with what. */
function originTable(kept: Kept): string {
  const { messages, rounds } = kept.history.figures;
  const count = (of: number): string => of.toLocaleString('en-US');
  const notes: Readonly<Partial<Record<PartName, string>>> = {
    history: `, ${rounds} ${rounds === 1 ? 'round' : 'rounds'} of ${count(messages)} messages`,
    worker: `, ${kept.worker.figures.sizes.map((size) => count(size.messages)).join(' and ')} messages`,
  };
  return table(
    ['part', 'day', 'commit', 'browser', 'machine'],
    partNames.map((part) => {
      const { day, commit, browser, cores, node } = kept[part];
      return [
        part + (notes[part] ?? ''),
        day,
        commit ?? '',
        browser,
        `${cores} cores, Node ${node}`,
      ];
    }),
  );
}

/** The results of one browser. */
function describe(kept: Kept): string {
  const figures = figuresOf(kept);
  const { history, worker } = figures;
  const rows = ratioRows(figures);
  const judged = rows.filter(({ word }) => word !== '');
  const met = judged.filter(({ word }) => word === 'met').length;
  return `## ${kept.history.browser}: ${met} of ${judged.length} goals met

![Ratios of the history with their goals](${chartNameOf(kept)})

Ours against what stands after the colon.

${goalTable(rows)}

### When it was measured

${originTable(kept)}

### Where the time of learning goes

Per 1,000 messages, at ${history.stepMessages.toLocaleString('en-US')} messages; from history's records on, each line does all of the line above and more. Raw keeps texts as strings, the others as bytes.

${stepTable(history)}

### Searching

Ours opens every text with its own key before it can be searched, newest first, and every hit once more; its times are of the first 20 hits, its counts of asking for 100; the scan reads raw IndexedDB without encryption; MiniSearch has the texts given and keeps an index of their words, split at spaces.

${searchTable(history)}

### With a large history

${largeHistory(worker)}

### On this machine

${table(['what', 'ours', 'raw or static', 'raw, same encryption'], timeRows(figures))}
`;
}

function figuresOf({ history, worker, popup, sizes, click, page }: Kept): Figures {
  return {
    history: history.figures,
    worker: worker.figures,
    popup: popup.figures,
    sizes: sizes.figures,
    click: click.figures,
    page: page.figures,
  };
}

/** RESULTS.md, from what is kept of each browser. */
export async function render(browsers: readonly Kept[]): Promise<string> {
  const options = await resolveConfig(import.meta.filename);
  return format(writeDown(browsers), { ...options, parser: 'markdown' });
}

function writeDown(browsers: readonly Kept[]): string {
  return `# Benchmark

Written by \`npm run bench\` from what was measured last of each part (\`figures-chromium.json\`, \`figures-firefox.json\`); when that was, and of which commit where that is known, stands with each browser. Medians; everything that is compared ran in the same browser, in one run and in turns, the history's in rounds of messages (some 320 bytes each as JSON, in lessons of 500, ingested in turns of 2,500) and 41 of each query. A ratio is the median of each turn's own ratio; the middle half of the turns lies in the range beside it.

*Raw* is IndexedDB with one record per message, clustered by conversation and time, three indexes, puts not awaited one by one. *Same encryption* is the same with every text sealed by history's own vault. Both know one account only and look at nothing before they write. *Just woken* is history opened anew, which has opened no text before; else what it learnt or opened lately is still in its memory (2 million characters). The recall is on disk before it is done, on both sides; ours also finds every message that quotes it; no message of these is unread. The popup's list has 20 rows, opened by the toolbar's own action over a dead worker with no other page of Unsay open.

*A large history* is the one that the built extension's own worker uses, filled by history's own learning in a page of the extension, the newest messages first. Bounded, so that a run ends in time: beside it stands raw IndexedDB with the same encryption only, filled in turns with it; 15 samples of each query, each of ten of them, because the clock of an extension's page is coarse; one sweep, of the largest size. The worker is killed and woken before it searches for what nobody wrote; its memory is its script memory after a collection. The two columns are measured minutes apart; the ratio of the newest 50 is of turns with a second history, which stayed at the first size.

*The shortcut* is pressed for a message that was sent while the worker slept, and is over when the server has recalled it; the median of 15, the driver's own work in it.

*The page* has 10,000 rows of two lines, streamed 20 a frame or appended in one go, and shows the newest, above a message box on which the pointer rests; the newest 80 are messages Unsay knows, half of them mine. The same page without Unsay is at a host that is not turned on, in another window of the same browser, each window at its full size. Both are measured in turns of some seconds: the streamed rows come in ten parts, a thousand on the one page and then on the other, the one that begins changing each time, and the scrolling is done three times on each; until 8a61c39 one page was measured after the other, half a minute later, and the same steps of the browser, as often, took up to twice as long from one half minute to the next, with Unsay and without, as traces showed: figures of before that say little. Rounds each have a browser of their own; a ratio is the geometric mean of two that began with another page. Main-thread time is the processor time that Chromium itself counts, from the first row of each part to 1.5 s after its last, without what the driver asks of the page. Long tasks are those of more than 50 ms as the page itself is told of them, and count with what they have beyond that; they run on the clock, so other programs are in them. The scrolling goes 80 pixels a frame up through the newest 4,800, in 60 more frames up to the first row, and back the same way. A message can be recalled for some ten minutes there, so that the bar is still there in the end. Idle is 5 s of nothing but the undo bar, after a collection: what 10,000 rows leave behind is not Unsay's; memory is after another. The control is the one that comes when the pointer then goes to a message of mine, with its first 1.5 s; the pointer stays there for the scrolling. Firefox tells the time of its process's main thread, in steps of 10 ms and with the driver's part in it, and nothing else of this.

*From the click to the placeholder* counts, on a page built from chat-uikit-vue 3 that Unsay rides, from the trusted click on Recall (the row's control, the undo bar, the entry in the kit's own menu) to the first placeholder in the message's row, ours or the kit's, each with a message of its own, in turns. The click that opens the kit's menu is not counted, and neither is what comes before ours: the pointer comes to the row, and a click on the control counts only once that has stood still and in sight for 300 ms, which is over by then.

The goals of the queries and of the recall name no encryption and are judged against raw without any, the harder reading. The popup's goal does not say from where its time counts: it is judged both from the command to open, which includes what the browser itself takes (starting a process, the window), and from the start of the popup's own page. The driver's own work is in both sides' times. Other programs may have run on this machine meanwhile: the times below are higher than on an idle one.

${browsers.map(describe).join('\n')}
## Where the history misses a goal, and why

- **Ingest.** The table of steps says where the time goes: keys that begin with the account and two indexes more than raw has, a look for each message before it is stored, then sealing: two calls of WebCrypto for each text, because each text has a key of its own. Texts are sealed while the ones before are being stored. Dexie is about as fast as raw with the same encryption, so 1.2 × Dexie cannot be had with one record a message. Many messages in one record would be faster by far, but each recall and each new message would then write all the others of its record anew.
- **The newest 50 of a worker just woken.** It takes as long as raw with the same encryption: what is over 1.5 × is the opening of 50 texts, two calls of WebCrypto each. A worker that runs still has them in memory.
- **Firefox’s other queries.** One by its id and my recallable take 0.2 to 0.3 ms more than raw, which takes so little there that this is over 1.5 ×; beside raw with the same encryption they are as fast or faster. The recall moves around its goal from run to run.
- **First search.** It answers in time with the newest messages and says how far it came; whoever asks goes on asking, and sees older ones as they are found. All of a large history is in memory only after the time under “making ready”, because every text must be opened first, at two calls of WebCrypto each: that is two thirds of the time, reading the rest. The side panel has it begun as soon as its search field has the focus. Only the newest 200,000 stay in memory; what is older is read anew for each search that finds too little among them.

## Where the popup misses a goal, and why

- **Firefox, from the start of its page.** Some 20 ms more than static HTML (measured in turns, by marks in both and by Firefox's profiler). 5 ms until its script of 68 kB is there and has run: Firefox keeps nothing compiled of an extension. 9 ms for drawing the list, 2 ms where the same page draws it once more: the rest is compiling and warming up. 6 ms because Firefox asks a popup for its size when all scripts have run and paints only then: the list is laid out for it once more. A script that does not hold the page up is worse: the panel then opens empty and grows. What the popup shows lies in memory before its script runs, and the worker is woken after the list was painted.
- **Firefox, the worker's answer.** Static HTML takes some 30 ms there in all. An event page begins anew at each wake: 30 ms until Firefox has made the page, 45 ms for reading and running the worker's 202 kB, 30 ms until Firefox hands it the question that waits, the answer itself the rest. With the SDK in it there were 615 kB more to read: 172 ms to the first answer where it is now 107 (in turns, nine each, on a busy machine; Chromium 105 and 88).
- **Chromium, 60 ms from the command.** From the command to the start of the popup's page, ours or static HTML, Chromium takes some 265 ms.

## Where the click misses its goal, and why

- The kit asks its SDK and draws. Ours goes from the page to the worker, which looks the message up, writes the recall down as leaving, and has the page’s own SDK ask the service; only what needs the other waits for it. In Chromium that is some 5 ms, within the noise of the kit’s own way. In Firefox a message between page and worker takes 2 to 5 ms, and each writing 1 to 3. A placeholder is drawn when the service’s answer came and not before, on neither side.

## Where the page misses a goal, and why

- **Idle.** Once a second the bar draws its ring and the seconds left, and the control under the pointer its own: a frame of the browser, some 1.5 ms in Chromium, and about 1 ms of script; what is collected of memory meanwhile comes on top. They are drawn on a canvas each: a text that changes in one of 10,000 rows has Chromium lay something out there and then recompute what all of the list paints, 15 to 20 ms, also where our element is contained (\`contain: strict\`). A frame in five seconds instead of one in one would come close to the goal, and the seconds would jump.
- **Streamed.** Some 0.2 ms of script for each frame of 20 rows, what the bar does once a second, a frame with all of the page's own work in it, and what a bar in the top layer adds to each frame: 150 to 200 ms in Chromium, estimated from one trace. It varies, from one start of the browser to the next more than within one, and so does the page without Unsay: medians of 1.02 to 1.22 in four days. Measured side by side it was 1.06, 1.06 and 1.09. Some of it may have been the worker: it looked each of these rows up in its SDK, every call of which makes the next one dearer, 1.1 s of the other core for the first 10,000 rows and more for the next; it does so no more.
- **At once.** Seeing 10,000 rows come takes some 25 ms in Chromium, 2 to 3 µs a row, and asking about them 5 questions; the bar changes its words once. A control that comes or goes in such a list is a frame in which all of it is laid out and gone through again, 25 ms: none is put there before somebody comes to the row. In Firefox it is some 10 µs a row: each step from a content script into the page's own objects costs there, and until f4ad513 it was 14 (by its profiler), 2 of them for looking up and comparing with \`Element\`.
- **Scrolled.** The pointer is on a row meanwhile, as it is where somebody turns a wheel: its control goes along, is a layer of its own as it is drawn on a canvas, and another comes where the list rests. Much of the excess is there with the pointer elsewhere, too, and comes with the bar: more to go through in each frame before it is painted, the watch over whether the bar can be seen, a scroll event that is heard, a tick each second. Taken away and given back in turns in one tab, 18 times, beside the same with all of that taken away: all of it 1.15; without the bar, the watch over what is seen and the ticks 1.07; without what hears the pointer and the scrolling 1.08. Since then the pointer is not heard of at all while rows are scrolled past it, and the scrolling a sixth as often: a listener that is told in every frame takes some 0.1 ms of a frame's 5. The ratio in Chromium was 1.18 and 1.20 in two runs before that, and 1.12 after.
- **Firefox** makes all of that dearer beside a page that costs it half as much; its steps of 10 ms are in it.

## Not measured here yet

${unmeasured.map((goal) => `- ${goal}`).join('\n')}
`;
}
