/** Events on what is ours that are none of the page's business. */
const ownEvents = [
  'click',
  'dblclick',
  'contextmenu',
  'pointerdown',
  'pointerup',
  'mousedown',
  'mouseup',
  'touchstart',
  'touchend',
  'keydown',
  'keypress',
  'keyup',
] as const;

/** Keeps the page from hearing what people do in an island of ours. */
export function keepToOurselves(inside: ShadowRoot): void {
  for (const type of ownEvents) {
    inside.addEventListener(type, (event) => {
      event.stopPropagation();
    });
  }
}
