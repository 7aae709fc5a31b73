import * as v from 'valibot';
import { browser } from './browser.ts';

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
let known: { answer: Promise<Managed> | undefined } | undefined;

/** Has the browser asked once, until `forgetManaged`. */
export function rememberManaged(): void {
  known = { answer: undefined };
}

/** They set something else. */
export function forgetManaged(): void {
  if (known) known.answer = undefined;
}

/** Calls `changed` whenever they set something else. */
export function hearManaged(changed: () => void): void {
  browser.storage.onChanged.addListener((_changes, area) => {
    if (area === 'managed') changed();
  });
}

/** All they set; nothing where that cannot be read, which is not remembered. */
export function readManaged(): Promise<Managed> {
  const answer = known?.answer ?? askManaged();
  if (known) known.answer = answer;
  return answer.catch(() => {
    if (known?.answer === answer) known.answer = undefined;
    return {};
  });
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
