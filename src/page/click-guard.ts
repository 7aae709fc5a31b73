/** What is watched must not have moved or changed its size for this long (ms) before a click counts. */
export const settleTime = 300;

/** Decides whether a click was really meant for a control of ours. */
export interface ClickGuard {
  /** Takes down where the control is now; to be called whenever it may have moved. */
  sample(): void;
  /** It is being moved, wherever it will be then. */
  unsettle(): void;
  /** Whether a click could count by now, as far as place and sight go. */
  isSettled(): boolean;
  /** Milliseconds until it is settled if nothing changes; Infinity while the control is not seen. */
  settlesIn(): number;
  /** Has this called whenever it came into sight or went out of it. */
  onSight(heard: () => void): void;
  /** Whether this click on this button of the control is one a person made, seeing it. */
  allows(event: MouseEvent, button: HTMLElement): boolean;
  stop(): void;
}

/** `knowsSight`: false where the browser cannot tell whether the control is seen; see `isFiltered`. */
export type GuardClicks = (
  control: HTMLElement,
  host: HTMLElement,
  inside: ShadowRoot,
  knowsSight?: boolean,
) => ClickGuard;

/**
 * Guards a control against clicks that a page makes itself or tricks a person into: the click must
 * be the browser's own, on a control that has stood still for `settleTime`, at a point where it
 * lies on top. Where the browser can tell whether something is really seen (Chromium's
 * IntersectionObserver v2), it must have been for as long.
 */
export const guardClicks: GuardClicks = (control, host, inside, knowsSight = true) => {
  let place = control.getBoundingClientRect();
  let since = performance.now();
  const sight = knowsSight ? watchSight(control) : noSight;

  const sample = (): void => {
    const next = control.getBoundingClientRect();
    if (isSame(place, next)) return;
    place = next;
    since = performance.now();
  };

  const settlesIn = (): number => {
    sample();
    return Math.max(0, since + settleTime - performance.now(), sight.settlesIn());
  };
  const isSettled = (): boolean => settlesIn() === 0;

  return {
    sample,
    unsettle() {
      since = performance.now();
    },
    isSettled,
    settlesIn,
    onSight: sight.listen,
    allows(event, button) {
      if (!event.isTrusted || !isSettled()) return false;
      const { left, top, width, height } = button.getBoundingClientRect();
      // A key press on a button is a click without a point.
      const x = event.detail === 0 ? left + width / 2 : event.clientX;
      const y = event.detail === 0 ? top + height / 2 : event.clientY;
      if (x < left || x > left + width || y < top || y > top + height) return false;
      const outside = host.getRootNode() as Document | ShadowRoot;
      if (outside.elementFromPoint(x, y) !== host) return false;
      return button.contains(inside.elementFromPoint(x, y));
    },
    stop: sight.stop,
  };
};

function isSame(one: DOMRect, other: DOMRect): boolean {
  // Fractions of a pixel come and go with the zoom.
  return (['left', 'top', 'width', 'height'] as const).every(
    (side) => Math.abs(one[side] - other[side]) < 1,
  );
}

/** What version 2 of the API adds; TypeScript's DOM does not know it yet. */
interface SightOptions extends IntersectionObserverInit {
  readonly trackVisibility: true;
  /** ms; 100 is the shortest allowed. */
  readonly delay: number;
}
type SightEntry = IntersectionObserverEntry & { readonly isVisible: boolean };

interface Sight {
  /** Milliseconds until it has been seen for long enough; Infinity while it is not. */
  readonly settlesIn: () => number;
  readonly listen: (heard: () => void) => void;
  readonly stop: () => void;
}

/** Where the browser cannot tell. */
const noSight: Sight = { settlesIn: () => 0, listen: () => undefined, stop: () => undefined };

/**
 * Whether an effect of the page's lies on this element, even one that changes nothing, as `blur(0)`
 * on a menu of chat-uikit-react 3.4.7: IntersectionObserver v2 calls all that is in it hidden.
 */
export function isFiltered(element: Element): boolean {
  for (let at: Element | null = element; at; at = at.parentElement) {
    if (!['none', ''].includes(getComputedStyle(at).filter)) return true;
  }
  return false;
}

function watchSight(control: Element): Sight {
  if (
    typeof IntersectionObserver === 'undefined' ||
    !('isVisible' in IntersectionObserverEntry.prototype)
  ) {
    return noSight;
  }
  let isVisible = false;
  let since = 0;
  let tell = (): void => undefined;
  const take = (entries: readonly IntersectionObserverEntry[]): void => {
    const last = entries.at(-1) as SightEntry | undefined;
    if (!last || last.isVisible === isVisible) return;
    isVisible = last.isVisible;
    since = performance.now();
  };
  const options: SightOptions = { trackVisibility: true, delay: 100, threshold: [0, 0.5, 1] };
  const observer = new IntersectionObserver((entries) => {
    take(entries);
    tell();
  }, options);
  observer.observe(control);
  return {
    settlesIn() {
      take(observer.takeRecords());
      return isVisible ? Math.max(0, since + settleTime - performance.now()) : Infinity;
    },
    listen(heard) {
      tell = heard;
    },
    stop() {
      observer.disconnect();
    },
  };
}
