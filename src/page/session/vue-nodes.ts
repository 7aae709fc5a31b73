import { contains, readParent } from './intrinsics.ts';
import { apply } from './language.ts';
import { keysOf, listOf, mayStep, peek, type Budget } from './wary.ts';

/*
 * Vue's own trees, as far as its production builds let one see them. Vue 3 leaves `_vnode` and
 * `__vue_app__` on the container of an app and nothing on its elements; Vue 2 leaves `__vue__` on the
 * root element of every component.
 */

/** Properties of one object that are looked at. */
const mostKeys = 40;
/** Components between an element and the one that was given its message; elements above it in Vue 2. */
const furthest = 6;
/** Elements between a row and the container of its app. */
const deepest = 200;
/** Parts of a Vue 3 tree that are looked at for one message. */
const mostNodes = 20_000;
/** What pages made from Tencent's demos call their SDK on the prototype of Vue's instances. */
const prototypeNames = ['tim', 'chat', '$tim', '$chat'] as const;

type Consider<Found> = (held: unknown) => Found | undefined;

function searchKeys<Found>(of: unknown, consider: Consider<Found>): Found | undefined {
  const keys = keysOf(of);
  for (let at = 0; at < keys.length && at < mostKeys; at += 1) {
    const found = consider(peek(of, keys[at] ?? ''));
    if (found !== undefined) return found;
  }
  return undefined;
}

function searchNames<Found>(of: unknown, consider: Consider<Found>): Found | undefined {
  // eslint-disable-next-line @typescript-eslint/prefer-for-of -- the page can replace iterators
  for (let at = 0; at < prototypeNames.length; at += 1) {
    const found = consider(peek(of, prototypeNames[at] ?? ''));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Hands over what a Vue 3 app provides to all its components. */
export function searchApp<Found>(app: unknown, consider: Consider<Found>): Found | undefined {
  const context = peek(app, '_context');
  const globals = peek(peek(context, 'config'), 'globalProperties');
  return searchNames(globals, consider) ?? searchKeys(peek(context, 'provides'), consider);
}

/** Hands over the props and the data of a Vue 3 app's components, until something comes of it. */
export function searchNodes<Found>(
  root: unknown,
  consider: Consider<Found>,
  budget: Budget,
): Found | undefined {
  const open: unknown[] = [root];
  // eslint-disable-next-line @typescript-eslint/prefer-for-of -- the list grows
  for (let at = 0; at < open.length; at += 1) {
    const node = open[at];
    if (node === undefined || node === null) continue;
    if (!mayStep(budget)) return undefined;
    const component = peek(node, 'component');
    if (component !== undefined && component !== null) {
      const found =
        searchKeys(peek(component, 'props'), consider) ??
        searchKeys(peek(component, 'data'), consider);
      if (found !== undefined) return found;
      open[open.length] = peek(component, 'subTree');
    }
    const children = listOf(peek(node, 'children'));
    for (let child = 0; child < children.length && mayStep(budget); child += 1) {
      open[open.length] = children[child];
    }
  }
  return undefined;
}

/** Hands over what a Vue 2 page keeps on its prototype, in its store and in its components. */
export function searchInstances<Found>(
  root: unknown,
  consider: Consider<Found>,
  budget: Budget,
): Found | undefined {
  const state = peek(peek(root, '$store'), 'state');
  const found =
    searchNames(root, consider) ??
    searchKeys(state, consider) ??
    searchKeys(state, (part) => searchKeys(part, consider));
  if (found !== undefined) return found;
  const open: unknown[] = [root];
  // eslint-disable-next-line @typescript-eslint/prefer-for-of -- the list grows
  for (let at = 0; at < open.length; at += 1) {
    if (!mayStep(budget)) return undefined;
    const instance = open[at];
    const held =
      searchKeys(peek(instance, '_props'), consider) ??
      searchKeys(peek(instance, '_data'), consider);
    if (held !== undefined) return held;
    const children = listOf(peek(instance, '$children'));
    for (let child = 0; child < children.length && mayStep(budget); child += 1) {
      open[open.length] = children[child];
    }
  }
  return undefined;
}

/** The message that a Vue 2 component around an element was given. */
export function messageOfInstance(element: Element): unknown {
  let at: unknown = element;
  for (let up = 0; at !== null && at !== undefined && up <= furthest; up += 1) {
    let instance = peek(at, '__vue__');
    for (let steps = 0; instance !== undefined && instance !== null && steps < 3; steps += 1) {
      const message = messageIn(instance);
      if (message !== undefined) return message;
      instance = peek(instance, '$parent');
    }
    at = apply(readParent, at, []);
  }
  return undefined;
}

/**
 * The message that a Vue 3 component around an element was given. The tree is walked down from the
 * app's container along the elements that contain this one.
 */
export function messageOfNode(element: Element): unknown {
  let container: unknown = element;
  for (let up = 0; up < deepest; up += 1) {
    container = apply(readParent, container, []);
    if (container === null || container === undefined) return undefined;
    const root = peek(container, '_vnode');
    if (root === undefined || root === null) continue;
    const budget = { steps: mostNodes, until: Infinity };
    return walkDown(root, element, undefined, 0, budget)?.message;
  }
  return undefined;
}

/** `given` is the nearest message so far, `since` how many components ago it was given. */
function walkDown(
  node: unknown,
  element: Element,
  given: unknown,
  since: number,
  budget: Budget,
): { readonly message: unknown } | undefined {
  if (node === undefined || node === null || !mayStep(budget)) return undefined;
  const component = peek(node, 'component');
  if (component !== undefined && component !== null) {
    const message = messageIn(peek(component, 'props'));
    return message === undefined
      ? walkDown(peek(component, 'subTree'), element, given, since + 1, budget)
      : walkDown(peek(component, 'subTree'), element, message, 0, budget);
  }
  const here = peek(node, 'el');
  if (here === element) return { message: since <= furthest ? given : undefined };
  // Of a fragment this is an empty text, which contains nothing; its children lie beside it.
  if (peek(here, 'nodeType') === 1 && !isAround(here, element)) return undefined;
  const children = listOf(peek(node, 'children'));
  for (let at = 0; at < children.length && budget.steps > 0; at += 1) {
    const found = walkDown(children[at], element, given, since, budget);
    if (found) return found;
  }
  return undefined;
}

function isAround(outer: unknown, element: Element): boolean {
  try {
    return apply(contains, outer, [element]);
  } catch {
    return false;
  }
}

/** The message among a component's props: `message`, in chat-uikit-vue `messageItem`. */
function messageIn(props: unknown): unknown {
  const message = peek(props, 'message') ?? peek(props, 'messageItem');
  return typeof message === 'object' && message !== null ? message : undefined;
}
