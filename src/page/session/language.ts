/*
 * What the scripts in the page's own world use of the language, taken when this file is evaluated:
 * before the page's scripts can replace it, where the site was on when the page loaded. What they use
 * of the DOM is in `intrinsics.ts`.
 */

/* eslint-disable @typescript-eslint/unbound-method -- they are called with their object by `apply` */
export const { apply, ownKeys } = Reflect;
export const startsWith = String.prototype.startsWith;
export const slice = String.prototype.slice;
export const { stringify, parse } = JSON;
export const { isArray } = Array;
// Not called `then`: a module that exports that is taken for a promise when it is imported.
export const { then: settle } = Promise.prototype;
export const { get: lookUp, set: keep } = WeakMap.prototype;
/* eslint-enable @typescript-eslint/unbound-method */
export const startTimer = setInterval;
export const stopTimer = clearInterval;
export const WeakTable = WeakMap;
/** A promise of what may be one already. */
export const promise = Promise.resolve.bind(Promise);
/** Milliseconds since the page began. */
export const now = performance.now.bind(performance);
