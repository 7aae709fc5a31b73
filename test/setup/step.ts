import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** The project's folder: every step runs there. */
export const root = resolve(import.meta.dirname, '../..');

/** What one step of a check came to. */
export interface StepResult {
  title: string;
  isOk: boolean;
  seconds: number;
}

/**
 * Runs one command, its output straight to the terminal, between a title and a line with the result.
 *
 * @param command A program of node_modules/.bin or of PATH, then its arguments.
 */
export async function runStep(title: string, command: readonly string[]): Promise<StepResult> {
  console.log(`\n── ${title}`);
  const started = performance.now();
  const isOk = (await exitCodeOf(command)) === 0;
  const seconds = (performance.now() - started) / 1000;
  console.log(`── ${title}: ${isOk ? 'ok' : 'FAILED'} (${seconds.toFixed(1)} s)`);
  return { title, isOk, seconds };
}

/** Prints one line per step, so that a failure far above is not overlooked. */
export function printSummary(results: readonly StepResult[]): void {
  console.log('');
  for (const { title, isOk, seconds } of results) {
    console.log(`${isOk ? 'ok    ' : 'FAILED'}  ${title} (${seconds.toFixed(1)} s)`);
  }
}

function exitCodeOf([program = '', ...args]: readonly string[]): Promise<number> {
  return new Promise((settle) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', (error) => {
      console.error(error.message);
      settle(1);
    });
    child.on('exit', (code) => {
      settle(code ?? 1);
    });
  });
}
