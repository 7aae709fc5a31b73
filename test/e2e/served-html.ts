import { createServer } from 'node:http';

/** A site of one page. */
export interface ServedHtml {
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * Serves one page at every address of an origin of its own, on loopback.
 *
 * @param csp Content-Security-Policy it is sent with.
 */
export async function serveHtml(html: string, csp?: string): Promise<ServedHtml> {
  const server = createServer((_, response) => {
    if (csp !== undefined) response.setHeader('content-security-policy', csp);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(html);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
