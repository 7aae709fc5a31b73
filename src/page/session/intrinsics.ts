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
// Not called `then`: a module that exports that is taken for a promise when it is imported.
export const { then: settle } = Promise.prototype;
export const { contains } = Node.prototype;
// Deprecated for XML's sake. Unlike `querySelectorAll` it gathers no list of the whole page first.
// eslint-disable-next-line @typescript-eslint/no-deprecated
export const { getElementsByTagName } = Document.prototype;
export const { get: lookUp, set: keep } = WeakMap.prototype;
/* eslint-enable @typescript-eslint/unbound-method */
export const TellEvent = CustomEvent;
export const startTimer = setInterval;
export const stopTimer = clearInterval;
export const WeakTable = WeakMap;
/** A promise of what may be one already. */
export const promise = Promise.resolve.bind(Promise);
/** Milliseconds since the page began. */
export const now = performance.now.bind(performance);
export const readTarget = getterOf(Event.prototype, 'target');
export const readDetail = getterOf(CustomEvent.prototype, 'detail');
export const readParent = getterOf(Node.prototype, 'parentElement');

function getterOf(prototype: object, name: string): (this: unknown) => unknown {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its event by `apply`
  const getter = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  if (!getter) throw new TypeError(`${name} is not readable`);
  return getter;
}
