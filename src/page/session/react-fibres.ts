import { apply, startsWith } from './language.ts';
import { keysOf, mayStep, peek, type Budget } from './wary.ts';

/*
 * React's own tree of components, as far as its production builds let one see it: containers point
 * to its root and elements to their fibre, under names that end in a word React makes up (17 and
 * later; 16 has other names).
 */

/** Fibres between an element and the component that was given its message: three in chat-uikit-react 6.1.7. */
const furthest = 6;
/** Hooks of one component that are looked at. */
const mostHooks = 30;

/** The root of the tree this element contains, if it is a container. */
export function rootFibre(key: PropertyKey, element: Element): unknown {
  if (typeof key !== 'string') return undefined;
  if (key === '_reactRootContainer') {
    return peek(peek(peek(element, key), '_internalRoot'), 'current');
  }
  if (!apply(startsWith, key, ['__reactContainer$'])) return undefined;
  const root = peek(element, key);
  // React keeps two trees and swaps them: the one it shows is the state node's.
  return peek(peek(root, 'stateNode'), 'current') ?? root;
}

/**
 * Hands over what components hold, until something comes of it: props called `chat`, `value` (of a
 * context), `conversation` and `message`, and the states of their hooks.
 */
export function searchFibres<Found>(
  root: unknown,
  consider: (held: unknown) => Found | undefined,
  budget: Budget,
): Found | undefined {
  const open: unknown[] = [root];
  // eslint-disable-next-line @typescript-eslint/prefer-for-of -- the list grows
  for (let at = 0; at < open.length; at += 1) {
    const fibre = open[at];
    // Siblings are followed here, so that a list of thousands does not lie in wait before its children.
    for (let one = fibre; one !== undefined && one !== null; one = peek(one, 'sibling')) {
      if (!mayStep(budget)) return undefined;
      const props = peek(one, 'memoizedProps');
      const found =
        consider(peek(props, 'chat')) ??
        consider(peek(props, 'value')) ??
        consider(peek(props, 'conversation')) ??
        consider(peek(props, 'message')) ??
        searchHooks(peek(one, 'memoizedState'), consider);
      if (found !== undefined) return found;
      const child = peek(one, 'child');
      if (child !== undefined && child !== null) open[open.length] = child;
    }
  }
  return undefined;
}

function searchHooks<Found>(
  first: unknown,
  consider: (held: unknown) => Found | undefined,
): Found | undefined {
  let hook = first;
  for (let count = 0; hook !== undefined && hook !== null && count < mostHooks; count += 1) {
    const state = peek(hook, 'memoizedState');
    const found = consider(state) ?? consider(peek(state, 'conversation'));
    if (found !== undefined) return found;
    hook = peek(hook, 'next');
  }
  return undefined;
}

/** The message that the component around an element was given. */
export function messageOfFibre(element: Element): unknown {
  const keys = keysOf(element);
  // An index, not an iterator: the page can replace those.
  // eslint-disable-next-line @typescript-eslint/prefer-for-of
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at];
    const isFibre =
      typeof key === 'string' &&
      (apply(startsWith, key, ['__reactFiber$']) ||
        apply(startsWith, key, ['__reactInternalInstance$']));
    if (!isFibre) continue;
    let fibre = peek(element, key);
    for (let steps = 0; fibre !== undefined && fibre !== null && steps <= furthest; steps += 1) {
      const message = peek(peek(fibre, 'memoizedProps'), 'message');
      if (message !== undefined && message !== null) return message;
      fibre = peek(fibre, 'return');
    }
  }
  return undefined;
}
