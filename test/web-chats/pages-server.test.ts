import { request } from 'node:http';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import { buildPages, servePages, STRICT_CSP, type ServedPages } from './pages.ts';

let pages: ServedPages;

beforeAll(async () => {
  await buildPages(['plain']);
  pages = await servePages({ csp: STRICT_CSP });
}, 300_000);

afterAll(() => pages.stop());

/** Asks for a path as it is written; `fetch` would tidy it up first. */
function ask(asked: string): Promise<{ status: number; csp: string | undefined }> {
  return new Promise((resolve, reject) => {
    request(pages.origin, { path: asked }, (response) => {
      response.resume();
      const csp = response.headers['content-security-policy'];
      resolve({ status: response.statusCode ?? 0, csp: csp?.toString() });
    })
      .on('error', reject)
      .end();
  });
}

it('a page comes with the policy asked for', async () => {
  expect(await ask('/plain/')).toEqual({ status: 200, csp: STRICT_CSP });
});

it.each([
  '/',
  '/nowhere/',
  '/plain/../pages.ts',
  '/plain/../../../package.json',
  '/plain/%2e%2e/index.html',
  '/%ff',
])('nothing but pages is served: %s', async (asked) => {
  expect((await ask(asked)).status).toBe(404);
});

it('a second server is another origin', async () => {
  const other = await servePages();
  expect(other.origin).not.toBe(pages.origin);
  await other.stop();
});

it('a page that is built is not built again', async () => {
  const log = vi.spyOn(console, 'log');
  const index = path.join(import.meta.dirname, 'plain/dist/index.html');
  const before = await stat(index);
  await buildPages(['plain']);
  expect((await stat(index)).mtimeMs).toBe(before.mtimeMs);
  expect(log).not.toHaveBeenCalled();
});
