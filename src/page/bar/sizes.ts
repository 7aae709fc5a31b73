/**
 * Has `changed` called when one of the elements last named has another size.
 *
 * @returns names others; none ends it.
 */
export function watchSizes(changed: () => void): (elements: readonly Element[]) => void {
  const observer = new ResizeObserver(changed);
  let watched: readonly Element[] = [];
  return (next) => {
    if (next.length === watched.length && next.every((part, at) => part === watched[at])) return;
    watched = next;
    observer.disconnect();
    for (const part of next) observer.observe(part);
  };
}
