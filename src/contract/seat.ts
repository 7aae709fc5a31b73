import * as v from 'valibot';
import { hearWorker } from './worker-word.ts';

/** Names one life of our script in one frame of a page; made by that script. */
export const SeatId = v.pipe(v.string(), v.regex(/^[\w-]{16,40}$/u));
export type SeatId = v.InferOutput<typeof SeatId>;

/** What a page's script tells among its SDK's events where it could not hand on all of them. */
export const missedEvents = 'missed';

const mark = 'unsay-seat';

/** What a page is asked to ask its SDK, and as whom. */
export interface SeatCall {
  readonly method: string;
  readonly argument?: unknown;
  /** The user the page must be signed in as, else it does not ask. */
  readonly as: string;
  /** When it was asked, by this computer's clock, ms. */
  readonly at: number;
  /** How long an answer is waited for, ms: after that the page does not ask, as a tab that was frozen. */
  readonly ms: number;
}

/** The page's answer, or the SDK's code of why there is none. */
export type SeatReply = { readonly ok: unknown } | { readonly code: number };

type Envelope =
  | { readonly [mark]: SeatId; readonly call: SeatCall }
  /** Whether anybody is awake there. */
  | { readonly [mark]: SeatId; readonly knock: true }
  /** The site was turned off. */
  | { readonly [mark]: SeatId; readonly leave: true };

const Reply = v.union([v.object({ ok: v.unknown() }), v.object({ code: v.number() })]);

/** Writes a call so that only the seat it is meant for takes it. */
export function envelopeFor(id: SeatId, call: SeatCall): object {
  return { [mark]: id, call } satisfies Envelope;
}

/** Writes to a seat what is answered with `{ ok: true }` at once, whatever its page's SDK is at. */
export function knockFor(id: SeatId): object {
  return { [mark]: id, knock: true } satisfies Envelope;
}

/** Writes to a seat that its page is to be left for good. */
export function farewellFor(id: SeatId): object {
  return { [mark]: id, leave: true } satisfies Envelope;
}

/** What came back from a page; undefined when that is no answer. */
export function readReply(answer: unknown): SeatReply | undefined {
  const reply = v.safeParse(Reply, answer);
  return reply.success ? reply.output : undefined;
}

/** What a page does with what the worker says to its seat. */
export interface Seated {
  readonly answer: (call: SeatCall) => Promise<SeatReply>;
  /** The site was turned off: clean up and leave. */
  readonly onLeave: () => void;
}

/** Takes the worker's calls in a page until `signal` aborts. Others' messages are none of ours. */
export function answerSeat(id: SeatId, { answer, onLeave }: Seated, signal: AbortSignal): void {
  hearWorker((message, sendResponse) => {
    const { [mark]: asked, ...said } = message as Envelope;
    if (asked !== id) return undefined;
    if ('leave' in said) onLeave();
    if ('knock' in said) sendResponse({ ok: true });
    if (!('call' in said)) return undefined;
    const { call } = said;
    void answer(call).then(sendResponse);
    return true;
  }, signal);
}
