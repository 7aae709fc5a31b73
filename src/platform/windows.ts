import * as v from 'valibot';
import type { AccountId } from '../message/message.ts';
import { Learned, windowKinds, windowOf, type WindowKind } from '../message/window.ts';
import { stored } from './stored.ts';

const learned = stored('local', 'learned-windows', v.record(v.string(), Learned), {});
/** Realms and kinds of which something is kept; the ones that taught longest ago go first. */
const mostLearned = 100;

/**
 * By realm and kind: users of one app meet the same limits. A page's own session has a realm of
 * its own, as a hostile page could tell anything of any app.
 */
function keyOf(account: AccountId, kind: WindowKind): string {
  return `${account.slice(0, account.indexOf(':'))} ${kind}`;
}

/** What was learnt of each kind. */
export async function readLearned(account: AccountId): Promise<(kind: WindowKind) => Learned> {
  const all = await learned.read();
  return (kind) => {
    const key = keyOf(account, kind);
    return (Object.hasOwn(all, key) ? all[key] : undefined) ?? {};
  };
}

/** Keeps what a recall taught; writes only what is new. */
export async function learnWindow(
  account: AccountId,
  kind: WindowKind,
  teach: (learned: Learned) => Learned,
): Promise<void> {
  const before = (await readLearned(account))(kind);
  if (JSON.stringify(teach(before)) === JSON.stringify(before)) return;
  const key = keyOf(account, kind);
  await learned.change((all) => {
    const others = Object.entries(all).filter(([other]) => other !== key);
    const known = Object.hasOwn(all, key) ? all[key] : undefined;
    const taught: [string, Learned] = [key, teach(known ?? {})];
    return Object.fromEntries<Learned>([...others, taught].slice(-mostLearned));
  });
}

/** The user says how long the window is, seconds: what was seen and does not agree is forgotten. */
export async function unlearnWindows(account: AccountId, seconds: number): Promise<void> {
  const keys = windowKinds.map((kind) => keyOf(account, kind));
  await learned.change((all) => {
    const kept = Object.entries(all).filter(
      ([key, one]) =>
        !keys.includes(key) || windowOf(one, seconds, one.refused?.at).expected === seconds * 1000,
    );
    return Object.fromEntries(kept);
  });
}

/** Forgets what an account's realm taught: a page's realm names its site. */
export async function forgetWindows(account: AccountId): Promise<void> {
  const keys = windowKinds.map((kind) => keyOf(account, kind));
  await learned.change((all) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => !keys.includes(key))),
  );
}
