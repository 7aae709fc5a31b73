import { createServer, type RequestListener } from 'node:http';

/** A web server on loopback, at a port of its own. */
export interface WebServer {
  readonly port: number;
  /** Ends it together with the connections that browsers keep. */
  readonly stop: () => Promise<void>;
}

/** @param port To listen on; 0 takes a free one. */
export async function startWebServer(answer: RequestListener, port = 0): Promise<WebServer> {
  const server = createServer(answer);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    port: address.port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
