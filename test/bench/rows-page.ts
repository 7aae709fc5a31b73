import { startWebServer } from '../web-server.ts';

/** The page with many rows whose cost is measured, and what is done in it. */

const html = `<!doctype html><title>Rows</title><style>
  html,body{height:100%;margin:0}
  body{display:flex;flex-direction:column}
  .rows{flex:1;overflow:auto;margin:0;padding:0;list-style:none}
  textarea{flex:none;height:60px;font:14px sans-serif}
  .row{padding:4px 16px}
  .about{font:12px sans-serif;color:#666}
  .bubble{display:inline-block;padding:6px 10px;border-radius:8px;background:#eef;font:14px sans-serif}
</style><ol class="rows"></ol><textarea></textarea>`;

/** A hand at the wheel goes so far (px) in a frame through the newest rows, and further above them. */
export const wheel = { step: 80, frames: 60, framesAbove: 60 } as const;

/** What the page itself tells while rows come. */
interface Told {
  shift: number;
  longTasks: number;
  /** Milliseconds. */
  blocked: number;
}

declare global {
  var benchTold: Told | undefined;
}

/** Scrolls to the first row and back to the last; runs in the page. */
export async function scrollThrough({ step, frames, framesAbove }: typeof wheel): Promise<void> {
  const list = document.querySelector('.rows');
  if (!list) throw new Error('The page has no list.');
  const end = list.scrollHeight - list.clientHeight;
  const near = Array.from({ length: frames }, (_, i) => end - (i + 1) * step);
  const last = end - frames * step;
  const far = Array.from({ length: framesAbove }, (_, i) => last * (1 - (i + 1) / framesAbove));
  const up = [...near, ...far];
  for (const top of [...up, ...up.toReversed(), end]) {
    await new Promise(requestAnimationFrame);
    list.scrollTop = top;
  }
}

/** Appends rows and stays at the end, as a chat page does; runs in the page. */
export async function addRows(ids: readonly string[], batch: number): Promise<void> {
  const list = document.querySelector('.rows');
  if (!list) throw new Error('The page has no list.');
  const part = (className: string, text: string): HTMLElement => {
    const made = document.createElement('div');
    made.className = className;
    made.textContent = text;
    return made;
  };
  // In a frame of the page's own, as what the driver asks for is not counted.
  await new Promise(requestAnimationFrame);
  for (let at = 0; at < ids.length; at += batch) {
    const made = ids.slice(at, at + batch).map((id, i) => {
      const row = document.createElement('li');
      row.className = 'row';
      row.dataset.messageId = id;
      row.append(part('about', 'Bob · 12:00'), part('bubble', `Row ${at + i}, some words in it`));
      return row;
    });
    list.append(...made);
    list.scrollTop = list.scrollHeight;
    await new Promise(requestAnimationFrame);
  }
}

/** Whether the row under the pointer has its control, and the page the undo bar; runs in the page. */
export function isServed(): boolean {
  const control = document.querySelector('.row:hover [data-unsay=control]:not([data-under])');
  return control !== null && document.querySelector('[data-unsay=bar]') !== null;
}

/** Where so manieth of the last rows stands; runs in the page. */
export function placeOf(fromEnd: number): { x: number; y: number } {
  const row = [...document.querySelectorAll('.row')].at(-fromEnd);
  const { left = 0, top = 0, height = 0 } = row?.getBoundingClientRect() ?? {};
  return { x: left + 40, y: top + height / 2 };
}

/** Adds up how much the page jumps and how long it is blocked from now on; runs in the page. */
export function watchPage(): void {
  const told = { shift: 0, longTasks: 0, blocked: 0 };
  globalThis.benchTold = told;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      told.shift += (entry as PerformanceEntry & { value: number }).value;
    }
  }).observe({ type: 'layout-shift' });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      told.longTasks += 1;
      told.blocked += duration - 50;
    }
  }).observe({ type: 'longtask' });
}

/** What was added up; runs in the page. */
export function readTold(): Told {
  if (!globalThis.benchTold) throw new Error('Nothing was watched.');
  return globalThis.benchTold;
}

/** The same page at two hosts, as sites are turned on by host. */
export async function serveRows(): Promise<{ on: string; off: string; stop(): Promise<void> }> {
  const { port, stop } = await startWebServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'cache-control': 'no-store' }).end(html);
  });
  return { on: `http://127.0.0.1:${port}/`, off: `http://localhost:${port}/`, stop };
}
