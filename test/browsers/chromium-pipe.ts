import type { Readable, Writable } from 'node:stream';
import type { BrowserProcess } from './browser-process.ts';
import { Connection } from './connection.ts';

/**
 * CDP over the pipe of --remote-debugging-pipe: commands into file descriptor 3, answers and events out
 * of 4, JSON texts with a zero byte after each. Only the pipe gives the Extensions domain (seen with 156).
 */
export function connectPipe({ child, ended }: BrowserProcess): Connection {
  const writer = child.stdio[3] as Writable;
  const reader = child.stdio[4] as Readable;
  const connection = new Connection((text) => {
    writer.write(`${text}\0`);
  });
  // Writing to a browser that has just died fails; what waits for an answer hears of it below.
  writer.on('error', () => undefined);
  let rest = '';
  reader.setEncoding('utf8').on('data', (chunk: string) => {
    const texts = (rest + chunk).split('\0');
    rest = texts.pop() ?? '';
    for (const text of texts) connection.receive(text);
  });
  connection.listen(({ method, params }) => {
    if (method !== 'Target.detachedFromTarget') return;
    connection.endSession((params as { sessionId: string }).sessionId, 'the page is gone');
  });
  void ended.then(() => {
    connection.end('Chromium has ended');
  });
  return connection;
}
