import { startWebServer } from '../web-server.ts';

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
  const { port, stop } = await startWebServer((_, response) => {
    if (csp !== undefined) response.setHeader('content-security-policy', csp);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(html);
  });
  return { origin: `http://127.0.0.1:${port}`, stop };
}
