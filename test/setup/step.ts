import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Voice } from './turns.ts';

/** The project's folder: every step runs there. */
export const root = resolve(import.meta.dirname, '../..');

/** One thing that a check does. */
export interface Step {
  readonly title: string;
  /** A program of node_modules/.bin or of PATH, then its arguments. */
  readonly command: readonly string[];
  /** How many cores it keeps busy on average: 1 computes all the time, less waits for others. */
  readonly load: number;
  /** What must be over before, however it went; steps that are not run at all do not matter. */
  readonly after?: readonly Step[];
  /** Called before the command starts. */
  readonly prepare?: () => void;
  /** What it came to, where an exit code does not tell all. */
  readonly judge?: (isOk: boolean) => Verdict;
}

/** Counts of tests, and what is wrong, each in a few lines. A step without tests counts as none. */
export interface Verdict {
  passed: number;
  failed: number;
  faults: readonly string[];
}

/** What one step came to. */
export interface StepResult extends Verdict {
  title: string;
  isOk: boolean;
  seconds: number;
}

/** How many of the last lines stand for a failed step that says nothing better. */
const TAIL_LINES = 15;

const children = new Set<ReturnType<typeof spawn>>();

/** Runs a step to its end, with all it says between a title and a line with the result. */
export async function runStep(step: Step, voice: Voice): Promise<StepResult> {
  voice.say(`\n── ${step.title}\n`);
  const started = performance.now();
  step.prepare?.();
  const { code, output } = await run(step.command, voice);
  const seconds = (performance.now() - started) / 1000;
  const verdict = step.judge?.(code === 0) ?? { passed: 0, failed: code === 0 ? 0 : 1, faults: [] };
  const isOk = verdict.failed === 0;
  const faults = isOk || verdict.faults.length > 0 ? verdict.faults : [tailOf(output)];
  voice.say(`── ${step.title}: ${isOk ? 'ok' : 'FAILED'} (${seconds.toFixed(1)} s)\n`);
  return { ...verdict, title: step.title, isOk, seconds, faults };
}

/** Passes a signal on to all that runs, for the browsers and servers they have to close. */
export function interruptSteps(signal: NodeJS.Signals): void {
  for (const child of children) child.kill(signal);
}

function run(
  [program = '', ...args]: readonly string[],
  voice: Voice,
): Promise<{ code: number; output: string }> {
  return new Promise((settle) => {
    const chunks: Buffer[] = [];
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Through a pipe they would not know that somebody looks.
      env: { ...process.env, ...(process.stdout.isTTY && { FORCE_COLOR: '1' }) },
    });
    children.add(child);
    const hear = (chunk: Buffer): void => {
      chunks.push(chunk);
      voice.say(chunk);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const end = (code: number): void => {
      children.delete(child);
      settle({ code, output: Buffer.concat(chunks).toString('utf8') });
    };
    child.on('error', (error) => {
      hear(Buffer.from(`${error.message}\n`));
      end(1);
    });
    child.on('close', (code) => {
      end(code ?? 1);
    });
  });
}

function tailOf(output: string): string {
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.slice(-TAIL_LINES).join('\n');
}
