import * as v from 'valibot';
import { browser } from './browser.ts';
import { stored } from './stored.ts';

/** Reads one value; one that is there and cannot be read counts as the strictest there is. */
export type Reader = <T>(
  key: string,
  schema: v.GenericSchema<unknown, T>,
  strictest: T,
) => T | undefined;

/** Reads values out of what whoever manages the browser set. */
export function readerOf(set: Readonly<Record<string, unknown>>): Reader {
  return (key, schema, strictest) => {
    if (!Object.hasOwn(set, key)) return undefined;
    const read = v.safeParse(schema, set[key]);
    return read.success ? read.output : strictest;
  };
}

type Managed = Readonly<Record<string, unknown>>;

/** How Firefox refuses the question where nobody manages it (seen with 153): for good, and no failure. */
const unmanaged = 'Managed storage manifest not found';

/** What is remembered of it; undefined: nothing is to be remembered. */
let known: { answer: Promise<Managed> | undefined; last: Managed | undefined } | undefined;
/** How often they set something else. */
let turn = 0;

/** What was set when it was read last, for a worker that cannot read it; missing where nothing was. */
const lastSet = stored<Managed | undefined>(
  'local',
  'managed',
  v.optional(v.record(v.string(), v.unknown())),
  undefined,
);
/** What could not be read is asked for again after so long each time, ms. */
const pauses = [100, 400, 1_500] as const;

/** Has the browser asked once, until `forgetManaged`. */
export function rememberManaged(): void {
  known = { answer: undefined, last: undefined };
}

/** They set something else. */
export function forgetManaged(): void {
  turn += 1;
  if (known) known.answer = undefined;
}

/** Calls `changed` whenever they set something else. */
export function hearManaged(changed: () => void): void {
  browser.storage.onChanged.addListener((_changes, area) => {
    if (area === 'managed') changed();
  });
}

/**
 * All they set. Where the browser cannot say, what they set before holds on. Rejects where that is not
 * known either: then nothing is allowed that they might forbid, and nothing deleted that they might want
 * deleted. Neither is remembered: it is asked for anew the next time.
 */
export async function readManaged(): Promise<Managed> {
  const answer = known?.answer ?? askPatiently();
  if (known) known.answer = answer;
  try {
    return await answer;
  } catch (error) {
    if (known?.answer === answer) known.answer = undefined;
    const before = known?.last ?? (await lastSet.read());
    if (!before) throw error;
    return before;
  }
}

async function askPatiently(): Promise<Managed> {
  for (const pause of pauses) {
    try {
      return await askAndNote();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return askAndNote();
}

async function askAndNote(): Promise<Managed> {
  const askedIn = turn;
  const set = await askManaged();
  // The worker alone writes, and no older answer over a newer one that came first. A full disk takes away
  // what this is for, and nothing else.
  if (known && askedIn === turn) {
    known.last = set;
    await noteSet(set).catch(() => undefined);
  }
  return set;
}

async function noteSet(set: Managed): Promise<void> {
  const before = (await lastSet.read()) ?? {};
  if (JSON.stringify(before) === JSON.stringify(set)) return;
  await (Object.keys(set).length === 0 ? lastSet.clear() : lastSet.write(set));
}

/** Rejects where it could not be read. */
async function askManaged(): Promise<Managed> {
  // The types promise it; not every browser keeps the promise.
  const managed = browser.storage.managed as typeof browser.storage.managed | undefined;
  try {
    return (await managed?.get(null)) ?? {};
  } catch (error) {
    if (error instanceof Error && error.message === unmanaged) return {};
    throw error;
  }
}

/** Whether they agreed to what Unsay does in the place of those who use it. */
export function agreementIn(read: Reader): boolean {
  return read('consentGiven', v.boolean(), false) ?? false;
}
