const works = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** How often (ms) times left are drawn. */
const tick = 1000;

/**
 * Does this every second from now on. All that counts down does so in one turn: whatever changes in a
 * list of ten thousand rows has the browser lay it out and draw it, so once is better than twice.
 *
 * @returns ends it.
 */
export function everySecond(work: () => void): () => void {
  works.add(work);
  timer ??= setInterval(() => {
    for (const one of [...works]) if (works.has(one)) one();
  }, tick);
  return () => {
    works.delete(work);
    if (works.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
