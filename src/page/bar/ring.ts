import { mark } from '../mark.ts';

const svg = 'http://www.w3.org/2000/svg';
/** The length of the ring in its own units. */
const whole = 100;

/** A ring that empties with the time left. */
export interface Ring {
  readonly element: Element;
  /** `share`: 1 is all of the time, 0 is none. */
  show(share: number): void;
}

export function makeRing(document: Document): Ring {
  const element = document.createElementNS(svg, 'svg');
  element.setAttribute('viewBox', '0 0 20 20');
  const circles = [0, 1].map(() => {
    const circle = document.createElementNS(svg, 'circle');
    for (const [name, value] of Object.entries({ cx: '10', cy: '10', r: '8', pathLength: whole })) {
      circle.setAttribute(name, String(value));
    }
    element.append(circle);
    return circle;
  });
  const [, left] = circles;
  return {
    element,
    show(share) {
      const length = Math.round(Math.min(Math.max(share, 0), 1) * whole);
      if (left) mark(left, 'stroke-dasharray', `${length} ${whole}`);
    },
  };
}
