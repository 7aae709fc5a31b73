import * as v from 'valibot';
import type { Clock } from './clock.ts';
import { CODES, Refusal } from './refusal.ts';
import type { Sessions } from './sessions.ts';
import type { Store } from './store.ts';
import type { Switches } from './switches.ts';
import type { Uploads } from './uploads.ts';

/** What every command works on. */
export interface World {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly switches: Switches;
  readonly clock: Clock;
  readonly uploads: Uploads;
  readonly sdkAppId: number;
}

/** Who asks. The identity has been verified. */
export interface Caller {
  readonly userId: string;
  /** 0 for commands that come with a UserSig in place of a ticket. */
  readonly instanceNumber: number;
  /** Runs `task` when the answer is on its way. */
  afterAnswer(task: () => void): void;
}

/** Fields of an answer besides ActionStatus, ErrorCode and ErrorInfo. */
export type Answer = Record<string, unknown>;

/** A command of the protocol: checks the body, then carries it out. Throws {@link Refusal}. */
export interface Command {
  /** Whether memory may differ afterwards. */
  readonly changesState: boolean;
  run(body: unknown, caller: Caller, world: World): Answer;
}

function badRequestCode(servcmd: string): number {
  if (servcmd.includes('group_open_http_svc.')) return CODES.groupBadRequest;
  return servcmd.startsWith('profile.') ? CODES.profileBadRequest : CODES.c2cBadRequest;
}

type Run<T> = (request: T, caller: Caller, world: World) => Answer;

function define<T>(
  schema: v.GenericSchema<unknown, T>,
  run: Run<T>,
  changesState: boolean,
): Command {
  return {
    changesState,
    run(body, caller, world) {
      return run(v.parse(schema, body), caller, world);
    },
  };
}

/** A command that changes something. */
export function action<T>(schema: v.GenericSchema<unknown, T>, run: Run<T>): Command {
  return define(schema, run, true);
}

/** A command that only reads. */
export function query<T>(schema: v.GenericSchema<unknown, T>, run: Run<T>): Command {
  return define(schema, run, false);
}

/** A command whose body nobody looks at and whose answer is always the same. */
export function constant(answer: Answer): Command {
  return define(v.unknown(), () => answer, false);
}

/** The refusal for a body of the wrong shape: says where, and never what stood there. */
export function shapeRefusal(issue: v.BaseIssue<unknown>, servcmd: string): Refusal {
  const where = v.getDotPath(issue) ?? 'body';
  const wanted = issue.expected ?? issue.message;
  return new Refusal(badRequestCode(servcmd), `${servcmd}: ${where} is not ${wanted}`);
}
