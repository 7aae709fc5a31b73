// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

// The finders take the clock, as all they need, when they are evaluated.
vi.useFakeTimers();

type Finder = typeof import('../../../src/page/session/find-session.ts');
let finder: Finder;

beforeEach(async () => {
  vi.resetModules();
  finder = await import('../../../src/page/session/find-session.ts');
});
afterEach(() => {
  document.body.replaceChildren();
});

const nothing = (): undefined => undefined;

/** An SDK, as far as one is told by. */
const sdk = (user: unknown = 'alice') => ({
  on: nothing,
  off: nothing,
  findMessage: nothing,
  getMessageList: nothing,
  getConversationList: nothing,
  revokeMessage: nothing,
  getLoginUser: () => user,
});

/** A kit's login on the window. */
const login = (context: object) => ({ __$RTC_TUILogin__: { getContext: () => context } });

const element = (properties: object = {}): Element => {
  const made = document.createElement('div');
  document.body.append(made);
  return Object.assign(made, properties);
};

/** Long enough for another walk. */
const wait = (): void => {
  vi.advanceTimersByTime(5000);
};

const find = (globals: object = {}) => finder.findSession(globals, document);

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

describe('a session on the window', () => {
  it('is told with its app, its user and, only when asked, its signature', () => {
    const chat = sdk();
    const read = vi.fn(() => 'secret');
    const context = {
      chat,
      SDKAppID: 1400000001,
      userID: 'alice',
      get userSig() {
        return read();
      },
    };
    const session = find(login(context));
    expect(session?.chat).toBe(chat);
    expect(session).toMatchObject({ sdkAppId: 1400000001, userId: 'alice' });
    expect(read).not.toHaveBeenCalled();
    expect(session?.signature()).toBe('secret');
  });

  it('has no user while its SDK and its kit do not agree', () => {
    const chat = sdk('bob');
    expect(find(login({ chat, SDKAppID: 1, userID: 'alice' }))?.userId).toBeUndefined();
    expect(find(login({ chat, SDKAppID: 1, userID: '' }))?.userId).toBeUndefined();
    expect(find(login({ chat, SDKAppID: 1, userID: 'bob' }))?.userId).toBe('bob');
  });

  it('gives no signature after its user has gone', () => {
    const context = { chat: sdk(), SDKAppID: 1, userID: 'alice', userSig: 'secret' };
    const session = find(login(context));
    context.userID = 'bob';
    context.userSig = 'another';
    expect(session?.signature()).toBeUndefined();
  });

  it.each([
    ['TUIKitTUICore', (chat: object) => ({ TUIKitTUICore: { tim: chat, SDKAppID: 7 } }), 7],
    ['tim', (chat: object) => ({ tim: chat }), undefined],
    ['chat', (chat: object) => ({ chat }), undefined],
  ])('is found as %s', (_, globalsWith, sdkAppId) => {
    const chat = sdk();
    expect(find(globalsWith(chat))).toMatchObject({ chat, sdkAppId, userId: 'alice' });
  });

  it('is the one somebody is signed in with', () => {
    expect(find({ tim: sdk(''), chat: sdk('bob') })?.userId).toBe('bob');
  });

  it.each([
    ['is something else', { chat: { on: nothing, off: nothing } }],
    ['has a user who is no text', { chat: sdk({ toString: () => 'alice' }) }],
    ['has an app that is no number', login({ chat: sdk(''), SDKAppID: '1' })],
    ['throws', { chat: mine, tim: mine, TUIKitTUICore: mine, __$RTC_TUILogin__: mine }],
  ])('is nobody’s where what is there %s', (_, globals) => {
    expect(find(globals)?.userId).toBeUndefined();
    expect(find(globals)?.sdkAppId).toBeUndefined();
  });
});

describe('an SDK that tells its user by a promise only', () => {
  const promising = (profile: () => Promise<unknown>) => {
    const chat = { ...sdk(), getLoginUser: undefined };
    return { ...chat, getMyProfile: profile };
  };
  const later = async (globals: object) => {
    find(globals);
    await vi.advanceTimersByTimeAsync(600);
    return find(globals)?.userId;
  };

  it('is asked, and asked again', async () => {
    let answer = (): Promise<unknown> => Promise.resolve({ data: { userID: 'alice' } });
    const globals = { tim: promising(() => answer()) };
    expect(find(globals)?.userId).toBeUndefined();
    expect(await later(globals)).toBe('alice');
    answer = () => Promise.reject(new Error('signed out'));
    await later(globals);
    expect(await later(globals)).toBeUndefined();
    answer = () => Promise.resolve({ data: { userID: 'bob' } });
    await later(globals);
    expect(await later(globals)).toBe('bob');
  });

  it('is not believed for ever when it answers no more', async () => {
    let answer = (): Promise<unknown> => Promise.resolve({ data: { userID: 'alice' } });
    const globals = { tim: promising(() => answer()) };
    await later(globals);
    answer = () => new Promise(nothing);
    expect(await later(globals)).toBe('alice');
    for (let seconds = 0; seconds < 70; seconds += 1) {
      find(globals);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(find(globals)?.userId).toBeUndefined();
  });

  it.each([
    ['throws', mine],
    ['is no promise', 7],
    [
      'is something like a promise that throws',
      {
        then: () => {
          throw new Error('no');
        },
      },
    ],
  ])('is nobody’s where the answer %s', async (_, answer) => {
    expect(await later({ tim: promising(() => answer as never) })).toBeUndefined();
  });
});

describe('a session among components', () => {
  const model = (chat: object) => ({ getEngine: () => ({ chat }) });

  it.each([
    [
      'of React, as a prop',
      (chat: object) => ({
        __reactContainer$x: { child: { sibling: { memoizedProps: { chat } } } },
      }),
    ],
    [
      'of React, in a context',
      (chat: object) => ({ __reactContainer$x: { child: { memoizedProps: { value: { chat } } } } }),
    ],
    [
      'of React, behind a list of conversations in a hook',
      (chat: object) => ({
        __reactContainer$x: {
          child: { memoizedState: { next: { memoizedState: [model(chat)] } } },
        },
      }),
    ],
    [
      'of React 16',
      (chat: object) => ({
        _reactRootContainer: { _internalRoot: { current: { memoizedProps: { chat } } } },
      }),
    ],
    [
      'of Vue 3',
      (chat: object) => ({
        _vnode: {
          children: [{}, { component: { props: { messageItem: model(chat) }, subTree: null } }],
        },
      }),
    ],
    [
      'of Vue 3, for all components',
      (chat: object) => ({
        __vue_app__: { _context: { config: { globalProperties: { $tim: chat } } } },
      }),
    ],
    ['of Vue 2, on their prototype', (chat: object) => ({ __vue__: { $root: { tim: chat } } })],
    [
      'of Vue 2, in the store',
      (chat: object) => ({ __vue__: { $root: { $store: { state: { user: { im: chat } } } } } }),
    ],
    [
      'of Vue 2, in one of them',
      (chat: object) => ({
        __vue__: { $root: { $children: [{}, { _props: { message: model(chat) } }] } },
      }),
    ],
  ])('is found %s', (_, properties) => {
    const chat = sdk();
    element();
    element(properties(chat));
    expect(find()).toMatchObject({ chat, userId: 'alice' });
  });

  it('is remembered, and not looked for again while somebody is signed in', () => {
    const chat = sdk();
    const root = vi.fn(() => ({ child: { memoizedProps: { chat } } }));
    element(Object.defineProperty({}, '__none', {}));
    Object.defineProperty(element(), '__reactContainer$x', { get: root });
    expect(find()?.userId).toBe('alice');
    const reads = root.mock.calls.length;
    for (let turn = 0; turn < 50; turn += 1) {
      wait();
      expect(find()?.userId).toBe('alice');
    }
    expect(root).toHaveBeenCalledTimes(reads);
  });

  it('is looked for at most once a second where there is none', () => {
    const keys = vi.fn(() => undefined);
    Object.defineProperty(element(), '__reactContainer$x', { get: keys });
    find();
    const reads = keys.mock.calls.length;
    for (let turn = 0; turn < 9; turn += 1) {
      vi.advanceTimersByTime(100);
      expect(find()).toBeUndefined();
    }
    expect(keys).toHaveBeenCalledTimes(reads);
    vi.advanceTimersByTime(200);
    find();
    expect(keys.mock.calls.length).toBeGreaterThan(reads);
  });

  it('is found anew when the page makes another SDK', () => {
    let user = 'alice';
    const props: { chat: object } = { chat: { ...sdk(), getLoginUser: () => user } };
    element({ __reactContainer$x: { child: { memoizedProps: props } } });
    expect(find()?.userId).toBe('alice');
    user = '';
    props.chat = sdk('bob');
    wait();
    expect(find()?.userId).toBe('bob');
  });

  it('is found behind a list of ten thousand rows, into which nobody looks far', () => {
    const list = element();
    for (let at = 0; at < 10_000; at += 1) {
      const row = document.createElement('li');
      row.append(document.createElement('p'), document.createElement('p'));
      list.append(row);
    }
    element({ __vue__: { $root: { tim: sdk() } } });
    expect(find()?.userId).toBe('alice');
  });

  it('is not found in trees without end, and looking for it ends', () => {
    const endless = (): object =>
      new Proxy(
        {},
        {
          get: (_, name) =>
            ['children', '$children'].includes(String(name)) ? [endless()] : endless(),
        },
      );
    const circle: Record<string, unknown> = {};
    Object.assign(circle, { child: circle, sibling: circle, $root: circle, $children: [circle] });
    Object.assign(circle, { component: circle, subTree: circle, children: [circle, circle] });
    for (const tree of [endless(), circle, mine]) {
      element({
        __reactContainer$x: tree,
        _reactRootContainer: tree,
        _vnode: tree,
        __vue_app__: tree,
        __vue__: tree,
      });
      wait();
      expect(find()?.userId).toBeUndefined();
    }
  });

  it('writes nothing to what it looks through', () => {
    const frozen = Object.freeze({ chat: Object.freeze(sdk()) });
    element(Object.freeze({ __reactContainer$x: Object.freeze({ memoizedProps: frozen }) }));
    const before = Object.getOwnPropertyNames(window);
    expect(find()?.userId).toBe('alice');
    expect(Object.getOwnPropertyNames(window)).toEqual(before);
  });
});

describe('on a page that broke the language after it was loaded', () => {
  it('all is found as before', async () => {
    // The tests' clock uses what is broken here, and a real one may run out on a busy machine: a walk
    // is given a few milliseconds. So time stands still, by nothing that can break.
    vi.useRealTimers();
    vi.stubGlobal('performance', { now: () => 0 });
    vi.resetModules();
    finder = await import('../../../src/page/session/find-session.ts');
    const chat = sdk();
    element({
      _vnode: { children: [{ component: { props: { chat: { chat } }, subTree: null } }] },
    });
    const inner = element({ __reactFiber$x: { memoizedProps: { message: { ID: '1-2-3' } } } });
    const broken = (): never => {
      throw new Error('broken');
    };
    const victims: [object, string][] = [
      [String.prototype, 'startsWith'],
      [Reflect, 'ownKeys'],
      [Array, 'isArray'],
      [WeakMap.prototype, 'get'],
      [Promise.prototype, 'then'],
    ];
    const whole = victims.map(([of, name]) => Object.getOwnPropertyDescriptor(of, name));
    let session: unknown;
    let id: unknown;
    try {
      for (const [of, name] of victims) Object.defineProperty(of, name, { value: broken });
      session = find()?.userId;
      id = finder.findMessageId(inner);
    } finally {
      victims.forEach(([of, name], at) => {
        Object.defineProperty(of, name, whole[at] ?? {});
      });
      vi.unstubAllGlobals();
      vi.useFakeTimers();
    }
    expect([session, id]).toEqual(['alice', '1-2-3']);
  });
});
