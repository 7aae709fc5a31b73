import type { Window } from 'happy-dom';

/** What has been scrolled out of reach; everything else is on the screen. */
const away = new Set<Element>();
const observers = new Set<FakeObserver>();

/** An IntersectionObserver for documents that have no screen. It tells a turn later, as real ones do. */
class FakeObserver implements Partial<IntersectionObserver> {
  readonly #tell: IntersectionObserverCallback;
  readonly #watched = new Set<Element>();

  constructor(tell: IntersectionObserverCallback) {
    this.#tell = tell;
    observers.add(this);
  }

  observe(target: Element): void {
    this.#watched.add(target);
    this.look(target);
  }

  unobserve(target: Element): void {
    this.#watched.delete(target);
  }

  disconnect(): void {
    this.#watched.clear();
    observers.delete(this);
  }

  takeRecords(): IntersectionObserverEntry[] {
    return [];
  }

  watches(target: Element): boolean {
    return this.#watched.has(target);
  }

  look(target: Element): void {
    if (!this.#watched.has(target)) return;
    const entry = { target, isIntersecting: !away.has(target) } as IntersectionObserverEntry;
    queueMicrotask(() => {
      this.#tell([entry], this as unknown as IntersectionObserver);
    });
  }
}

globalThis.IntersectionObserver = FakeObserver as unknown as typeof IntersectionObserver;

/** Scrolls an element far away, or onto the screen again. */
export function scrollAway(element: Element, isAway = true): void {
  if (isAway) away.add(element);
  else away.delete(element);
  if (isAway) element.getBoundingClientRect = () => new DOMRect(0, -10_000, 100, 20);
  else Reflect.deleteProperty(element, 'getBoundingClientRect');
  for (const observer of observers) observer.look(element);
}

/** Whether a browser would look in each of its frames where this element is. */
export function isWatched(element: Element): boolean {
  return [...observers].some((observer) => observer.watches(element));
}

/** Whether people have a touch screen here, on which every row has its control, or a mouse. */
export function touchScreen(isOne: boolean): void {
  const { happyDOM } = window as unknown as Pick<Window, 'happyDOM'>;
  happyDOM.settings.navigator.maxTouchPoints = isOne ? 5 : 0;
}
touchScreen(true);
