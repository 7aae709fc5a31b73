import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Has something open for as long as it is told, which takes a moment to close. */
const program = `
  import { setTimeout as pass } from 'node:timers/promises';
  import { closedOnce } from ${JSON.stringify(join(import.meta.dirname, 'ending.ts'))};
  const close = closedOnce(async () => {
    console.log('closing');
    await pass(300);
    console.log('closed');
  }, 3);
  console.log('open');
  await pass(Number(process.argv.at(-1)));
  await close();
`;

/** Runs it, with a signal as soon as it has something open, and again while it closes that. */
async function run(
  openFor: number,
  signal: NodeJS.Signals,
): Promise<{ code: number | null; said: string }> {
  const node = ['--input-type=module', '--eval', program, String(openFor)];
  const child = spawn(process.execPath, node, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (words: Buffer) => {
    said += words.toString();
    if (!said.includes('closed')) child.kill(signal);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'what is open is closed once and to the end, however often %s comes',
  async (signal) => {
    const ended = { code: 3, said: 'open\nclosing\nclosed\n' };
    expect(await run(60_000, signal)).toEqual(ended);
    // Also where it is being closed already.
    expect(await run(0, signal)).toEqual(ended);
  },
);
