import * as v from 'valibot';
import { isGroup, userOf, type AccountId, type Entry, type Role } from './message.ts';
import { isSharp, windowKindOf, type Windows } from './window.ts';

/** Every reason a recall can fail, each with a sentence of its own (`refusal_<why>`). */
export const refusals = [
  /** The service's or our own window is over. */
  'too-late',
  /** Not known to the service (any more). */
  'not-found',
  'already-recalled',
  /** Neither the author nor an owner or admin of the group. */
  'not-allowed',
  /** This kind of message cannot be recalled. */
  'kind-cannot',
  /** Groups of this type cannot recall. */
  'group-cannot',
  /** The app's owner switched recalling in groups off. */
  'switched-off',
  /** The group does not exist any more, or I left it. */
  'group-gone',
  /** No connection; asked again until the deadline. Not final. */
  'waiting',
  /** The deadline passed before the service could be reached. */
  'unreachable',
  /** The service never answered, and what it did could not be looked up: it may be recalled. */
  'unanswered',
  /** Nobody saw the message being sent, so there was nothing to recall. */
  'never-came',
  /** I stopped it before it was sent. */
  'stopped',
  /** A policy lets only newer messages be recalled together; this one by itself. */
  'beyond-sweep',
  'signed-out',
  'signed-in-elsewhere',
  'signature-expired',
  /** The service asks for fewer requests. */
  'too-many',
  /** A code this version does not know; shown with its number. */
  'unknown',
] as const;
export type Refusal = (typeof refusals)[number];

/** What became of a recall. `waiting` is the only refusal that is not final. */
export const RecallOutcome = v.variant('ok', [
  v.object({
    ok: v.literal(true),
    /** Server milliseconds at which the service's answer was seen. */
    at: v.number(),
  }),
  v.object({
    ok: v.literal(false),
    why: v.picklist(refusals),
    /** The service's own code, when it gave one. */
    code: v.optional(v.number()),
    /** `too-late`: whole seconds past the deadline. */
    lateBy: v.optional(v.number()),
    /** `waiting`: the deadline, server milliseconds. */
    until: v.optional(v.number()),
  }),
]);
export type RecallOutcome = v.InferOutput<typeof RecallOutcome>;

const byCode: Readonly<Record<number, Refusal>> = {
  20016: 'too-late',
  10031: 'too-late',
  // The client's own refusal, which native SDKs have.
  6223: 'too-late',
  20022: 'not-found',
  10030: 'not-found',
  20023: 'already-recalled',
  10007: 'not-allowed',
  10032: 'kind-cannot',
  10033: 'group-cannot',
  10041: 'switched-off',
  10010: 'group-gone',
  // The service is busy, or a part of it was not in time: what it did is not known.
  10002: 'waiting',
  20004: 'waiting',
  20005: 'waiting',
  50004: 'waiting',
  50005: 'waiting',
  60008: 'waiting',
  60009: 'waiting',
  60014: 'waiting',
  70169: 'waiting',
  70500: 'waiting',
  90992: 'waiting',
  90994: 'waiting',
  90995: 'waiting',
  91000: 'waiting',
  // The SDK's own: network down, no answer within 15 s, not connected yet.
  2800: 'waiting',
  2801: 'waiting',
  2999: 'waiting',
  3000: 'waiting',
  2024: 'signed-out',
  3005: 'signed-out',
  3002: 'signed-in-elsewhere',
  3003: 'signed-in-elsewhere',
  3006: 'signed-in-elsewhere',
  3004: 'signature-expired',
  70001: 'signature-expired',
  2996: 'too-many',
  60007: 'too-many',
  60011: 'too-many',
  60018: 'too-many',
  60022: 'too-many',
};

/**
 * The reason behind a code of `revokeMessage`. Codes from Tencent's documentation (200xx, 100xx),
 * from its list `V2TIMErrorCode.h` ("try again", "time-out", "too frequent") and from SDK 3.6.6
 * itself (2xxx, 3xxx, 60022).
 */
export function refusalOf(code: number): Refusal {
  return byCode[code] ?? 'unknown';
}

/** What the law needs to know besides the entry. */
export interface Standing {
  readonly me: AccountId;
  /** My role in the entry's group, where it is known. */
  readonly role?: Role | undefined;
  /** Server milliseconds now; never this computer's clock. */
  readonly now: number;
  readonly windows: Windows;
}

export type Verdict =
  | {
      readonly may: true;
      /** Server ms up to which the service is expected to take it; over when only asking tells. */
      readonly until: number;
      /** There may well be more time than that. */
      readonly isAtLeast: boolean;
      /** Server ms from which it certainly refuses; not before `until`. */
      readonly closes: number;
    }
  | { readonly may: false; readonly why: Refusal; readonly lateBy?: number };

/**
 * Who may recall what, until when: the author, and owners and admins of a group for members'
 * messages. Within the window it is open; where the window's end is not known, the service is to
 * be asked, because a recall that is possible must never be refused here.
 */
export function judge(entry: Entry, standing: Standing): Verdict {
  if (entry.recall) return { may: false, why: 'already-recalled' };
  const isMine = entry.author === userOf(standing.me);
  const isModerator =
    isGroup(entry.conversation) && (standing.role === 'owner' || standing.role === 'admin');
  if (!isMine && !isModerator) return { may: false, why: 'not-allowed' };
  // Nothing was sent in the future: where it seems so our clock is behind, and would give too long.
  const sent = Math.min(entry.time * 1000, standing.now);
  const window = standing.windows[windowKindOf(entry, standing.me)];
  const until = sent + window.expected;
  const closes = sent + window.closes;
  if (standing.now > closes) {
    const lateBy = Math.ceil((standing.now - until) / 1000);
    return { may: false, why: 'too-late', ...(isSharp(window) && { lateBy }) };
  }
  return { may: true, until, isAtLeast: window.isAtLeast, closes };
}
