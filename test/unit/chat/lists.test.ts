import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Asking, Caller } from '../../../src/chat/tencent/caller.ts';
import { Lists } from '../../../src/chat/tencent/lists.ts';

/** How long an SDK may take, ms; see `Lists`. */
const longest = 20_000;

let known: readonly string[];
let isCompleted: boolean;
let caller: Caller;
let lists: Lists;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  known = ['bob', 'carol'];
  isCompleted = false;
  const chat = {
    getGroupList: () => Promise.resolve({ data: { groupList: [], isSyncCompleted: true } }),
    getConversationList: () =>
      Promise.resolve({
        data: {
          conversationList: known.map((id) => ({ conversationID: `C2C${id}`, unreadCount: 0 })),
          isSyncCompleted: isCompleted,
        },
      }),
  };
  caller = { call: (ask) => ask(chat as unknown as Asking) };
  lists = new Lists(
    'alice',
    () => undefined,
    () => undefined,
  );
});
afterEach(() => {
  vi.useRealTimers();
});

const ids = async (): Promise<string> => (await lists.all(caller)).map(({ id }) => id).join(' ');

describe('the conversations of an SDK', () => {
  it('are waited for until it has read them all', async () => {
    let found = '';
    void ids().then((all) => {
      found = all;
    });
    await vi.advanceTimersByTimeAsync(longest / 2);
    expect(found).toBe('');
    known = ['bob', 'carol', 'dora'];
    isCompleted = true;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(found).toBe('C2Cbob C2Ccarol C2Cdora');
  });

  it('are those it has where it never comes to their end, and from then on at once', async () => {
    const first = ids();
    await vi.advanceTimersByTimeAsync(longest + 1_000);
    expect(await first).toBe('C2Cbob C2Ccarol');
    known = ['dora', 'bob', 'carol'];
    expect(await ids()).toBe('C2Cdora C2Cbob C2Ccarol');
  });

  it('are waited for again when it is signed in anew', async () => {
    const first = ids();
    await vi.advanceTimersByTimeAsync(longest + 1_000);
    await first;
    lists.begin();
    let isFound = false;
    void ids().then(() => {
      isFound = true;
    });
    await vi.advanceTimersByTimeAsync(longest / 2);
    expect(isFound).toBe(false);
    isCompleted = true;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(isFound).toBe(true);
  });

  it('are no answer while it has none at all', async () => {
    known = [];
    const all = lists.all(caller).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(longest + 1_000);
    expect(await all).toMatchObject({ code: 2801 });
  });
});
