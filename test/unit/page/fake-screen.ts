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
  for (const observer of observers) observer.look(element);
}

/** Whether people have a touch screen here, on which every row has its control, or a mouse. */
export function touchScreen(isOne: boolean): void {
  const { happyDOM } = window as unknown as Pick<Window, 'happyDOM'>;
  happyDOM.settings.navigator.maxTouchPoints = isOne ? 5 : 0;
}
touchScreen(true);
