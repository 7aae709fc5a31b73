import { parseArgs } from 'node:util';
import { addPeople, people } from './people.ts';
import { startChatServer, type ChatServer, type ChatServerOptions } from './server.ts';

/** The chat server as a program, with three users, a group and some history to play with. */

const USAGE = `Usage: node test/chat-server/main.ts [options]

  --port N            listen on this port of 127.0.0.1 (default: a free one)
  --data FILE         keep everything in FILE over restarts (default: memory only)
  --window SECONDS    how long a message may be recalled (default: 120)
  --instances N       web sessions one user may have at once (default: 1)
  --clock-offset S    seconds the server's clock is ahead of this machine's (default: 0;
                      behind it: --clock-offset=-60)
`;

function readNumber(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < least) {
    throw new Error(`--${name} wants a number, not "${text}"`);
  }
  return value;
}

function readOptions(args: string[]): ChatServerOptions | null {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string' },
      data: { type: 'string' },
      window: { type: 'string' },
      instances: { type: 'string' },
      'clock-offset': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return null;
  const port = readNumber('port', values.port, 0);
  const recallWindowSeconds = readNumber('window', values.window, 0);
  const maxWebInstances = readNumber('instances', values.instances, 1);
  const clockOffsetSeconds = readNumber('clock-offset', values['clock-offset'], -Infinity);
  return {
    ...(port !== undefined && { port }),
    ...(values.data !== undefined && { dataFile: values.data }),
    ...(recallWindowSeconds !== undefined && { recallWindowSeconds }),
    ...(maxWebInstances !== undefined && { maxWebInstances }),
    ...(clockOffsetSeconds !== undefined && { clockOffsetSeconds }),
  };
}

function furnish(server: ChatServer): void {
  addPeople(server);
  server.seed([
    { from: 'bob', to: 'C2Calice', text: 'Morning! Did you see the draft?', ageSeconds: 5400 },
    { from: 'alice', to: 'C2Cbob', text: 'Reading it right now', ageSeconds: 5300 },
    { from: 'carol', to: 'C2Calice', text: 'Lunch at noon?', ageSeconds: 4000 },
    { from: 'alice', to: 'GROUPteam', text: 'Welcome to the team', ageSeconds: 7200 },
    { from: 'bob', to: 'GROUPteam', text: 'Hello everyone', ageSeconds: 7100 },
    { from: 'carol', to: 'GROUPteam', text: 'Hi! Glad to be here', ageSeconds: 7000 },
  ]);
}

function describe(server: ChatServer): string {
  return [
    'A chat server for development. It listens on this machine only (127.0.0.1) and has no',
    'security: do not use it for anything that matters.',
    '',
    `  Server    ${server.url}`,
    `  SDKAppID  ${server.sdkAppId}`,
    '  Group     team (owner alice, admin bob, member carol)',
    '',
    ...people.flatMap(({ id }) => [`  UserSig of ${id}`, `  ${server.userSig(id)}`, '']),
    'Ctrl+C ends it.',
  ].join('\n');
}

async function run(): Promise<void> {
  let options: ChatServerOptions | null;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  if (options === null) {
    console.log(USAGE);
    return;
  }
  const server = await startChatServer(options);
  if (!server.hasUser('alice')) furnish(server);
  console.log(describe(server));
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A second signal while stopping ends it at once.
      if (isStopping) process.exit(1);
      isStopping = true;
      void server.stop();
    });
  }
}

run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
