import * as v from 'valibot';
import { agreementIn, readManaged, readerOf } from './managed.ts';
import { ServerAddress } from './server-address.ts';

/** What the people who manage a browser set for everybody in it; POLICY.md is for them. */
export interface Policy {
  /** They have agreed to what Unsay does in the place of those who use it. */
  readonly isAgreed: boolean;
  /** Origins on which Unsay may be turned on; undefined: on any. */
  readonly allowedSites: readonly string[] | undefined;
  /** Origins the users are offered to turn Unsay on for. */
  readonly offeredSites: readonly string[];
  /** The chat server everybody signs in at; undefined: the user's choice. */
  readonly server: string | undefined;
  /** Longest time words are kept, days; undefined: the user's choice. */
  readonly retentionDays: number | undefined;
  readonly mayReEdit: boolean;
  /** How far back a sweep may reach, seconds; 0: no sweeps; undefined: as far as Unsay can. */
  readonly sweepSeconds: number | undefined;
  readonly mayLog: boolean;
  /** Unsay's own surfaces name conversations only, and show no words; else it is the user's choice. */
  readonly isDiscreet: boolean;
}

/** Longest retention and sweep that can be set: days, seconds. The shortest of both is 0. */
export const policyLimits = { retentionDays: 30, sweepSeconds: 3600 } as const;

const Origin = v.pipe(
  v.string(),
  v.check((text) => URL.canParse(text)),
  v.transform((text) => new URL(text).origin),
  v.regex(/^https?:/u),
);
/** A number within its limits: beyond them the nearer limit counts. */
const upTo = (most: number): v.GenericSchema<unknown, number> =>
  v.pipe(
    v.number(),
    v.transform((n) => Math.min(most, Math.max(0, Math.floor(n)))),
  );

/** The origins of a list that are any; the others allow nothing. */
const Origins: v.GenericSchema<unknown, readonly string[]> = v.pipe(
  v.array(v.unknown()),
  v.transform((all) =>
    all.flatMap((one) => {
      const origin = v.safeParse(Origin, one);
      return origin.success ? [origin.output] : [];
    }),
  ),
);

/** Makes a policy out of what the browser keeps for us; nothing set is the most freedom. */
export function policyOf(set: Readonly<Record<string, unknown>>): Policy {
  const read = readerOf(set);
  const flag = (key: string, strictest: boolean): boolean | undefined =>
    read(key, v.boolean(), strictest);
  const server = read<string | undefined>('serverAddress', ServerAddress, undefined);
  return {
    isAgreed: agreementIn(read),
    allowedSites: read('allowedSites', Origins, []),
    offeredSites: read('offeredSites', Origins, []) ?? [],
    server,
    retentionDays: read('retentionDays', upTo(policyLimits.retentionDays), 0),
    mayReEdit: flag('allowReEdit', false) ?? true,
    sweepSeconds: read('sweepSeconds', upTo(policyLimits.sweepSeconds), 0),
    mayLog: flag('allowLog', false) ?? true,
    isDiscreet: flag('discreetMode', true) ?? false,
  };
}

/** The policy now. */
export async function readPolicy(): Promise<Policy> {
  return policyOf(await readManaged());
}

/** Whether Unsay may be turned on for this origin. */
export async function allowsSite(origin: string): Promise<boolean> {
  const { allowedSites } = await readPolicy();
  return allowedSites?.includes(origin) ?? true;
}

/** The server a sign-in of Unsay's own goes to: a policy's, else the user's; undefined: Tencent's own. */
export async function serverFor({
  server,
}: {
  readonly server?: string | undefined;
}): Promise<string | undefined> {
  return (await readPolicy()).server ?? server;
}
