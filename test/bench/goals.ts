import type { ClickFigures } from './click.ts';
import type { HistoryFigures } from './history.ts';
import type { Spread } from './median.ts';
import type { LargeQuery } from './page/large.ts';
import type { PageCostFigures } from './page-cost.ts';
import type { PopupFigures } from './popup.ts';
import type { Sizes } from './sizes.ts';
import type { SizeFigures, WorkerFigures } from './worker.ts';

/** Everything measured in one browser. */
export interface Figures {
  readonly history: HistoryFigures;
  readonly worker: WorkerFigures;
  readonly popup: PopupFigures;
  readonly sizes: Sizes;
  readonly click: ClickFigures;
  readonly page: PageCostFigures;
}

/** One line of the results. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  /** Where the middle half of the rounds lies. */
  readonly spread: string;
  readonly goal: string;
  readonly word: 'met' | 'missed' | '';
}

/** What is measured must be at least, or at most, this. */
interface Goal {
  readonly least?: number;
  readonly most?: number;
}

function judge(
  what: string,
  value: number,
  { least, most }: Goal,
  write: (value: number) => string,
): Row {
  const row = { what, measured: write(value), spread: '' };
  const isMet = value >= (least ?? -Infinity) && value <= (most ?? Infinity);
  const word = isMet ? 'met' : 'missed';
  if (least !== undefined) return { ...row, goal: `≥ ${write(least)}`, word };
  if (most !== undefined) return { ...row, goal: `≤ ${write(most)}`, word };
  return { ...row, goal: '', word: '' };
}

const asRatio = (value: number): string => `${value.toFixed(2)} ×`;
const asKilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
const asMilliseconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`;

function ratio(what: string, { middle, from, to }: Spread, goal: Goal = {}): Row {
  return {
    ...judge(what, middle, goal, asRatio),
    spread: `${from.toFixed(2)}–${to.toFixed(2)}`,
  };
}

/** What Unsay costs a page with 10,000 rows. */
export function pageCostRows(figures: PageCostFigures): Row[] {
  const { streamed, atOnce, scrolled, idle, pointed, told } = figures;
  return [
    ratio('page, 10,000 rows streamed, main thread: without Unsay', streamed, { most: 1.05 }),
    ratio('… at once', atOnce, { most: 1.1 }),
    ...(told ? [ratio('… at once, long tasks beyond 50 ms', told.blocked, { most: 1.1 })] : []),
    ratio('… scrolled through', scrolled, { most: 1.05 }),
    judge('… idle, main thread per second', idle, { most: 1 }, asMilliseconds),
    judge('… a control that comes under the pointer', pointed, {}, asMilliseconds),
    ...(told
      ? [
          judge('… layout shift beyond its own', told.shift, { most: 0 }, (it) => it.toFixed(3)),
          judge('… script memory', told.heap, { most: 3_000_000 }, asKilobytes),
        ]
      : []),
  ];
}

/** From a click that recalls to the placeholder, beside the kit's own menu. */
export function clickRows({ control, bar }: ClickFigures): Row[] {
  return [
    ratio("click on the row's Recall to placeholder: the kit's own menu", control, { most: 1 }),
    ratio("… on the undo bar's: the kit's own menu", bar, { most: 1 }),
  ];
}

const asMegabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;
const asCount = (count: number): string => count.toLocaleString('en-US');

/** What of the worker has a goal, with a small history and with a large one. */
export function workerRows({ shortcut, sizes }: WorkerFigures): Row[] {
  return [
    judge(
      'recall by shortcut, chat closed, worker asleep, to the server',
      shortcut,
      { most: 500 },
      asMilliseconds,
    ),
    ...sizes.flatMap(({ messages, growth, heap }) => {
      const many = `with ${asCount(messages)} messages`;
      return [
        ...(growth
          ? [
              ratio(
                `newest 50 of a conversation, just woken, ${many}: with ${asCount(sizes[0]?.messages ?? 0)}`,
                growth,
                { most: 1.5 },
              ),
            ]
          : []),
        ...(heap
          ? [
              judge(
                `worker's memory after a search, ${many}`,
                heap.searched,
                { most: 150_000_000 },
                asMegabytes,
              ),
            ]
          : []),
      ];
    }),
  ];
}

/** How a large history does: a column for each size, and raw with the same encryption at the last. */
export function largeTable({ sizes, sealed, sweep }: WorkerFigures): {
  head: string[];
  rows: string[][];
} {
  const row = (
    what: string,
    of: (size: SizeFigures) => number | undefined,
    raw?: number,
    write = asMilliseconds,
  ): string[] => {
    const cells = [...sizes.map(of), raw];
    return [what, ...cells.map((value) => (value === undefined ? '' : write(value)))];
  };
  const query = (what: string, name: LargeQuery): string[] =>
    row(what, ({ queries }) => queries[name], sealed[name]);
  return {
    head: ['what', ...sizes.map(({ messages }) => asCount(messages)), 'raw, same encryption'],
    rows: [
      row('ingest, speed to raw, same encryption', (it) => it.ingestSpeed, 1, asRatio),
      query('newest 50 of a conversation, just woken', 'woken'),
      query('one by its id', 'find'),
      query('my recallable', 'mine'),
      query('recall transaction (get and put), on disk', 'recall'),
      query('learning one new message', 'one'),
      row(
        'sweep of the oldest twentieth',
        (it) => (it === sizes.at(-1) ? sweep.history : undefined),
        sweep.sealed,
      ),
      row('search of a worker just woken, to its end', ({ search }) => search),
      row("worker's memory, woken", ({ heap }) => heap?.woken, undefined, asMegabytes),
      row('… after that search', ({ heap }) => heap?.searched, undefined, asMegabytes),
    ],
  };
}

/** History by itself, beside raw IndexedDB. */
export function historyRows({ ingestSpeed, queries, search }: HistoryFigures): Row[] {
  return [
    ratio('ingest, speed: raw, 3 indexes, no encryption', ingestSpeed.againstRaw, { least: 0.7 }),
    ratio('ingest, speed: raw, 3 indexes, same encryption', ingestSpeed.againstSealed),
    ratio('ingest, speed: Dexie, 3 indexes, same encryption', ingestSpeed.againstDexie, {
      least: 1.2,
    }),
    ratio('newest 50 of a conversation, time: raw', queries.page.againstRaw, { most: 1.5 }),
    ratio('… raw, same encryption', queries.page.againstSealed),
    ratio('… by a worker just woken: raw', queries.woken.againstRaw, { most: 1.5 }),
    ratio('… by a worker just woken: raw, same encryption', queries.woken.againstSealed),
    ratio('one by its id, time: raw', queries.find.againstRaw, { most: 1.5 }),
    ratio('… raw, same encryption', queries.find.againstSealed),
    ratio('my recallable, time: raw', queries.mine.againstRaw, { most: 1.5 }),
    ratio('… raw, same encryption', queries.mine.againstSealed),
    ratio('recall transaction, time: raw get and put', queries.recall.againstRaw, { most: 3 }),
    ratio('learning one new message, time: raw put', queries.one.againstRaw),
    judge('search, first 20: a rare word', search.warm.rare, { most: 10 }, asMilliseconds),
    judge('… a Chinese phrase', search.warm.phrase, { most: 10 }, asMilliseconds),
    judge('… a common word', search.warm.common, { most: 10 }, asMilliseconds),
    judge(
      `first search of a worker just woken (${search.isFirstComplete ? 'complete' : 'the newest first'})`,
      search.first,
      { most: 300 },
      asMilliseconds,
    ),
  ];
}

/** The popup, and the worker's answer that it waits for. */
export function popupRows({ wake, ratios, popup }: PopupFigures): Row[] {
  return [
    judge('worker asleep, to its first answer', wake, {}, asMilliseconds),
    ratio('popup, closed to list, worker asleep: static HTML', ratios.fromClick, { most: 1.2 }),
    ratio('… from the start of its page', ratios.fromPage, { most: 1.2 }),
    ratio("… with the worker's answer", ratios.answered, { most: 1.8 }),
    judge('popup, closed to list, worker asleep', popup.fromClick, { most: 60 }, asMilliseconds),
  ];
}

/** What the extension weighs. */
export function sizeRows({ contentScripts, popup, background }: Sizes): Row[] {
  const size = (what: string, bytes: number, goal: Goal = {}): Row =>
    judge(what, bytes, goal, asKilobytes);
  return [
    ...Object.entries(contentScripts).map(([name, bytes]) =>
      size(`content script ${name}, gzip`, bytes, { most: 15_000 }),
    ),
    size('popup with its scripts and styles, gzip', popup, { most: 30_000 }),
    size('background, gzip', background),
  ];
}

/** Everything that has a goal. */
export function ratioRows({ history, worker, popup, sizes, click, page }: Figures): Row[] {
  return [
    ...historyRows(history),
    ...workerRows(worker),
    ...popupRows(popup),
    ...clickRows(click),
    ...pageCostRows(page),
    ...sizeRows(sizes),
  ];
}

/** How long things take on this machine. */
export function timeRows({ history, popup, click, page }: Figures): string[][] {
  const { messages, ingest, forageRate, queries, sweep } = history;
  const rate = (milliseconds: number): string =>
    `${Math.round((messages / milliseconds) * 1000).toLocaleString('en-US')}/s`;
  const times = (what: string, of: { history: number; raw: number; sealed: number }): string[] => [
    what,
    ...[of.history, of.raw, of.sealed].map(asMilliseconds),
  ];
  return [
    [
      `ingest of ${messages.toLocaleString('en-US')}`,
      rate(ingest.history),
      rate(ingest.raw),
      rate(ingest.sealed),
    ],
    ['… Dexie, same encryption', '', '', rate(ingest.dexie)],
    [
      '… localforage, same encryption',
      '',
      '',
      `${Math.round(forageRate).toLocaleString('en-US')}/s`,
    ],
    times('newest 50 of a conversation', queries.page),
    times('… by a worker just woken', queries.woken),
    times('one by its id', queries.find),
    times('my recallable', queries.mine),
    times('recall transaction (get and put), on disk', queries.recall),
    times('learning one new message', queries.one),
    ['sweep of the oldest twentieth', asMilliseconds(sweep.history), asMilliseconds(sweep.raw), ''],
    ...popupTimeRows(popup),
    ...clickTimeRows(click),
    ...pageTimeRows(page),
  ];
}

/** How long the popup takes, beside the same list as static HTML. */
export function popupTimeRows({ popup, still, answered }: PopupFigures): string[][] {
  return [
    ['popup to list (static HTML)', ...pair(popup.fromClick, still.fromClick)],
    ['… from the start of its page', ...pair(popup.fromPage, still.fromPage)],
    ["… to the worker's answer", asMilliseconds(answered), '', ''],
  ];
}

/** From click to placeholder, beside the kit's own menu. */
export function clickTimeRows({ times: { control, bar, kit } }: ClickFigures): string[][] {
  return [
    ["click on the row's Recall to placeholder (the kit's own menu)", ...pair(control, kit)],
    ["… on the undo bar's", ...pair(bar, kit)],
  ];
}

/** Main-thread time of a page with 10,000 rows, with Unsay and without. */
export function pageTimeRows({ times, told }: PageCostFigures): string[][] {
  const { streamed, atOnce, scrolled } = times;
  const tasks = (way: 'streamed' | 'atOnce'): string[][] => {
    if (!told) return [];
    const { count, beyond } = told.longTasks[way];
    const side = (of: 'on' | 'off'): string => `${count[of]}, ${asMilliseconds(beyond[of])}`;
    return [['… long tasks in it, beyond 50 ms', side('on'), side('off'), '']];
  };
  return [
    ['page, 10,000 rows streamed (without Unsay)', ...pair(streamed.on, streamed.off)],
    ...tasks('streamed'),
    ['… at once', ...pair(atOnce.on, atOnce.off)],
    ...tasks('atOnce'),
    ['… scrolled through, up and down', ...pair(scrolled.on, scrolled.off)],
  ];
}

function pair(ours: number, theirs: number): string[] {
  return [asMilliseconds(ours), asMilliseconds(theirs), ''];
}

/** Searches, beside a scan of every record and beside MiniSearch. */
export function searchRows({ search }: HistoryFigures): string[][] {
  const { warm, found, scan, mini, miniFound } = search;
  const row = (what: string, kind: keyof typeof warm): string[] => [
    what,
    `${asMilliseconds(warm[kind])}, ${found[kind]} found`,
    asMilliseconds(scan[kind]),
    `${asMilliseconds(mini[kind])}, ${miniFound[kind]} found`,
  ];
  const heap = (megabytes: number): string => (megabytes > 0 ? `, ${megabytes.toFixed(0)} MB` : '');
  return [
    [
      'making ready',
      `${asMilliseconds(search.complete)}${heap(search.heap)}`,
      '',
      `${asMilliseconds(mini.build)}${heap(search.miniHeap)}`,
    ],
    row('a rare word (1 message)', 'rare'),
    row('a Chinese phrase (100 messages)', 'phrase'),
    row('a common word (ours: the newest 100)', 'common'),
  ];
}

/** The steps of learning, per 1,000 messages and against raw IndexedDB. */
export function stepRows({ steps, stepMessages }: HistoryFigures): string[][] {
  const row = (what: string, milliseconds: number): string[] => [
    what,
    asMilliseconds((milliseconds / stepMessages) * 1000),
    asRatio(milliseconds / steps.raw),
  ];
  return [
    row('raw: one record a message, 3 indexes', steps.raw),
    row("… history's records and keys (account in every key), 3 indexes", steps.threeIndexes),
    row("… history's 5 indexes", steps.allIndexes),
    row('… looked first, settled, counted: learning without encryption', steps.learningUnsealed),
    row('… sealed: learning as it is', steps.learning),
    row('of which: looking (gather)', steps.gathering),
    row('of which: settling', steps.settling),
    row('of which: sealing', steps.sealing),
  ];
}

/** Goals that nothing here measures yet. */
export const unmeasured = [
  'long tasks, layout shift and script memory of a page in Firefox, which tells none of them',
  "the worker's memory in Firefox, which tells no program how much a page's or a worker's scripts hold",
] as const;
