import * as v from 'valibot';
import type { BrowserName } from '../browsers/browser.ts';
import type { Figures } from './goals.ts';

/** What is measured by itself; of what is compared nothing lies in two of these. */
export const partNames = ['history', 'worker', 'popup', 'sizes', 'click', 'page'] as const;
export type PartName = (typeof partNames)[number];

/** When and where a part was measured. */
export interface Origin {
  /** As 2026-11-26. */
  readonly day: string;
  /** Of the extension that was measured; missing where nobody could tell. */
  readonly commit?: string;
  /** Its name and version. */
  readonly browser: string;
  readonly cores: number;
  readonly node: string;
}

/** The figures of a part with their origin. */
export interface Part<P extends PartName> extends Origin {
  readonly figures: Figures[P];
}

/** What was measured last of each part in one browser. */
export type Kept = { readonly [P in PartName]: Part<P> };

/** What a file keeps, or what is wrong with it. */
export type Reading =
  { readonly ok: true; readonly kept: Kept } | { readonly ok: false; readonly why: string };

const number = v.pipe(v.number(), v.finite());
const spread = v.object({ middle: number, from: number, to: number });
const times = { history: number, raw: number, sealed: number };
const comparedToRaw = v.object({ ...times, againstRaw: spread });
const compared = v.object({ ...comparedToRaw.entries, againstSealed: spread });
const perQuery = { rare: number, phrase: number, common: number };
const largeQueries = v.object({
  woken: number,
  find: number,
  mine: number,
  recall: number,
  one: number,
});
const opening = v.object({ fromClick: number, fromPage: number });
const both = v.object({ on: number, off: number });
const longTasks = v.object({ count: both, beyond: both });

const schemas: { readonly [P in PartName]: v.GenericSchema<unknown, Figures[P]> } = {
  history: v.object({
    messages: number,
    rounds: number,
    ingest: v.object({ ...times, dexie: number }),
    ingestSpeed: v.object({ againstRaw: spread, againstSealed: spread, againstDexie: spread }),
    forageRate: number,
    search: v.object({
      first: number,
      isFirstComplete: v.boolean(),
      complete: number,
      warm: v.object(perQuery),
      found: v.object(perQuery),
      scan: v.object(perQuery),
      mini: v.object({ build: number, ...perQuery }),
      miniFound: v.object(perQuery),
      heap: number,
      miniHeap: number,
    }),
    sweep: v.object({ history: number, raw: number }),
    queries: v.object({
      page: compared,
      woken: compared,
      find: compared,
      mine: compared,
      recall: comparedToRaw,
      one: comparedToRaw,
    }),
    steps: v.object({
      raw: number,
      threeIndexes: number,
      allIndexes: number,
      learningUnsealed: number,
      learning: number,
      sealing: number,
      gathering: number,
      settling: number,
    }),
    stepMessages: number,
  }),
  worker: v.object({
    shortcut: number,
    sizes: v.array(
      v.object({
        messages: number,
        ingestSpeed: number,
        queries: largeQueries,
        growth: v.exactOptional(spread),
        search: number,
        heap: v.exactOptional(v.object({ woken: number, searched: number })),
      }),
    ),
    sealed: largeQueries,
    sweep: v.object({ history: number, sealed: number }),
  }),
  popup: v.object({
    rows: number,
    popup: opening,
    still: opening,
    ratios: v.object({ fromClick: spread, fromPage: spread, answered: spread }),
    answered: number,
    wake: number,
  }),
  sizes: v.object({
    popup: number,
    contentScripts: v.record(v.string(), number),
    background: number,
  }),
  click: v.object({
    control: spread,
    bar: spread,
    times: v.object({ control: number, bar: number, kit: number }),
  }),
  page: v.object({
    streamed: spread,
    atOnce: spread,
    scrolled: spread,
    times: v.object({ streamed: both, atOnce: both, scrolled: both }),
    idle: number,
    pointed: number,
    told: v.exactOptional(
      v.object({
        blocked: spread,
        longTasks: v.object({ streamed: longTasks, atOnce: longTasks }),
        shift: number,
        heap: number,
      }),
    ),
  }),
};

const origin = {
  day: v.pipe(v.string(), v.isoDate()),
  commit: v.exactOptional(v.string()),
  browser: v.string(),
  cores: number,
  node: v.string(),
};

const file = v.object({
  history: v.object({ ...origin, figures: schemas.history }),
  worker: v.object({ ...origin, figures: schemas.worker }),
  popup: v.object({ ...origin, figures: schemas.popup }),
  sizes: v.object({ ...origin, figures: schemas.sizes }),
  click: v.object({ ...origin, figures: schemas.click }),
  page: v.object({ ...origin, figures: schemas.page }),
});

/** The file that keeps a browser's figures, beside the results. */
export function keptNameOf(name: BrowserName): string {
  return `figures-${name}.json`;
}

/** The parts in the text of such a file, as they come; undefined when it is no JSON object. */
export function partsIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const read = v.safeParse(v.record(v.string(), v.unknown()), JSON.parse(text));
    return read.success ? read.output : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the text of such a file. */
export function readKept(name: BrowserName, text: string): Reading {
  const read = v.safeParse(file, partsIn(text));
  if (read.success) return { ok: true, kept: read.output };
  const [first] = read.issues;
  const where = v.getDotPath(first);
  if (where === null) return { ok: false, why: `${keptNameOf(name)} is no JSON object.` };
  const [part = ''] = where.split('.');
  const what = `${keptNameOf(name)}, ${where}: ${first.message}.`;
  return { ok: false, why: `${what} Measure it: npm run bench -- --${name} --${part}` };
}

/**
 * The text of such a file with one part renewed. The others stay as they are, whatever they are.
 *
 * @throws {Error} When a figure is no number, or when the file is no JSON object.
 */
export function renew<P extends PartName>(
  text: string,
  part: P,
  { figures, ...from }: Part<P>,
): string {
  const parts = partsIn(text);
  if (!parts) throw new Error('The file of the figures is no JSON object.');
  const measured = v.safeParse(schemas[part], figures);
  if (!measured.success) {
    const [first] = measured.issues;
    throw new Error(`${part}, ${v.getDotPath(first) ?? 'all of it'}: ${first.message}`);
  }
  const renewed: Readonly<Record<string, unknown>> = { ...parts, [part]: { ...from, figures } };
  const inOrder = Object.fromEntries(partNames.map((one) => [one, renewed[one]]));
  return `${JSON.stringify(inOrder, null, 2)}\n`;
}
