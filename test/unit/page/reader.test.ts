// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readClaims } from '../../../src/page/session/claims.ts';
import { tellEvent } from '../../../src/page/session/names.ts';

// The reader takes its timers, as all it needs, when it is evaluated.
vi.useFakeTimers();
const { startReader } = await import('../../../src/page/session/reader.ts');

let life: AbortController;

beforeEach(() => {
  life = new AbortController();
});
afterEach(() => {
  readClaims(document, () => undefined, life.signal).dismiss();
  life.abort();
  document.body.replaceChildren();
});

/** An SDK as it is told from anything else on a window. */
const nothing = (): undefined => undefined;
const sdk = {
  on: nothing,
  off: nothing,
  findMessage: nothing,
  getMessageList: nothing,
  getConversationList: nothing,
  revokeMessage: nothing,
};

const claims = (onReady = (): void => undefined) => readClaims(document, onReady, life.signal);

describe('whom the page is signed in as', () => {
  it('comes from the login that kits on lite-chat leave on the window, without the signature', () => {
    const touched: PropertyKey[] = [];
    const context = new Proxy(
      {
        chat: { ...sdk, getLoginUser: () => 'alice' },
        SDKAppID: 1400000001,
        userID: 'alice',
        userSig: 'secret',
      },
      {
        get(target, name, receiver): unknown {
          touched.push(name);
          return Reflect.get(target, name, receiver);
        },
      },
    );
    startReader(document, { __$RTC_TUILogin__: { getContext: () => context } });
    expect(claims().session()).toEqual({ userId: 'alice', account: '1400000001:alice' });
    expect(touched).not.toContain('userSig');
  });

  it('comes without the app from an SDK on the window', () => {
    startReader(document, { chat: { ...sdk, getLoginUser: () => 'alice' } });
    expect(claims().session()).toEqual({ userId: 'alice', account: undefined });
  });

  it.each([
    ['there is nothing', {}],
    ['nobody is signed in', { chat: { ...sdk, getLoginUser: () => '' } }],
    [
      'the page throws',
      {
        __$RTC_TUILogin__: {
          getContext: (): never => {
            throw new Error('no');
          },
        },
      },
    ],
    [
      'the page lies about types',
      { chat: { ...sdk, getLoginUser: () => ({ toString: () => 'alice' }) } },
    ],
  ])('stays unknown where %s', (_, globals) => {
    startReader(document, globals);
    expect(claims().session()).toBeUndefined();
  });

  it('is nobody when what is told has no form', () => {
    document.addEventListener(
      'unsay:ask',
      () => {
        for (const detail of [{ a: 1 }, 'x'.repeat(5000), 'nonsense']) {
          document.dispatchEvent(new CustomEvent(tellEvent, { detail }));
        }
      },
      { signal: life.signal },
    );
    expect(claims().session()).toBeUndefined();
  });
});

describe('the message behind an element', () => {
  it('is not a message when what the page claims is not an id', () => {
    const element = document.createElement('div');
    document.body.append(element);
    Object.assign(element, {
      __reactFiber$a: { memoizedProps: { message: { msgID: '<b>' } } },
    });
    startReader(document, {});
    expect(claims().message(element)).toBeUndefined();
  });

  it('is not looked for far up, where another message may be', () => {
    const element = document.createElement('div');
    document.body.append(element);
    let fibre: object = { memoizedProps: { message: { msgID: '1-2-3' } } };
    for (let up = 0; up < 20; up += 1) fibre = { return: fibre };
    Object.assign(element, { __reactFiber$a: fibre });
    startReader(document, {});
    expect(claims().message(element)).toBeUndefined();
  });
});

describe('the reader', () => {
  it('tells a script that was there first that it has come', () => {
    const onReady = vi.fn();
    claims(onReady);
    startReader(document, {});
    expect(onReady).toHaveBeenCalledOnce();
  });

  it('answers once, also when it was started twice', () => {
    const getLoginUser = vi.fn(() => 'alice');
    startReader(document, { chat: { ...sdk, getLoginUser } });
    startReader(document, { chat: { ...sdk, getLoginUser } });
    claims().session();
    expect(getLoginUser).toHaveBeenCalledOnce();
  });

  it('leaves nothing on the window and goes when it is sent away', () => {
    const before = Object.getOwnPropertyNames(window).length;
    startReader(document, { chat: { ...sdk, getLoginUser: () => 'alice' } });
    expect(Object.getOwnPropertyNames(window)).toHaveLength(before);
    const page = claims();
    page.dismiss();
    expect(page.session()).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes away what a script left that was ended without a word', () => {
    startReader(document, {});
    claims();
    document.body.innerHTML =
      '<p data-unsay-recalled="plain bare">words<section data-unsay="placeholder"></section></p>';
    vi.advanceTimersByTime(10_000);
    // It lives and answers.
    expect(document.querySelector('[data-unsay=placeholder]')).not.toBeNull();
    life.abort();
    vi.advanceTimersByTime(3000);
    expect(document.body.innerHTML).toBe('<p>words</p>');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('works on a page that broke the language after it was loaded', () => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- put back below
    const { startsWith } = String.prototype;
    const element = document.createElement('div');
    document.body.append(element);
    Object.assign(element, { __reactFiber$a: { memoizedProps: { message: { ID: '1-2-3' } } } });
    startReader(document, {});
    const page = claims();
    const answers: unknown[] = [];
    element.addEventListener(tellEvent, (event) => {
      answers.push((event as CustomEvent).detail);
    });
    try {
      String.prototype.startsWith = () => {
        throw new Error('broken');
      };
      expect(page.message(element)).toBe('1-2-3');
    } finally {
      String.prototype.startsWith = startsWith;
    }
    expect(answers).toEqual(['1-2-3']);
  });
});
