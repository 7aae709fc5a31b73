/**
 * Puts these into a list, in this order, and nothing else. What stays is not moved, which would take
 * the focus out of it.
 *
 * @returns whether something stands now where something else stood.
 */
export function arrange(list: Element, elements: readonly Element[]): boolean {
  const isOther =
    list.children.length > 0 && elements.some((element, at) => list.children[at] !== element);
  for (const old of [...list.children]) if (!elements.includes(old)) old.remove();
  elements.forEach((element, at) => {
    const there = list.children[at];
    if (there !== element) list.insertBefore(element, there ?? null);
  });
  return isOther;
}
