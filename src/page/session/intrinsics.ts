/*
 * What the scripts in the page's own world use of the DOM, taken when this file is evaluated, as
 * `language.ts` takes what they use of the language.
 */

/* eslint-disable @typescript-eslint/unbound-method -- they are called with their object by `apply` */
export const addListener = EventTarget.prototype.addEventListener;
export const removeListener = EventTarget.prototype.removeEventListener;
export const dispatch = EventTarget.prototype.dispatchEvent;
export const { contains } = Node.prototype;
// Deprecated for XML's sake. Unlike `querySelectorAll` it gathers no list of the whole page first.
// eslint-disable-next-line @typescript-eslint/no-deprecated
export const { getElementsByTagName } = Document.prototype;
/* eslint-enable @typescript-eslint/unbound-method */
export const TellEvent = CustomEvent;
export const readTarget = getterOf(Event.prototype, 'target');
export const readDetail = getterOf(CustomEvent.prototype, 'detail');
export const readParent = getterOf(Node.prototype, 'parentElement');
export const readFirstChild = getterOf(Element.prototype, 'firstElementChild');
export const readNext = getterOf(Element.prototype, 'nextElementSibling');

function getterOf(prototype: object, name: string): (this: unknown) => unknown {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its event by `apply`
  const getter = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  if (!getter) throw new TypeError(`${name} is not readable`);
  return getter;
}
