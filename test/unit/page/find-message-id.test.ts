// @vitest-environment happy-dom
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { findMessageId } from '../../../src/page/session/find-session.ts';

afterEach(() => {
  document.body.replaceChildren();
});

const element = (properties: object = {}): Element => {
  const made = document.createElement('div');
  document.body.append(made);
  return Object.assign(made, properties);
};

/** Throws at everything that can be done with it. */
const mine = new Proxy(
  {},
  Object.fromEntries(
    Object.getOwnPropertyNames(Reflect).map((name) => [
      name,
      () => {
        throw new Error('hands off');
      },
    ]),
  ),
);

describe('the message behind an element', () => {
  const message = { ID: '1-2-3' };
  const row = element;
  const inside = (outer: Element, selector: string): Element => {
    const found = outer.querySelector(selector);
    if (!found) throw new Error(`no ${selector}`);
    return found;
  };

  it.each([
    [
      'a fibre’s, under the SDK’s name',
      () => row({ __reactFiber$x: { return: { memoizedProps: { message } } } }),
    ],
    [
      'a fibre’s, under the kit’s name',
      () => row({ __reactFiber$x: { memoizedProps: { message: { msgID: '1-2-3' } } } }),
    ],
    ['a Vue 2 component’s', () => row({ __vue__: { message } })],
    ['that of the Vue 2 component around it', () => row({ __vue__: { $parent: { message } } })],
    [
      'that of a Vue 2 component on an element around it',
      () => {
        const outer = row({ __vue__: { message } });
        outer.innerHTML = '<p><b></b></p>';
        return inside(outer, 'b');
      },
    ],
    [
      'that of the nearest Vue 3 component',
      () => {
        const container = row({});
        container.innerHTML = '<main><p></p><p><b></b></p></main>';
        const [main, one, other, inner] = container.querySelectorAll('*');
        const holder = (el: unknown, ID: string, children: object[]) => ({
          component: { props: { message: { ID } }, subTree: { el, children } },
        });
        Object.assign(container, {
          _vnode: {
            component: {
              props: { message: { ID: 'wrong' } },
              subTree: {
                el: main,
                children: [
                  holder(one, 'another', []),
                  { el: document.createTextNode(''), children: [] },
                  {
                    el: document.createTextNode(''),
                    children: [holder(other, '1-2-3', [{ el: inner }])],
                  },
                ],
              },
            },
          },
        });
        return inside(container, 'b');
      },
    ],
  ])('is %s', (_, make) => {
    expect(findMessageId(make())).toBe('1-2-3');
  });

  it('is not looked for far away, where another message may be', () => {
    let fibre: object = { memoizedProps: { message } };
    let instance: object = { message };
    for (let up = 0; up < 20; up += 1) {
      fibre = { return: fibre };
      instance = { $parent: instance };
    }
    expect(findMessageId(row({ __reactFiber$x: fibre }))).toBeUndefined();
    expect(findMessageId(row({ __vue__: instance }))).toBeUndefined();
  });

  it.each([
    ['throws', mine],
    ['has no id', { memoizedProps: { message: {} } }],
    ['has an id that is no text', { memoizedProps: { message: { ID: { toString: () => '1' } } } }],
  ])('is not told where what is there %s', (_, tree) => {
    const inner = row({ __reactFiber$x: tree, __vue__: tree });
    const container = row({ _vnode: tree });
    container.append(inner);
    expect(findMessageId(inner)).toBeUndefined();
  });

  it('is told truly whatever the tree around it is like', () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 3 }), fc.object({ maxDepth: 3 }), (left, right) => {
        const inner = row({
          __reactFiber$x: { ...left, return: { ...right, memoizedProps: { message } } },
        });
        const told = findMessageId(inner);
        inner.remove();
        return told === '1-2-3' || 'memoizedProps' in left || 'return' in left;
      }),
      { numRuns: 100 },
    );
  });
});
