/** How far (px) beyond the screen a row is near it, so that no hand at a wheel gets there first. */
const margin = 300;

/** Which of the watched elements are on the screen or near it. */
export interface Nearness {
  /** `isNear`: what it is taken for until the browser tells, a frame later; asked if it is not watched yet. */
  watch(element: Element, isNear: () => boolean): void;
  leave(element: Element): void;
  isNear(element: Element): boolean;
}

/** The same at once, for which the page may be laid out, and by the window alone. */
export function isClose(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > -margin && top < innerHeight + margin;
}

/** TypeScript's DOM may not know it: the margin of what scrolls inside of the window. */
interface Margins extends IntersectionObserverInit {
  readonly scrollMargin: string;
}

/**
 * One observer for all elements. `onChange` is called when any came near or went away.
 */
export function watchNearness(onChange: () => void, signal: AbortSignal): Nearness {
  /** The watched elements, and whether each is near. */
  const watched = new Map<Element, boolean>();
  const margins: Margins = { rootMargin: `${margin}px`, scrollMargin: `${margin}px` };
  const observer = new IntersectionObserver((entries) => {
    let isChanged = false;
    for (const { target, isIntersecting } of entries) {
      // What was seen before it was left may be told after that.
      if (!watched.has(target) || watched.get(target) === isIntersecting) continue;
      watched.set(target, isIntersecting);
      isChanged = true;
    }
    if (isChanged) onChange();
  }, margins);
  signal.addEventListener('abort', () => {
    observer.disconnect();
    watched.clear();
  });
  return {
    watch(element, isNear) {
      if (watched.has(element)) return;
      watched.set(element, isNear());
      observer.observe(element);
    },
    leave(element) {
      if (watched.delete(element)) observer.unobserve(element);
    },
    isNear: (element) => watched.get(element) ?? false,
  };
}
