/**
 * Real web chats for the tests: pages built from Tencent's published UI kits and one page of our
 * own, installed and built when needed, and served on loopback.
 */
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { startWebServer } from '../web-server.ts';
import { drawPicture } from './pictures.ts';
import { writeVisit, type Visit } from './visit.ts';

/** The pages there are: a page is a folder beside this file. */
export const PAGE_NAMES = [
  'plain',
  'react-2',
  'react-3',
  'react-6',
  'vue-2',
  'vue-3',
  'vue3-6',
  'demo',
] as const;

export type PageName = (typeof PAGE_NAMES)[number];

/**
 * A strict Content-Security-Policy under which every page still works: scripts from the page's own
 * server only, no inline script, no `eval`. The SDK needs its blob worker and a socket; the kits set
 * inline styles.
 */
export const STRICT_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  'worker-src blob:',
  "connect-src 'self' ws:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HERE = path.dirname(fileURLToPath(import.meta.url));
const VITE = path.resolve(HERE, '../../node_modules/vite/bin/vite.js');
const PROJECT_LOCKFILE = path.resolve(HERE, '../../package-lock.json');
/** Files outside a page's folder that go into every page. */
const SHARED = ['page-config.js', 'visit.ts', 'attendance.ts'];

/**
 * Installs and builds every named page (all by default) that is not built from its present sources.
 * Prints one line per step. Needs the npm registry, or a warm npm cache, only where a page's
 * packages are missing or its lockfile changed. Several processes may call it at once.
 *
 * @throws Error with the page's name and the tail of what npm or vite printed.
 */
export async function buildPages(names: readonly PageName[] = PAGE_NAMES): Promise<void> {
  for (const name of names) await alone(name, () => buildPage(name));
}

/** A running server of chat pages. */
export interface ServedPages {
  /** Such as `http://127.0.0.1:38123`. */
  readonly origin: string;
  /** Address of a page that logs in as told. The credentials are in the fragment. */
  url(name: PageName, visit: Visit): string;
  stop(): Promise<void>;
}

/**
 * Serves the built pages on 127.0.0.1, each under its own path. May be called more than once: every
 * call is another origin.
 *
 * @param options.port port to listen on; 0, the default, takes a free one.
 * @param options.csp Content-Security-Policy sent with every page; none by default.
 */
export async function servePages(
  options: { port?: number; csp?: string } = {},
): Promise<ServedPages> {
  const { port, stop } = await startWebServer((request, response) => {
    answer(request, response, options.csp).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  }, options.port);
  const origin = `http://127.0.0.1:${port}`;
  return { origin, url: (name, visit) => `${origin}/${name}/#${writeVisit(visit)}`, stop };
}

async function buildPage(name: PageName): Promise<void> {
  const folder = path.join(HERE, name);
  const ownLockfile = await readFile(path.join(folder, 'package-lock.json'), 'utf8').catch(
    () => '',
  );
  const packages = digest([ownLockfile, await readFile(PROJECT_LOCKFILE, 'utf8')]);
  const installed = digest([ownLockfile]);
  // A page without a lockfile uses the packages of the project itself.
  if (ownLockfile !== '' && (await readStamp(folder, 'node_modules')) !== installed) {
    const npmOptions = ['--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund'];
    await step(`${name}: installing packages`, 'npm', ['ci', ...npmOptions], folder);
    await writeStamp(folder, 'node_modules', installed);
  }
  const sources = digest([packages, ...(await readSources(folder))]);
  if ((await readStamp(folder, 'dist')) === sources) return;
  await step(`${name}: building`, process.execPath, [VITE, 'build'], folder);
  await writeStamp(folder, 'dist', sources);
}

/** A stamp lies in the folder it vouches for, so it goes when that folder goes. */
function readStamp(folder: string, of: string): Promise<string | undefined> {
  return readFile(path.join(folder, of, '.stamp'), 'utf8').catch(() => undefined);
}

async function writeStamp(folder: string, of: string, stamp: string): Promise<void> {
  await writeFile(path.join(folder, of, '.stamp'), stamp);
}

function digest(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}:${text}`);
  return hash.digest('hex');
}

async function readSources(folder: string): Promise<string[]> {
  const files = SHARED.map((file) => path.join(HERE, file));
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist') continue;
    const place = path.join(folder, entry.name);
    if (entry.isFile()) files.push(place);
    else {
      const inside = await readdir(place, { recursive: true, withFileTypes: true });
      files.push(
        ...inside.filter((it) => it.isFile()).map((it) => path.join(it.parentPath, it.name)),
      );
    }
  }
  return Promise.all(
    files
      .sort()
      .map(async (file) => `${path.relative(HERE, file)}\n${await readFile(file, 'utf8')}`),
  );
}

/** Runs a program to its end, shows nothing of its output unless it fails. */
async function step(
  title: string,
  program: string,
  parameters: readonly string[],
  cwd: string,
): Promise<void> {
  const started = Date.now();
  console.log(`web chats: ${title}`);
  const child = spawn(program, parameters, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).catch((error: unknown) => {
    throw new Error(`web chats: ${title}: cannot run ${program}: ${String(error)}`);
  });
  if (code !== 0)
    throw new Error(
      `web chats: ${title} failed (exit ${String(code)}):\n${shorten(output.trim())}`,
    );
  console.log(`web chats: ${title}, done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** npm says first what is wrong, vite last. */
function shorten(output: string): string {
  return output.length <= 3000 ? output : `${output.slice(0, 1500)}\n…\n${output.slice(-1500)}`;
}

/**
 * Holds a lock named after the page while `work` runs, so that two test processes do not install
 * into one folder. The lock of a process that is gone is taken over.
 */
async function alone(name: PageName, work: () => Promise<void>): Promise<void> {
  const lock = path.join(tmpdir(), `web-chat-${digest([HERE, name]).slice(0, 16)}.lock`);
  const claim = `${lock}.${randomUUID()}`;
  await writeFile(claim, String(process.pid));
  try {
    // A link appears together with its content, unlike a file that is created and then written.
    while (!(await linkIfFree(claim, lock))) {
      const holder = await readFile(lock, 'utf8').catch(() => undefined);
      if (holder !== undefined && !isRunning(Number(holder))) await rm(lock, { force: true });
      await delay(200);
    }
  } finally {
    await rm(claim, { force: true });
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function linkIfFree(file: string, place: string): Promise<boolean> {
  try {
    await link(file, place);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  csp: string | undefined,
): Promise<void> {
  const asked = new URL(request.url ?? '/', 'http://localhost').pathname;
  if (asked.startsWith('/pictures/')) {
    send(response, '.svg', drawPicture(asked));
    return;
  }
  const file = findFile(asked);
  const content = file === undefined ? undefined : await readFile(file).catch(() => undefined);
  if (file === undefined || content === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is nothing here.');
    return;
  }
  const extension = path.extname(file);
  if (csp !== undefined && extension === '.html')
    response.setHeader('content-security-policy', csp);
  // The names of assets hold a hash of their content.
  if (/^\/[^/]+\/assets\//.test(asked)) {
    response.setHeader('cache-control', 'max-age=31536000, immutable');
  }
  send(response, extension, content);
}

function send(response: ServerResponse, extension: string, content: string | Buffer): void {
  if (!response.hasHeader('cache-control')) response.setHeader('cache-control', 'no-store');
  response.setHeader('content-type', TYPES[extension] ?? 'application/octet-stream');
  response.end(content);
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The file a path stands for: the start script, or something in a page's `dist`; nothing else. */
function findFile(asked: string): string | undefined {
  if (asked === '/redirect.js') return path.join(HERE, 'redirect.js');
  const [, name = '', ...rest] = path.posix.normalize(asked).split('/');
  if (!(PAGE_NAMES as readonly string[]).includes(name)) return undefined;
  return path.join(HERE, name, 'dist', rest.join('/') || 'index.html');
}
