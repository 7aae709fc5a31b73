import * as v from 'valibot';
import { isGroup, userOf, type AccountId, type Entry } from './message.ts';

/** The service's default time limit for recalls; the app's owner can change it in the console. */
export const defaultWindowSeconds = 120;

/*
 * How long the service takes recalls. No call tells it: the app's owner sets it in the console, and
 * every client's copy of it drifts (two minutes is only the default). So it is learnt from what the
 * service took and refused, as a range; what is unsure is asked, never refused here.
 */

/**
 * What may have limits of its own: my messages one to one, mine in groups, and those of others
 * which I recall as an owner or admin (whether the limit binds them is not documented).
 */
export const windowKinds = ['direct', 'group', 'moderated'] as const;
export type WindowKind = (typeof windowKinds)[number];

/** Which limit a recall of this message by `me` meets. */
export function windowKindOf(
  entry: Pick<Entry, 'conversation' | 'author'>,
  me: AccountId,
): WindowKind {
  if (!isGroup(entry.conversation)) return 'direct';
  return entry.author === userOf(me) ? 'group' : 'moderated';
}

/** What the service was seen to do. Ages are ms since the message's own time (whole seconds). */
export const Learned = v.object({
  /** The oldest message it recalled, by its age when it was asked. */
  accepted: v.optional(v.number()),
  /**
   * The youngest message it called too old, by its age when the answer came; `at`: server ms;
   * `times`: how often it refused since it last took an older one.
   */
  refused: v.optional(v.object({ age: v.number(), at: v.number(), times: v.number() })),
});
export type Learned = v.InferOutput<typeof Learned>;

/** How long a recall may be asked for. Ages in ms, as above. */
export interface RecallWindow {
  /** Up to this age the service is expected to take it. */
  readonly expected: number;
  /** It took older ones than anybody said it would: there may well be more time than `expected`. */
  readonly isAtLeast: boolean;
  /** From this age on it certainly refuses; between the two only the service knows. */
  readonly closes: number;
}

/** The windows of one account. */
export type Windows = Readonly<Record<WindowKind, RecallWindow>>;

/**
 * A message's time is told in whole seconds and the service's clock is known to half of one: an
 * age is right to within this, ms.
 */
const blur = 2_000;
/** When the range is this narrow it is told as one time, ms. */
const narrow = 10_000;
/** Where nothing was ever refused, messages up to this age are worth a question, ms. */
const longestUnknown = 86_400_000;
/** The longest window the console offers is some days; nothing is asked beyond, ms. */
const longestOfAll = 7 * 86_400_000;
/**
 * How long a refusal speaks for others. The owner may have lengthened the window since: then one
 * question is asked anew. An acceptance needs no such end, as a refusal takes it back at once.
 */
const believedFor = 7 * 86_400_000;

/** One refusal before the hint may be a whim; after this many the hint was wrong. */
const sureAfter = 2;

/**
 * An age as it can be. One just sent may seem a little younger than nothing, as the clock is known
 * to within the blur only; what seems younger still was told by a clock that is wrong.
 */
function possibleAge(age: number): number | undefined {
  return age < -blur ? undefined : Math.max(0, age);
}

/** The service recalled a message of this age (at the moment of asking). */
export function learnAccepted(learned: Learned, seenAge: number): Learned {
  const age = possibleAge(seenAge);
  if (age === undefined) return learned;
  const accepted = Math.max(age, learned.accepted ?? 0);
  const { refused } = learned;
  // Taken though an as old one was refused: the window was lengthened.
  return refused && refused.age > age ? { accepted, refused } : { accepted };
}

/** The service called a message of this age (when the answer came) too old. `at`: server ms. */
export function learnRefused(learned: Learned, seenAge: number, at: number): Learned {
  const age = possibleAge(seenAge);
  if (age === undefined) return learned;
  const { accepted, refused } = learned;
  const isKnownYounger = refused && refused.age <= age && isBelieved(refused.at, at);
  return {
    // Refused though an older one was taken: the window was shortened.
    ...(accepted !== undefined && accepted < age && { accepted }),
    refused: {
      ...(isKnownYounger ? refused : { age, at }),
      times: (refused?.times ?? 0) + 1,
    },
  };
}

function isBelieved(at: number, now: number): boolean {
  return Math.abs(now - at) < believedFor;
}

/**
 * The window as it is known. `hint`: what the user says the window is, seconds; otherwise the
 * service's default. It is taken for true while nothing seen contradicts it. `now`: server ms.
 * `isOfPage`: a page told all that was learnt, by a clock that anybody could set.
 */
export function windowOf(
  learned: Learned = {},
  hint = defaultWindowSeconds,
  now = 0,
  isOfPage = false,
): RecallWindow {
  const accepted = Math.max(0, (learned.accepted ?? 0) - blur);
  const isRefusalGood = learned.refused !== undefined && isBelieved(learned.refused.at, now);
  const refused = isRefusalGood ? learned.refused : undefined;
  const hinted = hint * 1000;
  const isHintGood = hinted >= accepted && (!refused || hinted <= refused.age + blur);
  const expected = isHintGood ? hinted : accepted;
  let closes = Math.min(Math.max(longestUnknown, 2 * expected), Math.max(longestOfAll, hinted));
  if (refused) {
    closes = Math.max(refused.age + blur, expected);
    if (isOfPage || refused.times < sureAfter) closes = Math.max(closes, hinted);
  }
  const window = { expected, closes };
  return { ...window, isAtLeast: !isHintGood && !isSharp(window) };
}

/** The same where it is not sure what time it is: then nothing is called certainly too late. */
export function unsureWindows({ direct, group, moderated }: Windows): Windows {
  const open = (window: RecallWindow): RecallWindow => ({
    ...window,
    closes: Math.max(window.closes, longestUnknown),
  });
  return { direct: open(direct), group: open(group), moderated: open(moderated) };
}

/** Whether the end of a window is known well enough to be told as one time. */
export function isSharp({ expected, closes }: Pick<RecallWindow, 'expected' | 'closes'>): boolean {
  return closes - expected <= narrow;
}
