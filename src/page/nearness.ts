/** How far (px) beyond the screen a row is near it, so that no hand at a wheel gets there first. */
const margin = 300;

/** Which of the watched elements are on the screen or near it. */
export interface Nearness {
  watch(element: Element): void;
  leave(element: Element): void;
  isNear(element: Element): boolean;
}

/** TypeScript's DOM may not know it: the margin of what scrolls inside of the window. */
interface Margins extends IntersectionObserverInit {
  readonly scrollMargin: string;
}

/**
 * One observer for all elements. `onChange` tells of one that came near or went away; when the first
 * is told of, `isNear` knows of all that did so with it.
 */
export function watchNearness(onChange: (element: Element) => void, signal: AbortSignal): Nearness {
  /** The watched elements, and whether each is near. */
  const watched = new Map<Element, boolean>();
  const margins: Margins = { rootMargin: `${margin}px`, scrollMargin: `${margin}px` };
  const observer = new IntersectionObserver((entries) => {
    const changed = entries.filter(({ target, isIntersecting }) => {
      // What was seen before it was left may be told after that.
      if (!watched.has(target) || watched.get(target) === isIntersecting) return false;
      watched.set(target, isIntersecting);
      return true;
    });
    for (const { target } of changed) onChange(target);
  }, margins);
  signal.addEventListener('abort', () => {
    observer.disconnect();
    watched.clear();
  });
  return {
    watch(element) {
      if (watched.has(element)) return;
      watched.set(element, false);
      observer.observe(element);
    },
    leave(element) {
      observer.unobserve(element);
      watched.delete(element);
    },
    isNear: (element) => watched.get(element) ?? false,
  };
}
