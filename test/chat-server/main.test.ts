import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Peer } from './peer.ts';
import { textOf } from './town.ts';

const PROGRAM = fileURLToPath(new URL('./main.ts', import.meta.url));

interface Run {
  program: ChildProcess;
  /** What it printed up to now. */
  text: () => string;
}

function run(...args: string[]): Run {
  const program = spawn(process.execPath, [PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    program.kill('SIGKILL');
  });
  let text = '';
  for (const stream of [program.stdout, program.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      program.emit('printed');
    });
  }
  return { program, text: () => text };
}

async function printed({ program, text }: Run, pattern: RegExp): Promise<string> {
  for (;;) {
    const found = pattern.exec(text())?.[1];
    if (found !== undefined) return found;
    await once(program, 'printed', { signal: AbortSignal.timeout(15_000) });
  }
}

async function logInAs(server: Run, userId: string): Promise<Peer> {
  const url = await printed(server, /(ws:\S+)/);
  const userSig = await printed(server, new RegExp(`UserSig of ${userId}\\s+(\\S+)\\s`));
  const sdkAppId = Number(await printed(server, /SDKAppID\s+(\d+)/));
  const peer = new Peer({ url, sdkAppId, userSig: () => userSig }, userId, {});
  onTestFinished(() => {
    peer.kill();
  });
  await peer.logIn();
  return peer;
}

test('the program prints what is needed to log in, says what it is, and ends on a signal', async () => {
  const server = run('--window', '60', '--instances', '2', '--clock-offset', '100');
  const alice = await logInAs(server, 'alice');
  expect(server.text()).toMatch(/development/);
  expect(server.text()).toMatch(/no\s+security/);
  expect((await alice.history('GROUPteam')).length).toBeGreaterThanOrEqual(3);
  expect(Number(alice.chat.getServerTime()) - Date.now()).toBeGreaterThan(95_000);
  await logInAs(server, 'alice');
  await alice.sendText('C2Cbob', 'two sessions are allowed');
  const ended = once(server.program, 'exit');
  server.program.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

test('with --data it knows its messages and UserSigs again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chat-server-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const first = run('--data', join(folder, 'data.json'));
  const alice = await logInAs(first, 'alice');
  await alice.sendText('C2Cbob', 'remember me');
  const userSig = await printed(first, /UserSig of alice\s+(\S+)\s/);
  const ended = once(first.program, 'exit');
  first.program.kill('SIGINT');
  await ended;
  const second = run('--data', join(folder, 'data.json'));
  const url = await printed(second, /(ws:\S+)/);
  const again = new Peer({ url, sdkAppId: 1400000001, userSig: () => userSig }, 'alice', {});
  onTestFinished(() => {
    again.kill();
  });
  await again.logIn();
  expect(textOf((await again.history('C2Cbob')).at(-1) ?? ({} as never))).toBe('remember me');
});

test.each([
  [['--port', 'many'], /--port wants a number/],
  [['--window=-1'], /--window wants a number/],
  [['--instances', '0'], /--instances wants a number/],
  [['--nonsense'], /nonsense/],
])('%j is refused with a sentence and the usage', async (args, why) => {
  const { program, text } = run(...args);
  expect(await once(program, 'exit')).toEqual([2, null]);
  expect(text()).toMatch(why);
  expect(text()).toMatch(/Usage/);
});
