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

/** All they set. */
export function readManaged(): Promise<Managed> {
  return known ? (known.answer ??= askManaged()) : askManaged();
}

/**
 * Browsers nobody manages have nothing: Firefox rejects the question there, and some have no managed
 * storage at all.
 */
async function askManaged(): Promise<Managed> {
  // The types promise it; not every browser keeps the promise.
  const managed = browser.storage.managed as typeof browser.storage.managed | undefined;
  return (await managed?.get(null).catch(() => undefined)) ?? {};
}

/** Whether they agreed to what Unsay does in the place of those who use it. */
export function agreementIn(read: Reader): boolean {
  return read('consentGiven', v.boolean(), false) ?? false;
}
