import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Bytes, each file compressed on its own with gzip. */
export interface Sizes {
  /** The popup's page with every script and style sheet it names. */
  readonly popup: number;
  /** By name: what is put into a page. */
  readonly contentScripts: Readonly<Record<string, number>>;
  /** With the parts it reads when it wants them, as the SDK in Firefox. */
  readonly background: number;
}

function sizeOf(path: string): number {
  return gzipSync(readFileSync(path), { level: 9 }).length;
}

/** Weighs a built extension. */
export function weigh(extension: string): Sizes {
  const worker = readFileSync(join(extension, 'background.js'), 'utf8');
  const later = new Set(worker.match(/chunks\/[\w-]+\.js/gu));
  const page = readFileSync(join(extension, 'popup.html'), 'utf8');
  const parts = [...page.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/gu)].map(([, it]) => it);
  const scripts = globSync(['content-scripts/*', 'hands.js', 'bar.js', 'tools.js'], {
    cwd: extension,
  }).sort();
  return {
    popup: ['popup.html', ...parts]
      .map((part) => sizeOf(join(extension, part ?? '')))
      .reduce((sum, size) => sum + size, 0),
    contentScripts: Object.fromEntries(
      scripts.map((script) => [
        script.replace(/^content-scripts./u, ''),
        sizeOf(join(extension, script)),
      ]),
    ),
    background: ['background.js', ...later]
      .map((part) => sizeOf(join(extension, part)))
      .reduce((sum, size) => sum + size, 0),
  };
}
