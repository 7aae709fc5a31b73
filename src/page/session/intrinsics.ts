/*
 * What the scripts in the page's own world use of the language and the DOM, taken when this file is
 * evaluated: before the page's scripts can replace it, where the site was on when the page loaded.
 */

/* eslint-disable @typescript-eslint/unbound-method -- they are called with their object by `apply` */
export const { apply, ownKeys } = Reflect;
export const addListener = EventTarget.prototype.addEventListener;
export const removeListener = EventTarget.prototype.removeEventListener;
export const dispatch = EventTarget.prototype.dispatchEvent;
export const startsWith = String.prototype.startsWith;
export const slice = String.prototype.slice;
export const { stringify, parse } = JSON;
export const { isArray } = Array;
/* eslint-enable @typescript-eslint/unbound-method */
export const TellEvent = CustomEvent;
export const startTimer = setInterval;
export const stopTimer = clearInterval;
export const readTarget = getterOf(Event.prototype, 'target');
export const readDetail = getterOf(CustomEvent.prototype, 'detail');

function getterOf(prototype: object, name: string): (this: unknown) => unknown {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its event by `apply`
  const getter = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  if (!getter) throw new TypeError(`${name} is not readable`);
  return getter;
}
