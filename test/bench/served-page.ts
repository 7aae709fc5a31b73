import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { startWebServer } from '../web-server.ts';

/** The bench page on loopback: a secure context, as WebCrypto wants it. */
export interface ServedPage {
  readonly url: string;
  stop(): Promise<void>;
}

/** Headers that give the page an exact clock: browsers round it for pages that are not isolated. */
const isolated = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cache-control': 'no-store',
};

/** Bundles the bench page into `folder`, minified like the product, and serves it. */
export async function servePage(folder: string): Promise<ServedPage> {
  await build({
    configFile: false,
    logLevel: 'warn',
    root: import.meta.dirname,
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2024',
      lib: { entry: 'page/page.ts', formats: ['es'], fileName: 'page' },
    },
  });
  const script = await readFile(join(folder, 'page.js'));
  const { port, stop } = await startWebServer((request, response) => {
    if (request.url === '/page.js') {
      response.writeHead(200, { ...isolated, 'content-type': 'text/javascript' }).end(script);
    } else {
      response
        .writeHead(200, { ...isolated, 'content-type': 'text/html' })
        .end('<!doctype html><title>Bench</title><script type="module" src="/page.js"></script>');
    }
  });
  return { url: `http://127.0.0.1:${port}/`, stop };
}
